"""What befalls the bots, and what people say, drawn from one seed: the same seed draws the same storm."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["kill", "kill in a send", "term", "pause", "database", "clock", "busy", "disk"]
POSTGRES: Sequence[Kind] = ("kill", "kill in a send", "kill in a send", "term", "pause", "database", "clock", "busy", "busy")
SQLITE: Sequence[Kind] = ("kill", "kill in a send", "kill in a send", "term", "clock", "busy", "disk")
SHORT_POSTGRES: Sequence[Kind] = ("kill in a send", "term", "database", "busy")
SHORT_SQLITE: Sequence[Kind] = ("kill in a send", "term", "disk", "kill")
"""For storms that are over soon: what takes long is left to the long ones."""
SHARES = (("telegram", 55), ("whatsapp_cloud", 42), ("waha", 3))
PEOPLE = {"telegram": 40, "whatsapp_cloud": 60, "waha": 6}
"""As many as the messengers' limits need: 45 messages to one person in 270 s is all that WhatsApp takes."""


@dataclass(frozen=True)
class Planned:
    """A fault: when, which, on which replica, for how long, and how much."""

    at: float
    kind: Kind
    replica: int
    seconds: float
    amount: float


@dataclass(frozen=True)
class Line:
    """Something somebody will say."""

    at: float
    token: str
    text: str
    messenger: str
    chat: int


@dataclass(frozen=True)
class Plan:
    """A storm."""

    faults: Sequence[Planned]
    lines: Sequence[Line]
    mode: Literal["polling", "webhook"]


def draw(seed: int, seconds: float, replicas: int, rate: float, kinds: Sequence[Kind], every: float) -> Plan:
    """A storm of so many seconds with so many lines a second, and a fault every so many seconds."""
    chance = random.Random(seed)
    faults, at = [], 2.0
    bag: list[Kind] = []
    while at < seconds - 2:
        if not bag:  # each kind comes in every round, so that a short storm has them all
            bag = list(kinds)
            chance.shuffle(bag)
        faults.append(_fault(chance, at, bag.pop(), replicas))
        at += every * (0.5 + chance.random())
    lines = [_line(chance, number, number / rate) for number in range(int(seconds * rate))]
    return Plan(faults, lines, chance.choice(["polling", "webhook"]))


def _fault(chance: random.Random, at: float, kind: Kind, replicas: int) -> Planned:
    seconds = {"pause": (3.0, 25.0), "database": (0.3, 4.0), "clock": (5.0, 20.0), "disk": (1.0, 4.0)}.get(kind, (0.2, 2.0))
    amount = {"clock": chance.choice([-25.0, 25.0, 90.0]), "busy": float(chance.randint(3, 12))}.get(kind, chance.random())
    return Planned(at, kind, chance.randrange(replicas), chance.uniform(*seconds), amount)


def _line(chance: random.Random, number: int, at: float) -> Line:
    (messenger,) = chance.choices([name for name, _ in SHARES], [share for _, share in SHARES])
    (letter,) = chance.choices("tab" if messenger != "waha" else "ta", (70, 15, 15) if messenger != "waha" else (85, 15))
    token = f"{letter}{number}"
    text = f"{token} {chance.randint(200, 4000)}" if letter == "a" else token
    return Line(at, token, text, messenger, chance.randrange(PEOPLE[messenger]))
