"""A cold `pendopo run`: how long until /readyz says yes, and how much memory it then holds."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.benchmarks.figure import Figure


def start(folder: Path) -> tuple[float, float]:
    """Seconds to ready and resident megabytes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = os.environ | {
        "PENDOPO_WEB__PORT": str(port),
        "PENDOPO_DATA_DIR": str(folder),
        "PENDOPO_DATABASE__URL": f"sqlite:///{folder}/pendopo.db",
    }
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "pendopo"], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _ready(port):
            if process.poll() is not None:
                raise RuntimeError(f"pendopo ended with {process.returncode}")
            time.sleep(0.005)
        took = time.perf_counter() - begun
        pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
        return took, pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def figures(quick: bool, folder: Path) -> list[Figure]:
    """The first start makes the database; the others find it. The median of the others is what operators see."""
    place = folder / "start"
    place.mkdir()
    first, _ = start(place)
    later = sorted(start(place) for _ in range(1 if quick else 5))
    seconds, megabytes = later[len(later) // 2]
    return [
        Figure("first start, database made, to ready", first, "s"),
        Figure("start to ready", seconds, "s", 1.5),
        Figure("resident when ready", megabytes, "MB", 90),
    ]
