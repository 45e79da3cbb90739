"""`pendopo backup` and `pendopo restore`: the database and the files people sent, in one archive.

The database is copied first and files are only ever added, so whatever it names is in the archive, even beside a running bot.
"""

import asyncio
import re
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from cyclopts import Parameter

from bot.config import Settings
from bot.errors import OperatorError, StoreError
from bot.store import open_database

from .compose import make_folder, sqlite_path
from .given import Given
from .output import print_json, progress

DATABASE = "pendopo.db"
_BLOB = re.compile(r"blobs/[0-9a-f]{2}/[0-9a-f]{64}")


def backup(file: Path, /, *, given: Given) -> int:
    """Write the database and the files into one archive. A bot may run meanwhile.

    Parameters
    ----------
    file
        The archive to write, .tar or .tar.gz; one that exists is not overwritten.
    """
    settings = given.settings()
    source = _sqlite(settings)
    if not source.is_file():
        raise StoreError(f"there is no database {source} to back up")
    if file.exists():
        raise OperatorError(f"{file} exists already; choose another name")
    count = _pack(source, Path(settings.data_dir), file)
    if given.json:
        print_json({"file": str(file), "bytes": file.stat().st_size, "files": count})
    else:
        print(f"{file}: the database and {count} files, {file.stat().st_size / 1e6:.1f} MB.")
    return 0


def restore(file: Path, /, *, replace: Annotated[bool, Parameter(name="--replace", negative="")] = False, given: Given) -> int:
    """Put an archive of `backup` back. The bot must be stopped.

    Parameters
    ----------
    file
        The archive.
    replace
        Also when there is a database; it is kept beside the new one, as NAME.before-restore.
    """
    settings = given.settings()
    target = _sqlite(settings)
    if not file.is_file():
        raise OperatorError(f"there is no archive {file}")
    if target.exists() and not replace:
        raise OperatorError(f"there is a database {target} already; --replace puts the archive in its place, and keeps it")
    make_folder(target.parent)
    count = _unpack(file, target, Path(settings.data_dir) / "blobs")
    if given.json:
        print_json({"database": str(target), "files": count})
    else:
        print(f"{target}: restored, with {count} files. Check it with: pendopo audit verify")
    return 0


def _sqlite(settings: Settings) -> Path:
    path = sqlite_path(settings.database.url)
    if path is None:
        raise OperatorError(
            "this is for SQLite; with PostgreSQL use its own pg_dump and pg_restore, and copy the folder "
            f"{Path(settings.data_dir) / 'blobs'} after pg_dump"
        )
    return path


def _pack(source: Path, data: Path, file: Path) -> int:
    part = file.with_name(f"{file.name}.part")
    try:
        with TemporaryDirectory(dir=file.parent) as folder, _new(part, file) as archive:
            copy = Path(folder) / DATABASE
            _copy(source, copy)
            archive.add(copy, DATABASE)
            blobs = sorted(path for path in (data / "blobs").glob("??/*") if path.is_file())
            for path in progress(blobs, len(blobs), "Files"):
                with suppress(FileNotFoundError):  # swept or erased meanwhile
                    archive.add(path, path.relative_to(data).as_posix())
        part.replace(file)
    except OSError as error:
        raise OperatorError(f"cannot write {file}: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
    return len(blobs)


def _new(part: Path, file: Path) -> tarfile.TarFile:
    if file.name.endswith((".gz", ".tgz")):
        return tarfile.open(part, "w:gz")
    return tarfile.open(part, "w")


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _unpack(file: Path, target: Path, blobs: Path) -> int:
    """Everything is taken out and checked beside the old database before anything is changed."""
    with TemporaryDirectory(dir=target.parent) as folder, _readable(file), tarfile.open(file) as archive:
        members = [member for member in archive if member.isfile()]
        found = [member for member in members if _BLOB.fullmatch(member.name)]
        if DATABASE not in {member.name for member in members}:
            raise OperatorError(f"{file} holds no {DATABASE}: it is no archive of `pendopo backup`")
        archive.extract(DATABASE, folder, filter="data")
        _check(Path(folder) / DATABASE)
        with _alone(target):
            for member in progress(found, len(found), "Files"):
                _keep(archive, member, blobs / member.name.removeprefix("blobs/"))
            _swap(Path(folder) / DATABASE, target)
    return len(found)


def _keep(archive: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> None:
    """A file is named by its content, so one that is there already is the same."""
    content = archive.extractfile(member)
    if path.exists() or content is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".part-{path.name}")
    with part.open("wb") as file:
        shutil.copyfileobj(content, file)
    part.replace(path)


def _check(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as database:
            fault = database.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        fault = str(error)
    if fault != "ok":
        raise StoreError(f"the database in the archive is damaged: {fault}")


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    try:
        yield
    except tarfile.TarError as error:
        raise OperatorError(f"{file} is no archive of `pendopo backup`: {error}") from error


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Nobody else on this database meanwhile. Raises `StoreError` when a bot runs on it."""
    if target.exists():
        # Closing it folds its write-ahead log in, so that the file alone is the whole of it.
        asyncio.run(open_database(f"sqlite:///{target}").close())
    yield


def _swap(new: Path, target: Path) -> None:
    if target.exists():
        target.replace(target.with_name(f"{target.name}.before-restore"))
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    new.replace(target)
