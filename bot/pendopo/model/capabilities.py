"""What a messenger can show in one kind of chat, and how fast it may be used."""

from msgspec import Struct


class Rate(Struct, frozen=True):
    """At most `count` deliveries in any `seconds`."""

    count: int
    seconds: float


class Capabilities(Struct, frozen=True, kw_only=True):
    """Declared by an adapter for each kind of chat; `engine.render` degrades content to it at the moment of sending.

    `buttons` is how many buttons fit under one message (0: none, so choices become numbers), `button_title` how many
    characters each may have, `rows` how many entries a list menu takes when there are more than `buttons`.
    Where `photo`, `document`, `location` or `contact` is False, words take their place.
    `text` and `caption` are in UTF-16 units. `idempotent` says that repeating a send with the same key has one effect,
    `toasts` that a button press can be answered with a short text only the presser sees. All rates of
    `per_chat` and `per_account` hold at once; an album counts as many as it has items. Where `free_hours` is not 0, free text
    reaches people only so many hours after they last wrote; `template` says that its words come all the same, in a template.
    """

    buttons: int = 0
    button_title: int = 64
    rows: int = 0
    edit: bool = False
    album: int = 1
    photo: bool = True
    document: bool = True
    location: bool = True
    contact: bool = True
    poll: bool = False
    text: int = 4096
    caption: int = 1024
    styles: bool = False
    idempotent: bool = False
    toasts: bool = False
    free_hours: int = 0
    template: bool = False
    per_chat: tuple[Rate, ...] = ()
    per_account: tuple[Rate, ...] = ()
