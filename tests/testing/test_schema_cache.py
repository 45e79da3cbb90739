"""A new database of a story is what migrations make."""

from functools import partial
from pathlib import Path

import pytest
from pendopo import Plugin, Row, tables
from pendopo.cli.discovery.plugins import find_plugins
from pendopo.config import PluginSettings
from pendopo.store import Database, open_database
from pendopo.testing import Story
from pendopo.testing.schema_cache import make_new, make_tables


class Warna(Row, registry=tables("uji_kit")):
    """Rows of a plugin under test."""


async def dumped(database: Database) -> list[str]:
    """Everything in a SQLite database, whatever the order of its tables."""
    engine = database.make_engine()
    with engine.connect() as connection:
        found = sorted(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]  # sqlite3's
    engine.dispose()
    await database.close()
    return found


async def test_what_the_kit_puts_into_a_new_database_is_what_migrations_make() -> None:
    plugins = find_plugins(PluginSettings()).plugins
    made, migrated = open_database("sqlite://"), open_database("sqlite://")
    await made.write(partial(make_new, plugins=plugins))
    make_tables(migrated, plugins)
    found = await dumped(made)
    assert found == await dumped(migrated)
    assert sum("alembic_version_" in line and line.startswith("INSERT") for line in found) == 7


MIGRATION = """
from alembic import op
revision = "0001"
down_revision = None
def upgrade():
    op.execute("CREATE TABLE uji_warna (id INTEGER PRIMARY KEY, nama TEXT)")
    op.execute("INSERT INTO uji_warna (nama) VALUES ('{}')")
"""


@pytest.mark.sqlite
async def test_a_migration_that_was_changed_counts_as_it_is_now_and_a_broken_one_is_left_to_the_start(tmp_path: Path) -> None:
    plugin = Plugin("uji", summary="Under test", policy="known", tables=Warna, path=tmp_path)
    (tmp_path / "migrations").mkdir()
    file = tmp_path / "migrations" / "0001_uji.py"
    for name in ("merah", "hijau tua"):
        file.write_text(MIGRATION.format(name), encoding="utf-8")
        async with Story([plugin], raises=False) as story:
            assert [row.nama for row in await story.stored.list_table("uji_warna")] == [name]
    file.write_text("1/0", encoding="utf-8")
    async with Story([plugin], raises=False) as story:
        assert "uji" in story.app.core.gate.degraded
