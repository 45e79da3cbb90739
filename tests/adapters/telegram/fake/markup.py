"""Reading the HTML of the Bot API, as strictly as its documentation says."""

import re
from html import unescape
from typing import Any

from .schema import BadRequest

TAGS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-spoiler": "spoiler",
    "blockquote": "blockquote",
}
_TOKEN = re.compile(
    r"<(/?)([a-zA-Z-]+)((?:\s+[a-zA-Z-]+=\"[^\"]*\")*)\s*>|&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);|[<>&]|[^<>&]+"
)
_HREF = re.compile(r"\s+href=\"([^\"]*)\"")


def units(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def parse(html: str) -> tuple[str, list[dict[str, Any]]]:
    """The text and its entities."""
    text = ""
    entities: list[dict[str, Any]] = []
    open_: list[tuple[str, int, str]] = []
    for token in _TOKEN.finditer(html):
        if not token[2]:
            if token[0] in "<>&":
                raise BadRequest(f"Bad Request: can't parse entities: unescaped {token[0]!r} at {token.start()}")
            text += unescape(token[0])
        elif not token[1]:
            open_.append(_opened(token, open_, units(text)))
        else:
            if not open_ or open_[-1][0] != token[2]:
                raise BadRequest(f"Bad Request: can't parse entities: unexpected end tag {token[0]}")
            tag, offset, href = open_.pop()
            if length := units(text) - offset:
                entity = {"type": TAGS[tag], "offset": offset, "length": length}
                entities.append(entity | ({"url": href} if tag == "a" else {}))
    if open_:
        raise BadRequest(f"Bad Request: can't parse entities: can't find end tag corresponding to {open_[-1][0]}")
    return text, sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _opened(token: re.Match[str], open_: list[tuple[str, int, str]], offset: int) -> tuple[str, int, str]:
    tag, attributes = token[2], token[3]
    if tag not in TAGS:
        raise BadRequest(f'Bad Request: can\'t parse entities: unsupported start tag "{tag}"')
    if open_ and (tag in ("code", "pre") or open_[-1][0] in ("code", "pre")):
        raise BadRequest("Bad Request: can't parse entities: code stands alone")
    href = _HREF.fullmatch(attributes)
    if (tag == "a") != bool(attributes) or (tag == "a" and not href):
        raise BadRequest(f"Bad Request: can't parse entities: attributes of {tag}")
    return tag, offset, unescape(href[1]) if href else ""
