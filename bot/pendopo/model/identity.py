"""Who the messenger says somebody is, and whom we know."""

from enum import StrEnum

from msgspec import Struct


class Account(Struct, frozen=True, omit_defaults=True):
    """A sender as one messenger knows them.

    `aliases` are all names this account is known by, as `kind:value` (`telegram:1000000001`, `whatsapp:6281200000001`,
    `lid:…`, `bsuid:…`), the surest first. `service` marks senders that are no people (bots, channels), `anonymous` people
    who write under a group's name, so that nobody can tell who they are.
    """

    aliases: tuple[str, ...]
    name: str = ""
    username: str = ""
    service: bool = False
    anonymous: bool = False

    @property
    def id(self) -> str:
        return self.aliases[0]


class AccountSource(StrEnum):
    """Who said whose an account is; `SEEN`: the messenger named it beside another, and it counts while that one does."""

    FILE = "file"
    CODE = "code"
    SEEN = "seen"


class Person(Struct, frozen=True, omit_defaults=True):
    """Somebody in the directory; `title` is their first post's, `id` the directory's own number."""

    id: int
    name: str
    title: str = ""
    locale: str = ""

    @property
    def called(self) -> str:
        """How a message names this person: by the post they hold, as officials do, else by name."""
        return self.title or self.name
