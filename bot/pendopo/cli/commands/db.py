"""`pendopo db`: the tables of the core and of every plugin, each with a history of its own."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from msgspec import Struct

from pendopo.cli.bootstrap.composition import sqlite_path
from pendopo.cli.discovery.plugins import find_plugins
from pendopo.cli.options import GlobalOptions, InjectedOptions
from pendopo.cli.output import print_json, print_table
from pendopo.config import Settings
from pendopo.errors import OperatorError, StoreError
from pendopo.plugin import Plugin
from pendopo.store import Database, open_database
from pendopo.store.migrate import Schema, check_revision, core_schema, current_revision
from pendopo.store.migrate import upgrade_schema as bring

PROBLEM = 1


def upgrade(*, given: InjectedOptions) -> int:
    """Bring the tables of the core and of every plugin up to date.

    On SQLite every start does this by itself; on PostgreSQL it is for you to do, before the new version starts. What fails is
    left as it was, and named; the others go on.
    """
    return asyncio.run(_run_each(given, _upgrade_schema))


def current_(*, given: InjectedOptions) -> int:
    """Show how far the tables are, and how far this version needs them."""
    return asyncio.run(_run_each(given, _check_schema))


class SchemaStatus(Struct):
    """What came of one owner's tables."""

    owner: str
    at: str
    needs: str
    ok: bool
    said: str


async def _run_each(given: GlobalOptions, do: Callable[[sa.Engine, Schema], str]) -> int:
    settings = given.load_settings()
    database = _open_database(settings)
    try:
        with open_engine(database) as engine:
            steps = [_run_step(engine, schema, do) for schema in list_schemas(find_plugins(settings.plugins).plugins)]
    finally:
        await database.close()
    if given.json:
        print_json(steps)
    else:
        print_table(("TABLES OF", "AT", "NEEDS", ""), [(s.owner, s.at or "none", s.needs or "none", s.said) for s in steps])
    return 0 if all(step.ok for step in steps) else PROBLEM


def _run_step(engine: sa.Engine, schema: Schema, do: Callable[[sa.Engine, Schema], str]) -> SchemaStatus:
    """Do it; what fails is noted, so that the next one has its turn."""
    try:
        said, ok = do(engine, schema), True
    except (OperatorError, sa.exc.DatabaseError) as error:
        said, ok = str(error), False
    return SchemaStatus(schema.owner, current_revision(engine, schema), schema.head, ok, said)


def _upgrade_schema(engine: sa.Engine, schema: Schema) -> str:
    return "upgraded" if bring(engine, schema) else "was up to date"


def _check_schema(engine: sa.Engine, schema: Schema) -> str:
    check_revision(engine, schema)
    return "up to date"


def list_schemas(plugins: Sequence[Plugin]) -> list[Schema]:
    """The core's tables and those of every plugin that has any."""
    return [core_schema(), *filter(None, (plugin.schema for plugin in plugins))]


@contextmanager
def open_engine(database: Database) -> Iterator[sa.Engine]:
    """An engine for a while. Raises `StoreError` when the database cannot be reached."""
    engine = database.make_engine()
    try:
        with engine.connect():
            pass
        yield engine
    except sa.exc.OperationalError as error:
        raise StoreError(f"cannot use the database: {error.orig}") from error
    finally:
        engine.dispose()


def _open_database(settings: Settings) -> Database:
    path = sqlite_path(settings.database.url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    return open_database(settings.database.url, exclusive=False)
