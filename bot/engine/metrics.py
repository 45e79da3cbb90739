"""What the bot counts: plain numbers on the way of a message, put into Prometheus' words only when somebody asks."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

SECONDS = (0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 60.0)
"""Upper bounds of the buckets of handler times."""


class Measure(NamedTuple):
    """One metric: its name, what it says, counter or gauge, and its samples as (labels, value)."""

    name: str
    words: str
    kind: str
    samples: Sequence[tuple[dict[str, str], float]]


class Metrics:
    """Counters of one bot. Adding to one costs a dictionary look-up."""

    def __init__(self) -> None:
        self.accepted: Counter[str] = Counter()  # by adapter
        self.handled: Counter[str] = Counter()  # ok | refused | failed | dead
        self.sent: Counter[tuple[str, str]] = Counter()  # by adapter and outcome: sent | retried | dead
        self._buckets = [0] * (len(SECONDS) + 1)
        self._sum = 0.0

    def took(self, seconds: float) -> None:
        """A handler ran this long, its commit included."""
        self._sum += seconds
        for number, bound in enumerate(SECONDS):
            if seconds <= bound:
                self._buckets[number] += 1
                return
        self._buckets[-1] += 1

    def measures(self) -> list[Measure]:
        """Everything counted, as it stands."""
        sent = [({"adapter": adapter, "outcome": outcome}, float(n)) for (adapter, outcome), n in self.sent.items()]
        return [
            Measure("pendopo_accepted", "Deliveries stored in the inbox.", "counter", _by("adapter", self.accepted)),
            Measure("pendopo_handled", "Events by what came of them.", "counter", _by("outcome", self.handled)),
            Measure("pendopo_sent", "Deliveries of the outbox by what came of them.", "counter", sent),
        ]

    def times(self) -> tuple[Sequence[tuple[str, float]], float]:
        """Handler times as cumulative buckets (upper bound, count), and their sum in seconds."""
        total, buckets = 0, []
        for bound, count in zip([*map(str, SECONDS), "+Inf"], self._buckets, strict=True):
            total += count
            buckets.append((bound, float(total)))
        return buckets, self._sum


def _by(label: str, counter: Counter[str]) -> list[tuple[dict[str, str], float]]:
    return [({label: name}, float(number)) for name, number in counter.items()]
