"""Styled words as the HTML that the Bot API takes (its "HTML style"): escaped, so that no text can forge markup."""

from collections.abc import Iterable
from html import escape

from bot.model import Span

from .fields import mended

SCHEMES = ("https://", "http://", "tg://", "mailto:")


def html(spans: Iterable[Span]) -> str:
    """The words of a message in Telegram's HTML."""
    return "".join(_styled(span) for span in spans)


def _styled(span: Span) -> str:
    words = escape(mended(span.text), quote=False)
    if not words.strip():
        return words
    if span.code:  # neither may hold another, nor stand in another
        return f"<code>{words}</code>"
    if span.url.startswith(SCHEMES):
        words = f'<a href="{escape(mended(span.url))}">{words}</a>'
    if span.italic:
        words = f"<i>{words}</i>"
    return f"<b>{words}</b>" if span.bold else words
