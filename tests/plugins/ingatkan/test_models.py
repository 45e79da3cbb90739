"""The tables of /ingatkan on both databases, and a recurring reminder that lives through them."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from pendopo.store import open_database
from pendopo.store.migrate import Schema, core_schema, upgrade_schema
from pendopo.testing import Story
from pendopo_ingatkan import plugin as ingatkan
from pendopo_ingatkan.models import Table

SCHEMA = Schema("ingatkan", Path(ingatkan.path) / "migrations", Table.metadata)


async def test_the_migrations_leave_what_the_rows_are_mapped_to(database_url: str) -> None:
    database = open_database(database_url)
    engine = database.make_engine()
    assert upgrade_schema(engine, SCHEMA)
    assert not upgrade_schema(engine, SCHEMA)
    inspector = sa.inspect(engine)
    for name, table in Table.metadata.tables.items():
        assert {index["name"] for index in inspector.get_indexes(name)} == {index.name for index in table.indexes}
        columns = {column["name"]: column["nullable"] for column in inspector.get_columns(name)}
        assert columns == {column.name: column.nullable for column in table.columns}
    engine.dispose()
    await database.close()


@pytest.mark.postgres
async def test_a_story_on_postgres(postgres_url: str) -> None:
    database = open_database(postgres_url)
    engine = database.make_engine()
    for schema in (core_schema(), SCHEMA):
        upgrade_schema(engine, schema)
    engine.dispose()
    await database.close()
    async with Story([ingatkan], database=postgres_url) as story:
        await story.kadis.says("/ingatkan setiap hari kerja jam 8 lapor")
        await story.sekda.says("/ingatkan @Kadis PU besok jam 8 kirim data")
        await story.advance(days=1)
        story.kadis.sees("2 pengingat:", "Lapor", "Kirim data")
        await story.kadis.presses("1 jam")
        await story.advance(hours=1)
        assert "2 pengingat:" in story.kadis.last.text
        await story.advance(days=5)
        assert sum("⏰ Pengingat #1\n" in shown.text for shown in story.kadis.messages) == 2
