"""What was seen from outside during a storm: what people said, what the bots called, and what was done to them."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

TOKEN = re.compile(r"(?<![A-Za-z0-9])([abt]\d+)(?=[ =!+\"\\]|$)")
SHOWN = re.compile(r"([abt]\d+)([=!+])(\d*)$")


@dataclass
class Said:
    """Something a person said. `begun` is when the bot could first hear of it, `acked` when it said that it had."""

    token: str
    messenger: str
    chat: str
    begun: float = 0.0
    acked: float = 0.0


@dataclass
class Sent:
    """A message a bot sent: which replica, when the messenger took it, and whether the answer went out."""

    at: float
    replica: int
    messenger: str
    chat: str
    text: str
    answered: bool = False

    @property
    def what(self) -> str:
        """What it says, without the words that mark a repeat."""
        found = SHOWN.search(self.text)
        return found[0] if found else ""

    @property
    def marked(self) -> bool:
        return "Dikirim ulang" in self.text


@dataclass
class Fault:
    """Something that was done: to one replica, or to all (-1); `until` is when it was over, or another process began."""

    at: float
    kind: str
    replica: int = -1
    until: float = 0.0
    detail: str = ""


@dataclass
class Records:
    """All of it, on one clock that nobody sets."""

    said: dict[str, Said] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    presses: set[str] = field(default_factory=set)
    hooks: int = 0
    errors: int = 0
    origin: float = field(default_factory=time.monotonic)
    began: float = field(default_factory=time.time)
    """The same instant as clocks on the wall show it, to read logs by."""

    def now(self) -> float:
        """Seconds since the storm began."""
        return time.monotonic() - self.origin

    def begin(self, text: str) -> None:
        """Somebody's words are on their way to a bot."""
        for said in self._named(text):
            said.begun = said.begun or self.now()

    def ack(self, text: str) -> None:
        """A bot said that it has them."""
        for said in self._named(text):
            said.acked = said.acked or self.now()

    def _named(self, text: str) -> Iterator[Said]:
        for token in TOKEN.findall(text):
            if token in self.said:
                yield self.said[token]
