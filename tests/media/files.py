"""Files of every kind, and what a look at them finds."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from pendopo.media import Inspection, UnsupportedFileError, inspect_file
from PIL import Image

DAGO = (-6.885, 107.6136)


def inspect_bytes(folder: Path, data: bytes, photo: bool = True) -> Inspection:
    path = folder / "file"
    path.write_bytes(data)
    return inspect_file(path, photo)


def find_refusal(folder: Path, data: bytes, photo: bool = True) -> str:
    with pytest.raises(UnsupportedFileError) as caught:
        inspect_bytes(folder, data, photo)
    return caught.value.key


def make_picture(kind: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", **more: object) -> bytes:
    data = BytesIO()
    Image.new(mode, size, 120 if mode == "L" else None).save(data, kind, **more)
    return data.getvalue()


def make_zip() -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        made.writestr("jahat.sh", "rm -rf /")
    return data.getvalue()
