"""How a phone shows a message: with WhatsApp's marks read as WhatsApp reads them."""

import re

from pendopo.testing.conformance import NativeMessage

from .graph import FakeGraph, Sent

_INVISIBLE = "\u2060"
# A mark opens before a letter and after none, and closes the other way round, all on one line; a word joiner is no border.
_BOLD = re.compile(r"(?<![\w\u2060*])\*(?=[^\s\u2060*])([^*\n]*?[^\s\u2060*])\*(?![\w\u2060*])")
_ITALIC = re.compile(r"(?<![\w\u2060])_(?=[^\s\u2060_])([^_\n]*?[^\s\u2060_])_(?![\w\u2060])")
_CODE = re.compile(r"(?<![\w\u2060`])`(?=[^\s`\u2060])([^`\n]*?[^\s`\u2060])`(?![\w\u2060`])")


def styled(words: str) -> tuple[str, list[str], list[str], list[str]]:
    """The words without their marks, and what is bold, italic and code in them."""
    code = _CODE.findall(words)
    words = _CODE.sub(r"\1", words)
    bold = [_ITALIC.sub(r"\1", each) for each in _BOLD.findall(words)]
    words = _BOLD.sub(r"\1", words)
    italic = _ITALIC.findall(words)
    words = _ITALIC.sub(r"\1", words)
    bare = [[each.replace(_INVISIBLE, "") for each in found] for found in (bold, italic, code)]
    return words.replace(_INVISIBLE, ""), bare[0], bare[1], bare[2]


def shown(graph: FakeGraph, sent: Sent) -> NativeMessage:
    """One message on the screen."""
    body = sent.body
    words, bold, _, _ = styled(sent.words)
    held = body.get(body["type"], {})
    place = (held["latitude"], held["longitude"]) if body["type"] == "location" else None
    card = (held[0]["name"]["formatted_name"], held[0]["phones"][0]["phone"]) if body["type"] == "contacts" else None
    file = held if body["type"] in ("image", "document") else {}
    if body["type"] == "interactive" and "header" in held:
        file = held["header"][held["header"]["type"]]
    files = [graph.media[file["id"]].data] if file else []
    quoted = body.get("context", {}).get("message_id", "")
    return NativeMessage(sent.wamid, words, list(sent.buttons), files, place, card, quoted, bold)
