"""What the bot answered on somebody's own page: read from the outbox's rows, the newest state of each message."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from bot.engine.core import Core
from bot.model import Album, Chat, ChatKind, Choice, Content, Document, Person, Photo, Span, Text
from bot.model.ids import format_lane_key
from bot.plugin.host import WEB
from bot.store.delivery import from_ms

if TYPE_CHECKING:
    from .parts import Painter

SHOWN = 12
FRESH_MS = 30 * 60 * 1000
"""So long an answer stays on the page."""
_RECENT = """SELECT id, key, kind, target, content, created_at FROM delivery
WHERE substr(lane, 1, 4) = 'web:' AND lane IN (?, ?) AND created_at > ? ORDER BY id DESC LIMIT 40"""
_LIVE = "SELECT token FROM button WHERE delivery = ? AND used_at = 0 AND expires_at > ? ORDER BY ordinal"
_SAID = "SELECT state FROM inbox WHERE adapter = 'web' AND native_id = ? AND kind = ?"


class Bubble(msgspec.Struct):
    """One message of the bot on the page."""

    key: str
    at: datetime
    spans: Sequence[Span]
    buttons: Sequence[Choice] = ()
    photos: Sequence[str] = ()
    files: Sequence[Document] = ()
    asks: bool = False


def chat_of(person: Person) -> Chat:
    """The chat that a person's own page is."""
    return Chat(WEB, str(person.id), ChatKind.PRIVATE)


async def latest(core: Core, person: Person, painter: "Painter") -> list[Bubble]:
    """What was answered lately, the newest last."""
    chat = chat_of(person)
    lane, aside = chat.key, format_lane_key(chat.adapter, chat.id, aside=True)
    rows = await core.database.read(_RECENT, (lane, aside, core.now_ms() - FRESH_MS))
    now: dict[str, tuple[datetime, Content]] = {}
    for _, key, kind, target, content, at in reversed(rows):
        read = msgspec.json.decode(content, type=Content)
        owner = target if kind.startswith("edit") and target else key
        if kind == "answer" and not (isinstance(read, Text) and read.said):
            continue
        now[owner] = (now[owner][0] if owner in now else from_ms(at), read)
    prompt = await _open_question(core, lane)
    bubbles = [await _bubble(core, key, at, content, painter) for key, (at, content) in list(now.items())[-SHOWN:]]
    for bubble in bubbles:
        bubble.asks = bubble.key == prompt
    return bubbles


async def _open_question(core: Core, lane: str) -> str:
    """The message that asks for an answer, "" where none does."""
    rows = await core.database.read("SELECT prompt FROM dialog WHERE chat = ? AND owner = ?", (lane, lane))
    return str(rows[0][0]) if rows else ""


async def _bubble(core: Core, key: str, at: datetime, content: Content, painter: "Painter") -> Bubble:
    text = content if isinstance(content, Text) else getattr(content, "caption", Text())
    live = {row[0] for row in await core.database.read(_LIVE, (key, core.now_ms()))} if text.buttons else set()
    spans = text.spans or painter.spans(*text.said)
    buttons = [
        msgspec.structs.replace(choice, title=choice.title or painter.words(choice.label))
        for choice in text.buttons
        if choice.token in live
    ]
    items = content.items if isinstance(content, Album) else (content,)
    photos = [item.blob for item in items if isinstance(item, Photo)]
    files = [item for item in items if isinstance(item, Document)]
    return Bubble(key, at, spans, buttons, photos, files)


async def handled(core: Core, native_id: str, kind: str) -> bool:
    """Whether what somebody did on the page has been dealt with."""
    rows = await core.database.read(_SAID, (native_id, kind))
    return bool(rows) and rows[0][0] != "open"
