"""The simulator with a host that takes its deliveries."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from pendopo.adapters.contract import Incoming
from pendopo.adapters.simulator import SimGroup, SimPerson, Simulator
from pendopo.model import Chat, ChatKind, Choice, Phrase, Text, TextRun

from tests.adapters.hosts import BareHost

NOW = datetime(2026, 8, 13, 2, 0, tzinfo=UTC)
PEOPLE = (SimPerson("rina", "Rina Hidayat", "Kadis PU"), SimPerson("dewi", "Dewi Anggraeni", "Wali Kota"))
GROUP = Chat("simulator", "forum", ChatKind.GROUP, "Forum")
RINA = Chat("simulator", "rina", ChatKind.PRIVATE, "Rina Hidayat")


class UploadedFile(NamedTuple):
    file: io.BytesIO
    name: str
    mime: str
    size: int


class Taker(BareHost):
    """A host that keeps what it is given, or refuses everything while `broken`."""

    def __init__(self, blobs: Path | None = None) -> None:
        self.taken: list[Incoming] = []
        self.broken = False
        self._blobs = blobs

    async def accept(self, incoming: Sequence[Incoming]) -> None:
        if self.broken:
            raise OSError("disk full")
        self.taken.extend(incoming)

    def get_blob_path(self, sha256: str) -> Path:
        if self._blobs and (path := self._blobs / sha256).is_file():
            return path
        raise FileNotFoundError(sha256)


def make_simulator(host: Taker | None = None, path: Path | None = None) -> Simulator:
    made = Simulator(PEOPLE, [SimGroup("forum", "Forum", ("rina", "dewi"))], path)
    made.connect(host or Taker())
    return made


def make_text(words: str, *titles: str) -> Text:
    choices = tuple(Choice(f"token-{n}", Phrase("x"), title) for n, title in enumerate(titles))
    return Text(spans=(TextRun(words),), buttons=choices)


def make_photo(data: bytes = b"\x89PNG\r\n\x1a\n") -> UploadedFile:
    return UploadedFile(io.BytesIO(data), "jalan.png", "image/png", len(data))
