"""Dialogs ask for missing or wrong arguments of a command, one at a time; every step survives a restart.

A dialog is one row per person and chat: the route, what is known so far, and what is being asked. It accepts only answers that
its owner addressed to it: a reply to the question, a button, a mention of the bot, or plain text in a private chat.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from pendopo.engine import quoted_message
from pendopo.engine.inbound.offers import make_offer
from pendopo.engine.runtime import Runtime
from pendopo.model import Document, Location, Message, Photo, Phrase, Text
from pendopo.model.ids import new_key, to_ms
from pendopo.plugin import Context, phrase
from pendopo.plugin.arguments.argument_types import ArgumentProblem
from pendopo.plugin.arguments.signature import Param, dump_arguments, load_arguments
from pendopo.plugin.context import effects_of
from pendopo.plugin.route import Route
from pendopo.plugin.values import ENGINE
from pendopo.store import Connection
from pendopo.store.queries import dialogs as store
from pendopo.store.queries.deliveries import Outgoing
from pendopo.store.queries.deliveries import encode as to_json
from pendopo.store.queries.dialogs import StoredDialog
from pendopo.store.queries.reminders import Reminder, cancel_reminder

PATIENCE = timedelta(minutes=30)
"""How long a question waits for its answer before the dialog ends."""
ANSWER, YES, STOP, TIME_OUT = f"{ENGINE}.jawab", f"{ENGINE}.ya", f"{ENGINE}.batal", f"{ENGINE}.habis_waktu"
INTERNAL = frozenset({ANSWER, YES, STOP, TIME_OUT})
"""Routes of the dialogs themselves, which no plugin declares."""
OFFER = ""
"""The key of a problem that is none: only its options are shown, with the parameter's own question."""
OTHER: Mapping[str, Any] = {"lain": True}
"""The arguments of the choice that none of the values offered is meant."""
CONFIRM = "?"
"""The value of `asking` while the whole request is read back for confirmation."""


class DialogState(msgspec.Struct):
    """The stored state of a dialog. `token` and `group` name the choice it began with, used up when the handler has run."""

    values: dict[str, Any] = {}
    asking: str = ""
    asked: list[str] = []
    """Parameters asked so far, in order: `/kembali` goes back along them."""
    origin: str = ""
    """The key of the delivery whose button began the dialog."""
    token: str = ""
    group: str = ""
    read_back: bool = False
    """A sentence began it, not a command: everything is read back before it counts."""


class Dialog(msgspec.Struct):
    """One open dialog."""

    chat: str
    owner: str
    route: str
    version: str
    state: DialogState
    prompt: str


class Dialogs:
    """Opens, finds and ends dialogs."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def find_open(self, chat: str, owner: str) -> Dialog | None:
        """Returns the open dialog of one account in one chat."""
        return _read_dialog(await store.find_dialog(self._runtime.database, chat, owner))

    async def find_by_prompt(self, prompt: str) -> Dialog | None:
        """Returns the dialog that waits for an answer to this very question."""
        return _read_dialog(await store.find_dialog_by_prompt(self._runtime.database, prompt))

    async def is_addressed(self, dialog: Dialog, message: Message) -> bool:
        """Tells whether a message of the owner answers the dialog."""
        if message.chat.private or message.addressed:
            return True
        if not message.reply_to:
            return False
        return await quoted_message.find_quoted_key(self._runtime, message) == dialog.prompt

    def load_values(self, dialog: Dialog, route: Route) -> dict[str, Any] | None:
        """Loads the values of a dialog; None when the route's signature changed since it began."""
        if dialog.version != route.version:
            return None
        try:
            return load_arguments(route.params, dialog.state.values, self._runtime.people)
        except ValueError:
            return None

    def ask_parameter(
        self,
        ctx: Context,
        route: Route,
        param: Param,
        state: DialogState,
        values: Mapping[str, Any],
        problem: ArgumentProblem | None,
    ) -> None:
        """Asks one question and waits for its answer."""
        state.asking = param.name
        if param.name not in state.asked:
            state.asked.append(param.name)
        phrases = [phrase(problem.key, **problem.args)] if problem and problem.key != OFFER else []
        if not (phrases and problem and problem.options):
            phrases.append(self._phrase_question(route, param))
        if not ctx.chat.private:
            phrases.append(phrase("tanya.kutip"))
        self._open_dialog(ctx, route, state, values, phrases, _list_answers(param, problem))

    def ask_confirmation(
        self, ctx: Context, route: Route, state: DialogState, values: Mapping[str, Any], lines: Sequence[Phrase] = ()
    ) -> None:
        """Reads everything back, in the `lines` of the plugin where it has some, and waits for a yes."""
        state.asking = CONFIRM
        shown = [param for param in route.params if values.get(param.name) not in (None, "", [], ())]
        plain = [
            phrase("umum.baris", nama=self._runtime.label_parameter(route, p), nilai=_show_value(values[p.name])) for p in shown
        ]
        phrases = [phrase("umum.periksa"), *(lines or plain)]
        choices: list[tuple[Phrase, str, dict[str, Any]]] = [
            (phrase("umum.ya_kirim"), YES, {}),
            (phrase("umum.batalkan"), STOP, {}),
        ]
        self._open_dialog(ctx, route, state, values, phrases, choices)

    def end_dialog(self, ctx: Context, dialog: Dialog) -> None:
        """Ends a dialog and cancels its time-out."""
        effects_of(ctx).unit.later.append(lambda connection: store.delete_dialog(connection, dialog.chat, dialog.owner))
        effects_of(ctx).cancelled.append(make_plan_key(dialog.prompt))

    def tell_timed_out(self, ctx: Context, dialog: Dialog, said: Phrase) -> None:
        """Tells that a question waited too long; in a group it is changed instead, where that is possible."""
        kind, target = ("send", "") if ctx.chat.private else ("edit", dialog.prompt)
        effects_of(ctx).outgoing.append(Outgoing(key=new_key(), chat=ctx.chat, content=Text((said,)), kind=kind, target=target))

    def _open_dialog(
        self,
        ctx: Context,
        route: Route,
        state: DialogState,
        values: Mapping[str, Any],
        phrases: Sequence[Phrase],
        choices: Sequence[tuple[Phrase, str, dict[str, Any]]],
    ) -> None:
        owner = ctx.account.id if ctx.account else ""
        prompt = new_key()
        due = to_ms(ctx.now + PATIENCE)
        # Only the owner's press counts. Accounts are compared, not persons: the sender may not be in the directory.
        owned = [(label, target, args | {"owner": owner}) for label, target, args in choices]
        text, rows = make_offer(phrases, owned, due)
        quoted = ctx.event.key if isinstance(ctx.event, Message) and not ctx.chat.private else ""
        effects_of(ctx).outgoing.append(Outgoing(key=prompt, chat=ctx.chat, content=text, reply_to=quoted, buttons=rows))
        state.values = dump_arguments(route.params, values)
        dialog = Dialog(ctx.chat.key, owner, route.name, route.version, state, prompt)
        effects_of(ctx).unit.later.append(lambda connection: put_dialog(connection, dialog, due))
        effects_of(ctx).plans.append(Reminder(make_plan_key(prompt), TIME_OUT, {"prompt": prompt}, ctx.chat, 0, due))

    def _phrase_question(self, route: Route, param: Param) -> Phrase:
        own = param.question or f"{route.plugin}.tanya.{param.name}"
        if self._runtime.catalogues.has_key(own):
            return phrase(own)
        return phrase("tanya.umum", nama=self._runtime.label_parameter(route, param))


def put_dialog(connection: Connection, dialog: Dialog, deadline: int) -> None:
    """Stores a dialog in place of any other of its owner and chat."""
    for prompt in store.delete_dialog(connection, dialog.chat, dialog.owner):
        cancel_reminder(connection, make_plan_key(prompt))
    state = to_json(dialog.state).decode()
    row = StoredDialog(dialog.chat, dialog.owner, dialog.route, dialog.version, state, dialog.prompt)
    store.insert_dialog(connection, row, deadline)


def make_plan_key(prompt: str) -> str:
    """The key of the reminder that ends a question which nobody answers."""
    return f"dialog:{prompt}"


def _read_dialog(row: StoredDialog | None) -> Dialog | None:
    if row is None:
        return None
    return Dialog(row.chat, row.owner, row.route, row.version, msgspec.json.decode(row.state, type=DialogState), row.prompt)


def _show_value(value: Any) -> Any:
    if isinstance(value, (list, Photo, Document)):
        return phrase("umum.banyak_berkas", jumlah=len(value) if isinstance(value, list) else 1)
    if isinstance(value, Location):
        return value.name or f"{value.latitude:.5f}, {value.longitude:.5f}"
    return value


def _list_answers(param: Param, problem: ArgumentProblem | None) -> list[tuple[Phrase, str, dict[str, Any]]]:
    """Returns the answers to offer as buttons: the readings in doubt, else the few possible values."""
    if problem and problem.options:
        offered = [(shown, {"nilai": param.kind.dump_value(value)}) for shown, value in problem.options]
    else:
        offered = [(shown, {"teks": shown}) for shown in param.kind.list_options()]
    named: dict[str, Any] = {"param": param.name}
    answers = [(phrase("umum.pilihan", teks=shown), ANSWER, named | value) for shown, value in offered]
    return [*answers, (phrase("tanya.bukan_itu"), ANSWER, {**named, **OTHER})] if problem and problem.guessed else answers
