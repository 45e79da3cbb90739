"""`pendopo` with two things one can do to a machine from outside and not to a process: `python -m tests.chaos.replica run …`.

SIGUSR1 sets the process's clock off by as many seconds as the file `CHAOS_CLOCK` says: what was timed by the old time stays
timed, as it does on a machine whose clock is set. SIGUSR2 fills the disk under SQLite, whose file may not grow,
and empties it again. SIGQUIT writes where every task stands, for whoever looks for what hangs.
"""

import asyncio
import os
import signal
import sqlite3
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pendopo.cli import main
from pendopo.cli.bootstrap import composition
from pendopo.engine.clock import SystemClock
from pendopo.store import sqlite

NO_LIMIT = 2**30


class SetClock(SystemClock):
    """A clock that is set while the process runs."""

    def __init__(self) -> None:
        super().__init__()
        self.set()
        signal.signal(signal.SIGUSR1, lambda *_: self.set())

    def set(self) -> None:
        with suppress(OSError, ValueError):
            seconds = float(Path(os.environ["CHAOS_CLOCK"]).read_text(encoding="utf-8"))
            self.offset, self._offset_ms = timedelta(seconds=seconds), int(seconds * 1000)


class Disk:
    """What SQLite writes to."""

    def __init__(self) -> None:
        self._connections: list[sqlite3.Connection] = []
        self._connect = sqlite._open_connection
        self.full = False
        sqlite._open_connection = self.connect
        signal.signal(signal.SIGUSR2, lambda *_: self.toggle())

    def connect(self, path: Path, synchronous: str) -> sqlite3.Connection:
        made = self._connect(path, synchronous)
        self._connections.append(made)
        return made

    def toggle(self) -> None:
        """The next page that is needed cannot be had, or can again."""
        self.full = not self.full
        for connection in self._connections:
            with suppress(sqlite3.Error):
                pages: Any = connection.execute("PRAGMA page_count").fetchone()[0]
                connection.execute(f"PRAGMA max_page_count = {pages if self.full else NO_LIMIT}")


def tell_tasks() -> None:
    """Where everything waits."""
    for task in asyncio.all_tasks():
        task.print_stack(file=sys.stderr)


def told_to_tell() -> None:
    """From a signal's handler nothing of the loop may be touched."""
    asyncio.get_running_loop().call_soon_threadsafe(tell_tasks)


def run() -> int:
    """`pendopo`, that can be done these things to."""
    signal.signal(signal.SIGQUIT, lambda *_: told_to_tell())
    Disk()
    with patch.object(composition, "SystemClock", SetClock):
        return main()


if __name__ == "__main__":
    sys.exit(run())
