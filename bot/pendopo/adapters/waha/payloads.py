"""Turns rendered content into calls of the gateway: pure, except that it reads the files to send."""

import base64
import mimetypes
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from pendopo.adapters.waha.markup import defuse_marks, format_runs
from pendopo.adapters.waha.vcards import write_card
from pendopo.errors import PermanentSendError
from pendopo.model import Album, Choice, Contact, Content, Document, Location, Photo, Poll, Text

_MAGIC = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"RIFF": "image/webp", b"GIF8": "image/gif"}
MOST_OPTIONS = 12
"""Options of a WhatsApp poll."""
TITLE_LENGTH = 96
"""Characters of a choice; an option of a poll may have 100, of which the number takes up to four."""
QUESTION_LENGTH = 255
REMEMBERED = 5_000
"""Polls kept in memory at most; the oldest go first."""


class GatewayCall(Struct, frozen=True):
    """One request. `repeatable`: the endpoint accepts a message id of ours that identifies repeats (OpenAPI 2026.7.1)."""

    path: str
    fields: Mapping[str, Any]
    repeatable: bool = True
    tokens: Mapping[str, str] = {}

    @property
    def caption(self) -> str:
        """The caption of a file, "" if it has none."""
        return str(self.fields.get("caption", ""))


def render_calls(content: Content, blob: Callable[[str], Path], polling: bool) -> list[GatewayCall]:
    """The requests that send a content; the last one has the choices, and its message id becomes the native id."""
    match content:
        case Text():
            return _render_text(content, polling)
        case Photo() | Document():
            return _render_file(content, blob, polling)
        case Location():
            place = {"latitude": content.latitude, "longitude": content.longitude, "title": content.name}
            return [GatewayCall("/api/sendLocation", place)]
        case Contact():
            return [GatewayCall("/api/sendContactVcard", {"contacts": [{"vcard": write_card(content)}]})]
        case Poll() if polling:
            return _render_poll(content.question, content.options)
        case Album() | Poll():
            raise PermanentSendError(f"WhatsApp groups take no {type(content).__name__.lower()} here")


def _render_text(content: Text, polling: bool) -> list[GatewayCall]:
    if content.buttons and polling:
        return _render_poll(content, content.buttons)
    if not content.plain.strip():
        raise PermanentSendError("there is nothing to say")
    # The engine numbers the choices when it renders for this chat; buttons that come all the same are not dropped.
    numbered = [f"{number}. {defuse_marks(choice.title)}" for number, choice in enumerate(content.buttons, 1)]
    return [_make_text_call("\n".join([format_runs(content.spans), *([""] if numbered else []), *numbered]))]


def _make_text_call(text: str) -> GatewayCall:
    return GatewayCall("/api/sendText", {"text": text, "linkPreview": False})


def _render_poll(content: Text, choices: tuple[Choice, ...]) -> list[GatewayCall]:
    before, asked = split_question(content.plain)
    # Numbered, as a vote has only the option's text and titles may be equal.
    tokens = {f"{number}. {choice.title}": choice.token for number, choice in enumerate(choices, 1)}
    # A poll shows no styles, so its question is plain; the text before it keeps its styles.
    poll = {"name": asked, "options": list(tokens), "multipleAnswers": False}
    ask = GatewayCall("/api/sendPoll", {"poll": poll}, tokens=tokens)
    return [_make_text_call(format_runs(content.spans)), ask] if before else [ask]


def _render_file(content: Photo | Document, blob: Callable[[str], Path], polling: bool) -> list[GatewayCall]:
    try:
        data = blob(content.blob).read_bytes()
    except OSError as error:
        raise PermanentSendError(f"no blob {content.blob}") from error
    mime = _guess_mime(content, data)
    file = {"mimetype": mime, "filename": content.name or _make_name(content, mime), "data": base64.b64encode(data).decode()}
    fields: dict[str, Any] = {"file": file}
    if content.caption.spans and not content.caption.buttons:
        fields["caption"] = format_runs(content.caption.spans)
    path = "/api/sendImage" if isinstance(content, Photo) else "/api/sendFile"
    sent = GatewayCall(path, fields, repeatable=False)
    return [sent, *_render_text(content.caption, polling)] if content.caption.buttons else [sent]


def _guess_mime(content: Photo | Document, data: bytes) -> str:
    if isinstance(content, Document):
        return content.mime or mimetypes.guess_type(content.name)[0] or "application/octet-stream"
    return next((mime for magic, mime in _MAGIC.items() if data.startswith(magic)), "image/jpeg")


def _make_name(content: Photo | Document, mime: str) -> str:
    return content.blob[:12] + (mimetypes.guess_extension(mime) or "")


def render_edit(content: Content) -> str:
    """The new text of an edited message. Raises `PermanentSendError` if the content is more than text."""
    if isinstance(content, (Photo, Document)):
        content = content.caption  # the gateway edits the caption of a file, not the file
    if not isinstance(content, Text) or content.buttons:
        raise PermanentSendError("only words can be changed")
    return format_runs(content.spans) if content.spans else defuse_marks(content.plain)


def split_question(text: str) -> tuple[str, str]:
    """The text before a poll and the poll's question: the whole text if it fits, else only its last line as question."""
    if len(text) <= QUESTION_LENGTH:
        return "", text or "?"
    last = text.strip().rsplit("\n", 1)[-1]
    return text, last if len(last) <= QUESTION_LENGTH else last[: QUESTION_LENGTH - 1] + "…"
