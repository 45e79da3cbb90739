"""`pendopo backup` and `pendopo restore`: the database and the files people sent, in one archive.

The database is copied first, as it is at one moment, and files are only ever added: whatever it names is in the archive, even
beside a running bot.
"""

import asyncio
import re
import sqlite3
import tarfile
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa
from cyclopts import Parameter
from cyclopts.validators import Number
from msgspec.structs import replace as replace_fields

from pendopo.cli.archive.format import (
    DATABASE,
    DESCRIPTION,
    TABLES,
    Description,
    add_files,
    create_archive,
    open_archive,
    read_description,
)
from pendopo.cli.archive.restore import restore_archive
from pendopo.cli.bootstrap.databases import open_engine, sqlite_path
from pendopo.cli.options import InjectedOptions
from pendopo.cli.output import PROBLEM, show_progress
from pendopo.config import Settings, list_secrets, redact_secrets
from pendopo.errors import OperatorError, StoreError
from pendopo.model.ids import to_ms
from pendopo.store import open_database
from pendopo.store.sqlite import create_private_file
from pendopo.store.transfer.backup_record import BackupRecord, read_backup_record, write_backup_record
from pendopo.store.transfer.dump import DumpContents, TableDump, dump_tables, open_snapshot
from pendopo.store.transfer.table_inventory import audit_head, count_rows, kept_tables, read_revisions

DATE = re.compile(r"\d{4}-\d\d-\d\d")
"""The date in the name of an archive that `--keep` counts."""


def backup(file: Path, /, *, keep: Annotated[int, Parameter(validator=Number(gte=0))] = 0, options: InjectedOptions) -> int:
    """Write the database and the files into one archive. A bot may run meanwhile.

    Parameters
    ----------
    file
        The archive to write, .tar or .tar.gz; one that exists is not overwritten. {date} in its name becomes today's date.
    keep
        So many archives of this name, but for the date in it, stay: the newest. 0: all.
    """
    settings = options.load_settings()
    folder, today = Path(settings.data_dir), datetime.now(ZoneInfo(settings.timezone))
    file = file.with_name(file.name.replace("{date}", f"{today:%Y-%m-%d}"))
    if file.exists():
        raise OperatorError(f"{file} exists already; choose another name")
    if keep and not DATE.search(file.name):
        raise OperatorError(f"--keep needs a date in the name of the archive (pendopo-2026-11-26.tar.gz), not {file.name}")
    try:
        made = _make_backup(file, settings)
    except Exception as error:
        told, before = redact_secrets(str(error), list_secrets(settings)), read_backup_record(folder)
        write_backup_record(folder, replace_fields(before, failed_at=to_ms(datetime.now(UTC)), error=told))
        raise
    write_backup_record(folder, BackupRecord(str(file), to_ms(datetime.now(UTC))))
    removed = _remove_old_archives(file, keep) if keep else []
    gone = f" Removed: {', '.join(old.name for old in removed)}." if removed else ""
    options.print_answer(
        made | {"removed": [str(old) for old in removed]},
        f"{file}: the database with {made['rows']} rows and {made['files']} files, {made['bytes'] / 1e6:.1f} MB.{gone}",
    )
    return 0


def _make_backup(file: Path, settings: Settings) -> dict[str, Any]:
    source = sqlite_path(settings.database.url)
    if source is not None and not source.is_file():
        raise StoreError(f"there is no database {source} to back up")
    with create_archive(file) as (archive, folder):
        made = _copy_sqlite(source, folder) if source else _dump_postgres(settings, folder)
        _add_database(archive, folder, made)
        count = add_files(archive, settings, folder)
    rows = sum(table.rows for table in made.contents.tables)
    return {"file": str(file), "bytes": file.stat().st_size, "files": count, "rows": rows}


def _remove_old_archives(newest: Path, keep: int) -> list[Path]:
    """Remove the oldest archives that are named like the newest but for the date; returns them."""
    beginning, ending = map(re.escape, DATE.split(newest.name, maxsplit=1))
    named = re.compile(f"{beginning}{DATE.pattern}{ending}")
    archives = sorted(each for each in newest.parent.iterdir() if named.fullmatch(each.name) and each.is_file())
    old = [each for each in archives[:-keep] if each != newest]
    for each in old:
        each.unlink()
    return old


def restore(
    file: Path, /, *, replace: Annotated[bool, Parameter(name="--replace", negative="")] = False, options: InjectedOptions
) -> int:
    """Put an archive of `backup` back. The bot must be stopped.

    What is in the archive is compared with what was put in, and the audit log is checked, before anything is changed.

    Parameters
    ----------
    file
        The archive.
    replace
        Also when there is a database; it is kept, beside the new file or as the schema before_restore.
    """
    settings = options.load_settings()
    if not file.is_file():
        raise OperatorError(f"there is no archive {file}")
    with open_archive(file) as archive:
        result = restore_archive(archive, read_description(archive, file), settings, replace)
    kept = f" What was there is kept as {result.kept}." if result.kept else ""
    options.print_answer(
        result, f"{result.database}: restored, {result.rows} rows with {result.files} files.{kept}\n{result.said}"
    )
    return 0 if result.whole else PROBLEM


def _add_database(archive: tarfile.TarFile, folder: Path, described: Description) -> None:
    (folder / DESCRIPTION).write_bytes(msgspec.json.encode(described))
    archive.add(folder / DESCRIPTION, DESCRIPTION)
    names = [f"{TABLES}/{table.name}" for table in described.contents.tables]
    for name in [DATABASE] if described.kind == "sqlite" else names:
        archive.add(folder / name, name)
        (folder / name).unlink()


def _copy_sqlite(source: Path, folder: Path) -> Description:
    """Copy by SQLite itself, which sees the database between two commits."""
    copy = folder / DATABASE
    create_private_file(copy)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)
    engine = sa.create_engine(f"sqlite:///{copy}", poolclass=sa.NullPool)
    with engine.connect() as connection:
        tables = [TableDump(name, rows, [], []) for name, rows in count_rows(connection, kept_tables(connection)).items()]
        return _describe_backup("sqlite", DumpContents(tables, read_revisions(connection), {}, audit_head(connection)))


def _dump_postgres(settings: Settings, folder: Path) -> Description:
    (folder / TABLES).mkdir()
    database = open_database(settings.database.url, exclusive=False)
    with open_engine(database) as engine, open_snapshot(engine) as connection:
        contents = dump_tables(connection, folder / TABLES, lambda names: show_progress(names, len(names), "Tables"))
    asyncio.run(database.close())
    if not contents.tables:
        raise StoreError("there are no tables in the database to back up")
    return _describe_backup("postgresql", contents)


def _describe_backup(kind: str, contents: DumpContents) -> Description:
    return Description(kind, contents, version("pendopo"), datetime.now(UTC).isoformat(timespec="seconds"))
