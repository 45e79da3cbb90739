"""Restores an archive: builds and checks the new database beside the current one, then swaps them in one step."""

import asyncio
import os
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace as replace_fields

from pendopo.cli.archive.format import DATABASE, TABLES, Description, explain_bucket_errors, open_scratch, put_files
from pendopo.cli.bootstrap.databases import list_schemas, make_folder, note_head, open_engine, sqlite_path
from pendopo.cli.discovery.plugins import find_plugins
from pendopo.config import Settings
from pendopo.errors import OperatorError, StoreError
from pendopo.store import Database, open_database
from pendopo.store.audit_heads import explain_lost, remember_head
from pendopo.store.file_swap import finish_swap, swap_file
from pendopo.store.migrate import upgrade_to
from pendopo.store.queries import audit
from pendopo.store.sqlite import hold_lock
from pendopo.store.transfer.dump import DumpContents, load_tables
from pendopo.store.transfer.exclusive_lock import open_exclusive
from pendopo.store.transfer.shadow_schema import StagingSchema, open_staging, promote_staging
from pendopo.store.transfer.table_inventory import audit_head, count_rows, is_empty, read_audit_head, read_head_of_file


class RestoreResult(Struct, frozen=True):
    """The outcome of restoring."""

    database: str
    rows: int
    files: int
    kept: str
    """Where the previous database is now; "" when there was none."""
    whole: bool
    """Whether the audit log is intact."""
    said: str


def restore_archive(archive: tarfile.TarFile, described: Description, settings: Settings, replace: bool) -> RestoreResult:
    """Restore an archive. On `OperatorError` the database is as it was."""
    make_folder(Path(settings.data_dir))
    result = _restore_kind(archive, described, settings, replace)
    missing = asyncio.run(_explain_missing(settings))
    return replace_fields(result, said=f"{result.said} But {missing}") if missing else result


def _restore_kind(archive: tarfile.TarFile, described: Description, settings: Settings, replace: bool) -> RestoreResult:
    path = sqlite_path(settings.database.url)
    if described.kind != ("sqlite" if path else "postgresql"):
        raise OperatorError(
            f"the archive is of {described.kind}, and database.url is not: restore it there, then `pendopo db copy` moves it"
        )
    if path is not None:
        return _restore_sqlite(archive, described, settings, path, replace)
    return _restore_postgres(archive, described, settings, replace)


def _restore_sqlite(
    archive: tarfile.TarFile, described: Description, settings: Settings, target: Path, replace: bool
) -> RestoreResult:
    make_folder(target.parent)
    with hold_lock(target):
        finished = finish_swap(target, datetime.now(UTC))
        told = f"A restore of {finished.source} that was cut short is finished now.{finished.kept} " if finished else ""
        if os.path.lexists(target) and not replace:
            raise OperatorError(
                f"{told}there is a database {target} already; --replace puts the archive in its place, and keeps it"
            )
        with open_scratch(target.parent) as folder:
            new = folder / DATABASE
            archive.extract(DATABASE, folder, filter="data")
            new.chmod(0o600)
            rows = _check_sqlite(new, described.contents)
            verdict = asyncio.run(_verify_audit(f"sqlite:///{new}"))
            files = _restore_files(archive, settings)
            if head := read_head_of_file(target):
                remember_head(Path(settings.data_dir), settings.database.url, head)
            plan = swap_file(new, target, Path(str(archive.name)).name, datetime.now(UTC))
    result = _make_result(str(target), rows, files, plan.aside, verdict)
    return replace_fields(result, said=told + result.said)


def _check_sqlite(new: Path, contents: DumpContents) -> int:
    """How many rows a database from an archive has. Raises `StoreError` when it is not what was backed up."""
    try:
        with closing(sqlite3.connect(new)) as database:
            fault = database.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        fault = str(error)
    if fault != "ok":
        raise StoreError(f"the database in the archive is damaged: {fault}")
    said = {table.name: table.rows for table in contents.tables}
    with sa.create_engine(f"sqlite:///{new}", poolclass=sa.NullPool).connect() as connection:
        found = count_rows(connection, said)
        if found != said or (said and audit_head(connection) != contents.head):
            raise StoreError("the database in the archive is damaged: it is not what was backed up")
    return sum(found.values())


def _restore_files(archive: tarfile.TarFile, settings: Settings) -> int:
    with explain_bucket_errors() if settings.storage.url else nullcontext():
        return asyncio.run(put_files(archive, settings))


def _restore_postgres(archive: tarfile.TarFile, described: Description, settings: Settings, replace: bool) -> RestoreResult:
    with open_exclusive(settings.database.url) as database:
        with open_engine(database) as engine, engine.connect() as connection:
            if not replace and not is_empty(connection):
                raise OperatorError(
                    "there are rows in the database already; --replace puts the archive in their place, and keeps them"
                )
            head = read_audit_head(connection)
        with open_staging(database) as place:
            _fill_schema(archive, described.contents, settings, place)
            verdict = asyncio.run(_verify_audit(place.url))
            files = _restore_files(archive, settings)
            remember_head(Path(settings.data_dir), settings.database.url, head)
            kept = promote_staging(database)
    rows = sum(table.rows for table in described.contents.tables)
    return _make_result("PostgreSQL", rows, files, f"schema {kept}" if kept else "", verdict)


def _fill_schema(archive: tarfile.TarFile, contents: DumpContents, settings: Settings, place: StagingSchema) -> None:
    for schema in list_schemas(find_plugins(settings.plugins).plugins):
        if schema.owner in contents.owners:
            upgrade_to(place.engine, schema, contents.owners[schema.owner])
    with place.engine.begin() as connection:
        load_tables(connection, contents, _make_opener(archive))
        if audit_head(connection) != contents.head:
            raise StoreError("the audit log in the archive is not what was backed up")


def _make_opener(archive: tarfile.TarFile) -> Callable[[str], object]:
    def opened(name: str) -> object:
        try:
            return archive.extractfile(f"{TABLES}/{name}")
        except KeyError:
            raise StoreError(f"the archive lacks the rows of {name}") from None

    return opened


async def _verify_audit(url: str) -> audit.Verdict | None:
    """Verify the audit log of the archive; None when it has no tables yet."""
    database: Database = open_database(url, exclusive=False)
    try:
        return await audit.verify_chain(database)
    except (sa.exc.DatabaseError, sqlite3.Error):
        return None
    finally:
        await database.close()


async def _explain_missing(settings: Settings) -> str:
    """What the restored log lacks of the one that was there; "" when it has no tables yet, too."""
    database = open_database(settings.database.url, exclusive=False)
    try:
        return explain_lost(await note_head(settings, database), await audit.read_head(database))
    except (sa.exc.DatabaseError, sqlite3.Error):
        return ""
    finally:
        await database.close()


def _make_result(database: str, rows: int, files: int, kept: str, verdict: audit.Verdict | None) -> RestoreResult:
    if verdict is None:
        return RestoreResult(database, rows, files, kept, True, "There is no audit log in it.")
    if verdict.broken_at:
        said = f"Its audit log is BROKEN at line {verdict.broken_at}, and was so when it was backed up."
        return RestoreResult(database, rows, files, kept, False, said)
    return RestoreResult(database, rows, files, kept, True, f"Its audit log's {verdict.rows} lines are all whole.")
