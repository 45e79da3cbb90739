"""Turns rendered content into the bodies of calls: pure. Shapes and limits: Meta, "Cloud API: messages" (2026)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pendopo.adapters.whatsapp_cloud.ids import BSUID, PHONE
from pendopo.adapters.whatsapp_cloud.markup import clip_text, count_units, format_runs, split_runs
from pendopo.errors import PermanentSendError
from pendopo.model import Album, Chat, Choice, Contact, Content, Document, Location, Photo, Poll, Text

BUTTONS, BUTTON_TITLE = 3, 20
ROWS, ROW_TITLE = 10, 24
TEXT, BODY, CAPTION = 4096, 1024, 1024
TRACKER = 512
"""Characters of `biz_opaque_callback_data`."""
VARIABLE = 900
"""Characters for the variable of a template, which leaves room in the body for the template's own words."""


class File(NamedTuple):
    """A file to upload; `kind` is "image" or "document"."""

    sha256: str
    kind: str
    mime: str
    name: str = ""


class Payload(NamedTuple):
    """One message to send; the id of its uploaded `file` is filled in later."""

    kind: str
    what: dict[str, Any]
    file: File | None = None

    def make_fields(self, media: str = "") -> dict[str, Any]:
        """The fields of the body for the content; `media` is the id of the uploaded file."""
        return {"type": self.kind, self.kind: self._fill_media(media)}

    def _fill_media(self, media: str) -> Any:
        if self.kind == "contacts":
            return self.what["contacts"]
        if self.file is None:
            return self.what
        shown = {"id": media} | ({"filename": self.file.name} if self.file.kind == "document" and self.file.name else {})
        if self.kind == "interactive":
            return {**self.what, "header": {"type": self.file.kind, self.file.kind: shown}}
        return {**shown, **self.what}


def make_recipient(chat: Chat) -> dict[str, Any]:
    """The fields for the recipient. Raises `PermanentSendError` if the chat id is no recipient."""
    if not chat.private:
        return {"recipient_type": "group", "to": chat.id}
    if BSUID.fullmatch(chat.id):
        return {"recipient_type": "individual", "recipient": chat.id}
    if PHONE.fullmatch(chat.id):
        return {"recipient_type": "individual", "to": chat.id}
    raise PermanentSendError(f"nobody on WhatsApp is called {chat.id[:40]!r}")


def make_payloads(content: Content, file: File | None = None) -> Sequence[Payload]:
    """The messages of a content, in order; `file` is its file. Raises `PermanentSendError` if WhatsApp cannot show it."""
    if isinstance(content, Text):
        return _make_texts(content)
    if isinstance(content, Photo | Document):
        return _make_file_payloads(content, file)
    if isinstance(content, Location):
        place = {"latitude": content.latitude, "longitude": content.longitude}
        return [Payload("location", place | ({"name": content.name} if content.name else {}))]
    if isinstance(content, Contact):
        name = {"formatted_name": content.name, "first_name": content.name}
        return [Payload("contacts", {"contacts": [{"name": name, "phones": [{"phone": content.phone}]}]})]
    assert isinstance(content, Poll | Album)  # noqa: S101  a closed union
    raise PermanentSendError(f"the engine renders no {type(content).__name__} for WhatsApp")


def make_template(content: Content, name: str, language: str) -> Payload | None:
    """The approved template with the text as its one variable; None for content that is more than text, as it would get lost.

    A variable may not contain line breaks. A long text loses its middle, since the choices are at the end.
    """
    head, _, tail = content.plain.rpartition("\n\n") if isinstance(content, Text) else ("", "", "")
    head, tail = " ".join(head.split()), clip_text(" ".join(tail.split()), VARIABLE // 2 if head else VARIABLE)
    variable = f"{clip_text(head, VARIABLE - count_units(tail) - 1)} {tail}".strip()
    if not variable:
        return None
    body = {"type": "body", "parameters": [{"type": "text", "text": variable}]}
    return Payload("template", {"name": name, "language": {"code": language}, "components": [body]})


def _make_texts(content: Text) -> list[Payload]:
    if not content.buttons:
        if not content.plain.strip():
            raise PermanentSendError("there is nothing to say")
        return [_make_text(words) for words in split_runs(content.spans, TEXT, TEXT)]
    *heads, body = split_runs(content.spans, TEXT, BODY)
    return [*(_make_text(words) for words in heads if words), _make_interactive(body, content.buttons, content.menu)]


def _make_file_payloads(content: Photo | Document, file: File | None) -> list[Payload]:
    if file is None:
        raise PermanentSendError("there is no file")
    caption = format_runs(content.caption.spans)
    buttons = content.caption.buttons
    if buttons and _fits_buttons(buttons) and count_units(caption) <= BODY:
        return [_make_interactive(caption, buttons)._replace(file=file)]
    if not buttons and count_units(caption) <= CAPTION:
        return [Payload(file.kind, {"caption": caption} if caption.strip() else {}, file)]
    # A list takes no picture and captions are limited, so the file goes first and the text after it.
    return [Payload(file.kind, {}, file), *_make_texts(content.caption)]


def _make_text(words: str) -> Payload:
    return Payload("text", {"body": words, "preview_url": False})


def _fits_buttons(choices: Sequence[Choice]) -> bool:
    return len(choices) <= BUTTONS and all(count_units(choice.title) <= BUTTON_TITLE for choice in choices)


def _make_interactive(words: str, choices: Sequence[Choice], menu: str = "") -> Payload:
    """Reply buttons, or a list if there are too many or their titles are too long."""
    body = {"text": words if words.strip() else "…"}  # WhatsApp requires a body above buttons
    if _fits_buttons(choices):
        titles = _make_distinct([choice.title for choice in choices], BUTTON_TITLE)
        buttons = [{"type": "reply", "reply": {"id": c.token, "title": t}} for c, t in zip(choices, titles, strict=True)]
        return Payload("interactive", {"type": "button", "body": body, "action": {"buttons": buttons}})
    if len(choices) > ROWS:
        raise PermanentSendError(f"{len(choices)} choices are more than WhatsApp shows")
    titles = _make_distinct([choice.title for choice in choices], ROW_TITLE)
    rows = [{"id": choice.token, "title": title} for choice, title in zip(choices, titles, strict=True)]
    action = {"button": clip_text(menu, BUTTON_TITLE) or "…", "sections": [{"rows": rows}]}
    return Payload("interactive", {"type": "list", "body": body, "action": action})


def _make_distinct(titles: Sequence[str], limit: int) -> list[str]:
    """Titles cut to `limit` and made distinct: WhatsApp refuses equal ones (131009)."""
    distinct: list[str] = []
    for title in titles:
        words, number = clip_text(title, limit), 2
        while words in distinct:
            words, number = f"{clip_text(title, limit - 4)} ({number})", number + 1
        distinct.append(words)
    return distinct
