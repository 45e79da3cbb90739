"""Polls in place of buttons: one option a choice. WhatsApp takes up to 12 options of 100 characters."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence

from pendopo.model import Choice

MOST_OPTIONS = 12
TITLE_LENGTH = 96
"""How long a choice may be named, so that its number stands before it."""
QUESTION_LENGTH = 255
REMEMBERED = 5_000


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
