"""The small values that pass between a handler and the engine."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Literal

import msgspec

from pendopo.config import Options
from pendopo.model import Chat, Document, Person, Photo, Phrase
from pendopo.plugin.buttons import Handler, RouteName

ENGINE = "pendopo"
"""The adapter name of chats and events the engine itself makes."""
WEB = "web"
"""The adapter name of the dashboard: a person's own page, on which they act as in a private chat."""


class MessageRef(msgspec.Struct, frozen=True):
    """A message that will be sent; keep `key` in a row to edit the message later."""

    key: str


class StoredFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was kept: its SHA-256 (`blob`), size and type by its bytes.

    Of a picture also: copies that tell nothing of their origin (`shared`, `thumb`), what the camera noted, and a `fingerprint`
    that is near in pictures that look alike. Only the copies are for showing.
    """

    blob: str
    size: int
    mime: str
    name: str = ""
    shared: str = ""
    thumb: str = ""
    width: int = 0
    height: int = 0
    taken_at: datetime | None = None
    place: tuple[float, float] | None = None
    facts: dict[str, str] = {}
    fingerprint: int = 0


class PluginHealth(msgspec.Struct, frozen=True):
    """How a plugin is: whether it can do its work, with a `note` for operators. Under `code` more of it is in the log."""

    ok: bool = True
    note: str = ""
    code: str = ""


class PluginStatus(msgspec.Struct, frozen=True):
    """A plugin in use: whether it is `on` in a chat, and whether it is so `always`."""

    name: str
    on: bool
    always: bool


class CommandHelp(msgspec.Struct, frozen=True):
    """How one command is used: its words, its parameters with whether each is required, and what it does.

    `route` is what `ctx.prompt_for` takes to ask for its arguments.
    """

    plugin: str
    words: Sequence[str]
    params: Sequence[tuple[Phrase, bool]]
    summary: Phrase
    examples: Sequence[str]
    route: RouteName


class Refusal(msgspec.Struct, frozen=True):
    """What was refused to a person: the command's words (none for a button), by which rule and why, and whom to `ask`."""

    at: datetime
    words: Sequence[str]
    rule: str
    reason: Phrase
    ask: Sequence[Person]


Reach = Literal["full", "template", "waits", "none"]
"""How a notice comes: in full, only its words in a template, not before the person writes again, or nowhere."""


class MaintenanceReport(msgspec.Struct, frozen=True):
    """What the daily upkeep came to: words `removed` by kind, the head of the audit log, and the chat to tell it in."""

    removed: dict[str, int]
    line: int
    head: str
    post_to: Chat | None


class Question(msgspec.Struct, frozen=True):
    """A route to be asked for, with what is known of its arguments."""

    handler: Any
    known: dict[str, Any]


class BusinessHoursOptions(Options):
    """The options of a plugin whose clocks run while offices are open: from `buka` to `tutup`."""

    buka: time = time(7, 30)
    tutup: time = time(16, 0)


class Item(msgspec.Struct, frozen=True):
    """How a thing is shown elsewhere: its `title`, some `lines` about it, the `files` that go with it.

    `key` is "plugin/number". `passed` is a job of its plugin that runs whenever the item is handed on, or an answer comes
    back: it takes `nomor: int, orang: int, selesai: bool`, the number, a person's id, and whether that person is done.
    `route` is the name of that job, given by the engine, for whoever stores it.
    """

    key: str
    title: Phrase
    lines: Sequence[Phrase] = ()
    files: Sequence[Photo | Document] = ()
    passed: Handler | None = None
    route: RouteName | None = None
