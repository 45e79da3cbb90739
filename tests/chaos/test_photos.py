"""kill -9 while photos are on their way: each that came with an acknowledged message is kept, whole, once."""

import asyncio
import hashlib
import random
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pendopo.testing.pictures import make_jpeg

from tests.chaos.photos_child import PEOPLE, directory
from tests.chaos.server import MessengerServer

ROOT = Path(__file__).parent.parent.parent
PIECE = 512


class PhotoServer(MessengerServer):
    """Gives files too, slowly, a piece at a time; tells of each piece."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, bytes] = {}
        self.pieces = 0
        self.die_at = 0
        self.kill: Callable[[], None] = lambda: None

    async def _answer(self, request: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        if request["op"] != "file":
            await super()._answer(request, writer)
            return
        data = self.files[request["ref"]]
        writer.write(f"{len(data)}\n".encode())
        for at in range(0, len(data), PIECE):
            self.pieces += 1
            if self.die_at and self.pieces >= self.die_at:
                self.die_at = 0
                self.kill()
            writer.write(data[at : at + PIECE])
            await writer.drain()
            await asyncio.sleep(0)


def kept(database: Path) -> list[tuple[str, str, str]]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT ref, status, asli FROM laporan_foto").fetchall()
    connection.close()
    return rows


async def test_a_kill_at_any_piece_loses_no_photo_of_an_acknowledged_message(tmp_path: Path, kills: int, seed: int) -> None:
    chance, server = random.Random(seed), PhotoServer()
    (tmp_path / "directory.toml").write_text(directory(), encoding="utf-8")
    database = tmp_path / "pendopo.db"
    updates = []
    for number in range(kills * 2):
        refs = [f"r{number}-{n}" for n in range(3)]
        server.files |= {ref: make_jpeg(chance.randrange(10**9), (160, 120)) for ref in refs}
        updates.append({"id": number, "chat": f"c{number % PEOPLE}", "text": f"/laporan banjir RW {number}", "files": refs})
    port = await server.start()
    arguments = [str(port), f"sqlite:///{database}", str(tmp_path)]
    await server.put(*updates)
    process = None
    try:
        for _ in range(kills):
            process = await started(arguments)
            server.kill = process.kill
            server.die_at = server.pieces + chance.randint(1, 60)
            await process.wait()
        process = await started(arguments)
        while [status for _, status, _ in kept(database)].count("tersimpan") < len(server.files):
            assert process.returncode is None
            await asyncio.sleep(0.1)
    finally:
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()
        await server.stop()
    rows = kept(database)
    assert sorted(ref for ref, _, _ in rows) == sorted(server.files)
    for ref, _, name in rows:
        data = (tmp_path / "blobs" / name[:2] / name).read_bytes()
        assert data == server.files[ref]
        assert hashlib.sha256(data).hexdigest() == name
    for path in (tmp_path / "blobs").glob("??/*"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name, "half a file under a whole one's name"


async def started(arguments: list[str]) -> asyncio.subprocess.Process:
    command = [sys.executable, "-m", "tests.chaos.photos_child", *arguments]
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT)
