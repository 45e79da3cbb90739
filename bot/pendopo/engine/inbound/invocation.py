"""One call of one route: reads the arguments, asks for missing ones, passes the gate and runs the handler."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from pendopo.directory import Decision
from pendopo.engine.inbound.dialogs import OFFER, Dialog, Dialogs, DialogState
from pendopo.engine.inbound.offers import mark_used
from pendopo.engine.routing import refusals
from pendopo.engine.runtime import Runtime
from pendopo.errors import UserError
from pendopo.model import ButtonPress, JobDue, Message, Phrase, Text
from pendopo.model.ids import new_key
from pendopo.plugin import Context, phrase
from pendopo.plugin.arguments.argument_types import ArgumentProblem, RestKind, RestRole
from pendopo.plugin.arguments.signature import BoundArguments, Param, ParseContext, bind_answer, bind_arguments, load_arguments
from pendopo.plugin.context import effects_of
from pendopo.plugin.route import Route
from pendopo.plugin.values import BusinessHoursOptions, Typed
from pendopo.store.queries.audit import AuditEntry
from pendopo.store.queries.buttons import StoredButton
from pendopo.store.queries.deliveries import Outgoing
from pendopo.when import DayHours


class Invocation(msgspec.Struct):
    """A call of a route, on its way to the handler."""

    route: Route
    text: str = ""
    values: dict[str, Any] = {}
    state: DialogState = msgspec.field(default_factory=DialogState)
    dialog: Dialog | None = None
    confirmed: bool = False
    offered: Mapping[str, Sequence[tuple[Any, Any]]] = {}
    """Values (label, value) to offer as buttons for arguments that are asked for."""
    only: Param | None = None
    """The one parameter the text answers; None: the text is the whole command."""


class HandlerRefusedError(Exception):
    """A handler raised a `UserError`: its effects are dropped, and the sentence is the answer."""

    def __init__(self, call: Invocation, error: UserError) -> None:
        super().__init__(error.key)
        self.call = call
        self.error = error


class Invoker:
    """Carries out invocations."""

    def __init__(self, runtime: Runtime, dialogs: Dialogs) -> None:
        self._runtime = runtime
        self._gate = runtime.gate
        self._dialogs = dialogs

    def of_press(self, press: StoredButton) -> Invocation | None:
        """Makes the call that a choice leads to; None when an upgrade or the directory removed its target."""
        route = self._runtime.router.routes.get(press.route)
        if route is None:
            return None
        try:
            values = load_arguments(route.params, press.args, self._runtime.people)
        except ValueError:
            return None
        state = DialogState({}, "", origin=press.delivery, token=press.token, group=press.group)
        return Invocation(route, press.words, values, state)

    def of_job(self, event: JobDue) -> Invocation:
        """Makes the call of a job that is due."""
        route = self._runtime.router.routes[event.route]
        return Invocation(route, "", load_arguments(route.params, event.args, self._runtime.people))

    async def invoke(self, ctx: Context, call: Invocation) -> None:
        """Takes a call as far as possible now: to a question, a refusal or the handler."""
        effects_of(ctx).origin = call.state.origin
        if call.route.params and not await self._collect_arguments(ctx, call):
            return
        if (call.route.confirm or call.state.read_back or _has_note(call)) and not call.confirmed:
            if await self._may_begin(ctx, call):
                await self.read_back(ctx, call)
            return
        decision = await self._gate.check(ctx, call.route, call.values)
        if not decision.allowed:
            if call.dialog is not None:
                self._dialogs.end_dialog(ctx, call.dialog)
            self.reply_forbidden(ctx, call.route, decision, call.values)
            return
        await self._call_handler(ctx, call)

    async def read_back(self, ctx: Context, call: Invocation) -> None:
        """Reads a request back and waits for a yes; the plugin may refuse it before."""
        preview = call.route.confirm
        try:
            lines = await preview(ctx, **call.values) if callable(preview) else ()
        except UserError as error:
            raise HandlerRefusedError(call, error) from error
        self._dialogs.ask_confirmation(ctx, call.route, call.state, call.values, lines)

    async def _call_handler(self, ctx: Context, call: Invocation) -> None:
        if call.dialog is not None:
            self._dialogs.end_dialog(ctx, call.dialog)
        try:
            await call.route.handler(ctx, **call.values)
        except UserError as error:
            raise HandlerRefusedError(call, error) from error
        effects = effects_of(ctx)
        if call.state.group:
            person = ctx.sender.id if ctx.sender else 0
            effects.unit.later.append(
                lambda c: mark_used(c, call.state.token, call.state.group, person, self._runtime.now_ms())
            )
        if (question := effects.question) is not None:
            effects.question = None
            route, state = self._runtime.router.route_for(question.handler), DialogState({}, "", origin=effects.origin)
            await self.invoke(ctx, Invocation(route, "", dict(question.known), state, offered=question.offered))

    async def _collect_arguments(self, ctx: Context, call: Invocation) -> bool:
        """Reads the arguments from the text; False when one is missing and its question was asked."""
        message = ctx.event if isinstance(ctx.event, Message) else None
        if call.route.wants_files and message and message.attachments and not await self._may_begin(ctx, call):
            return False  # files of people who may not use the command are not stored
        files = await ctx.files.list_attachments() if call.route.wants_files and message else ()
        office = self._find_office(ctx, call.route)
        around = ParseContext(ctx.now, self._runtime.zone, ctx.people, message, files, ctx.sender, office)
        bound = self._bind_arguments(call, around)
        if not bound.missing:
            call.values = bound.values
            return True
        if await self._may_begin(ctx, call):
            first = bound.missing[0]
            values = _drop_defaults(bound.values, call.route)
            self._dialogs.ask_parameter(ctx, call.route, first, call.state, values, _find_problem(call, first, bound))
        return False

    def _find_office(self, ctx: Context, route: Route) -> Callable[[date], DayHours] | None:
        """The office hours of the plugin of a route, where it has such options."""
        plugin = self._runtime.router.plugins.get(route.plugin)
        model = plugin.options if plugin else None
        return ctx.options(model).get_day_hours if model and issubclass(model, BusinessHoursOptions) else None

    def _bind_arguments(self, call: Invocation, around: ParseContext) -> BoundArguments:
        trouble = _read_typed(call, around)
        bound = self._bind_text(call, around)
        for param in call.route.params:
            if param.name in trouble and param not in bound.missing:
                bound.values.pop(param.name, None)
                bound.missing.append(param)
        bound.trouble |= trouble
        return bound

    def _bind_text(self, call: Invocation, around: ParseContext) -> BoundArguments:
        if call.only is None:
            return bind_arguments(call.route.params, call.text, around, call.values)
        answer = bind_answer(call.only, call.text, around)
        if not (answer.values or answer.trouble) and (other := _find_rest(call)):
            # An answer to another question than the one that was asked is kept, not thrown away.
            answer = bind_answer(other, call.text, around)
        bound = bind_arguments(call.route.params, "", msgspec.structs.replace(around, files=()), call.values | answer.values)
        bound.trouble |= answer.trouble
        bound.missing.sort(key=lambda param: param.name not in answer.trouble)
        return bound

    async def _may_begin(self, ctx: Context, call: Invocation) -> bool:
        if await self._gate.may_begin(ctx, call.route):
            return True
        if call.dialog is not None:
            self._dialogs.end_dialog(ctx, call.dialog)
        self.reply_forbidden(ctx, call.route, await self._gate.check(ctx, call.route, {}), {})
        return False

    def reply_error(self, ctx: Context, refused: HandlerRefusedError) -> None:
        """Replies with a handler's refusal. Where it names the argument at fault, only that one is asked again."""
        call, error = refused.call, refused.error
        param = next((param for param in call.route.params if param.name == error.param), None)
        if param is not None and ctx.account is not None:
            values = _drop_defaults(call.values, call.route)
            values.pop(param.name, None)
            self._dialogs.ask_parameter(ctx, call.route, param, call.state, values, _make_problem(error))
            return
        if call.dialog is not None:
            self._dialogs.end_dialog(ctx, call.dialog)
        self.reply_phrase(ctx, phrase(error.key, **error.words))

    def reply_forbidden(self, ctx: Context, route: Route, decision: Decision, values: Mapping[str, Any]) -> None:
        """Replies why a call is forbidden, privately where the messenger can, and records it for a later explanation."""
        if route.kind == "on":
            return  # a listener was not asked anything, so it refuses silently
        reason = decision.reason or Phrase("gerbang.tidak_dapat_diperiksa")
        if ctx.sender is not None or not isinstance(ctx.event, JobDue):  # the person who planned it may have left
            self.reply_phrase(ctx, reason)
        if ctx.sender is not None:
            refusals.record_refusal(ctx, route, values, decision.rule, reason)
        effects_of(ctx).audited.append(AuditEntry("gate.refused", route.name, {"rule": decision.rule}, reason.key))

    def reply_phrase(self, ctx: Context, sentence: Phrase) -> None:
        """Replies to a message with a message, and to a press with a short notice."""
        kind, target, quoted = "send", "", ""
        if isinstance(ctx.event, ButtonPress):
            kind, target = "answer", ctx.event.key
        elif isinstance(ctx.event, Message) and not ctx.chat.private:
            quoted = ctx.event.key
        effects_of(ctx).outgoing.append(
            Outgoing(key=new_key(), chat=ctx.chat, content=Text((sentence,)), kind=kind, target=target, reply_to=quoted)
        )


def _find_rest(call: Invocation) -> Param | None:
    """The parameter for free text that is still missing, besides the one that was asked for."""
    left = (param for param in call.route.params if param is not call.only and not call.values.get(param.name))
    return next((param for param in left if param.required and isinstance(param.kind, RestKind)), None)


def _has_note(call: Invocation) -> bool:
    """Whether words came with a decision: they are read back before both count."""
    notes = (p.name for p in call.route.params if isinstance(p.kind, RestKind) and p.kind.role == RestRole.NOTE)
    return any(call.values.get(name) for name in notes)


def _find_problem(call: Invocation, param: Param, bound: BoundArguments) -> ArgumentProblem | None:
    """What is wrong with an argument, else the values that the handler before it offers."""
    offered = call.offered.get(param.name, ())
    return bound.trouble.get(param.name) or (ArgumentProblem(OFFER, {}, tuple(offered), True) if offered else None)


def _make_problem(error: UserError) -> ArgumentProblem:
    return ArgumentProblem(error.key, error.words, error.options, error.guessed)


def _read_typed(call: Invocation, around: ParseContext) -> dict[str, ArgumentProblem]:
    """Reads the known arguments that are only words yet; returns what is wrong with them."""
    trouble: dict[str, ArgumentProblem] = {}
    for param in call.route.params:
        if isinstance(typed := call.values.get(param.name), Typed):
            value, _ = param.kind.parse_text(typed.text, around)
            del call.values[param.name]
            if isinstance(value, ArgumentProblem):
                trouble[param.name] = value
            elif value is not None:
                call.values[param.name] = value
    return trouble


def _drop_defaults(values: Mapping[str, Any], route: Route) -> dict[str, Any]:
    """Leaves out values that equal their defaults, so that they are read anew once the rest is there."""
    defaults = {param.name: param.default for param in route.params if not param.required}
    return {name: value for name, value in values.items() if name not in defaults or value != defaults[name]}
