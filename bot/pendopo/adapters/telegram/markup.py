"""Styled words as the HTML that the Bot API takes (its "HTML style"): escaped, so that no text can forge markup."""

from collections.abc import Iterable
from html import escape

from pendopo.adapters.foreign_json import mend_surrogates
from pendopo.model import TextRun

LINK_SCHEMES = ("https://", "http://", "tg://", "mailto:")


def format_html(spans: Iterable[TextRun]) -> str:
    """The words of a message in Telegram's HTML."""
    return "".join(_format_run(span) for span in spans)


def _format_run(span: TextRun) -> str:
    words = escape(mend_surrogates(span.text), quote=False)
    if not words.strip():
        return words
    if span.code:  # neither may hold another, nor stand in another
        return f"<code>{words}</code>"
    if span.url.startswith(LINK_SCHEMES):
        words = f'<a href="{escape(mend_surrogates(span.url))}">{words}</a>'
    if span.italic:
        words = f"<i>{words}</i>"
    return f"<b>{words}</b>" if span.bold else words
