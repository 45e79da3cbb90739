"""Creates the tables of stories' databases. The result of the migrations is cached as statements, as each story needs it."""

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa

from pendopo.errors import StoreError
from pendopo.plugin import Plugin
from pendopo.store import Connection, Database
from pendopo.store.migrate import Schema, core_schema, upgrade_schema
from pendopo.store.transfer.table_inventory import Statement, list_statements

Stamp = tuple[tuple[str, int, int], ...]
"""Name, modification time (nanoseconds) and size (bytes) of each migration."""


def make_tables(database: Database, plugins: Sequence[Plugin]) -> None:
    """Upgrade the schemas, which a start on PostgreSQL only checks. Errors of plugins are left for the start to report."""
    with database.open_engine() as engine:
        upgrade_schema(engine, core_schema())
        for schema in filter(None, (plugin.schema for plugin in plugins)):
            with suppress(StoreError):
                upgrade_schema(engine, schema)


def make_new(connection: Connection, plugins: Sequence[Plugin]) -> None:
    """Create in a new SQLite database the tables of the core and these plugins, fifty times faster than by migrations.

    Plugins without migrations, or with broken ones, are left to the start, which creates their tables or reports them.
    """
    folders = {schema.owner: schema.folder for plugin in plugins if (schema := plugin.schema) is not None}
    left = list(_core_statements())
    for owner, folder in folders.items():
        if folder is not None:
            with suppress(StoreError):
                left += _plugin_statements(owner, folder, _stamp_folder(folder))
    for sql, values in left:
        connection.execute(sql, values)


def _stamp_folder(folder: Path) -> Stamp:
    files = sorted(folder.glob("*.py"))
    return tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files)


@lru_cache(maxsize=1)
def _core_statements() -> Sequence[Statement]:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    upgrade_schema(engine, core_schema())
    return _dump_statements(engine, frozenset())


@lru_cache(maxsize=64)
def _plugin_statements(owner: str, folder: Path, stamp: Stamp) -> Sequence[Statement]:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with engine.begin() as connection:
        for sql, values in _core_statements():
            connection.exec_driver_sql(sql, values)
    there = frozenset(sa.inspect(engine).get_table_names())
    upgrade_schema(engine, Schema(owner, folder))
    return _dump_statements(engine, there)


def _dump_statements(engine: sa.Engine, but: frozenset[str]) -> Sequence[Statement]:
    with engine.connect() as connection:
        found = list_statements(connection, but)
    engine.dispose()
    return found
