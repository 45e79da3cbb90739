"""Finds the command that a sentence begins without naming it: "Assalamualaikum pak, mohon izin besok" is /izin.

The phrases stand in the catalogues under `PLUGIN.pembuka.HANDLER`, separated by commas; one with a "+" before it stays part of
what the command is given ("+banjir": /laporan banjir di …).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pendopo.engine.routing.router import Router
from pendopo.i18n import LOCALES, Catalogues
from pendopo.model import Phrase
from pendopo.plugin.route import Route

LOOKED_AT = 20
"""Words at the start of a sentence in which an opening is looked for."""
PRAYER = "🙏"
"""The sign of thanks."""
_TOKEN = re.compile(r"\w+")
_NONE: frozenset[str] = frozenset()


class Opening(NamedTuple):
    """A phrase that begins a command, as words; `kept` if it belongs to the text that the command is given."""

    words: tuple[str, ...]
    route: Route
    kept: bool


class Openings:
    """The phrases of all plugins, found by their first word."""

    def __init__(self, router: Router, catalogues: Catalogues) -> None:
        self._router = router
        self._catalogues = catalogues
        self._by_word: dict[str, list[Opening]] = {}
        self._count = -1
        self._polite, self._saying, self._thanks = _NONE, _NONE, _NONE

    def list_routes(self) -> list[Route]:
        """The commands that have openings, in the order of the plugins."""
        self._build()
        return list({opening.route.name: opening.route for group in self._by_word.values() for opening in group}.values())

    def find_command(self, text: str) -> tuple[Route, str] | None:
        """Returns the command that a sentence begins, and the text for it; None for anything else."""
        self._build()
        tokens = [match for _, match in zip(range(LOOKED_AT), _TOKEN.finditer(text), strict=False)]
        words = [match[0].casefold() for match in tokens]
        at = 0
        while at < len(words):
            opening = max(self._list_matches(words[at:]), key=lambda each: len(each.words), default=None)
            after = at + len(opening.words) if opening else at + 1
            if opening and not self._is_courtesy(opening, words[after:]):
                start = tokens[at].start() if opening.kept else tokens[after - 1].end()
                return opening.route, text[start:].lstrip(" ,.:;-–\n")
            if not opening and words[at] not in self._polite:
                return None
            at = after
        return None

    def is_courtesy(self, text: str) -> bool:
        """Whether a text that begins with a command's word only introduces what is said: "izin menyampaikan, …"."""
        self._build()
        words = [match[0].casefold() for _, match in zip(range(2), _TOKEN.finditer(text), strict=False)]
        return len(words) > 1 and words[1] in self._saying and bool(self._list_matches(words[:1]))

    def is_polite_only(self, text: str) -> bool:
        """Whether a text is nothing but thanks and courtesy."""
        self._build()
        words = [match[0].casefold() for match in _TOKEN.finditer(text[: LOOKED_AT * 10])]
        return len(words) < LOOKED_AT and all(word in self._polite for word in words) and (bool(words) or PRAYER in text)

    def is_thanks(self, text: str) -> bool:
        """Whether a text holds thanks."""
        words = {match[0].casefold() for match in _TOKEN.finditer(text[: LOOKED_AT * 10])}
        return PRAYER in text or not self._thanks.isdisjoint(words)

    def _is_courtesy(self, opening: Opening, after: list[str]) -> bool:
        return not opening.kept and bool(after) and after[0] in self._saying

    def _list_matches(self, words: list[str]) -> list[Opening]:
        return [opening for opening in self._by_word.get(words[0], ()) if tuple(words[: len(opening.words)]) == opening.words]

    def _build(self) -> None:
        """Builds the index once, and again after a plugin was added."""
        if self._count == len(self._router.routes):
            return
        self._count, self._by_word = len(self._router.routes), {}
        for route in self._router.routes.values():
            key = f"{route.plugin}.pembuka.{route.name.partition('.')[2]}"
            if route.kind == "command" and self._catalogues.has_key(key):
                for said in self._list_phrases(key):
                    words = tuple(_TOKEN.findall(said.casefold()))
                    self._by_word.setdefault(words[0], []).append(Opening(words, route, said.startswith("+")))
        self._saying = frozenset(self._list_phrases("kalimat.berkata"))
        self._thanks = frozenset(self._list_phrases("kalimat.terima_kasih"))
        self._polite = self._thanks | frozenset(self._list_phrases("kalimat.sopan"))

    def _list_phrases(self, key: str) -> Iterator[str]:
        for locale in LOCALES:
            yield from filter(None, (said.strip() for said in self._catalogues.render_text(Phrase(key), locale).split(",")))
