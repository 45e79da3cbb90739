"""The photos people sent, stored as a messenger's own media server would."""

import shutil
import uuid
from pathlib import Path
from typing import BinaryIO

from pendopo.errors import PermanentSendError


class PictureStore:
    """Stores uploads in a folder, or in memory without one."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._memory: dict[str, bytes] = {}

    def store_picture(self, file: BinaryIO) -> str:
        """Store a file and return its handle. Blocking: call it in a thread."""
        ref = uuid.uuid4().hex
        if self._folder is None:
            self._memory[ref] = file.read()
            return ref
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ref).open("xb") as target:
            shutil.copyfileobj(file, target)
        return ref

    def read_picture(self, ref: str) -> bytes:
        """The bytes of a handle. Raises `PermanentSendError` if it is unknown, or no handle at all (no path gets in)."""
        if not (len(ref) == 32 and ref.isalnum()):
            raise PermanentSendError("no such picture")
        if self._folder is None and ref in self._memory:
            return self._memory[ref]
        if self._folder is None or not (self._folder / ref).is_file():
            raise PermanentSendError("no such picture")
        return (self._folder / ref).read_bytes()
