"""A conversation on a messenger, what it can show, and how fast the messenger may be used."""

from enum import StrEnum

from msgspec import Struct

from pendopo.model.ids import format_lane_key


class Rate(Struct, frozen=True):
    """At most `count` deliveries in any `seconds`."""

    count: int
    seconds: float


class Capabilities(Struct, frozen=True, kw_only=True):
    """Declared by an adapter for each kind of chat; `engine.outbound.render` degrades content to it when it is sent."""

    buttons: int = 0
    """Buttons under one message; 0: choices become numbers."""
    button_title: int = 64
    """Characters of a button's title."""
    rows: int = 0
    """Entries of a list menu, used when there are more choices than `buttons`."""
    edit: bool = False
    album: int = 1
    """Items of one album; each counts as a delivery."""
    photo: bool = True
    """Where this, `document`, `location` or `contact` is False, text takes its place."""
    document: bool = True
    location: bool = True
    contact: bool = True
    poll: bool = False
    text: int = 4096
    """UTF-16 units, as is `caption`."""
    caption: int = 1024
    styles: bool = False
    idempotent: bool = False
    """A send repeated with the same key has one effect."""
    silent: bool = False
    """A message can arrive without a sound (`Text.quiet`)."""
    toasts: bool = False
    """A press can be answered by a short text that only its sender sees."""
    free_hours: int = 0
    """Hours after a person's last message in which free text reaches them; 0: always."""
    template: bool = False
    """Outside `free_hours` a notice still arrives, in a template."""
    per_chat: tuple[Rate, ...] = ()
    """All rates of both kinds hold at once."""
    per_account: tuple[Rate, ...] = ()


class ChatKind(StrEnum):
    """A private chat has one person in it; everything else is a group."""

    PRIVATE = "private"
    GROUP = "group"


class Chat(Struct, frozen=True, omit_defaults=True):
    """One conversation on one messenger; `id` is the messenger's own, `topic` a thread of a forum group or empty."""

    adapter: str
    id: str
    kind: ChatKind = ChatKind.PRIVATE
    title: str = ""
    topic: str = ""

    @property
    def key(self) -> str:
        """`adapter:id`, as directory files and the database name it; topics share their group's key."""
        return format_lane_key(self.adapter, self.id)

    @property
    def private(self) -> bool:
        """Whether this is the bot and one person alone."""
        return self.kind is ChatKind.PRIVATE
