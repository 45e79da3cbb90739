"""A city reports at once: 181 districts with five photos of three megabytes each, from a messenger that streams them."""

import asyncio
import gc
import os
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
from pendopo.config import DirectorySettings, LimitSettings, RawSection, Settings
from pendopo.engine.app import App
from pendopo.engine.clock import SystemClock
from pendopo.model import Attachment, Chat, Content, Text
from pendopo.store import open_database
from pendopo.testing.messenger import MemoryMessenger, NativeDelivery
from pendopo_laporan import plugin as laporan
from pendopo_laporan.places import load_districts as wilayah

from tests.benchmarks.figure import Figure

SIZE = 3_000_000
PIECE = 64 * 1024
PHOTOS = 5


@dataclass(frozen=True)
class Took:
    """Of one run: the slowest receipt, its median, all stored after, the longest stall (ms), and megabytes at most."""

    slowest: float
    median: float
    stored: float
    stall: float
    memory: float


def photo(size: int) -> bytes:
    """Twelve megapixels as phones take them, padded to a size by what they write beside the pixels."""
    from pendopo.testing.pictures import make_jpeg

    made = make_jpeg(1, (4000, 3000), quality=90)
    padding = b"".join(b"\xff\xe9\xff\xff" + bytes(65533) for _ in range(max(0, size - len(made)) // 65537))
    return made[:2] + padding + made[2:]


class Streaming(MemoryMessenger):
    """Every photo is the same but for a few bytes, so that none is a repeat, and lies in memory once."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._photo = photo(size)
        self.heard: dict[str, float] = {}
        self.told: dict[str, float] = {}

    async def download(self, attachment: Attachment) -> AsyncIterator[bytes]:
        note = attachment.ref.encode().ljust(32, b".")
        yield self._photo[:2] + b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note
        for at in range(2, len(self._photo), PIECE):
            yield self._photo[at : at + PIECE]

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        if isinstance(content, Text) and "5 foto" in content.plain and chat.id not in self.told:
            self.told[chat.id] = time.perf_counter()
        return await super().send(chat, content, key, reply_to)


def directory(districts: int) -> str:
    lines = [
        '[[unit]]\ncode = "kota"\nname = "Kota"\n[[post]]\ncode = "camat"\ntitle = "Camat"\nunit = "kota"\nroles = ["camat"]\n'
    ]
    names = [f"Lurah {name}" for below in wilayah().values() for name in below] + [f"Camat {name}" for name in wilayah()]
    lines += [
        f'[[post]]\ncode = "l{number}"\ntitle = "{names[number]}"\nunit = "kota"\nsuperior = "camat"\nroles = ["lurah"]\n'
        f'[[person]]\nname = "Orang {number}"\nposts = ["l{number}"]\naccounts = ["memory:o{number}"]\n'
        for number in range(districts)
    ]
    return "\n".join(lines)


async def run(folder: Path, districts: int, size: int) -> Took:
    """All at once, from a cold start, in this process."""
    (folder / "directory.toml").write_text(directory(districts), encoding="utf-8")
    settings = Settings(
        data_dir=str(folder),
        limits=LimitSettings(per_person=0, per_chat=0),
        directory=DirectorySettings(file=str(folder / "directory.toml")),
        plugin={"laporan": RawSection({"grup": ["memory:forum"]})},
    )
    messenger = Streaming(size)
    app = App(settings, open_database(f"sqlite:///{folder}/pendopo.db"), [messenger], [laporan], SystemClock())
    await app.start()
    gc.collect()
    gc.freeze()  # as `pendopo run` does
    stall = [0.0]
    watch = asyncio.create_task(_watch(stall))
    begun = time.perf_counter()
    await asyncio.gather(*(_report(messenger, number) for number in range(districts)))
    while await _kept(app) < districts * PHOTOS:
        await asyncio.sleep(0.2)
    stored = time.perf_counter() - begun
    watch.cancel()
    await app.stop()
    delays = sorted(messenger.told[f"o{number}"] - messenger.heard[f"o{number}"] for number in range(districts))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return Took(delays[-1], delays[len(delays) // 2], stored, stall[0] * 1000, memory)


async def _report(messenger: Streaming, number: int) -> None:
    """An album, its five parts one delivery each, the words under the first."""
    who, now = f"o{number}", SystemClock().now()
    parts = [
        NativeDelivery(
            f"n{number}-{part}", who, True, who, now, album=f"a{number}", files=[Attachment("photo", f"p{number}-{part}")]
        )
        for part in range(PHOTOS)
    ]
    parts[0].text = f"/laporan banjir di RW {number}"
    messenger.heard[who] = time.perf_counter()
    for part in parts:
        await messenger.deliver(part)


async def _kept(app: App) -> int:
    rows = await app.database.read("SELECT count(*) FROM laporan_foto WHERE status = 'tersimpan'")
    refused = await app.database.read("SELECT alasan FROM laporan_foto WHERE status = 'ditolak' LIMIT 1")
    if refused:
        raise RuntimeError(f"a photo was refused: {refused[0][0]}")
    return int(rows[0][0])


async def _watch(stall: list[float]) -> None:
    last = time.perf_counter()
    while True:
        await asyncio.sleep(0.001)
        now = time.perf_counter()
        stall[0] = max(stall[0], now - last)
        last = now


def measured(folder: Path, districts: int, size: int) -> Took:
    """In a process of its own, whose memory is nobody else's."""
    command = [sys.executable, "-m", "tests.benchmarks.photos", str(folder), str(districts), str(size)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    return msgspec.json.decode(ran.stdout.splitlines()[-1], type=Took)


def figures(quick: bool, folder: Path) -> list[Figure]:
    """The whole city; `quick` takes some districts with small photos and judges nothing."""
    place = folder / "photos"
    place.mkdir()
    districts, size = (2, 100_000) if quick else (181, SIZE)
    took = measured(place, districts, size)
    number = f"{districts} districts, {PHOTOS} photos of {size / 1e6:g} MB each"
    return [
        Figure(f"{number}: slowest receipt", took.slowest, "s", 2),
        Figure("median receipt", took.median, "s"),
        Figure("all photos looked at and stored", took.stored, "s"),
        Figure("longest stall of the loop meanwhile (photos)", took.stall, "ms", 100),
        Figure("most memory meanwhile", took.memory, "MB", 250),
    ]


if __name__ == "__main__":
    import logging

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    where, how_many, how_large = sys.argv[1:]
    print(msgspec.json.encode(asdict(asyncio.run(run(Path(where), int(how_many), int(how_large))))).decode())
