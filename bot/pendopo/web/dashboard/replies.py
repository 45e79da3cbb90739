"""The bot's answers on a person's page: the newest state of each message in the outbox."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from pendopo.engine.dashboard_pages import DashboardPages
from pendopo.engine.runtime import Runtime
from pendopo.model import Album, Chat, ChatKind, Choice, Content, Document, Person, Photo, Text, TextRun
from pendopo.model.ids import format_lane_key, from_ms, to_ms
from pendopo.plugin.values import WEB
from pendopo.store.queries import deliveries, inbox
from pendopo.store.queries.buttons import find_buttons_of
from pendopo.store.queries.dialogs import find_dialog
from pendopo.store.tables import InboxState
from pendopo.web.dashboard.questions import Question, has_moved_on, list_prompts, read_question
from pendopo.web.dashboard.rendering import Painter

SHOWN = 12
"""Most answers shown beside a page."""
LOOKED_MS, FRESH = 30 * 60 * 1000, timedelta(minutes=3)
"""Milliseconds in which the prompt of an open question is looked for, and how long any other answer stays on the page."""


class Bubble(msgspec.Struct):
    """One message of the bot on the page; `question`: it is the prompt of an open one."""

    key: str
    at: datetime
    spans: Sequence[TextRun]
    buttons: Sequence[Choice] = ()
    photos: Sequence[str] = ()
    files: Sequence[Document] = ()
    question: Question | None = None


async def list_answers(core: Runtime, pages: DashboardPages, person: Person, painter: Painter) -> list[Bubble]:
    """List the latest answers, newest last."""
    chat = Chat(WEB, str(person.id), ChatKind.PRIVATE)
    lane, aside = chat.key, format_lane_key(chat.adapter, chat.id, aside=True)
    rows = await deliveries.list_answers(core.database, (lane, aside), core.now_ms() - LOOKED_MS)
    now: dict[str, tuple[datetime, Content]] = {}
    for row in reversed(rows):
        owner = row.target if row.kind.startswith("edit") and row.target else row.key
        if row.kind == "answer" and not (isinstance(row.content, Text) and row.content.said):
            continue
        now[owner] = (now[owner][0] if owner in now else from_ms(row.created_at), row.content)
    dialog = await find_dialog(core.database, lane, lane)
    since, open_prompt = core.clock.now() - FRESH, dialog.prompt if dialog else ""
    asked = await list_prompts(core, list(now))
    kept = [(key, *said) for key, said in now.items() if key == open_prompt or (key not in asked and said[0] >= since)]
    bubbles = [await _make_bubble(core, *each, painter) for each in kept[-SHOWN:]]
    for bubble in bubbles:
        if dialog is not None and bubble.key == open_prompt:
            bubble.question = await read_question(core, pages, person, dialog)
            if await has_moved_on(core, bubble.question, to_ms(bubble.at)):
                bubbles.remove(bubble)
                break
    return bubbles


async def _make_bubble(core: Runtime, key: str, at: datetime, content: Content, painter: Painter) -> Bubble:
    text = content if isinstance(content, Text) else getattr(content, "caption", Text())
    offered = await find_buttons_of(core.database, key) if text.buttons else ()
    live = {button.token for button in offered if not button.used_at and not button.is_over(core.now_ms())}
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


async def is_handled(core: Runtime, native_id: str, kind: str) -> bool:
    """Whether an event from the page has been handled."""
    return await inbox.read_state(core.database, WEB, native_id, kind) not in ("", InboxState.OPEN)
