"""The structure of an administration: units, posts and forums, and who holds or is lent a post from when until when."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from pendopo.model import Forum, Holding, Mandate, MandateKind, MandateSource, Unit
from pendopo.store.database import Connection, Database, make_row, to_json

_strings = msgspec.json.Decoder(tuple[str, ...]).decode


class PostRow(NamedTuple):
    """A position in a unit; `roles` and `aliases` are in their order."""

    code: str
    title: str
    unit: str
    superior: str
    roles: Sequence[str]
    aliases: Sequence[str] = ()


_LASTING = "(until = 0 OR until > ?)"
_HOLD = "INSERT INTO holding (person, post, since, until) VALUES (?, ?, ?, ?)"
_LEND = "INSERT INTO mandate (person, post, since, until, kind, basis, may, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_SAME_MANDATE = """DELETE FROM mandate WHERE kind = ? AND post = ? AND person = ? AND (until = 0 OR until > ?)
AND (? = 0 OR since < ?)"""


async def list_units(database: Database) -> list[Unit]:
    """All units."""
    return await database.read_all(Unit, "SELECT code, name, parent FROM unit")


async def list_posts(database: Database) -> list[PostRow]:
    """All posts."""
    made = make_row(PostRow, roles=_strings, aliases=_strings)
    return await database.read_all(made, "SELECT code, title, unit, superior, roles, aliases FROM post")


async def list_forums(database: Database) -> list[Forum]:
    """All forums with their chats, by name."""
    chats: dict[str, list[str]] = {}
    for chat, forum in await database.read("SELECT chat, forum FROM forum_chat ORDER BY chat"):
        chats.setdefault(forum, []).append(chat)
    rows = await database.read("SELECT name, members FROM forum ORDER BY name")
    return [Forum(name, tuple(chats.get(name, ())), _strings(members)) for name, members in rows]


async def list_holdings(database: Database) -> list[Holding]:
    """All terms of office, also those that are over, in the order they were written."""
    return await database.read_all(Holding, "SELECT person, post, since, until FROM holding ORDER BY id")


async def list_mandates(database: Database) -> list[Mandate]:
    """All mandates, also those that are over, in the order they were given."""
    made = make_row(Mandate, kind=MandateKind, may=_strings)
    sql = "SELECT person, post, since, until, kind, basis, may, id FROM mandate ORDER BY id"
    return await database.read_all(made, sql)


def replace_structure(connection: Connection, units: Iterable[Unit], posts: Iterable[PostRow], forums: Iterable[Forum]) -> None:
    """Make these all the units, posts and forums that there are."""
    for table in ("unit", "post", "forum", "forum_chat"):
        connection.execute(f"DELETE FROM {table}")
    sql = "INSERT INTO unit (code, name, parent) VALUES (?, ?, ?)"
    connection.executemany(sql, [(unit.code, unit.name, unit.parent) for unit in units])
    sql = "INSERT INTO post (code, title, unit, superior, roles, aliases) VALUES (?, ?, ?, ?, ?, ?)"
    connection.executemany(sql, [(*post[:4], to_json(post.roles), to_json(post.aliases)) for post in posts])
    for forum in forums:
        connection.execute("INSERT INTO forum (name, members) VALUES (?, ?)", (forum.name, to_json(forum.members)))
        sql = "INSERT INTO forum_chat (chat, forum) VALUES (?, ?)"
        connection.executemany(sql, [(chat, forum.name) for chat in forum.chats])


def add_holding(connection: Connection, term: Holding) -> None:
    """Put a person on a post."""
    connection.execute(_HOLD, (term.person, term.post, term.since, term.until))


def replace_holding(connection: Connection, term: Holding) -> None:
    """Put a person on a post, instead of any term of theirs on it that begins at the same time."""
    sql = "DELETE FROM holding WHERE person = ? AND post = ? AND since = ?"
    connection.execute(sql, (term.person, term.post, term.since))
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


def add_mandate(connection: Connection, mandate: Mandate, source: MandateSource) -> None:
    """Lend a post."""
    m = mandate
    connection.execute(_LEND, (m.person, m.post, m.since, m.until, m.kind, m.basis, to_json(m.may), source))


def replace_mandate(connection: Connection, mandate: Mandate, source: MandateSource) -> None:
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
