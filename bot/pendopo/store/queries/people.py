"""The table `person`: everybody who is or was in the directory; and `refusal`: the last refusal of each."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from pendopo.model import Employment
from pendopo.store.database import Connection, Database, make_row, to_json

_strings = msgspec.json.Decoder(tuple[str, ...]).decode
_employment = msgspec.json.Decoder(Employment).decode


class PersonRow(NamedTuple):
    """A person who is in the directory."""

    id: int
    name: str
    locale: str
    nip: str
    aliases: Sequence[str] = ()
    employment: Employment = Employment()


async def list_people(database: Database) -> list[PersonRow]:
    """Everybody who is in the directory now."""
    made = make_row(PersonRow, aliases=_strings, employment=_employment)
    return await database.read_all(made, "SELECT id, name, locale, nip, aliases, employment FROM person WHERE active = 1")


async def has_people(database: Database) -> bool:
    """Whether anybody is in the directory."""
    return bool(await database.read("SELECT id FROM person WHERE active = 1 LIMIT 1"))


async def list_names(database: Database) -> dict[int, str]:
    """What everybody is called by their number, also those who left."""
    return dict(await database.read("SELECT id, name FROM person"))


def find_person(connection: Connection, name: str, nip: str) -> int | None:
    """Whoever has this NIP, or has none and goes by this name."""
    by_nip = connection.read_first(int, "SELECT id FROM person WHERE nip = ? AND nip <> ''", nip)
    return by_nip or connection.read_first(int, "SELECT id FROM person WHERE name = ? AND nip = ''", name)


def add_person(connection: Connection, name: str, nip: str = "", locale: str = "") -> int:
    """Add a person; returns their number."""
    sql = "INSERT INTO person (name, nip, locale) VALUES (?, ?, ?) RETURNING id"
    return int(connection.execute(sql, (name, nip, locale))[0][0])


def update_person(connection: Connection, id_: int, name: str, nip: str, locale: str) -> None:
    """Change what is known of a person, who is in the directory from now on."""
    sql = "UPDATE person SET name = ?, nip = ?, locale = ?, active = 1 WHERE id = ?"
    connection.execute(sql, (name, nip, locale, id_))


def set_details(connection: Connection, id_: int, aliases: Sequence[str], employment: Employment) -> None:
    """Change what a person is called besides, and on what terms they work."""
    sql = "UPDATE person SET aliases = ?, employment = ? WHERE id = ?"
    connection.execute(sql, (to_json(aliases), to_json(employment), id_))


def set_locale(connection: Connection, id_: int, locale: str) -> None:
    """Change the language that a person is spoken to in."""
    connection.execute("UPDATE person SET locale = ? WHERE id = ?", (locale, id_))


def deactivate_person(connection: Connection, id_: int) -> None:
    """Take a person out of the directory; what tells of them stays."""
    connection.execute("UPDATE person SET active = 0 WHERE id = ?", (id_,))


def note_cut(connection: Connection, id_: int, now_ms: int) -> None:
    """Note that accounts of a person were cut off."""
    connection.execute("UPDATE person SET cut_at = ? WHERE id = ?", (now_ms, id_))


async def was_cut(database: Database, id_: int) -> bool:
    """Whether accounts of a person were ever cut off."""
    return bool(await database.read_first(int, "SELECT cut_at FROM person WHERE id = ?", id_))


def deactivate_everybody(connection: Connection) -> None:
    """Take everybody out of the directory, before those are updated who stay in it."""
    connection.execute("UPDATE person SET active = 0")


def list_inactive(connection: Connection) -> list[int]:
    """The numbers of those who are not in the directory."""
    return [row[0] for row in connection.execute("SELECT id FROM person WHERE active = 0")]


class StoredRefusal(NamedTuple):
    """What was refused and why; `args` and `reason` are JSON."""

    at: int
    route: str
    args: str
    rule: str
    reason: str


_KEEP = """INSERT INTO refusal (person, at, route, args, rule, reason) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (person) DO UPDATE SET at = excluded.at, route = excluded.route, args = excluded.args, rule = excluded.rule,
reason = excluded.reason"""


def keep_refusal(connection: Connection, person: int, refusal: StoredRefusal) -> None:
    """Keep a refusal in place of the person's last one."""
    connection.execute(_KEEP, (person, *refusal))


async def find_refusal(database: Database, person: int) -> StoredRefusal | None:
    """The last refusal of a person."""
    sql = "SELECT at, route, args, rule, reason FROM refusal WHERE person = ?"
    return await database.read_first(StoredRefusal, sql, person)
