"""The words of each language as data: adding a language is adding a table."""

from functools import lru_cache

from pendopo.when.lexicon import chat, english, indonesian, sundanese
from pendopo.when.lexicon.table import Lexicon, Meaning, Table

__all__ = ["LANGUAGES", "Lexicon", "Meaning", "load_lexicon"]

_TABLES: dict[str, tuple[Table, ...]] = {"id": (indonesian.TABLE, chat.TABLE), "su": (sundanese.TABLE,), "en": (english.TABLE,)}
LANGUAGES = tuple(_TABLES)


@lru_cache(maxsize=8)
def load_lexicon(languages: tuple[str, ...]) -> Lexicon:
    """Return the words of `languages`; where two share a spelling, the language named first keeps it."""
    return Lexicon(tuple(table for language in languages for table in _TABLES[language]))
