"""Senders as messengers know them, and persons of the directory."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct


class Account(Struct, frozen=True, omit_defaults=True):
    """A sender as one messenger knows them.

    `aliases` are all names of this account, as `kind:value` (`telegram:1000000001`, `whatsapp:6281200000001`, `lid:…`,
    `bsuid:…`), the most reliable first. `service` marks senders that are no people (bots, channels), `anonymous` people who
    write under a group's name and cannot be told apart.
    """

    aliases: tuple[str, ...]
    name: str = ""
    username: str = ""
    service: bool = False
    anonymous: bool = False

    @property
    def id(self) -> str:
        """The alias that identifies the account."""
        return self.aliases[0]


class AccountSource(StrEnum):
    """Who said whose an account is; `SEEN`: the messenger named it beside another, and it counts while that one does."""

    FILE = "file"
    CODE = "code"
    SEEN = "seen"


class StaffStatus(StrEnum):
    """As what somebody is employed; `OTHER` is staff that is no civil servant."""

    PNS = "pns"
    CPNS = "cpns"
    PPPK = "pppk"
    OTHER = "lainnya"


class Employment(Struct, frozen=True, omit_defaults=True):
    """On what terms somebody works: what is not known is empty."""

    status: StaffStatus | None = None
    entered: date | None = None
    """The first day of unbroken service."""
    rank: str = ""
    """Rank and grade, as letters write them: "Pembina (IV/a)"."""
    leave_taken: Mapping[str, float] = {}
    """By year, days of annual leave that the bot has no izin of."""
    nip: str = ""


class Person(Struct, frozen=True, omit_defaults=True):
    """A person of the directory; `title` is that of their first post, `id` the directory's own number."""

    id: int
    name: str
    title: str = ""
    locale: str = ""

    @property
    def called(self) -> str:
        """What messages call this person: the title of their post, as officials do, else the name."""
        return self.title or self.name
