"""Senders as messengers know them, and persons of the directory."""

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
