"""Dialogs: what is missing or wrong in a command is asked for, one thing at a time, and every step survives a restart.

A dialog is one row for each person and chat: the route, what is known so far, and what is being asked. It takes as an answer
only what its owner addressed to it: a reply to the question, a button, a mention of the bot, or plain text in a private chat.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from bot.model import Choice, Document, Location, Message, Photo, Said, Text
from bot.plugin import Context, say
from bot.plugin.arguments import Param, dump, load
from bot.plugin.host import ENGINE, Plan
from bot.plugin.kinds import Trouble
from bot.plugin.route import Route
from bot.store import Connection
from bot.store.delivery import ButtonRow, Outgoing, new_key, to_ms
from bot.store.delivery import encode as to_json
from bot.store.queries import dialogs as store
from bot.store.queries.dialogs import StoredDialog
from bot.store.queries.reminders import cancel_reminder

from .core import Core

PATIENCE = timedelta(minutes=30)
ANSWER, YES, STOP, TIME_OUT = f"{ENGINE}.jawab", f"{ENGINE}.ya", f"{ENGINE}.batal", f"{ENGINE}.habis_waktu"
INTERNAL = frozenset({ANSWER, YES, STOP, TIME_OUT})
CONFIRM = "?"
"""Stands in `asking` while everything is read back."""


class State(msgspec.Struct):
    """What a dialog knows. `token` and `group` name the choice it began with, used up when the handler has run."""

    values: dict[str, Any] = {}
    asking: str = ""
    asked: list[str] = []
    origin: str = ""
    token: str = ""
    group: str = ""


class Dialog(msgspec.Struct):
    """One open dialog."""

    chat: str
    owner: str
    route: str
    version: str
    state: State
    prompt: str


class Dialogs:
    """Opens, finds and ends dialogs."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def of(self, chat: str, owner: str) -> Dialog | None:
        """The open dialog of one person in one chat."""
        return _dialog(await store.find_dialog(self._core.database, chat, owner))

    async def by_prompt(self, prompt: str) -> Dialog | None:
        """The dialog that waits for an answer to this very question."""
        return _dialog(await store.find_dialog_by_prompt(self._core.database, prompt))

    async def addressed(self, dialog: Dialog, message: Message) -> bool:
        """Whether a message of the owner is meant for the dialog."""
        if message.chat.private or message.addressed:
            return True
        if not message.reply_to:
            return False
        return await self._core.quoted(message) == dialog.prompt

    def values(self, dialog: Dialog, route: Route) -> dict[str, Any] | None:
        """What a dialog knows, as values; None when the route changed since it began."""
        if dialog.version != route.version:
            return None
        try:
            return load(route.params, dialog.state.values, self._core.people)
        except ValueError:
            return None

    def ask(
        self, ctx: Context, route: Route, param: Param, state: State, values: Mapping[str, Any], trouble: Trouble | None
    ) -> None:
        """Put one question, and wait for its answer."""
        state.asking = param.name
        if param.name not in state.asked:
            state.asked.append(param.name)
        said = [say(trouble.key, **trouble.args)] if trouble else []
        if not (trouble and trouble.options):
            said.append(self._question(route, param))
        self._wait(ctx, route, state, values, said, _options(param, trouble))

    def confirm(self, ctx: Context, route: Route, state: State, values: Mapping[str, Any]) -> None:
        """Read everything back, and wait for a yes."""
        state.asking = CONFIRM
        said = [say("umum.periksa")]
        given = [param for param in route.params if values.get(param.name) not in (None, "", [], ())]
        said += [say("umum.baris", nama=self._core.name_of(route, p), nilai=_shown(values[p.name])) for p in given]
        choices: list[tuple[Said, str, dict[str, Any]]] = [(say("umum.ya_kirim"), YES, {}), (say("umum.batalkan"), STOP, {})]
        self._wait(ctx, route, state, values, said, choices)

    def close(self, ctx: Context, dialog: Dialog) -> None:
        """End a dialog: nothing waits any more."""
        ctx.unit.later.append(lambda connection: store.delete_dialog(connection, dialog.chat, dialog.owner))
        ctx.cancelled.append(_plan_key(dialog.prompt))

    def _wait(
        self,
        ctx: Context,
        route: Route,
        state: State,
        values: Mapping[str, Any],
        said: Sequence[Said],
        choices: Sequence[tuple[Said, str, dict[str, Any]]],
    ) -> None:
        owner = ctx.account.id if ctx.account else ""
        prompt = new_key()
        rows = [self._row(label, target, args | {"owner": owner}, ctx) for label, target, args in choices]
        quoted = ctx.event.key if isinstance(ctx.event, Message) and not ctx.chat.private else ""
        text = Text(tuple(said), buttons=tuple(Choice(row.token, choice[0]) for row, choice in zip(rows, choices, strict=True)))
        ctx.outgoing.append(Outgoing(key=prompt, chat=ctx.chat, content=text, reply_to=quoted, buttons=rows))
        state.values = dump(route.params, values)
        due = to_ms(ctx.now + PATIENCE)
        dialog = Dialog(ctx.chat.key, owner, route.name, route.version, state, prompt)
        ctx.unit.later.append(lambda connection: put(connection, dialog, due))
        ctx.plans.append(Plan(_plan_key(prompt), TIME_OUT, {"prompt": prompt}, ctx.chat, 0, due))

    def _row(self, label: Said, target: str, args: dict[str, Any], ctx: Context) -> ButtonRow:
        # Only the owner's touch counts; the account is compared and not the person, since nobody may be known here.
        return ButtonRow(new_key(), to_json(label), target, args, (), "", to_ms(ctx.now + PATIENCE))

    def _question(self, route: Route, param: Param) -> Said:
        own = param.question or f"{route.plugin}.tanya.{param.name}"
        if self._core.catalogues.has(own):
            return say(own)
        return say("tanya.umum", nama=self._core.name_of(route, param))


def put(connection: Connection, dialog: Dialog, deadline: int) -> None:
    """Make this the one dialog of its owner and chat."""
    for prompt in store.delete_dialog(connection, dialog.chat, dialog.owner):
        cancel_reminder(connection, _plan_key(prompt))
    state = to_json(dialog.state).decode()
    row = StoredDialog(dialog.chat, dialog.owner, dialog.route, dialog.version, state, dialog.prompt)
    store.insert_dialog(connection, row, deadline)


def _plan_key(prompt: str) -> str:
    return f"dialog:{prompt}"


def _dialog(row: StoredDialog | None) -> Dialog | None:
    if row is None:
        return None
    return Dialog(row.chat, row.owner, row.route, row.version, msgspec.json.decode(row.state, type=State), row.prompt)


def _shown(value: Any) -> Any:
    if isinstance(value, (list, Photo, Document)):
        return say("umum.banyak_berkas", jumlah=len(value) if isinstance(value, list) else 1)
    if isinstance(value, Location):
        return value.name or f"{value.latitude:.5f}, {value.longitude:.5f}"
    return value


def _options(param: Param, trouble: Trouble | None) -> list[tuple[Said, str, dict[str, Any]]]:
    """What may be touched instead of typed: the readings in doubt, else the few values there are."""
    if trouble and trouble.options:
        offered = [(shown, {"nilai": param.kind.dump(value)}) for shown, value in trouble.options]
    else:
        offered = [(shown, {"teks": shown}) for shown in param.kind.options()]
    return [(say("umum.pilihan", teks=shown), ANSWER, {"param": param.name} | value) for shown, value in offered]
