"""A directory that is given one file after another."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pendopo.directory import Directory
from pendopo.model import Person
from pendopo.store import Database, open_database
from pendopo.store.migrate import core_schema, upgrade_schema

NOW = datetime(2026, 8, 12, tzinfo=UTC)
POSTS = """
[[post]]
code = "sekda"
title = "Sekda"
[[post]]
code = "asisten"
title = "Asisten"
superior = "sekda"
[[post]]
code = "kadis"
title = "Kadis PU"
superior = "asisten"
[[post]]
code = "camat"
title = "Camat"
superior = "asisten"
"""


class Office:
    """A directory that is given one file after another."""

    def __init__(self, directory: Directory, folder: Path, database: Database) -> None:
        self.directory, self.database = directory, database
        self._path = folder / "directory.toml"

    async def take(self, people: str, days: int = 0, posts: str = POSTS) -> bool:
        """`people`: a line each, name|nip|posts|accounts."""
        entries = []
        for line in people.strip().splitlines():
            name, nip, held, accounts = (part.strip() for part in line.split("|"))
            entries.append(
                f'[[person]]\nname = "{name}"\nnip = "{nip}"\nposts = {held.split()}\naccounts = {accounts.split()}\n'
            )
        self._path.write_text(posts + "\n".join(entries), encoding="utf-8")
        return await self.directory.import_file(self._path, NOW + timedelta(days=days))

    def who(self, alias: str) -> Person | None:
        return self.directory.people.by_alias([alias])


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    database = open_database(database_url)
    engine = database.make_engine()
    upgrade_schema(engine, core_schema())
    engine.dispose()
    yield Office(Directory(database), tmp_path, database)
    await database.close()
