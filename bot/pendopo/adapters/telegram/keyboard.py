"""Choices as an inline keyboard."""

from collections.abc import Iterator, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from pendopo.errors import PermanentSendError
from pendopo.model import Choice

TOKEN_BYTES = 64
"""Bot API, `InlineKeyboardButton.callback_data`."""
ROW_WIDTHS = ((3, 10), (2, 18))
"""So many buttons stand side by side while none of their titles is longer than so many characters: a phone shows no more."""


def make_keyboard(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """The keyboard under a message, None without choices. Raises `PermanentSendError` for a token that does not fit."""
    for choice in choices:
        if not 1 <= len(choice.token.encode()) <= TOKEN_BYTES:
            raise PermanentSendError(f"a button's token has 1 to {TOKEN_BYTES} bytes, not {len(choice.token.encode())}")
    if not choices:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(c.title, callback_data=c.token) for c in row] for row in split_rows(choices)]
    )


def split_rows(choices: Sequence[Choice]) -> Iterator[Sequence[Choice]]:
    """Choices in rows of one to three, as their titles allow."""
    at = 0
    while at < len(choices):
        count = next((n for n, width in ROW_WIDTHS if _fits_row(choices[at : at + n], n, width)), 1)
        yield choices[at : at + count]
        at += count


def _fits_row(row: Sequence[Choice], count: int, width: int) -> bool:
    return len(row) == count and all(len(choice.title) <= width for choice in row)
