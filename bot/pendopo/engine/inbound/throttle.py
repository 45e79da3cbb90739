"""Limits how much one person or one chat may ask. A flood is told once, and then ignored until it is over."""

from collections import OrderedDict
from typing import TypeVar

from pendopo.engine.outbound.rate_limits import SlidingWindow
from pendopo.model import Rate

K = TypeVar("K")
V = TypeVar("V")
REMEMBERED = 20_000
"""Persons, chats and requests kept in memory."""


class Throttle:
    """Sliding windows of requests. A rate of 0 is no limit."""

    def __init__(self, per_person: int, per_chat: int, seconds: float = 60.0) -> None:
        self._rates = {"person": Rate(per_person, seconds), "chat": Rate(per_chat, seconds)}
        self._windows: OrderedDict[tuple[str, str], SlidingWindow] = OrderedDict()
        self._told: OrderedDict[str, int] = OrderedDict()
        self._granted: OrderedDict[str, None] = OrderedDict()

    def reserve_request(self, person: str, chat: str, now_ms: int, key: str) -> int:
        """Reserves a place for one request: returns 0, or the milliseconds until one is free.

        `key` is the request's own: a retry takes no second place.
        """
        if key in self._granted:
            return 0
        windows = [
            self._get_window(kind, name) for kind, name in (("person", person), ("chat", chat)) if self._rates[kind].count
        ]
        free = max((window.free_at(now_ms, 1) for window in windows), default=now_ms)
        if free > now_ms:
            return free - now_ms
        for window in windows:
            window.record_use(now_ms, 1)
        _remember_newest(self._granted, key, None)
        return 0

    def should_tell(self, person: str, now_ms: int, wait_ms: int) -> bool:
        """Tells whether a person over the limit should be told: once in each flood."""
        told = self._told.get(person, 0) > now_ms
        _remember_newest(self._told, person, self._told[person] if told else now_ms + wait_ms)
        return not told

    def _get_window(self, kind: str, name: str) -> SlidingWindow:
        window = self._windows.get((kind, name)) or SlidingWindow(self._rates[kind])
        _remember_newest(self._windows, (kind, name), window)
        return window


def _remember_newest(known: OrderedDict[K, V], key: K, value: V) -> None:
    """Stores a value as the newest, and drops the oldest when there are more than `REMEMBERED`."""
    known[key] = value
    known.move_to_end(key)
    if len(known) > REMEMBERED:
        known.popitem(last=False)
