"""Opens the database of an installation, also while a bot runs on it, and what verbs use of a bot beside it."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from pendopo.adapters.account_forms import AccountFormError, canonicalise_account
from pendopo.cli.discovery.plugins import find_plugins
from pendopo.config import Settings
from pendopo.engine.clock import SystemClock
from pendopo.engine.runtime import Runtime, make_runtime
from pendopo.engine.telemetry.tracing import NoSpans
from pendopo.errors import ConfigError, OperatorError, PluginError, StoreError
from pendopo.model import Person
from pendopo.model.numbers import parse_number
from pendopo.plugin import Plugin
from pendopo.store import Database, open_database
from pendopo.store.migrate import Schema, check_revision, core_schema, upgrade_schema


def make_folder(path: Path) -> None:
    """Create the folder of files. Raises `ConfigError` when that fails."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"data_dir: cannot create {path}: {error.strerror}") from error


def make_database_folder(url: str) -> bool:
    """Create the folder of a SQLite file; False when the database is not a file."""
    path = sqlite_path(url)
    if path is not None:
        make_folder(path.parent)
    return path is not None


@asynccontextmanager
async def open_upgraded(settings: Settings) -> AsyncIterator[Database]:
    """Like `open_offline`, but creates or upgrades a SQLite database first, as a start does."""
    if make_database_folder(settings.database.url):
        database = open_database(settings.database.url, exclusive=False)
        try:
            with open_engine(database) as engine:
                upgrade_schema(engine, core_schema())
        finally:
            await database.close()
    async with open_offline(settings) as database:
        yield database


@asynccontextmanager
async def open_offline(settings: Settings, checked: bool = True) -> AsyncIterator[Database]:
    """Open a database on which a bot may be running; `checked`: its core tables must be up to date. Raises `StoreError`."""
    url = settings.database.url
    path = sqlite_path(url)
    if path is not None and not path.is_file():
        raise StoreError(f"there is no database {path} yet; `pendopo run` or `pendopo db upgrade` makes it")
    database = open_database(url, exclusive=False)
    try:
        if checked:
            with open_engine(database) as engine:
                check_revision(engine, core_schema())
        yield database
    except sa.exc.OperationalError as error:
        raise StoreError(f"cannot use the database: {error.orig}") from error
    finally:
        await database.close()


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite database; None for memory and for other databases."""
    name = url.removeprefix("sqlite://").removeprefix("/")
    return Path(name) if url.startswith("sqlite://") and name else None


def list_schemas(plugins: Sequence[Plugin]) -> list[Schema]:
    """List the schemas of the core and of every plugin with tables."""
    return [core_schema(), *filter(None, (plugin.schema for plugin in plugins))]


@contextmanager
def open_engine(database: Database) -> Iterator[sa.Engine]:
    """Yield a SQLAlchemy engine and dispose of it. Raises `StoreError` when the database cannot be reached."""
    try:
        with database.open_engine() as engine:
            with engine.connect():
                pass
            yield engine
    except sa.exc.OperationalError as error:
        raise StoreError(f"cannot use the database: {error.orig}") from error


@asynccontextmanager
async def open_offline_core(settings: Settings) -> AsyncIterator[Runtime]:
    """Yield a runtime on the open database: directory, plugins' rules and sentences, but no messengers."""
    async with open_offline(settings) as database:
        core = make_runtime(settings, database, {}, SystemClock(), NoSpans())
        for plugin in find_plugins(settings.plugins).plugins:
            # `plugins list` reports a broken plugin; its routes cannot be used anyway.
            with suppress(PluginError):
                core.register_plugin(plugin, settings)
        await core.directory.load(datetime.now(UTC))
        yield core


def find_person(core: Runtime, said: str) -> Person | None:
    """Find a person by name, number or account; None for an unknown account. Raises `OperatorError` for an unknown name."""
    people = core.people
    if ":" in said:
        try:
            return people.by_alias((canonicalise_account(said),))
        except AccountFormError as error:
            raise OperatorError(f"{said!r} {error}") from error
    found = people.find_person(number) if (number := parse_number(said)) is not None else people.named_in(said)[0]
    if found is None:
        close = ", ".join(person.name for person in people.persons_like(said))
        raise OperatorError(f"nobody in the directory is called {said!r}" + (f"; did you mean {close}?" if close else ""))
    return found
