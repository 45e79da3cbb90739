"""The structure of an administration: units, posts and forums, and who holds or is lent a post from when until when."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec

from pendopo.store.database import Connection, Database

_encode = msgspec.json.Encoder().encode
_strings = msgspec.json.Decoder(list[str]).decode


class MandateKind(StrEnum):
    """Plh: the holder is away. Plt: nobody holds the post. Ajudan: acts beside an official (UU 30/2014, article 14)."""

    PLH = "plh"
    PLT = "plt"
    AJUDAN = "ajudan"


class MandateSource(StrEnum):
    """Where a mandate was given."""

    FILE = "file"
    CHAT = "chat"


class UnitRow(NamedTuple):
    """A part of the administration."""

    code: str
    name: str
    parent: str


class PostRow(NamedTuple):
    """A position in a unit."""

    code: str
    title: str
    unit: str
    superior: str
    roles: Sequence[str]


class ForumRow(NamedTuple):
    """A group of people; `members` are roles, `chats` keys of chats."""

    name: str
    chats: Sequence[str]
    members: Sequence[str]


class HoldingRow(NamedTuple):
    """A term of office in milliseconds; an `until` of 0 is no end."""

    person: int
    post: str
    since: int
    until: int = 0


class MandateRow(NamedTuple):
    """A post that is lent to a person, from when until when as in `HoldingRow`; `may` names actions."""

    person: int
    post: str
    since: int
    until: int
    kind: MandateKind
    basis: str
    may: Sequence[str]
    id: int = 0


_LASTING = "(until = 0 OR until > ?)"
_HOLD = "INSERT INTO holding (person, post, since, until) VALUES (?, ?, ?, ?)"
_LEND = "INSERT INTO mandate (person, post, since, until, kind, basis, may, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_SAME_MANDATE = """DELETE FROM mandate WHERE kind = ? AND post = ? AND person = ? AND (until = 0 OR until > ?)
AND (? = 0 OR since < ?)"""


async def list_units(database: Database) -> list[UnitRow]:
    """All units."""
    return [UnitRow(*row) for row in await database.read("SELECT code, name, parent FROM unit")]


async def list_posts(database: Database) -> list[PostRow]:
    """All posts."""
    rows = await database.read("SELECT code, title, unit, superior, roles FROM post")
    return [PostRow(code, title, unit, superior, _strings(roles)) for code, title, unit, superior, roles in rows]


async def list_forums(database: Database) -> list[ForumRow]:
    """All forums with their chats, by name."""
    chats: dict[str, list[str]] = {}
    for chat, forum in await database.read("SELECT chat, forum FROM forum_chat ORDER BY chat"):
        chats.setdefault(forum, []).append(chat)
    rows = await database.read("SELECT name, members FROM forum ORDER BY name")
    return [ForumRow(name, chats.get(name, []), _strings(members)) for name, members in rows]


async def list_holdings(database: Database) -> list[HoldingRow]:
    """All terms of office, also those that are over, in the order they were written."""
    return [HoldingRow(*row) for row in await database.read("SELECT person, post, since, until FROM holding ORDER BY id")]


async def list_mandates(database: Database) -> list[MandateRow]:
    """All mandates, also those that are over, in the order they were given."""
    rows = await database.read("SELECT person, post, since, until, kind, basis, may, id FROM mandate ORDER BY id")
    return [
        MandateRow(person, post, since, until, MandateKind(kind), basis, _strings(may), id_)
        for person, post, since, until, kind, basis, may, id_ in rows
    ]


def replace_structure(
    connection: Connection, units: Iterable[UnitRow], posts: Iterable[PostRow], forums: Iterable[ForumRow]
) -> None:
    """Make these all the units, posts and forums that there are."""
    for table in ("unit", "post", "forum", "forum_chat"):
        connection.execute(f"DELETE FROM {table}")
    connection.executemany("INSERT INTO unit (code, name, parent) VALUES (?, ?, ?)", list(units))
    connection.executemany(
        "INSERT INTO post (code, title, unit, superior, roles) VALUES (?, ?, ?, ?, ?)",
        [(*post[:4], _encode(post.roles).decode()) for post in posts],
    )
    for name, chats, members in forums:
        connection.execute("INSERT INTO forum (name, members) VALUES (?, ?)", (name, _encode(members).decode()))
        connection.executemany("INSERT INTO forum_chat (chat, forum) VALUES (?, ?)", [(chat, name) for chat in chats])


def add_holding(connection: Connection, term: HoldingRow) -> None:
    """Put a person on a post."""
    connection.execute(_HOLD, term)


def replace_holding(connection: Connection, term: HoldingRow) -> None:
    """Put a person on a post, instead of any term of theirs on it that begins at the same time."""
    connection.execute("DELETE FROM holding WHERE person = ? AND post = ? AND since = ?", term[:3])
    add_holding(connection, term)


def end_holding(connection: Connection, person: int, post: str, until: int) -> None:
    """End a person's term on a post that runs at this instant."""
    sql = f"UPDATE holding SET until = ? WHERE person = ? AND post = ? AND since <= ? AND {_LASTING}"
    connection.execute(sql, (until, person, post, until, until))


def list_open_holdings(connection: Connection, person: int) -> set[str]:
    """The posts that a person holds without an end."""
    found = connection.execute("SELECT post FROM holding WHERE person = ? AND until = 0", (person,))
    return {row[0] for row in found}


def close_holding(connection: Connection, person: int, post: str, until: int) -> None:
    """Give an end to a term that has none."""
    connection.execute("UPDATE holding SET until = ? WHERE person = ? AND post = ? AND until = 0", (until, person, post))


def cut_dated_holdings(connection: Connection, person: int, now_ms: int) -> None:
    """Drop a person's terms that are yet to begin, and end those now whose end is yet to come."""
    connection.execute("DELETE FROM holding WHERE person = ? AND since > ?", (person, now_ms))
    connection.execute("UPDATE holding SET until = ? WHERE person = ? AND until > ?", (now_ms, person, now_ms))


def add_mandate(connection: Connection, mandate: MandateRow, source: MandateSource) -> None:
    """Lend a post."""
    connection.execute(_LEND, (*mandate[:6], _encode(mandate.may).decode(), source))


def replace_mandate(connection: Connection, mandate: MandateRow, source: MandateSource) -> None:
    """Lend a post, instead of any mandate of the same kind to the same person that overlaps this one."""
    same = (mandate.kind, mandate.post, mandate.person, mandate.since, mandate.until, mandate.until)
    connection.execute(_SAME_MANDATE, same)
    add_mandate(connection, mandate, source)


def end_mandate(connection: Connection, id_: int, now_ms: int) -> None:
    """Take a mandate back."""
    connection.execute("UPDATE mandate SET until = ? WHERE id = ?", (now_ms, id_))


def end_mandates_of_file(connection: Connection, now_ms: int) -> None:
    """Take back every mandate that the directory file gave."""
    sql = f"UPDATE mandate SET until = ? WHERE source = ? AND {_LASTING}"
    connection.execute(sql, (now_ms, MandateSource.FILE, now_ms))


def end_all_of_person(connection: Connection, person: int, now_ms: int) -> None:
    """End every term and mandate of a person."""
    for table in ("holding", "mandate"):
        sql = f"UPDATE {table} SET until = ? WHERE person = ? AND {_LASTING}"
        connection.execute(sql, (now_ms, person, now_ms))
