"""The counters of one bot: plain numbers, put into Prometheus' format only when /metrics is read."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from pendopo.model.containers import RecentDict

AWAITED = 10_000
"""Requests that wait for their first reply; the oldest beyond this are not measured."""
REPLY_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)
"""Upper bounds of the buckets of first replies, from the moment a delivery was stored."""
SECONDS = (0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 60.0)
"""Upper bounds of the buckets of handler times."""


class Measure(NamedTuple):
    """One metric: its name, its help text, counter or gauge, and its samples as (labels, value)."""

    name: str
    words: str
    kind: str
    samples: Sequence[tuple[dict[str, str], float]]


class Histogram:
    """Counts durations in buckets, in seconds."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def add(self, seconds: float) -> None:
        """Adds one duration."""
        self._sum += seconds
        self._counts[bisect_left(self._bounds, seconds)] += 1

    def buckets(self) -> tuple[Sequence[tuple[str, float]], float]:
        """Returns the cumulative buckets (upper bound, count), and the sum in seconds."""
        names = [*map(str, self._bounds), "+Inf"]
        return list(zip(names, map(float, accumulate(self._counts)), strict=True)), self._sum


class Metrics:
    """The counters of one bot. Adding to one costs a dictionary look-up."""

    def __init__(self) -> None:
        self.accepted: Counter[str] = Counter()  # by adapter
        self.handled: Counter[str] = Counter()  # ok | refused | failed | dead
        self.sent: Counter[tuple[str, str]] = Counter()  # by adapter and outcome: sent | retried | dead
        self.silent: Counter[str] = Counter()  # by route
        self.handling = Histogram(SECONDS)
        self.first_replies: dict[str, Histogram] = {}
        self._awaited: RecentDict[int, tuple[str, int]] = RecentDict(AWAITED)

    def record_request(self, event_id: int, route: str, received_at: int, answered: bool) -> None:
        """Records a use of a command or button (milliseconds); `answered`: a visible reply is on its way."""
        if not answered:
            self.silent[route] += 1
            return
        self._awaited[event_id] = route, received_at

    def record_reply(self, event_id: int, now_ms: int) -> None:
        """Records that a messenger took a reply to a delivery."""
        if found := self._awaited.pop(event_id, None):
            route, received_at = found
            self.first_replies.setdefault(route, Histogram(REPLY_SECONDS)).add(max(0, now_ms - received_at) / 1000)

    def list_measures(self) -> list[Measure]:
        """Returns all counters as they stand."""
        sent = [({"adapter": adapter, "outcome": outcome}, float(n)) for (adapter, outcome), n in self.sent.items()]
        return [
            Measure("pendopo_accepted", "Deliveries stored in the inbox.", "counter", _label_counts("adapter", self.accepted)),
            Measure("pendopo_handled", "Events by what came of them.", "counter", _label_counts("outcome", self.handled)),
            Measure("pendopo_sent", "Deliveries of the outbox by what came of them.", "counter", sent),
            Measure("pendopo_silent", "Commands and buttons that nobody saw anything of.", "counter", self._count_silent()),
        ]

    def _count_silent(self) -> list[tuple[dict[str, str], float]]:
        return _label_counts("route", self.silent) or [({"route": ""}, 0.0)]


def _label_counts(label: str, counter: Counter[str]) -> list[tuple[dict[str, str], float]]:
    return [({label: name}, float(number)) for name, number in counter.items()]
