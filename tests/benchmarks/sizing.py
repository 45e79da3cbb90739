"""How large an installation becomes: memory of a bot that runs, and bytes on the disk for each event (docs/growing.md).

`python -m tests.benchmarks.sizing` prints it. It is not one of the benchmarks with a target: it sizes disks.
"""

import asyncio
import itertools
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import structlog
from pendopo.config import LimitSettings, Settings
from pendopo.testing import Story
from pendopo_bantuan import plugin as bantuan
from pendopo_izin import plugin as izin

from tests.chaos.fleet import Postgres, scratch, written

ROOT = Path(__file__).parent.parent.parent
ROUNDS = 150
SETTINGS = Settings(limits=LimitSettings(per_person=0, per_chat=0))


async def live(url: str, rounds: int, first: int) -> int:
    """Ask for an izin, confirm it, approve it, again and again; returns how many events that were."""
    async with Story([bantuan, izin], database=url, settings=SETTINGS) as story:
        story.messenger._numbers = itertools.count(first)
        for number in range(rounds):
            await story.kadis.says(f"/izin menghadiri rakor {number} di Bappenas 30 Desember jam 9")
            await story.kadis.presses("Kirim")
            await story.sekda.presses("Setujui")
        found = await story.app.database.read("SELECT count(*) FROM inbox")
        return int(found[0][0])


def growth(url: str, size: Callable[[], int]) -> float:
    """Bytes for each event, once the first ones have paid for empty tables."""
    before = asyncio.run(live(url, ROUNDS // 3, 1_000_000)), size()
    after = asyncio.run(live(url, ROUNDS, 2_000_000)), size()
    return (after[1] - before[1]) / (after[0] - before[0])


def memory(folder: Path, url: str) -> float:
    """Megabytes of a bot that has started and waits."""
    file = folder / "pendopo.toml"
    file.write_text(written({"data_dir": str(folder / "var"), "database": {"url": url}, "web": {"port": 0}}))
    process = subprocess.Popen(
        [sys.executable, "-m", "pendopo", "run", "--config", str(file)], cwd=ROOT, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(2.0)
        pages = Path(f"/proc/{process.pid}/statm").read_text(encoding="utf-8").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6
    finally:
        process.terminate()
        process.communicate()


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with TemporaryDirectory() as name:
        folder, file = Path(name), Path(name) / "pendopo.db"
        print(f"SQLite: {growth(f'sqlite:///{file}', lambda: _whole(file)):.0f} bytes an event")
        print(f"SQLite: {memory(folder, f'sqlite:///{folder}/other.db'):.0f} MB")
    place = scratch()
    server = Postgres(place / "postgres")
    try:
        upgrade = [sys.executable, "-m", "pendopo", "db", "upgrade"]
        subprocess.run(
            upgrade, cwd=ROOT, env=dict(os.environ, PENDOPO_DATABASE__URL=server.url), check=True, stdout=subprocess.DEVNULL
        )
        print(f"PostgreSQL: {memory(place, server.url):.0f} MB")
        print(f"PostgreSQL: {growth(server.url, lambda: _vacuumed(server.url)):.0f} bytes an event")
    finally:
        server.close()


def _whole(file: Path) -> int:
    return sum(path.stat().st_size for path in file.parent.glob(f"{file.name}*"))


def _vacuumed(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM")
        found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(found[0]) if found else 0


if __name__ == "__main__":
    main()
