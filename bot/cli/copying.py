"""`pendopo db copy`: everything in the database into another one, for growing from SQLite to PostgreSQL, or back."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from bot.config import Settings
from bot.errors import OperatorError, StoreError
from bot.plugin import Plugin
from bot.store import Database, audit
from bot.store.alone import alone
from bot.store.contents import audit_head, is_empty
from bot.store.migrate import check, upgrade
from bot.store.moving import moved
from bot.store.tables import core

from .compose import make_folder, sqlite_path
from .db import engine_of, schemas
from .finding import find
from .given import Given, Options
from .output import print_json, print_table, progress


def copy(target: str, /, *, given: Given) -> int:
    """Copy everything in the database into another one, which must be empty. The bot must be stopped.

    Rows are counted on both sides and the audit log is checked before anything is kept. The database there is stays as it is;
    files are not touched.

    Parameters
    ----------
    target
        The other database: its address (postgresql://…, sqlite:///…), or a configuration file that names it, so that a password
        need not stand in a command.
    """
    settings = given.settings()
    url = Options(Path(target)).settings().database.url if target.endswith(".toml") else target
    if sa.make_url(url) == sa.make_url(settings.database.url):
        raise OperatorError("that is the database you have: name another one")
    rows, lines = _copied(settings, url)
    shown = sa.make_url(url).render_as_string(hide_password=True)
    if given.json:
        print_json({"database": shown, "rows": rows, "audit": lines})
        return 0
    print_table(("TABLE", "ROWS"), [(name, count) for name, count in rows.items() if count])
    print(f"{sum(rows.values())} rows are in {shown}, and the audit log's {lines} lines are all whole.")
    print("Now set database.url to it.")
    return 0


def _copied(settings: Settings, url: str) -> tuple[dict[str, int], int]:
    path, plugins = sqlite_path(settings.database.url), find(settings.plugins).plugins
    if path is not None and not path.is_file():
        raise StoreError(f"there is no database {path} to copy")
    with _opened(settings.database.url) as source, _opened(url) as target, engine_of(source) as old, engine_of(target) as new:
        for schema in schemas(plugins):
            check(old, schema)
        _make_tables(new, plugins)
        with _moment(old) as reading, _transaction(new) as writing:
            rows = moved(reading, writing, _declared(plugins), progress)
            if audit_head(writing) != audit_head(reading):
                raise StoreError("the audit log did not arrive whole; nothing was kept")
        verdict = asyncio.run(audit.verify(target))
    if verdict.broken_at:
        raise StoreError(f"everything was copied, and the audit log is broken at line {verdict.broken_at}, as it was before")
    return rows, verdict.rows


def _make_tables(engine: sa.Engine, plugins: Sequence[Plugin]) -> None:
    """Raises `OperatorError` when there are rows already."""
    with engine.connect() as connection:
        if not is_empty(connection):
            raise OperatorError("the other database is not empty; name a new one")
    for schema in schemas(plugins):
        upgrade(engine, schema)


def _declared(plugins: Sequence[Plugin]) -> dict[str, sa.Table]:
    metadata = [core, *(plugin.tables.metadata for plugin in plugins if plugin.tables is not None)]
    return {name: table for tables in metadata for name, table in tables.tables.items()}


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    """A database with nobody else on it. Raises `StoreError` when a bot runs there."""
    path = sqlite_path(url)
    if path is not None:
        make_folder(path.parent)
    with alone(url) as database:
        yield database


@contextmanager
def _moment(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Everything as it is at one moment."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with _transaction(engine) as connection:
        yield connection


@contextmanager
def _transaction(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        yield connection
