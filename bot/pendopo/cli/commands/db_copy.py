"""`pendopo db copy`: everything in the database into another one, for growing from SQLite to PostgreSQL, or back."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from pendopo.cli.bootstrap.composition import make_folder, sqlite_path
from pendopo.cli.commands.db import list_schemas, open_engine
from pendopo.cli.discovery.plugins import find_plugins
from pendopo.cli.options import GlobalOptions, InjectedOptions
from pendopo.cli.output import print_json, print_table, show_progress
from pendopo.config import Settings
from pendopo.errors import OperatorError, StoreError
from pendopo.plugin import Plugin
from pendopo.store import Database
from pendopo.store.migrate import check_revision, upgrade_schema
from pendopo.store.queries import audit
from pendopo.store.tables import core
from pendopo.store.transfer.exclusive_lock import open_exclusive
from pendopo.store.transfer.table_copy import copy_tables
from pendopo.store.transfer.table_inventory import audit_head, is_empty


def copy(target: str, /, *, given: InjectedOptions) -> int:
    """Copy everything in the database into another one, which must be empty. The bot must be stopped.

    Rows are counted on both sides and the audit log is checked before anything is kept. The database there is stays as it is;
    files are not touched.

    Parameters
    ----------
    target
        The other database: its address (postgresql://…, sqlite:///…), or a configuration file that names it, so that a password
        need not stand in a command.
    """
    settings = given.load_settings()
    url = GlobalOptions(Path(target)).load_settings().database.url if target.endswith(".toml") else target
    if sa.make_url(url) == sa.make_url(settings.database.url):
        raise OperatorError("that is the database you have: name another one")
    rows, lines = _copy_database(settings, url)
    shown = sa.make_url(url).render_as_string(hide_password=True)
    if given.json:
        print_json({"database": shown, "rows": rows, "audit": lines})
        return 0
    print_table(("TABLE", "ROWS"), [(name, count) for name, count in rows.items() if count])
    print(f"{sum(rows.values())} rows are in {shown}, and the audit log's {lines} lines are all whole.")
    print("Now set database.url to it.")
    return 0


def _copy_database(settings: Settings, url: str) -> tuple[dict[str, int], int]:
    path, plugins = sqlite_path(settings.database.url), find_plugins(settings.plugins).plugins
    if path is not None and not path.is_file():
        raise StoreError(f"there is no database {path} to copy")
    with (
        _open_exclusive(settings.database.url) as source,
        _open_exclusive(url) as target,
        open_engine(source) as old,
        open_engine(target) as new,
    ):
        for schema in list_schemas(plugins):
            check_revision(old, schema)
        _make_tables(new, plugins)
        with _begin_snapshot(old) as reading, _begin_transaction(new) as writing:
            rows = copy_tables(reading, writing, _collect_tables(plugins), show_progress)
            if audit_head(writing) != audit_head(reading):
                raise StoreError("the audit log did not arrive whole; nothing was kept")
        verdict = asyncio.run(audit.verify_chain(target))
    if verdict.broken_at:
        raise StoreError(f"everything was copied, and the audit log is broken at line {verdict.broken_at}, as it was before")
    return rows, verdict.rows


def _make_tables(engine: sa.Engine, plugins: Sequence[Plugin]) -> None:
    """Raises `OperatorError` when there are rows already."""
    with engine.connect() as connection:
        if not is_empty(connection):
            raise OperatorError("the other database is not empty; name a new one")
    for schema in list_schemas(plugins):
        upgrade_schema(engine, schema)


def _collect_tables(plugins: Sequence[Plugin]) -> dict[str, sa.Table]:
    metadata = [core, *(plugin.tables.metadata for plugin in plugins if plugin.tables is not None)]
    return {name: table for tables in metadata for name, table in tables.tables.items()}


@contextmanager
def _open_exclusive(url: str) -> Iterator[Database]:
    """A database with nobody else on it. Raises `StoreError` when a bot runs there."""
    path = sqlite_path(url)
    if path is not None:
        make_folder(path.parent)
    with open_exclusive(url) as database:
        yield database


@contextmanager
def _begin_snapshot(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Everything as it is at one moment."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with _begin_transaction(engine) as connection:
        yield connection


@contextmanager
def _begin_transaction(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        yield connection
