"""`pendopo db`: the tables of the core and of every plugin, each with a history of its own; copied on request."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from msgspec import Struct

from pendopo.cli.bootstrap.databases import (
    list_schemas,
    make_database_folder,
    note_head,
    open_engine,
    require_known_database,
    sqlite_path,
)
from pendopo.cli.discovery.plugins import find_plugins
from pendopo.cli.options import GlobalOptions, InjectedOptions
from pendopo.cli.output import PROBLEM, print_json, print_table, show_progress
from pendopo.config import Settings
from pendopo.errors import OperatorError, StoreError
from pendopo.plugin import Plugin
from pendopo.store import Database, open_database
from pendopo.store.migrate import Schema, check_revision, current_revision, upgrade_schema
from pendopo.store.queries import audit
from pendopo.store.tables import core
from pendopo.store.transfer.exclusive_lock import open_exclusive
from pendopo.store.transfer.table_copy import copy_tables
from pendopo.store.transfer.table_inventory import audit_head, is_empty


def upgrade_tables(*, options: InjectedOptions) -> int:
    """Bring the tables of the core and of every plugin up to date.

    On SQLite every start does this by itself; on PostgreSQL it is for you to do, before the new version starts. What fails is
    left as it was, and named; the others go on.
    """
    told = {True: "upgraded", False: "was up to date"}
    return asyncio.run(_run_each(options, lambda engine, schema: told[upgrade_schema(engine, schema)]))


def show_current(*, options: InjectedOptions) -> int:
    """Show how far the tables are, and how far this version needs them."""
    return asyncio.run(_run_each(options, _check_one))


class SchemaStatus(Struct):
    """The result for one owner's tables."""

    owner: str
    at: str
    """The revision of the tables; "" for none."""
    needs: str
    """The revision that this version needs; "" for none."""
    ok: bool
    said: str


async def _run_each(options: GlobalOptions, do: Callable[[sa.Engine, Schema], str]) -> int:
    settings = options.load_settings()
    require_known_database(settings)
    make_database_folder(settings.database.url)
    database = open_database(settings.database.url, exclusive=False)
    try:
        with open_engine(database) as engine:
            steps = [_run_step(engine, schema, do) for schema in list_schemas(find_plugins(settings.plugins).plugins)]
        if steps[0].ok:
            await note_head(settings, database)
    finally:
        await database.close()
    if options.json:
        print_json(steps)
    else:
        print_table(("TABLES OF", "AT", "NEEDS", ""), [(s.owner, s.at or "none", s.needs or "none", s.said) for s in steps])
    return 0 if all(step.ok for step in steps) else PROBLEM


def _run_step(engine: sa.Engine, schema: Schema, do: Callable[[sa.Engine, Schema], str]) -> SchemaStatus:
    """Run one step; a failure is recorded, so that the other owners are still handled."""
    try:
        said, ok = do(engine, schema), True
    except (OperatorError, sa.exc.DatabaseError) as error:
        said, ok = str(error), False
    return SchemaStatus(schema.owner, current_revision(engine, schema), schema.head, ok, said)


def _check_one(engine: sa.Engine, schema: Schema) -> str:
    check_revision(engine, schema)
    return "up to date"


def copy_database(target: str, /, *, options: InjectedOptions) -> int:
    """Copy everything in the database into another one, which must be empty. The bot must be stopped.

    Rows are counted on both sides and the audit log is checked before anything is kept. The database there is stays as it is;
    files are not touched.

    Parameters
    ----------
    target
        The other database: its address (postgresql://…, sqlite:///…), or a configuration file that names it, so that a password
        need not stand in a command.
    """
    settings = options.load_settings()
    url = GlobalOptions(Path(target)).load_settings().database.url if target.endswith(".toml") else target
    if sa.make_url(url) == sa.make_url(settings.database.url):
        raise OperatorError("that is the database you have: name another one")
    rows, lines = _copy_into(settings, url)
    shown = sa.make_url(url).render_as_string(hide_password=True)
    if options.json:
        print_json({"database": shown, "rows": rows, "audit": lines})
        return 0
    print_table(("TABLE", "ROWS"), [(name, count) for name, count in rows.items() if count])
    print(f"{sum(rows.values())} rows are in {shown}, and the audit log's {lines} lines are all whole.")
    print("Now set database.url to it.")
    return 0


def _copy_into(settings: Settings, url: str) -> tuple[dict[str, int], int]:
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
    """Open a database exclusively. Raises `StoreError` when a bot runs on it."""
    make_database_folder(url)
    with open_exclusive(url) as database:
        yield database


@contextmanager
def _begin_snapshot(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Begin a transaction that sees the database at one moment, on PostgreSQL too."""
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
