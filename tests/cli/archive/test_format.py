"""An archive that is none, or was made to do harm, is refused in a sentence; nothing of it gets out of its place."""

import asyncio
import io
import random
import tarfile
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo.cli.archive.format import DATABASE, DESCRIPTION, MAX_DESCRIPTION_BYTES, open_archive, put_files, read_description
from pendopo.config import load_settings
from pendopo.errors import OperatorError

from tests.oddities import dice, scratched

PHOTO = b"a photo"
NAME = sha256(PHOTO).hexdigest()
TOLD = b'{"kind": "sqlite", "contents": {"tables": []}}'
WHOLE = ((DESCRIPTION, TOLD), (DATABASE, b"x" * 3000), (f"blobs/{NAME[:2]}/{NAME}", PHOTO))


def tar(*files: tuple[str, bytes], packed: bool = False, kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    """An archive; the first file is of this kind."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz" if packed else "w") as archive:
        for number, (name, content) in enumerate(files):
            about = tarfile.TarInfo(name)
            about.type, about.linkname = (kind, link) if number == 0 else (tarfile.REGTYPE, "")
            about.size = len(content) if about.isreg() else 0
            archive.addfile(about, io.BytesIO(content))
    return data.getvalue()


whole = cache(lambda packed: tar(*WHOLE, packed=packed))


def taken(raw: bytes, folder: Path) -> int:
    """Read an archive as `restore` does, but for the database; returns how many files came of it."""
    file = folder / "archive.tar"
    file.write_bytes(raw)
    settings = load_settings(None, {"PENDOPO_DATA_DIR": str(folder / "var")})
    with open_archive(file) as archive:
        read_description(archive, file)
        return asyncio.run(put_files(archive, settings))


@pytest.mark.parametrize("packed", [True, False])
def test_a_whole_one_is_taken(packed: bool, tmp_path: Path) -> None:
    assert taken(whole(packed), tmp_path) == 1
    assert (tmp_path / "var" / "blobs" / NAME[:2] / NAME).read_bytes() == PHOTO


@pytest.mark.parametrize("packed", [True, False])
@given(chance=dice)
def test_a_scratched_one_is_refused_or_its_files_are_what_their_names_say(
    packed: bool, chance: random.Random, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("archive")
    with suppress(OperatorError):
        taken(scratched(whole(packed), chance), folder)
    for file in (folder / "var").rglob("*"):
        assert not file.is_file() or (
            file.parent.parent.name == "arrivals" or sha256(file.read_bytes()).hexdigest() == file.name
        )


@given(raw=st.binary(max_size=2000))
def test_bytes_are_no_archive(raw: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(OperatorError):
        taken(raw, tmp_path_factory.mktemp("archive"))


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE], ids=repr
)
@pytest.mark.parametrize("name", [DESCRIPTION, DATABASE, f"blobs/{NAME[:2]}/{NAME}"])
def test_what_is_no_file_is_refused(kind: bytes, name: str, tmp_path: Path) -> None:
    rest = [(each, content) for each, content in WHOLE if each != name]
    with pytest.raises(OperatorError, match="is no file"):
        taken(tar((name, b""), *rest, kind=kind, link="/etc/passwd"), tmp_path)


@pytest.mark.parametrize(
    "name", ["../../evil", "/evil", f"blobs/../../{NAME}", f"blobs/{NAME[:2]}/../../../evil", f"blobs/00/{NAME}"]
)
def test_a_file_that_would_lie_elsewhere_is_left_out(name: str, tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert taken(tar(*WHOLE[:2], (name, PHOTO)), inner) == 0
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["archive.tar"]


@pytest.mark.parametrize(
    "told",
    [b"", b"[]", b"{", b"\xff", b'{"kind": "\xff"}', b"[" * 100_000, b'{"kind": 1, "contents": {}}'],
    ids=lambda told: repr(told[:9]),
)
def test_a_description_that_says_nothing_is_refused(told: bytes, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="damaged"):
        taken(tar((DESCRIPTION, told), *WHOLE[1:]), tmp_path)


def test_a_description_without_end_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packed, so many blanks are a few kilobytes."""
    bomb = tar((DESCRIPTION, TOLD + b" " * MAX_DESCRIPTION_BYTES), *WHOLE[1:], packed=True)
    assert len(bomb) < 100_000
    file = tmp_path / "bomb.tar.gz"
    file.write_bytes(bomb)
    with open_archive(file) as archive:
        read: list[int] = []
        opened = archive.extractfile

        def watched(name: str | tarfile.TarInfo) -> IO[bytes]:
            content = opened(name)
            assert content is not None
            inner = content.read

            def counted(size: int = -1) -> bytes:
                read.append(size)
                return inner(size)

            monkeypatch.setattr(content, "read", counted)
            return content

        monkeypatch.setattr(archive, "extractfile", watched)
        read_description(archive, file)
    assert read == [MAX_DESCRIPTION_BYTES]
