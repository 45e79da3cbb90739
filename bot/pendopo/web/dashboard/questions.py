"""The bot's open question to a person: what it is about, whether that still stands, and which buttons of a page lead to it."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from pendopo.engine.dashboard_pages import DashboardPages
from pendopo.engine.inbound.dialogs import DialogState, make_plan_key
from pendopo.engine.runtime import Runtime
from pendopo.model import Person
from pendopo.model.numbers import LARGEST
from pendopo.plugin.buttons import Button, RouteName
from pendopo.plugin.page_parts import Actions, Board, Cards, Label, Page
from pendopo.store.queries import audit, reminders
from pendopo.store.queries.dialogs import StoredDialog

VIEWING = ".lihat"
"""Part of the names of actions that only look at a thing."""
RECENT = 10
"""Lines of the audit log in which news of a thing is looked for."""


class Question(msgspec.Struct):
    """An open question: its route and values, and the thing it is about: `object` ("izin/27"), title and page, "" for none."""

    prompt: str
    route: str
    values: dict[str, Any]
    object: str = ""
    title: Label = ""
    path: str = ""

    def is_about(self, core: Runtime, button: Button) -> bool:
        """Whether this button of a page led to the question, or would."""
        if isinstance(button.target, RouteName) and button.target.name not in core.router.routes:
            return False
        name = core.router.route_for(button.target).name
        given = core.router.encode_arguments(name, button.args)
        return bool(given) and name == self.route and given.items() <= self.values.items()


async def read_question(core: Runtime, pages: DashboardPages, person: Person, dialog: StoredDialog) -> Question:
    """Read what a dialog asks about. A thing is known by the parameter that bears its plugin's name (`izin_id`)."""
    values = msgspec.json.decode(dialog.state, type=DialogState).values
    question = Question(dialog.prompt, dialog.route, values)
    plugin = dialog.route.partition(".")[0]
    number = values.get(f"{plugin}_id")
    if not isinstance(number, int) or plugin not in core.router.items:
        return question
    question.object = f"{plugin}/{number}"
    if items := await pages.make_view_context(person).plugins.find_items(number, plugin):
        question.title = items[0].title
    if f"/{plugin}/{{}}" in core.router.pages:
        question.path = f"/{question.object}"
    return question


async def list_prompts(core: Runtime, keys: Sequence[str]) -> set[str]:
    """Those of some messages that are or were questions."""
    known = await reminders.find_known_keys(core.database, [make_plan_key(key) for key in keys])
    return {key for key in keys if make_plan_key(key) in known}


async def has_moved_on(core: Runtime, question: Question, asked_ms: int) -> bool:
    """Whether something happened to the thing since it was asked about, so that an answer would come too late."""
    if not question.object:
        return False
    lines = await audit.list_latest(core.database, RECENT, LARGEST, 0, question.object)
    return any(line.at > asked_ms and VIEWING not in line.action for line in lines)


def is_on_page(core: Runtime, question: Question, page: Page) -> bool:
    """Whether a page shows the buttons that the question came from, so that it can stand beside them."""
    return any(question.is_about(core, button) for button in _list_buttons(page))


def _list_buttons(page: Page) -> Iterator[Button]:
    for part in page.parts:
        if isinstance(part, Actions):
            yield from part.buttons
        cards = part.items if isinstance(part, Cards) else []
        columns = part.columns if isinstance(part, Board) else []
        for card in [*cards, *(card for column in columns for card in column.cards)]:
            yield from card.buttons
