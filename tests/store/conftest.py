"""A database as a start leaves it."""

from collections.abc import AsyncIterator

import pytest
from pendopo.store import Database, open_database
from pendopo.store.migrate import core_schema, upgrade_schema

from .notebook import Table


@pytest.fixture
async def migrated(database_url: str) -> AsyncIterator[Database]:
    """With the core's tables, on each database in turn."""
    made = open_database(database_url)
    engine = made.make_engine()
    upgrade_schema(engine, core_schema())
    engine.dispose()
    yield made
    await made.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """With the table of notes, on each database in turn."""
    opened = open_database(database_url)
    engine = opened.make_engine()
    Table.metadata.create_all(engine)
    engine.dispose()
    yield opened
    await opened.close()
