"""What was probably meant by a word that is not known."""

import difflib
from collections.abc import Sequence


def suggest_nearest(word: str, known: Sequence[str]) -> str:
    """A question about the nearest known word, or nothing."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""
