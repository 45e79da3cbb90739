"""Watches the event loop from a thread: what holds it is named, counted and noted, also if the process never gets over it."""

import asyncio
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import structlog

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
"""How often the loop is asked for a sign of life."""
PATIENCE = 3.0
"""Seconds without one until the loop counts as held: other processes take a silent one for dead after six."""
DEEPEST = 4
"""Functions named in the log, from the innermost."""


class Handling:
    """An event that a task handles, and the route once it is known."""

    __slots__ = ("event_id", "route")

    def __init__(self, event_id: int) -> None:
        self.event_id = event_id
        self.route = ""


class LoopGuard:
    """Knows which task handles what; `note` is called in the thread with the number of an event that holds the loop."""

    def __init__(self, note: Callable[[int], None]) -> None:
        self._note = note
        self._tasks: dict[asyncio.Task[object] | None, Handling] = {}
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self.held: Counter[str] = Counter()
        """How often the loop was held, by route."""
        self.last: tuple[str, float] = ("", 0.0)
        """The route that held it last, and for how many seconds."""

    def start(self) -> None:
        """Starts watching the running loop."""
        arguments = asyncio.get_running_loop(), threading.get_ident()
        self._thread = threading.Thread(target=self._watch, args=arguments, name="loop-guard", daemon=True)
        self._thread.start()

    def report(self) -> dict[str, object]:
        """Says for readiness how often the loop was held, and by which route last, for how many seconds."""
        return {"held": self.held.total(), "route": self.last[0], "seconds": round(self.last[1], 1)}

    def close(self) -> None:
        """Stops watching."""
        self._closed.set()

    @contextmanager
    def watch_event(self, event_id: int) -> Iterator[None]:
        """Names the event that this task handles meanwhile."""
        task = asyncio.current_task()
        self._tasks[task] = Handling(event_id)
        try:
            yield
        finally:
            del self._tasks[task]

    def name_route(self, route: str) -> None:
        """Names the route that this task's event goes to."""
        if handling := self._tasks.get(asyncio.current_task()):
            handling.route = route

    def _watch(self, loop: asyncio.AbstractEventLoop, ident: int) -> None:
        while not self._closed.wait(LOOK_SECONDS):
            alive, asked = threading.Event(), time.monotonic()
            try:
                loop.call_soon_threadsafe(alive.set)
            except RuntimeError:  # the loop is closed
                return
            if alive.wait(PATIENCE):
                continue
            route = self._report(loop, ident)
            while not alive.wait(LOOK_SECONDS) and not self._closed.is_set():
                pass
            self.last = route, time.monotonic() - asked
            log.error("the event loop goes on", event_name="loop_freed", route=route, seconds=round(self.last[1], 1))

    def _report(self, loop: asyncio.AbstractEventLoop, ident: int) -> str:
        handling = self._tasks.get(asyncio.current_task(loop))
        where = _name_functions(sys._current_frames().get(ident))
        route, event_id = (handling.route, handling.event_id) if handling else ("", 0)
        self.held[route] += 1
        log.error("the event loop is held", event_name="loop_held", route=route, event_id=event_id, where=where)
        if event_id:
            try:
                self._note(event_id)
            except Exception:
                log.exception("what holds the event loop cannot be noted", event_name="loop_held_unnoted", event_id=event_id)
        return route


def _name_functions(frame: FrameType | None) -> str:
    names: list[str] = []
    while frame is not None and len(names) < DEEPEST:
        names.append(f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_name}:{frame.f_lineno}")
        frame = frame.f_back
    return " < ".join(names)
