"""Telegram's real limits (its FAQ, "My bot is hitting limits").

1 a second in a chat, 20 a minute in a group, 30 a second in all.
"""

import math
from collections import defaultdict, deque
from collections.abc import Callable


class Flood:
    """Counts calls, and says how long one must wait that comes too early."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._taken: defaultdict[tuple[str, int], deque[float]] = defaultdict(deque)

    def take(self, chat: int, weight: int) -> int:
        """0, or how many seconds too early this is. An album is one call in its chat's second; else it counts its items."""
        rules = [(("chat", chat), 1, 1.0, 1), (("all", 0), 30, 1.0, weight)]
        if chat < 0:
            rules.append((("group", chat), 20, 60.0, weight))
        now = self._clock()
        late = max(self._late(self._taken[key], most, seconds, cost, now) for key, most, seconds, cost in rules)
        if late > 0:
            return math.ceil(late)
        for key, _, _, cost in rules:
            self._taken[key].extend([now] * cost)
        return 0

    def _late(self, taken: deque[float], most: int, seconds: float, cost: int, now: float) -> float:
        while taken and taken[0] <= now - seconds + 1e-6:
            taken.popleft()
        over = len(taken) + cost - most
        return taken[min(over, len(taken)) - 1] + seconds - now if over > 0 and taken else 0.0
