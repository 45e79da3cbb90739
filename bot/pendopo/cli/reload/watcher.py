"""`pendopo run --reload`: a watcher beside the bot. What was saved is loaded by a new process, which then takes over.

The bot that runs goes on until the new one has loaded every plugin, so a broken save stops nobody: conversations go on with the
code of before, and the error is shown with its file and line. The socket is the watcher's own: who writes in between waits.
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
"""How often the files are looked at: soon enough to feel immediate, seldom enough to cost nothing."""
STOP_SECONDS = 15
"""Seconds a bot may take to stop before it is killed."""
WATCHED = frozenset({".py", ".po", ".toml", ".html", ".txt", ".css", ".js", ".svg", ".json"})
"""Endings of files whose change may change what the bot does."""
LOAD, READY, GO = "load", "ready", "go"
"""What the watcher and its worker say to each other, a word a line."""
Stamp = tuple[int, int]


class Child(Protocol):
    """A process that has the framework in memory, loads the plugins when it is asked, and runs the bot when it is told to."""

    def ready(self) -> bool:
        """Let it load everything; False: it could not, and has said why."""
        ...

    def go(self) -> None:
        """Run the bot."""
        ...

    def stop(self) -> None:
        """End the bot in order, and wait for it."""
        ...

    def ended(self) -> int | None:
        """Its exit code, when it has ended by itself."""
        ...


def stamp_files(places: Sequence[Path]) -> Mapping[Path, Stamp]:
    """When each file that matters was changed, and how long it is."""
    found: dict[Path, Stamp] = {}
    for place in places:
        for path in place.rglob("*") if place.is_dir() else [place]:
            if path.suffix in WATCHED and "__pycache__" not in path.parts:
                with suppress(OSError):  # an editor took it away just now
                    state = path.stat()
                    found[path] = (state.st_mtime_ns, state.st_size)
    return found


def list_watched(settings: Settings, config: Path | None) -> list[Path]:
    """What to watch: plugins of one's own, those that ship, what other packages bring of use, and the settings."""
    modules = [*(point.module.partition(".")[0] for point in entry_points(group=GROUP)), *list_adapter_packages(settings)]
    specs = [find_spec(name) for name in dict.fromkeys(modules)]
    folders = [Path(place) for spec in specs if spec for place in spec.submodule_search_locations or [spec.origin or ""]]
    return [*(Path(folder) for folder in settings.plugins.plugin_dirs), *folders, config or Path(DEFAULT_FILE)]


class Watcher:
    """Keeps one child running, and puts a new one in its place when something was saved. `wait` is False when all is over."""

    def __init__(
        self,
        start: Callable[[], Child],
        look: Callable[[], Mapping[Path, Stamp]],
        wait: Callable[[], bool],
        tell: Callable[[str], None],
    ) -> None:
        self._start, self._look, self._wait, self._tell = start, look, wait, tell
        self._gone = False
        self._spare = start()  # the framework takes most of the time to load, so it is loaded before it is needed

    def run(self) -> int:
        """Until it is told to stop. The exit code is that of a first bot that could not start, else 0."""
        seen = self._look()
        child = self._take_spare()
        child.ready()  # one that has broken plugins starts without them, as `pendopo run` does
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
        """A new child in the place of the old one; the old one, where the new one cannot be loaded."""
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
    """A child that is a process: it says `ready`, and is told `go`."""

    def __init__(self, listener: socket.socket, options: GlobalOptions) -> None:
        words = [str(listener.fileno()), "json" if options.json else "text", str(options.config or "")]
        self._process = subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-m", "pendopo.cli.reload.worker", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Files saved twice within a second look alike to Python's cache of compiled code.
            env=dict(environ, PYTHONDONTWRITEBYTECODE="1"),
            pass_fds=[listener.fileno()],
            start_new_session=True,  # Ctrl-C is for the watcher, which ends the bot in order
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
    """Run the bot and watch what it is made of, until told to stop."""
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
