"""The directory in the database, and its latest snapshot in memory."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from bot.model import Person
from bot.store import Connection, Database
from bot.store.delivery import to_ms

from .file import DirectoryFile, read_directory
from .people import People
from .posts import Forum, Holding, Mandate, Post, Unit
from .taking import replace

HASH = "directory.sha256"
REVISION = "directory.revision"
LOCK = 72140002
"""Held by whoever changes the directory on PostgreSQL, until that is committed."""
_BUMP = """INSERT INTO setting (key, value) VALUES (?, '1')
ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT)"""


class Directory:
    """Holds the snapshot that everybody decides by; `load` takes a new one."""

    def __init__(self, database: Database, zone: ZoneInfo | None = None) -> None:
        self._database = database
        self._zone = zone or ZoneInfo("Asia/Jakarta")
        self.people = People()

    async def load(self, now: datetime) -> People:
        """Read the directory anew from the database."""
        read = self._database.read
        # The revision first: what changes while the rest is read is then seen as a change.
        revision = await self._revision()
        holdings = [Holding(*row) for row in await read("SELECT person, post, since, until FROM holding ORDER BY id")]
        posts = {
            code: Post(code, title, unit, superior, frozenset(msgspec.json.decode(roles)))
            for code, title, unit, superior, roles in await read("SELECT code, title, unit, superior, roles FROM post")
        }
        held = [holding for holding in holdings if holding.at(now) and holding.post in posts]
        titles = {holding.person: posts[holding.post].title for holding in reversed(held)}
        rows = await read("SELECT id, name, locale, nip FROM person WHERE active = 1")
        persons = {id_: Person(id_, name, titles.get(id_, ""), locale) for id_, name, locale, _ in rows}
        nips = frozenset(row[3] for row in rows)
        unconfirmed = {a: person for a, person in await read("SELECT alias, person FROM unconfirmed") if person in persons}
        aliases = _accounts(await read("SELECT alias, person, beside FROM account"), persons, unconfirmed)
        units = {row[0]: Unit(*row) for row in await read("SELECT code, name, parent FROM unit")}
        forums, mandates = await self._forums(), await self._mandates()
        off = await self._off()
        self.people = People(persons, aliases, posts, units, holdings, forums, mandates, nips, revision, now, unconfirmed, off)
        return self.people

    async def refresh(self, now: datetime) -> bool:
        """Read the directory anew if anything in it changed, or a term or mandate has begun or ended since."""
        edge = self.people.edge
        if await self._revision() == self.people.revision and (edge is None or edge > to_ms(now)):
            return False
        await self.load(now)
        return True

    async def _revision(self) -> int:
        found = await self._database.read("SELECT value FROM setting WHERE key = ?", (REVISION,))
        return int(found[0][0]) if found else 0

    async def _forums(self) -> list[Forum]:
        chats: dict[str, list[str]] = {}
        for chat, forum in await self._database.read("SELECT chat, forum FROM forum_chat ORDER BY chat"):
            chats.setdefault(forum, []).append(chat)
        rows = await self._database.read("SELECT name, members FROM forum ORDER BY name")
        return [Forum(name, tuple(chats.get(name, ())), tuple(msgspec.json.decode(members))) for name, members in rows]

    async def _off(self) -> dict[str, frozenset[str]]:
        chats: dict[str, frozenset[str]] = {}
        for chat, plugin in await self._database.read("SELECT chat, plugin FROM plugin_off"):
            chats[chat] = chats.get(chat, frozenset()) | {plugin}
        return chats

    async def _mandates(self) -> list[Mandate]:
        rows = await self._database.read("SELECT person, post, since, until, kind, basis, may, id FROM mandate ORDER BY id")
        return [
            Mandate(person, post, since, until, kind, basis, tuple(msgspec.json.decode(may)), id_)
            for person, post, since, until, kind, basis, may, id_ in rows
        ]

    async def take_file(self, path: Path, now: datetime) -> bool:
        """Import a directory file unless this very content was imported before. Raises `DirectoryError`, nothing taken."""
        file = read_directory(path)
        digest = hashlib.sha256(msgspec.json.encode(file)).hexdigest()
        found = await self._database.read("SELECT value FROM setting WHERE key = ?", (HASH,))
        if found and found[0][0] == digest:
            return False
        await self._database.write(lambda connection: self._take(connection, file, digest, now))
        await self.load(now)
        return True

    def _take(self, connection: Connection, file: DirectoryFile, digest: str, now: datetime) -> None:
        replace(connection, file, to_ms(now), self._zone)
        connection.execute("DELETE FROM setting WHERE key = ?", (HASH,))
        connection.execute("INSERT INTO setting (key, value) VALUES (?, ?)", (HASH, digest))
        bump(connection)


def _accounts(rows: Sequence[Any], persons: Mapping[int, Person], unconfirmed: Mapping[str, int]) -> dict[str, int]:
    """Whose each alias is. What was only seen beside another is worth as much as that one."""
    known = {alias: who for alias, who, beside in rows if not beside and who in persons and alias not in unconfirmed}
    seen = {alias: who for alias, who, beside in rows if beside and known.get(beside) == who and alias not in unconfirmed}
    return known | seen


def bump(connection: Connection) -> None:
    """Count a change: whoever decided by the snapshot before it decides again."""
    if connection.postgres:
        connection.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
    connection.execute(_BUMP, (REVISION,))
    connection.tell("directory", "")


def unchanged(connection: Connection, revision: int) -> bool:
    """Whether the directory is still at a revision. On PostgreSQL it stays so until this transaction ends."""
    if connection.postgres:  # which shares `LOCK` with all others that read it
        found = connection.execute("SELECT pendopo_directory()")
    else:
        found = connection.execute("SELECT value FROM setting WHERE key = ?", (REVISION,))
    return (int(found[0][0] or 0) if found else 0) == revision
