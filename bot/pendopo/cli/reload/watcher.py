"""`pendopo run --reload`: watches the files and replaces the bot by a new process when one was saved.

The old process runs until the new one has loaded every plugin, so a broken save stops no conversation; the error is shown with
its file and line. The watcher owns the socket, so requests during the change wait instead of failing.
"""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import entry_points
from importlib.util import find_spec
from os import environ
from pathlib import Path
from typing import Protocol

from pendopo.cli.bootstrap.serving import open_listener
from pendopo.cli.discovery.adapters import list_adapter_packages
from pendopo.cli.discovery.plugins import GROUP
from pendopo.cli.options import GlobalOptions
from pendopo.config import DEFAULT_FILE, Settings

LOOK_SECONDS = 0.2
"""Seconds between looks at the files: often enough to feel immediate, seldom enough to cost little."""
STOP_SECONDS = 15
"""Seconds that a bot may take to stop before it is killed."""
WATCHED = frozenset({".py", ".po", ".toml", ".html", ".txt", ".css", ".js", ".svg", ".json"})
"""Suffixes of files whose change may change what the bot does."""
LOAD, READY, GO = "load", "ready", "go"
"""The protocol between watcher and worker, one word per line: `load` and `go` to the worker, `ready` back."""
Stamp = tuple[int, int]
"""Modification time in nanoseconds, and size in bytes."""


class Child(Protocol):
    """A process with the framework loaded, which loads the plugins and then runs the bot on request."""

    def ready(self) -> bool:
        """Load everything; False when that failed, after the process has printed why."""

    def go(self) -> None:
        """Run the bot."""

    def stop(self) -> None:
        """Stop the bot gracefully and wait for it."""

    def ended(self) -> int | None:
        """The exit code when it has ended by itself, else None."""


def stamp_files(places: Sequence[Path]) -> Mapping[Path, Stamp]:
    """Return the stamp of each watched file."""
    found: dict[Path, Stamp] = {}
    for place in places:
        for path in place.rglob("*") if place.is_dir() else [place]:
            if path.suffix in WATCHED and "__pycache__" not in path.parts:
                with suppress(OSError):  # an editor has just replaced it
                    state = path.stat()
                    found[path] = (state.st_mtime_ns, state.st_size)
    return found


def list_watched(settings: Settings, config: Path | None) -> list[Path]:
    """List what to watch: own and shipped plugins, packages with plugins or configured adapters, and the configuration file."""
    modules = [*(point.module.partition(".")[0] for point in entry_points(group=GROUP)), *list_adapter_packages(settings)]
    specs = [find_spec(name) for name in dict.fromkeys(modules)]
    folders = [Path(place) for spec in specs if spec for place in spec.submodule_search_locations or [spec.origin or ""]]
    return [*(Path(folder) for folder in settings.plugins.plugin_dirs), *folders, config or Path(DEFAULT_FILE)]


class Watcher:
    """Keeps one child running and replaces it when a file was saved. `wait` returns False when it is time to stop."""

    def __init__(
        self,
        start: Callable[[], Child],
        look: Callable[[], Mapping[Path, Stamp]],
        wait: Callable[[], bool],
        tell: Callable[[str], None],
    ) -> None:
        self._start, self._look, self._wait, self._tell = start, look, wait, tell
        self._gone = False
        # Most of the loading time is the framework's, so a spare child loads it before it is needed.
        self._spare = start()

    def run(self) -> int:
        """Run until told to stop. Returns the exit code of the first bot if it ended before any save, else 0."""
        seen = self._look()
        child = self._take_spare()
        child.ready()  # broken plugins are left out at the first start, as in `pendopo run`
        child.go()
        first = True
        while self._wait():
            now = self._look()
            if now != seen:
                seen, first = now, False
                child = self._replace_child(child)
            elif (code := child.ended()) is not None and not self._gone:
                if first:
                    self._spare.stop()
                    return code
                self._gone = True
                self._tell("the bot has ended; it is started again at the next save")
        self._spare.stop()
        child.stop()
        return 0

    def _take_spare(self) -> Child:
        child, self._spare = self._spare, self._start()
        return child

    def _replace_child(self, old: Child) -> Child:
        """Return a new child in place of the old one, or the old one when the new one cannot load."""
        fresh = self._take_spare()
        if not fresh.ready():
            fresh.stop()
            self._tell("the bot that runs goes on as it was; mend it and save again")
            return old
        old.stop()
        fresh.go()
        self._gone = False
        self._tell("the new code runs")
        return fresh


class ChildProcess:
    """A `Child` in a subprocess, commanded over its standard input."""

    def __init__(self, listener: socket.socket, options: GlobalOptions) -> None:
        words = [str(listener.fileno()), "json" if options.json else "text", str(options.config or "")]
        self._process = subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-m", "pendopo.cli.reload.worker", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Python's bytecode cache cannot tell apart two saves within a second.
            env=dict(environ, PYTHONDONTWRITEBYTECODE="1"),
            pass_fds=[listener.fileno()],
            start_new_session=True,  # Ctrl-C reaches only the watcher, which stops the bot gracefully
        )

    def _send_word(self, word: str) -> None:
        assert self._process.stdin is not None  # noqa: S101  it has a pipe
        with suppress(BrokenPipeError):
            self._process.stdin.write(word + "\n")
            self._process.stdin.flush()

    def ready(self) -> bool:
        assert self._process.stdout is not None  # noqa: S101  it has a pipe
        self._send_word(LOAD)
        return self._process.stdout.readline().strip() == READY

    def go(self) -> None:
        assert self._process.stdout is not None  # noqa: S101  it has a pipe
        self._send_word(GO)
        threading.Thread(target=_forward_output, args=(self._process.stdout,), daemon=True).start()

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def ended(self) -> int | None:
        return self._process.poll()


def _forward_output(lines: Iterator[str]) -> None:
    for line in lines:
        print(line, end="", flush=True)


def run_watched(options: GlobalOptions) -> int:
    """Run the bot and watch its files until told to stop."""
    settings = options.load_settings()
    watched = list_watched(settings, options.config)
    with open_listener(settings.web.host, settings.web.port) as listener, _catch_signals() as over:
        watcher = Watcher(
            start=lambda: ChildProcess(listener, options),
            look=lambda: stamp_files(watched),
            wait=lambda: not over.wait(LOOK_SECONDS),
            tell=lambda words: print(f"pendopo: {words}", file=sys.stderr, flush=True),
        )
        return watcher.run()


@contextmanager
def _catch_signals() -> Iterator[threading.Event]:
    over = threading.Event()
    before = {number: signal.signal(number, lambda *_: over.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield over
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
