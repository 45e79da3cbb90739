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
from pendopo.store import Database, audit_heads, open_database
from pendopo.store.audit_heads import read_record, update_record
from pendopo.store.file_swap import read_plan
from pendopo.store.migrate import Schema, check_revision, core_schema, upgrade_schema
from pendopo.store.queries.audit import Head


def make_folder(path: Path) -> None:
    """Create the folder of files. Raises `ConfigError` when that fails."""
    try:
        path.mkdir(0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"data_dir: cannot create {path}: {error.strerror}") from error


def open_for_start(settings: Settings) -> Database:
    """Open the database that a bot runs on; one that was there and is gone is not made anew. Raises `StoreError`."""
    require_known_database(settings)
    return open_database(settings.database.url)


def require_known_database(settings: Settings) -> None:
    """Raises `StoreError` when the SQLite file is gone or empty, and there was one."""
    path, folder = sqlite_path(settings.database.url), Path(settings.data_dir)
    if path is None or read_plan(path) or (path.exists() and path.stat().st_size):
        return
    if known := read_record(folder, settings.database.url):
        since = f" with {known.newest.line} lines in its audit log" if known.newest.line else ""
        raise StoreError(
            f"{path} is {'empty' if path.exists() else 'gone'}; there was a database{since}. Look whether its disk is there, "
            f"or put a backup back (`pendopo restore`). To begin anew, remove {folder / audit_heads.FILE}"
        )


def make_database_folder(url: str) -> bool:
    """Create the folder of a SQLite file; False when the database is not a file."""
    path = sqlite_path(url)
    if path is not None:
        make_folder(path.parent)
    return path is not None


@asynccontextmanager
async def open_upgraded(settings: Settings) -> AsyncIterator[Database]:
    """Like `open_offline`, but creates or upgrades a SQLite database first, as a start does."""
    require_known_database(settings)
    if make_database_folder(settings.database.url):
        database = open_database(settings.database.url, exclusive=False)
        try:
            with open_engine(database) as engine:
                upgrade_schema(engine, core_schema())
        finally:
            await database.close()
    async with open_offline(settings) as database:
        yield database
        await note_head(settings, database)


async def note_head(settings: Settings, database: Database) -> list[Head]:
    """Keep in mind that there is a database, and how far its audit log goes; returns the heads that it lost."""
    make_folder(Path(settings.data_dir))
    return await update_record(Path(settings.data_dir), database)


@asynccontextmanager
async def open_offline(settings: Settings, checked: bool = True) -> AsyncIterator[Database]:
    """Open a database on which a bot may be running; `checked`: its core tables must be up to date. Raises `StoreError`."""
    url = settings.database.url
    path = sqlite_path(url)
    require_known_database(settings)
    if path is not None and not path.is_file() and not read_plan(path):
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
