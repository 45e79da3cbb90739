"""Renders content into what a chat can show, at the moment of sending."""

from collections.abc import Sequence
from itertools import groupby

import msgspec

from pendopo.i18n import Catalogues, join_lines
from pendopo.model import Album, Capabilities, Choice, Contact, Content, Document, Location, Photo, Phrase, Poll, Text, TextRun

BUTTONS, NUMBERS, NOTHING = "buttons", "numbers", ""
MAP = "https://www.openstreetmap.org/?mlat={}&mlon={}"
"""The map that people open for a place the chat cannot show."""


class RenderedParts(msgspec.Struct, frozen=True):
    """The messages of one delivery, and how its choices are shown: as buttons, numbers or not at all."""

    parts: Sequence[Content]
    choices: str


def render(content: Content, capabilities: Capabilities, locale: str, catalogues: Catalogues, site: str = "") -> RenderedParts:
    """Renders content for a chat's capabilities and language. `site`: where people see what the chat cannot show."""
    content = _replace_unshown(content, capabilities, site)
    if isinstance(content, Text):
        text, choices = _render_text(content, capabilities, locale, catalogues)
        return RenderedParts(_split_text(text, capabilities.text), choices)
    if isinstance(content, (Photo, Document)):
        return _render_file(content, capabilities, locale, catalogues)
    if isinstance(content, Album):
        return _render_album(content, capabilities, locale, catalogues)
    if isinstance(content, Poll):
        question, _ = _render_text(content.question, capabilities, locale, catalogues)
        return render(msgspec.structs.replace(question, buttons=content.options), capabilities, locale, catalogues)
    return RenderedParts([content], NOTHING)


def make_words(content: Photo | Document | Album) -> Text:
    """Returns the words of a file that the messenger refused after it took it, not rendered yet; they say so."""
    return msgspec.structs.replace(content.caption, said=(*content.caption.said, Phrase("umum.berkas_ditolak")))


def weaken_message(message: Content, locale: str, catalogues: Catalogues) -> Content | None:
    """Returns a refused message in the next form that asks less of the chat: words, numbers, no styles; None after the last."""
    if isinstance(message, (Photo, Document, Album)):
        note = catalogues.render_runs(Phrase("umum.berkas_ditolak"), locale)
        return msgspec.structs.replace(message.caption, spans=join_lines([message.caption.spans, note]))
    if not isinstance(message, Text):
        words = _replace_unshown(message, Capabilities(location=False, contact=False), "")
        return None if words is message else render(words, Capabilities(), locale, catalogues).parts[0]
    if message.buttons:
        numbered = TextRun("\n\n" + _number_choices(message.buttons, locale, catalogues))
        return Text(spans=(*message.spans, numbered))
    plain = Text(spans=(TextRun(message.plain),))
    return None if plain.spans == tuple(message.spans) else plain


def _replace_unshown(content: Content, capabilities: Capabilities, site: str) -> Content:
    """Replaces files, places and contacts by text where the chat cannot show them."""
    if isinstance(content, (Photo, Document, Album)):
        items = content.items if isinstance(content, Album) else (content,)
        shown = tuple(item for item in items if (capabilities.photo if isinstance(item, Photo) else capabilities.document))
        if len(shown) == len(items):
            return content
        caption = content.caption
        note = _note_unshown([item for item in items if item not in shown], site)
        worded = msgspec.structs.replace(caption, said=(*caption.said, note))
        return Album(shown, worded) if shown else worded
    if isinstance(content, Location) and not capabilities.location:
        at = (f"{content.latitude:.6f}", f"{content.longitude:.6f}")
        return Text((Phrase("umum.tempat", {"nama": content.name, "titik": ", ".join(at), "peta": MAP.format(*at)}),))
    if isinstance(content, Contact) and not capabilities.contact:
        return Text((Phrase("umum.kontak", {"nama": content.name, "nomor": content.phone}),))
    return content


def _note_unshown(files: Sequence[Photo | Document], site: str) -> Phrase:
    """Returns the phrase that names files the chat cannot show, and where to see them."""
    what = Phrase("umum.banyak_berkas", {"jumlah": len(files)})
    if len(files) == 1:
        file = files[0]
        what = Phrase("umum.sebuah_foto") if isinstance(file, Photo) else Phrase("umum.sebuah_dokumen", {"nama": file.name})
    apa = msgspec.to_builtins(what)
    return Phrase("umum.disertai_dasbor", {"apa": apa, "alamat": site}) if site else Phrase("umum.disertai", {"apa": apa})


def _render_text(content: Text, capabilities: Capabilities, locale: str, catalogues: Catalogues) -> tuple[Text, str]:
    spans = join_lines([content.spans, *(catalogues.render_runs(said, locale) for said in content.said)])
    if not capabilities.styles:
        plain = "".join(span.text for span in spans)
        spans = (TextRun(plain),) if plain else ()
    choices = tuple(
        msgspec.structs.replace(choice, title=catalogues.render_text(choice.label, locale)) for choice in content.buttons
    )
    if not choices:
        return Text(spans=spans), NOTHING
    if _can_show_buttons(choices, capabilities):
        menu = catalogues.render_text(Phrase("umum.pilih"), locale) if capabilities.rows else ""
        return Text(spans=spans, buttons=choices, menu=menu), BUTTONS
    return Text(spans=(*spans, TextRun("\n\n" + _number_choices(choices, locale, catalogues)))), NUMBERS


def _can_show_buttons(choices: Sequence[Choice], capabilities: Capabilities) -> bool:
    """Tells whether all choices can be pressed: as buttons with their whole title, or as rows of a list."""
    if len(choices) <= capabilities.buttons and all(len(choice.title) <= capabilities.button_title for choice in choices):
        return True
    room = max(24, capabilities.button_title)
    return 0 < len(choices) <= capabilities.rows and all(len(choice.title) <= room for choice in choices)


def _number_choices(choices: Sequence[Choice], locale: str, catalogues: Catalogues) -> str:
    lines = [f"{number}. {choice.title}" for number, choice in enumerate(choices, 1)]
    return "\n".join([*lines, catalogues.render_text(Phrase("umum.balas_angka"), locale)])


def _render_file(content: Photo | Document, capabilities: Capabilities, locale: str, catalogues: Catalogues) -> RenderedParts:
    caption, choices = _render_text(content.caption, capabilities, locale, catalogues)
    if _count_units(caption.plain) <= capabilities.caption:
        return RenderedParts([msgspec.structs.replace(content, caption=caption)], choices)
    # Too long for a caption: the picture first, then the text with its buttons.
    bare = msgspec.structs.replace(content, caption=Text())
    return RenderedParts([bare, *_split_text(caption, capabilities.text)], choices)


def _render_album(content: Album, capabilities: Capabilities, locale: str, catalogues: Catalogues) -> RenderedParts:
    """Renders an album; pictures and files go apart, since no messenger shows both in one album."""
    if len(content.items) == 1:
        single = msgspec.structs.replace(content.items[0], caption=content.caption)
        return _render_file(single, capabilities, locale, catalogues)
    caption, choices = _render_text(content.caption, capabilities, locale, catalogues)
    items = [msgspec.structs.replace(item, caption=Text()) for item in content.items]
    groups = [group for _, same in groupby(items, type) for group in _cut_album(list(same), max(1, capabilities.album))]
    if (
        len(groups) == 1
        and isinstance(groups[0], Album)
        and not caption.buttons
        and _count_units(caption.plain) <= capabilities.caption
    ):
        return RenderedParts([msgspec.structs.replace(groups[0], caption=caption)], choices)
    return RenderedParts([*groups, *_split_text(caption, capabilities.text)] if caption.spans else groups, choices)


def _cut_album(items: Sequence[Photo | Document], most: int) -> list[Content]:
    cut = [tuple(items[at : at + most]) for at in range(0, len(items), most)]
    return [Album(group) if len(group) > 1 else group[0] for group in cut]


def _count_units(text: str) -> int:
    """Returns the length as messengers count it: in UTF-16 units."""
    return len(text) + sum(ord(letter) > 0xFFFF for letter in text)


def _split_text(text: Text, limit: int) -> list[Content]:
    """Splits a text that is too long: between lines, words or styles where possible; buttons stay under the last part."""
    if _count_units(text.plain) <= limit:
        return [text]
    parts: list[list[TextRun]] = [[]]
    room = limit
    for span in text.spans:
        rest = span
        while rest.text:
            head, tail = _cut_span(rest, room, fits=limit if parts[-1] else 0)
            if head:
                parts[-1].append(msgspec.structs.replace(rest, text=head))
                room -= _count_units(head)
            if tail:
                parts.append([])
                room = limit
            rest = msgspec.structs.replace(rest, text=tail.lstrip("\n") if head else tail)
    # No messenger takes a message of nothing but blanks.
    texts = [Text(spans=tuple(part)) for part in parts if any(span.text.strip() for span in part)] or [Text()]
    return [*texts[:-1], msgspec.structs.replace(texts[-1], buttons=text.buttons, menu=text.menu)]


def _cut_span(span: TextRun, room: int, fits: int) -> tuple[str, str]:
    """Returns what still fits into a message, and the rest. `fits`: units of the next message; 0: this one is empty."""
    text, size = span.text, _count_units(span.text)
    if size <= room:
        return text, ""
    styled = span.bold or span.italic or span.code or span.url
    if styled and size <= fits:
        return "", text
    taken = _count_characters(text, room)
    for low, mark in ((taken // 2, "\n"), (taken // 2, " "), *((0, mark) for mark in "\n " if fits)):
        at = text.rfind(mark, low, taken)
        if at > 0:
            return text[: at + 1], text[at + 1 :]
    if fits and _count_units(text.split(maxsplit=1)[0] if text.strip() else text) <= fits:
        return "", text
    return text[:taken], text[taken:]


def _count_characters(text: str, room: int) -> int:
    """Returns how many letters fit into `room` UTF-16 units."""
    units = 0
    for taken, letter in enumerate(text):
        units += 2 if ord(letter) > 0xFFFF else 1
        if units > room:
            return taken
    return len(text)
