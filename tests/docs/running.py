"""A bot that runs as a process until it said that it does."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path


def running(words: Sequence[str], place: Path) -> list[str]:
    """What `pendopo run` says until it is ready, or until it ends by itself. It is stopped then, and stops in good order."""
    with started(words, place) as said:
        pass
    return said


@contextlib.contextmanager
def started(words: Sequence[str], place: Path, seconds: float = 120) -> Iterator[list[str]]:
    """A bot that runs on a free port, and what it said on standard output."""
    environ = {"PENDOPO_WEB__PORT": "0", **os.environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "pendopo", *words],
        cwd=place,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    late = threading.Timer(seconds, process.kill)
    late.start()
    assert process.stdout is not None
    assert process.stderr is not None
    said = [line.rstrip("\n") for line in [process.stdout.readline()] if line]
    if not said:
        said += process.stderr.read().splitlines()
    try:
        yield said
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()
        late.cancel()
