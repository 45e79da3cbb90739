"""What rights hang on: units and their posts, terms of office, mandates that lend a post, and forums."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from pendopo.model.ids import to_ms


class MandateKind(StrEnum):
    """Plh: the holder is away. Plt: nobody holds the post. Ajudan: acts beside an official (UU 30/2014, article 14)."""

    PLH = "plh"
    PLT = "plt"
    AJUDAN = "ajudan"


class MandateSource(StrEnum):
    """Where a mandate was given."""

    FILE = "file"
    CHAT = "chat"


class Unit(Struct, frozen=True):
    """A part of the administration."""

    code: str
    name: str
    parent: str = ""


class Post(Struct, frozen=True):
    """A position in a unit; rights belong to it and not to whoever holds it."""

    code: str
    title: str
    unit: str = ""
    superior: str = ""
    roles: frozenset[str] = frozenset()
    aliases: tuple[str, ...] = ()
    """What it is called besides."""


class _Period(Struct, frozen=True):
    """From `since` until before `until`, in milliseconds; an `until` of 0 is no end."""

    person: int
    post: str
    since: int = 0
    until: int = 0

    def is_active(self, instant: datetime) -> bool:
        now_ms = to_ms(instant)
        return self.since <= now_ms and (not self.until or now_ms < self.until)

    def overlaps(self, since: int, until: int) -> bool:
        """Whether some instant lies in this period and in another."""
        return (not until or self.since < until) and (not self.until or since < self.until)


class Holding(_Period, frozen=True):
    """A term of office: a person on a post."""


class Mandate(_Period, frozen=True):
    """A post's rights, lent to a person for a time.

    `may` names actions (`izin`, or `izin.setujui`). Without it a Plh or Plt may do what is routine, and an ajudan decides
    nothing. `basis` is the number of the order it rests on.
    """

    kind: MandateKind = MandateKind.PLH
    basis: str = ""
    may: tuple[str, ...] = ()
    id: int = 0

    @property
    def replaces(self) -> bool:
        """Whether it puts somebody into the holder's place."""
        return self.kind in (MandateKind.PLH, MandateKind.PLT)

    def covers_action(self, action: str, routine: bool = True) -> bool:
        """Whether what it lends is enough for an action."""
        if self.may:
            return any(action == name or action.startswith(f"{name}.") for name in self.may)
        return routine and self.replaces


class Capacity(Struct, frozen=True):
    """In what somebody acts: a post of their own, or one that a mandate lends them."""

    post: Post
    mandate: Mandate | None = None

    def __str__(self) -> str:
        """`Sekda`, or `Plh. Sekda`, as it is written below a decision."""
        return f"{self.mandate.kind.capitalize()}. {self.post.title}" if self.mandate else self.post.title


class Forum(Struct, frozen=True):
    """A group of people on one or several messengers; `members` are roles, `chats` chat keys."""

    name: str
    chats: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
