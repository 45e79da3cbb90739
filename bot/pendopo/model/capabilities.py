"""What a messenger can show in one kind of chat, and how fast it may be used."""

from msgspec import Struct


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
    toasts: bool = False
    """A press can be answered by a short text that only its sender sees."""
    free_hours: int = 0
    """Hours after a person's last message in which free text reaches them; 0: always."""
    template: bool = False
    """Outside `free_hours` a notice still arrives, in a template."""
    per_chat: tuple[Rate, ...] = ()
    """All rates of both kinds hold at once."""
    per_account: tuple[Rate, ...] = ()
