"""Styles and mentions in texts.

Outgoing text is the Bot API's "HTML style", escaped so that no text can forge markup. Incoming text is marked by offsets in
UTF-16 units (Bot API, `MessageEntity`).
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from pendopo.adapters.foreign_json import JsonObject, get_int, get_text, mend_surrogates
from pendopo.adapters.telegram.ids import make_name_alias, make_user_alias
from pendopo.model import Mention, TextRun

LINK_SCHEMES = ("https://", "http://", "tg://", "mailto:")


def format_html(spans: Iterable[TextRun]) -> str:
    """The text of a message in Telegram's HTML."""
    return "".join(_format_run(span) for span in spans)


def _format_run(span: TextRun) -> str:
    words = escape(mend_surrogates(span.text), quote=False)
    if not words.strip():
        return words
    if span.code:  # code may neither contain other styles nor be inside them
        return f"<code>{words}</code>"
    if span.url.startswith(LINK_SCHEMES):
        words = f'<a href="{escape(mend_surrogates(span.url))}">{words}</a>'
    if span.italic:
        words = f"<i>{words}</i>"
    return f"<b>{words}</b>" if span.bold else words


def find_mentions(text: str, entities: Sequence[JsonObject]) -> Iterator[Mention]:
    """All people a text mentions, by user name or, for people without one, by a linked name."""
    for entity in entities:
        offset, length = get_int(entity, "offset"), get_int(entity, "length")
        if offset is None or length is None:
            continue
        # Offset and length count UTF-16 units.
        data = text.encode("utf-16-le", "surrogatepass")
        shown = data[2 * max(0, offset) : 2 * max(0, offset + length)].decode("utf-16-le", "replace")
        kind, user = entity.get("type"), get_int(entity, "user", "id")
        if kind == "text_mention" and user is not None:
            yield Mention(shown, make_user_alias(user))
        elif kind == "mention" and len(shown) > 1:
            yield Mention(shown, make_name_alias(shown))


def get_rich_words(part: object) -> str:
    """The plain text of a rich message (Bot API 10), one line per block."""
    if isinstance(part, str):
        return part
    if isinstance(part, list):
        return "".join(get_rich_words(item) for item in part)
    if not isinstance(part, dict):
        return ""
    if isinstance(part.get("blocks"), list):
        return "\n".join(filter(None, (get_rich_words(block) for block in part["blocks"])))
    return get_rich_words(part.get("text")) or get_text(part, "alternative_text")
