"""Directory files: the demo's, the export of the database, and the roster of people with accounts on one messenger."""

import time
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from pendopo.directory.file import DirectoryFile, ForumEntry, MandateEntry, PersonEntry, PostEntry, TermEntry, UnitEntry
from pendopo.model import AccountSource
from pendopo.paper import Sheet
from pendopo.store import Database
from pendopo.store.queries import accounts, people, posts
from pendopo.store.queries.people import PersonRow

_IN_SOURCE = Path(__file__).parents[4] / "config" / "directory.example.toml"
"""The file that developers edit."""
_SHIPPED = Path(__file__).parent / "demo_directory.toml"
"""Its copy in an installed package."""


def demo_file() -> Path:
    """Return the demo's directory file: the example in a source tree, or its copy in an installed package."""
    return _IN_SOURCE if _IN_SOURCE.is_file() else _SHIPPED


class RosterPerson(msgspec.Struct, frozen=True):
    """A person with an account on one messenger."""

    id: str
    """The account without the messenger's name."""
    name: str
    title: str
    posts: tuple[str, ...]


class RosterGroup(msgspec.Struct, frozen=True):
    """A group on one messenger; `members` are ids of persons."""

    id: str
    title: str
    members: tuple[str, ...]


def build_roster(file: DirectoryFile, messenger: str) -> tuple[list[RosterPerson], list[RosterGroup]]:
    """List who has an account on a messenger, and the groups there with their members."""
    posts = {post.code: post for post in file.post}
    people = [
        RosterPerson(
            alias.partition(":")[2],
            person.name,
            next((posts[code].title for code in person.posts if code in posts), ""),
            tuple(person.posts),
        )
        for person in file.person
        for alias in person.accounts
        if alias.startswith(f"{messenger}:")
    ]
    rooms = [
        RosterGroup(
            chat.partition(":")[2],
            forum.name,
            tuple(who.id for who in people if _collect_roles(who, posts).intersection(forum.members)),
        )
        for forum in file.forum
        for chat in forum.chats
        if chat.startswith(f"{messenger}:")
    ]
    return people, rooms


def _collect_roles(who: RosterPerson, posts: dict[str, PostEntry]) -> set[str]:
    return {role for code in who.posts if code in posts for role in posts[code].roles}


async def has_people(database: Database) -> bool:
    """Whether the database holds people; False when it has no tables yet."""
    try:
        return await people.has_people(database)
    except Exception:  # each database driver has an error of its own for a missing table
        return False


async def export_directory(database: Database, zone: ZoneInfo) -> DirectoryFile:
    """Export the directory as a file that imports to the same; days are in `zone`."""
    holdings = await posts.list_holdings(database)
    lasting = _group_values((term.person, term.post) for term in holdings if not term.until)
    linked = await _list_accounts(database)
    persons = sorted(await people.list_people(database))
    units = sorted(await posts.list_units(database), key=lambda unit: unit.code)
    called = {person.id: person.nip or person.name for person in persons}
    return DirectoryFile(
        unit=[UnitEntry(unit.code, unit.name, unit.parent) for unit in units],
        post=[PostEntry(*row[:4], list(row.roles), list(row.aliases)) for row in sorted(await posts.list_posts(database))],
        person=[_export_person(p, lasting.get(p.id, []), linked.get(p.id, [])) for p in persons],
        term=[
            TermEntry(called[term.person], term.post, _first_day(term.since, zone), _last_day(term.until, zone))
            for term in holdings
            if term.until > _now_ms() and term.person in called
        ],
        mandate=[
            MandateEntry(
                m.kind, m.post, called[m.person], _first_day(m.since, zone), _last_day(m.until, zone), m.basis, list(m.may)
            )
            for m in await posts.list_mandates(database)
            if (not m.until or m.until > _now_ms()) and m.person in called
        ],
        forum=[ForumEntry(row.name, list(row.chats), list(row.members)) for row in await posts.list_forums(database)],
    )


def _export_person(row: PersonRow, held: list[str], linked: list[str]) -> PersonEntry:
    work = row.employment
    called = list(row.aliases)
    return PersonEntry(
        row.name, row.nip, held, linked, row.locale, called, work.status, work.entered, work.rank, dict(work.leave_taken)
    )


async def _list_accounts(database: Database) -> dict[int, list[str]]:
    """Each person's accounts, without unconfirmed numbers and without those seen beside another, which will be seen again."""
    unconfirmed = await accounts.list_unconfirmed(database)
    rows = sorted(await accounts.list_accounts(database))
    confirmed = (row for row in rows if row.source != AccountSource.SEEN and row.alias not in unconfirmed)
    return _group_values((row.person, row.alias) for row in confirmed)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _first_day(since: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(since / 1000, zone).date()


def _last_day(until: int, zone: ZoneInfo) -> date | None:
    """The last day of a period that ends before `until` (milliseconds); None when it has no end."""
    return datetime.fromtimestamp((until - 1) / 1000, zone).date() if until else None


def _group_values(pairs: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def to_toml(file: DirectoryFile) -> str:
    """Format a directory file as TOML."""
    tables = []
    for kind in ("unit", "post", "person", "term", "mandate", "forum"):
        for entry in getattr(file, kind):
            lines = [f"{name} = {_format_toml_value(value)}" for name, value in msgspec.structs.asdict(entry).items() if value]
            tables.append("\n".join([f"[[{kind}]]", *lines]) + "\n")
    return "\n".join(tables)


def _format_toml_value(value: str | float | date | list[str] | dict[str, float]) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(map(_format_toml_value, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_format_toml_value(number)}" for key, number in value.items()) + " }"
    # JSON strings are valid TOML, except that TOML requires DEL to be escaped.
    return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")


def make_workbook(file: DirectoryFile) -> bytes:
    """The people of a directory file as an Excel file, a row for each post they hold; `directory convert` reads it."""
    units = {unit.code: unit.name for unit in file.unit}
    posts = {post.code: post for post in file.post}
    rows: list[list[str]] = []
    for person in file.person:
        accounts = [", ".join(_list_values(person, kind)[:1]) for kind in ("whatsapp", "telegram")]
        for code in person.posts or [""]:
            post = posts.get(code, PostEntry("", ""))
            above = posts[post.superior].title if post.superior in posts else ""
            rows.append([person.name, person.nip, post.title, units.get(post.unit, ""), above, *accounts])
    sheet = Sheet()
    sheet.add_page("Pegawai", ["Nama", "NIP", "Jabatan", "Unit Kerja", "Atasan", "WhatsApp", "Telegram"], rows)
    return sheet.to_bytes()


def _list_values(person: PersonEntry, kind: str) -> list[str]:
    return [value for found, _, value in (account.partition(":") for account in person.accounts) if found == kind]
