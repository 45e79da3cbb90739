"""A dashboard page for tests without a browser: its text, buttons, forms and tables."""

import itertools
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pendopo.adapters.dashboard import pack_press
from pendopo.engine.app import App
from pendopo.model import Person, Phrase
from pendopo.plugin.buttons import Button
from pendopo.plugin.page_parts import DataTable, Form, Page, PageElement, View
from pendopo.plugin.route import Route

_numbers = itertools.count(1)
"""Make the ids of presses unique: the inbox drops an event whose id it knows."""


class DashboardPage:
    """An open page. A press on it is an event of its reader, and is handled when the call returns."""

    def __init__(self, app: App, person: Person, page: Page) -> None:
        self._app = app
        self._person = person
        self.page = page

    @property
    def text(self) -> str:
        """All text of the page, one line for each value."""
        return "\n".join(self._iter_texts(self.page))

    def sees(self, *texts: str) -> None:
        """Fail when one of these texts is not on the page."""
        missing = [text for text in texts if text not in self.text]
        assert not missing, f"{missing} is not on the page:\n{self.text}"  # noqa: S101  this is a test kit

    def does_not_see(self, text: str) -> None:
        """Fail when this text is on the page."""
        assert text not in self.text, f"{text!r} is on the page:\n{self.text}"  # noqa: S101  this is a test kit

    @property
    def labels(self) -> list[str]:
        """The labels of the buttons that this reader may press, in order."""
        pages = self._app.dashboard_pages
        return [self._label_text(b) for b in self._find_all(self.page, Button) if pages.seal_button(self._person, b)]

    def get_table(self, name: str) -> DataTable:
        """Return the table with this name, as for a recap. Raises `StopIteration` when there is none."""
        found: DataTable = next(table for table in self._find_all(self.page, DataTable) if table.name == name)
        return found

    async def presses(self, label: str) -> None:
        """Press the first button with this label that the reader may press. Fails when there is none."""
        for button in self._find_all(self.page, Button):
            token = self._app.dashboard_pages.seal_button(self._person, button)
            if token and self._label_text(button) == label:
                await self.sends_token(token)
                return
        raise AssertionError(f"there is no button {label!r}, but {self.labels}")

    async def submits_form(self, label: str, **filled: str) -> None:
        """Fill in and send the form whose button has this label."""
        form = next(form for form in self._find_all(self.page, Form) if self._to_words(form.label) == label)
        await self.sends_token(self._app.dashboard_pages.seal_offer(self._person, form.target, form.args), filled)

    async def sends_token(self, token: str, filled: Mapping[str, str] | None = None) -> None:
        """Press with a token, real or forged."""
        event = pack_press(f"page-{next(_numbers)}", self._person.id, self._app.clock.now(), token, filled)
        await self._app.accept("web", [event])
        await self._app.idle()

    def _find_all(self, value: Any, kind: type[Any]) -> Iterator[Any]:
        if isinstance(value, kind):
            yield value
        elif isinstance(value, PageElement):
            for name in value.__struct_fields__:
                yield from self._find_all(getattr(value, name), kind)
        elif isinstance(value, (list, tuple)):
            for each in value:
                yield from self._find_all(each, kind)

    def _iter_texts(self, value: Any) -> Iterator[str]:
        if isinstance(value, Button):
            yield self._label_text(value)
        elif isinstance(value, (str, Phrase, int, float, datetime)):
            yield self._to_words(value)
        elif isinstance(value, PageElement):
            for name in value.__struct_fields__:
                yield from self._iter_texts(getattr(value, name))
        elif isinstance(value, (list, tuple)):
            for each in value:
                yield from self._iter_texts(each)

    def _label_text(self, button: Button) -> str:
        return self._to_words(button.label if isinstance(button.label, Phrase) else Phrase(button.label))

    def _to_words(self, value: Any) -> str:
        if isinstance(value, Phrase):
            return self._app.core.catalogues.render_text(value, self._person.locale or self._app.core.locale)
        return str(value)


async def open_page(app: App, alias: str, address: str, whole: bool) -> DashboardPage:
    """Open a plugin's page as the web app does. Raises the errors of the gate and of the page."""
    person = app.core.people.by_alias([alias])
    assert person is not None, f"{alias} is nobody's account"  # noqa: S101  this is a test kit
    parts = urlsplit(address)
    route, given = _match_route(app, parts.path)
    query = dict(parse_qsl(parts.query))
    await app.dashboard_pages.load_key()
    view = View(limit=10_000, export=True) if whole else View(after=query.get("lanjut", ""))
    page = await app.dashboard_pages.show_page(person, route, {**query, **given}, view)
    return DashboardPage(app, person, page)


def _match_route(app: App, path: str) -> tuple[Route, dict[str, str]]:
    """Find the route of a path, and its parameters. Fixed paths go before those with parameters, as in the web app."""
    steps = path.strip("/").split("/")
    for route in sorted(app.core.router.pages.values(), key=lambda route: route.path.count("{")):
        wanted = route.path.strip("/").split("/")
        inside = {w[1:-1]: s for w, s in zip(wanted, steps, strict=False) if w.startswith("{")}
        if len(wanted) == len(steps) and all(w.startswith("{") or w == s for w, s in zip(wanted, steps, strict=True)):
            return route, inside
    raise AssertionError(f"no plugin has a page {path}")
