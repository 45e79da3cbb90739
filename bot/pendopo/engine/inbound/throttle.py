"""Limits how much one person may ask, and shares a chat fairly. What is over the limit waits for its turn."""

from collections import Counter, deque

from pendopo.engine.outbound.rate_limits import SlidingWindow
from pendopo.model import Rate
from pendopo.model.containers import RecentDict

REMEMBERED = 20_000
"""Persons, chats and requests kept in memory."""
CROWDED = 24
"""Members of a chat among whom it is shared; where more ask, each has as much: an emergency waits for nobody else's chatter."""
LONGEST_WAIT_MS = 10 * 60_000
"""How long a request may wait for its turn, in milliseconds; whoever asks for more than fits into that is not served."""


class SharedWindow:
    """The requests of a chat. When it is full, whoever asked less than an equal share is served all the same."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._taken: deque[tuple[int, str]] = deque()
        self._of: Counter[str] = Counter()

    def free_at(self, now_ms: int, person: str) -> int:
        """Returns the earliest instant (milliseconds) at which one more request of this person fits."""
        span = int(self._rate.seconds * 1000)
        while self._taken and not now_ms - span < self._taken[0][0] <= now_ms:  # the clock may have been set back
            _, gone = self._taken.popleft()
            self._of[gone] -= 1
            if not self._of[gone]:
                del self._of[gone]
        share = max(1, self._rate.count // CROWDED, self._rate.count // (len(self._of) + (person not in self._of)))
        if len(self._taken) < self._rate.count or self._of[person] < share:
            return now_ms
        return next(at for at, who in self._taken if who == person) + span

    def record_use(self, now_ms: int, person: str) -> None:
        """Counts a request."""
        self._taken.append((now_ms, person))
        self._of[person] += 1


class Throttle:
    """Sliding windows of requests. A rate of 0 is no limit."""

    def __init__(self, per_person: int, per_chat: int, seconds: float = 60.0) -> None:
        self._person, self._chat = Rate(per_person, seconds), Rate(per_chat, seconds)
        self._own: RecentDict[str, SlidingWindow] = RecentDict(REMEMBERED)
        self._shared: RecentDict[str, SharedWindow] = RecentDict(REMEMBERED)
        self._told: RecentDict[str, int] = RecentDict(REMEMBERED)
        self._granted: RecentDict[str, int] = RecentDict(REMEMBERED)
        self._last: RecentDict[str, int] = RecentDict(REMEMBERED)

    def reserve_request(self, person: str, chat: str, now_ms: int, key: str) -> int:
        """Reserves a place for one request: returns 0, or the milliseconds until its turn.

        `key` is the request's own: whenever it is handled again, it has the place it got. `chat` is "" for what the bot has
        asked for, such as a vote: everybody answers at once, and that counts for each person only.
        """
        if (turn := self._granted.get(key)) is None:
            turn = self._find_turn(person, chat, now_ms)
            if turn - now_ms > LONGEST_WAIT_MS:
                return turn - now_ms
            self._granted[key] = turn
        return max(0, turn - now_ms)

    def should_tell(self, person: str, now_ms: int, wait_ms: int) -> bool:
        """Tells whether a person over the limit should be told: once in each flood."""
        told = self._told.get(person, 0) > now_ms
        self._told[person] = max(self._told.get(person, 0), now_ms + wait_ms)
        return not told

    def _find_turn(self, person: str, chat: str, now_ms: int) -> int:
        """Finds when a new request is handled: at once, or behind those of the same person that wait, and takes that place."""
        own = self._own.get(person) or SlidingWindow(self._person)
        shared = self._shared.get(chat) or SharedWindow(self._chat)
        in_chat = bool(chat and self._chat.count)
        free = own.free_at(now_ms, 1) if self._person.count else now_ms
        free = max(free, shared.free_at(now_ms, person)) if in_chat else free
        last = self._last.get(person, -1)
        if free > now_ms or last >= now_ms:
            rate = self._person if self._person.count else self._chat
            turn = max(free, last + int(rate.seconds * 1000) // max(1, rate.count))
            if turn - now_ms <= LONGEST_WAIT_MS:
                self._last[person] = turn
            return turn
        if self._person.count:
            own.record_use(now_ms, 1)
            self._own[person] = own
        if in_chat:
            shared.record_use(now_ms, person)
            self._shared[chat] = shared
        return now_ms
