"""The directory in the database, and its latest snapshot in memory."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from pendopo.directory.file import DirectoryFile, read_directory
from pendopo.directory.import_file import replace_directory
from pendopo.directory.people import People
from pendopo.model import Person, Post
from pendopo.model.ids import to_ms
from pendopo.store import Connection, Database
from pendopo.store.queries import accounts, chats, people, posts
from pendopo.store.queries.accounts import AccountRow
from pendopo.store.queries.settings import bump_revision, read_revision, read_setting, set_setting

DIGEST = "directory.sha256"
"""The setting that holds the digest of the last imported file."""


class Directory:
    """Holds the current snapshot, by which every decision is made; `load` replaces it."""

    def __init__(self, database: Database, zone: ZoneInfo | None = None) -> None:
        self._database = database
        self._zone = zone or ZoneInfo("Asia/Jakarta")
        self.people = People()

    async def load(self, now: datetime) -> People:
        """Read the whole directory from the database."""
        database = self._database
        # The revision is read first, so that a change made while the rest is read shows as a change at the next refresh.
        revision = await read_revision(database)
        holdings = await posts.list_holdings(database)
        known = {row.code: Post(*row[:4], frozenset(row.roles), tuple(row.aliases)) for row in await posts.list_posts(database)}
        held = [holding for holding in holdings if holding.is_active(now) and holding.post in known]
        titles = {holding.person: known[holding.post].title for holding in reversed(held)}
        rows = await people.list_people(database)
        persons = {row.id: Person(row.id, row.name, titles.get(row.id, ""), row.locale) for row in rows}
        nips = frozenset(row.nip for row in rows)
        employed = {row.id: msgspec.structs.replace(row.employment, nip=row.nip) for row in rows}
        called = {row.id: tuple(row.aliases) for row in rows if row.aliases}
        unconfirmed = {a: who for a, who in (await accounts.list_unconfirmed(database)).items() if who in persons}
        aliases = _aliases(await accounts.list_accounts(database), persons, unconfirmed)
        units = {unit.code: unit for unit in await posts.list_units(database)}
        forums, mandates = await posts.list_forums(database), await posts.list_mandates(database)
        off = await chats.list_switched_off(database)
        self.people = People(
            persons, aliases, known, units, holdings, forums, mandates, nips, revision, now, unconfirmed, off, called, employed
        )
        return self.people

    async def refresh(self, now: datetime) -> bool:
        """Reload the directory if it changed, or if a term or mandate has begun or ended since; returns whether it did."""
        edge = self.people.edge
        if await read_revision(self._database) == self.people.revision and (edge is None or edge > to_ms(now)):
            return False
        await self.load(now)
        return True

    async def import_file(self, path: Path, now: datetime) -> bool:
        """Import a directory file unless it equals the last one imported. Raises `DirectoryError` and then imports nothing."""
        file = read_directory(path)
        digest = hashlib.sha256(msgspec.json.encode(file)).hexdigest()
        if await read_setting(self._database, DIGEST) == digest:
            return False
        await self._database.write(lambda connection: self._import_contents(connection, file, digest, now))
        await self.load(now)
        return True

    def _import_contents(self, connection: Connection, file: DirectoryFile, digest: str, now: datetime) -> None:
        replace_directory(connection, file, to_ms(now), self._zone)
        set_setting(connection, DIGEST, digest)
        bump_revision(connection)


def _aliases(rows: Iterable[AccountRow], persons: Mapping[int, Person], unconfirmed: Mapping[str, int]) -> dict[str, int]:
    """The person of each alias. An alias seen beside a known one counts only while both belong to the same person."""
    rows = [row for row in rows if row.alias not in unconfirmed]
    known = {row.alias: row.person for row in rows if not row.beside and row.person in persons}
    seen = {row.alias: row.person for row in rows if row.beside and known.get(row.beside) == row.person}
    return known | seen
