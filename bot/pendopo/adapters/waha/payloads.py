"""From rendered content to the gateway's calls: pure but for reading the files to send.

Polls may stand in place of buttons, one option a choice: WhatsApp takes up to 12 options of 100 characters.
"""

import base64
import mimetypes
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from pendopo.adapters.waha.markup import defuse_marks, format_runs
from pendopo.adapters.waha.vcards import write_card
from pendopo.errors import PermanentSendError
from pendopo.model import Album, Choice, Contact, Content, Document, Location, Photo, Poll, Text

_MAGIC = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"RIFF": "image/webp", b"GIF8": "image/gif"}
MOST_OPTIONS = 12
TITLE_LENGTH = 96
"""How long a choice may be named, so that its number stands before it."""
QUESTION_LENGTH = 255
REMEMBERED = 5_000


class GatewayCall(Struct, frozen=True):
    """One request. `repeatable`: the endpoint takes an id of ours, by which a repeat is known (OpenAPI 2026.7.1)."""

    path: str
    fields: Mapping[str, Any]
    repeatable: bool = True
    tokens: Mapping[str, str] = {}

    @property
    def caption(self) -> str:
        return str(self.fields.get("caption", ""))


def render_calls(content: Content, blob: Callable[[str], Path], polling: bool) -> list[GatewayCall]:
    """The requests that say this; the last one carries the choices, and is what the content is known by."""
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
    # Whoever renders for this chat makes numbers of choices; what comes as buttons all the same is not left out.
    numbered = [f"{number}. {defuse_marks(choice.title)}" for number, choice in enumerate(content.buttons, 1)]
    return [_make_text_call("\n".join([format_runs(content.spans), *([""] if numbered else []), *numbered]))]


def _make_text_call(text: str) -> GatewayCall:
    return GatewayCall("/api/sendText", {"text": text, "linkPreview": False})


def _render_poll(content: Text, choices: tuple[Choice, ...]) -> list[GatewayCall]:
    before, asked = split_question(content.plain)
    tokens = make_options(choices)
    # Marks do nothing in a poll, so its question is plain; what stands before it has its styles.
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
    """The words that take the place of a message's. Raises `PermanentSendError` for what is no words alone."""
    if isinstance(content, (Photo, Document)):
        content = content.caption  # the gateway changes the words under a file, not the file
    if not isinstance(content, Text) or content.buttons:
        raise PermanentSendError("only words can be changed")
    return format_runs(content.spans) if content.spans else defuse_marks(content.plain)


def make_options(choices: Sequence[Choice]) -> Mapping[str, str]:
    """The options of a poll and the token each stands for.

    They are numbered: a vote says only the words of its option, and two choices may have the same words.
    """
    return {f"{number}. {choice.title}": choice.token for number, choice in enumerate(choices, 1)}


def split_question(text: str) -> tuple[str, str]:
    """What is said before a poll, and what the poll asks: all of it where it fits, else its last line that does."""
    if len(text) <= QUESTION_LENGTH:
        return "", text or "?"
    last = text.strip().rsplit("\n", 1)[-1]
    return text, last if len(last) <= QUESTION_LENGTH else last[: QUESTION_LENGTH - 1] + "…"


class PollCache:
    """The polls of this process, with what their options stand for. Those of before are known by their numbers alone."""

    def __init__(self) -> None:
        self._tokens: OrderedDict[str, Mapping[str, str]] = OrderedDict()

    def add_poll(self, message: str, tokens: Mapping[str, str]) -> None:
        self._tokens[message] = tokens
        if len(self._tokens) > REMEMBERED:
            self._tokens.popitem(last=False)

    def find_token(self, message: str, option: str) -> str:
        """What an option of a poll stands for; "" when that is not known here."""
        return self._tokens.get(message, {}).get(option, "")
