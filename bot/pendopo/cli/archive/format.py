"""The archive of `pendopo backup`: a tar of a description, the database and the files that people sent.

Restoring compares the contents with the description. The database is a SQLite file or, from PostgreSQL, one file of rows for
each table. Files are named by the SHA-256 of their bytes (`blobs`) or of the messenger's name for them (`arrivals`).
"""

import asyncio
import fcntl
import os
import re
import shutil
import tarfile
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from gzip import BadGzipFile
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from pendopo.cli.output import show_progress
from pendopo.config import Settings
from pendopo.errors import OperatorError
from pendopo.store import Blobs
from pendopo.store.blobs.blob_store import LARGEST, PIECE, FileFolder, RemoteStore
from pendopo.store.file_swap import sync_path
from pendopo.store.sqlite import create_private_file
from pendopo.store.transfer.dump import DumpContents

DESCRIPTION = "pendopo.json"
"""The member that describes the archive. It comes first, so that a wrong file is refused at once."""
DATABASE = "pendopo.db"
"""The member with a SQLite database."""
SCRATCH = ".pendopo-unfinished-"
"""The beginning of the names of folders for work that is not done yet."""
TABLES = "tables"
"""The folder with one file for each table of a PostgreSQL database."""
FORMAT = 1
"""Version of the format; to be raised when older programs can no longer read what this one writes."""
GZIP_MAGIC = b"\x1f\x8b"
"""The first bytes of a gzip file (RFC 1952, 2.3.1)."""
MAX_DESCRIPTION_BYTES = 50_000_000
"""Largest description that is read, in bytes."""
_FILE = re.compile(r"(blobs|arrivals)/([0-9a-f]{2})/(\2[0-9a-f]{62})")
"""A member with a file: its kind, a folder named by the first two digits, and 64 hexadecimal digits (SHA-256)."""


class Description(msgspec.Struct, frozen=True):
    """The kind of database in an archive (`sqlite`, `postgresql`), its contents, and when and by which version it was made."""

    kind: str
    contents: DumpContents
    pendopo: str = ""
    made_at: str = ""
    format: int = FORMAT


@contextmanager
def create_archive(file: Path) -> Iterator[tuple[tarfile.TarFile, Path]]:
    """Yield a new archive and a scratch folder; the file gets its name once it is complete. Raises `OperatorError`."""
    packed = file.name.endswith((".gz", ".tgz"))
    try:
        with open_scratch(file.parent) as folder:
            part = folder / file.name
            create_private_file(part)
            with tarfile.open(part, "w:gz" if packed else "w") as archive:
                yield archive, folder
            sync_path(part)
            if file.exists():
                raise OperatorError(f"{file} exists already; choose another name")
            part.replace(file)
            sync_path(file.parent)
    except OSError as error:
        raise OperatorError(f"cannot write {file}: {error.strerror or error}") from error


@contextmanager
def open_scratch(parent: Path) -> Iterator[Path]:
    """A folder for work that is not done yet; those that a killed process left there are removed first."""
    for left in parent.glob(f"{SCRATCH}*"):
        with suppress(OSError), _lock_folder(left):
            shutil.rmtree(left)
    with TemporaryDirectory(prefix=SCRATCH, dir=parent) as name, _lock_folder(Path(name)):
        yield Path(name)


@contextmanager
def _lock_folder(folder: Path) -> Iterator[None]:
    """Hold a folder as one that is in use. Raises `OSError` when somebody else does."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def add_files(archive: tarfile.TarFile, settings: Settings, scratch: Path) -> int:
    """Add all files, those of the bucket too, and return their number. The database comes first, so its files exist by now."""
    data = Path(settings.data_dir)
    found = sorted(path for kind in ("blobs", "arrivals") for path in (data / kind).glob("??/*") if path.is_file())
    for path in show_progress(found, len(found), "Files"):
        with suppress(FileNotFoundError):  # swept or erased in the meantime
            archive.add(path, path.relative_to(data).as_posix())
    remote = open_bucket(settings)
    here = {path.name for path in found}
    if remote is None:
        return len(found)
    with explain_bucket_errors():
        return len(found) + asyncio.run(_add_bucket_files(archive, remote, here, scratch))


async def _add_bucket_files(archive: tarfile.TarFile, remote: RemoteStore, here: set[str], scratch: Path) -> int:
    names = [kept.sha256 async for kept in remote.list() if kept.sha256 not in here]
    for name in show_progress(names, len(names), "Files of the bucket"):
        async with FileFolder(scratch).begin_file() as part:
            with suppress(FileNotFoundError):  # swept or erased in the meantime
                await part.fill(remote.get(name))
                part.flush()
                archive.add(part.path, f"blobs/{name[:2]}/{name}")
    return len(names)


@contextmanager
def open_archive(file: Path) -> Iterator[tarfile.TarFile]:
    """Open an archive for reading. Raises `OperatorError` for a file that is not a complete archive."""
    with file.open("rb") as beginning:
        packed = beginning.read(2) == GZIP_MAGIC
    try:
        with tarfile.open(file, "r:gz" if packed else "r:") as archive:
            yield archive
    except (tarfile.TarError, EOFError, BadGzipFile, zlib.error) as error:
        raise OperatorError(f"{file} is no archive of `pendopo backup`, or not the whole of one: {error}") from error


def read_description(archive: tarfile.TarFile, file: Path) -> Description:
    """Read the description; archives from before there was one hold SQLite. Raises `OperatorError`."""
    # `backup` never adds a link or folder: a link may lead outside.
    for member in archive:
        if not member.isfile():
            raise OperatorError(f"{file} is no archive of `pendopo backup`: {member.name} in it is no file")
    names = archive.getnames()
    if DESCRIPTION not in names:
        if DATABASE not in names:
            raise OperatorError(f"{file} holds no {DATABASE}: it is no archive of `pendopo backup`")
        return Description("sqlite", DumpContents([]))
    content = archive.extractfile(DESCRIPTION)
    try:
        found = msgspec.json.decode(content.read(MAX_DESCRIPTION_BYTES) if content else b"", type=Description)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OperatorError(f"{file} is damaged: {error}") from error
    if found.format != FORMAT:
        raise OperatorError(f"{file} was made by a newer version of Pendopo")
    return found


async def put_files(archive: tarfile.TarFile, settings: Settings) -> int:
    """Restore all files and return their number. Raises `OperatorError` for a file whose bytes do not match its name."""
    data = Path(settings.data_dir)
    blobs = Blobs(data / "blobs", remote=open_bucket(settings), cache=0)
    members = [(member, found) for member in archive if member.isfile() and (found := _FILE.fullmatch(member.name))]
    for member, found in show_progress(members, len(members), "Files"):
        kind, _, name = found.groups()
        if kind == "blobs":
            kept = await blobs.put(_iter_pieces(archive, member), LARGEST)
            if kept.sha256 != name:
                raise OperatorError(f"the archive is damaged: {member.name} is not what was put in")
        elif not (data / member.name).exists():
            async with FileFolder(data / kind).begin_file() as part:
                await part.fill(_iter_pieces(archive, member))
                part.save_as(name)
    return len(members)


async def _iter_pieces(archive: tarfile.TarFile, member: tarfile.TarInfo) -> AsyncIterator[bytes]:
    content = archive.extractfile(member)
    while content is not None and (piece := content.read(PIECE)):
        yield piece


@contextmanager
def explain_bucket_errors() -> Iterator[None]:
    """Turns errors of the bucket into `OperatorError`."""
    from obstore.exceptions import BaseError

    try:
        yield
    except BaseError as error:
        raise OperatorError(f"the bucket (storage.url) cannot be used: {str(error).splitlines()[0]}") from error


def open_bucket(settings: Settings) -> RemoteStore | None:
    """Return the bucket that holds the files, or None when the settings name none."""
    if not settings.storage.url:
        return None
    from pendopo.store.blobs.bucket import Bucket  # imported only when a bucket is configured

    return Bucket(settings.storage)
