"""The tables are declared as migrations make them."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from pendopo.store import tables as core_tables
from pendopo.store.migrate import check_revision, core_schema, upgrade_schema


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    url = database_url.replace("postgresql://", "postgresql+psycopg://")
    made = sa.create_engine(url, poolclass=sa.NullPool)
    yield made
    made.dispose()


def test_what_the_first_migration_makes_is_what_the_tables_declare(engine: sa.Engine) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    upgrade_schema(engine, core_schema())
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": core_schema().version_table,
                "compare_server_default": engine.dialect.name != "sqlite",
                "include_name": lambda name, kind, _: kind != "table" or name in core_tables.core.tables,
            },  # SQLite tells empty defaults wrongly
        )
        assert compare_metadata(context, core_tables.core) == []


def test_every_plugins_migrations_make_what_its_rows_need(engine: sa.Engine) -> None:
    from pendopo_izin import plugin

    assert plugin.schema is not None
    upgrade_schema(engine, plugin.schema)
    check_revision(engine, plugin.schema)
