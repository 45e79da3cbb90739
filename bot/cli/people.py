"""Directory files on their way in and out: the demo's, one written from the database, and who in them has a phone."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from bot.directory.file import DirectoryFile, ForumEntry, MandateEntry, PersonEntry, PostEntry, TermEntry, UnitEntry
from bot.store import Database

_IN_SOURCE = Path(__file__).parent.parent.parent / "config" / "directory.example.toml"
_SHIPPED = Path(__file__).parent / "demo_directory.toml"


def demo_file() -> Path:
    """The demo's people: in the source tree the file that one edits, in an installed package its copy."""
    return _IN_SOURCE if _IN_SOURCE.is_file() else _SHIPPED


@dataclass(frozen=True)
class Somebody:
    """A person with an account on one messenger."""

    id: str
    name: str
    title: str
    posts: tuple[str, ...]


@dataclass(frozen=True)
class Room:
    """A group on one messenger; `members` are ids of persons."""

    id: str
    title: str
    members: tuple[str, ...]


def roster(file: DirectoryFile, messenger: str) -> tuple[list[Somebody], list[Room]]:
    """Who can be reached on a messenger, and in which groups they are."""
    posts = {post.code: post for post in file.post}
    people = [
        Somebody(_value(alias), person.name, _title(person, posts), tuple(person.posts))
        for person in file.person
        for alias in person.accounts
        if alias.startswith(f"{messenger}:")
    ]
    rooms = [
        Room(_value(chat), forum.name, tuple(who.id for who in people if _roles(who, posts).intersection(forum.members)))
        for forum in file.forum
        for chat in forum.chats
        if chat.startswith(f"{messenger}:")
    ]
    return people, rooms


def _value(alias: str) -> str:
    return alias.partition(":")[2]


def _title(person: PersonEntry, posts: dict[str, PostEntry]) -> str:
    return next((posts[code].title for code in person.posts if code in posts), "")


def _roles(who: Somebody, posts: dict[str, PostEntry]) -> set[str]:
    return {role for code in who.posts if code in posts for role in posts[code].roles}


async def holds_people(database: Database) -> bool:
    """Whether a directory was imported before. A database that has no tables yet holds nobody."""
    try:
        return bool(await database.read("SELECT id FROM person WHERE active = 1 LIMIT 1"))
    except Exception:  # each database says "no such table" in an error of its own
        return False


async def exported(database: Database, zone: ZoneInfo) -> DirectoryFile:
    """The directory as a file that says the same, with its days in the zone of the installation."""
    read = database.read
    # What was only seen beside another is seen again, and a changed number is nobody's until it is confirmed.
    confirmed = "source <> 'seen' AND alias NOT IN (SELECT alias FROM unconfirmed)"
    accounts = await _lists(database, f"SELECT person, alias FROM account WHERE {confirmed} ORDER BY alias")  # noqa: S608  fixed
    posts = await _lists(database, "SELECT person, post FROM holding WHERE until = 0 ORDER BY id")
    chats = await _lists(database, "SELECT forum, chat FROM forum_chat ORDER BY chat")
    by_code = "SELECT code, title, unit, superior, roles FROM post ORDER BY code"
    people = await read("SELECT id, name, nip, locale FROM person WHERE active = 1 ORDER BY id")
    called = {id_: nip or name for id_, name, nip, _ in people}
    return DirectoryFile(
        unit=[UnitEntry(*row) for row in await read("SELECT code, name, parent FROM unit ORDER BY code")],
        post=[
            PostEntry(code, title, unit, superior, msgspec.json.decode(roles))
            for code, title, unit, superior, roles in await read(by_code)
        ],
        person=[PersonEntry(name, nip, posts.get(id_, []), accounts.get(id_, []), locale) for id_, name, nip, locale in people],
        term=await _terms(database, called, zone),
        mandate=await _mandates(database, called, zone),
        forum=[
            ForumEntry(name, chats.get(name, []), msgspec.json.decode(members))
            for name, members in await read("SELECT name, members FROM forum ORDER BY name")
        ],
    )


async def _terms(database: Database, called: Mapping[int, str], zone: ZoneInfo) -> list[TermEntry]:
    """Terms of office with an end that is still to come."""
    sql = "SELECT person, post, since, until FROM holding WHERE until > ? ORDER BY id"
    return [
        TermEntry(called[person], post, _first(since, zone), _last(until, zone))
        for person, post, since, until in await database.read(sql, (_now(),))
        if person in called
    ]


async def _mandates(database: Database, called: Mapping[int, str], zone: ZoneInfo) -> list[MandateEntry]:
    sql = "SELECT kind, post, person, since, until, basis, may FROM mandate WHERE until = 0 OR until > ? ORDER BY id"
    return [
        MandateEntry(kind, post, called[person], _first(since, zone), _last(until, zone), basis, msgspec.json.decode(may))
        for kind, post, person, since, until, basis, may in await database.read(sql, (_now(),))
        if person in called
    ]


def _now() -> int:
    return time.time_ns() // 1_000_000


def _first(since: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(since / 1000, zone).date()


def _last(until: int, zone: ZoneInfo) -> date | None:
    """The last day of a period that ends before an instant."""
    return datetime.fromtimestamp((until - 1) / 1000, zone).date() if until else None


async def _lists(database: Database, sql: str) -> dict[Any, list[str]]:
    found: dict[Any, list[str]] = {}
    for key, value in await database.read(sql):
        found.setdefault(key, []).append(value)
    return found


def to_toml(file: DirectoryFile) -> str:
    """A directory file's text."""
    tables = []
    for kind in ("unit", "post", "person", "term", "mandate", "forum"):
        for entry in getattr(file, kind):
            lines = [f"{name} = {_toml(value)}" for name, value in msgspec.structs.asdict(entry).items() if value]
            tables.append("\n".join([f"[[{kind}]]", *lines]) + "\n")
    return "\n".join(tables)


def _toml(value: str | date | list[str]) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    # JSON's strings are TOML's too, but for one letter that JSON leaves as it is.
    return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")
