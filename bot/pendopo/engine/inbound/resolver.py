"""Resolves an event to its calls: a command, a choice, an answer to a dialog, or the listeners of its type."""

import re
from typing import Any

import msgspec
import structlog

from pendopo.engine.dashboard_pages import DashboardPages
from pendopo.engine.inbound.button_presses import ButtonLookup
from pendopo.engine.inbound.clarifications import MEANT, NOT_YET, Clarifications
from pendopo.engine.inbound.dialogs import ANSWER, CONFIRM, INTERNAL, STOP, TIME_OUT, YES, Dialog, Dialogs, DialogState
from pendopo.engine.inbound.held_messages import ADOPT, BEGIN, INTRODUCE, HeldMessages
from pendopo.engine.inbound.invocation import HandlerRefusedError, Invocation, Invoker
from pendopo.engine.inbound.typed_choices import Doubt
from pendopo.engine.operations.account_doubts import doubt_names, stop_private_messages
from pendopo.engine.outbound import reachability
from pendopo.engine.routing.openings import Openings
from pendopo.engine.runtime import Runtime
from pendopo.errors import PluginError
from pendopo.model import ButtonPress, ChatMigrated, JobDue, MemberChanged, Message, Phrase
from pendopo.model.ids import to_ms
from pendopo.plugin import Context, phrase
from pendopo.plugin.arguments.signature import Param
from pendopo.plugin.command_text import TypedCommand, parse_command, parse_first_word
from pendopo.plugin.context import effects_of
from pendopo.plugin.route import Route
from pendopo.plugin.values import WEB
from pendopo.store.queries import chats
from pendopo.store.queries.buttons import StoredButton
from pendopo.store.queries.reminders import Reminder
from pendopo.store.queries.settings import bump_revision

log = structlog.get_logger(__name__)
_NAMED = re.compile(r"^\s*@\w+[\s:,]*")
MOST_IN_QUESTION = 2
"""Words of a question that is still taken for a command, such as "izin saya?"."""
MOST_OFFERED = 2
"""Commands offered to somebody who was not understood, besides the help."""


class EventResolver:
    """Resolves events, and replies for the engine where no plugin does."""

    def __init__(self, runtime: Runtime, pages: DashboardPages) -> None:
        self._runtime = runtime
        self._pages = pages
        self._gate = runtime.gate
        self._dialogs = Dialogs(runtime)
        self._presses = ButtonLookup(runtime)
        self._held = HeldMessages(runtime)
        self._openings = Openings(runtime.router, runtime.catalogues)
        self._clarifications = Clarifications(runtime)
        self._invoker = Invoker(runtime, self._dialogs)
        self.invoke = self._invoker.invoke
        self.reply_phrase = self._invoker.reply_phrase
        self.reply_error = self._invoker.reply_error

    async def resolve_event(self, ctx: Context) -> list[Invocation]:
        """Returns the calls of an event: mostly one, none when there is nothing to do or the reply is already made."""
        event = ctx.event
        if isinstance(event, Message):
            return await self._resolve_message(ctx, event)
        if isinstance(event, ButtonPress):
            return await self._resolve_press(ctx, event)
        if isinstance(event, JobDue):
            return await self._resolve_job(ctx, event)
        if isinstance(event, ChatMigrated):
            effects_of(ctx).unit.later += [
                lambda connection: chats.move_chat(connection, event.chat, event.new_id),
                bump_revision,
            ]
            effects_of(ctx).dirty_lanes += [event.chat.key, msgspec.structs.replace(event.chat, id=event.new_id).key]
            self._doubt_number(ctx, event)
        if isinstance(event, MemberChanged) and event.of_bot:
            note = chats.reopen_chat if event.present else chats.close_chat
            effects_of(ctx).unit.later.append(lambda connection: note(connection, event.chat))
        return self._resolve_listeners(ctx)

    def _resolve_listeners(self, ctx: Context) -> list[Invocation]:
        return [Invocation(route) for route in self._runtime.router.listeners.get(type(ctx.event), ())]

    def _doubt_number(self, ctx: Context, event: ChatMigrated) -> None:
        """Marks an account that changed its number as unconfirmed: the old number may belong to a stranger by now."""
        person, old = ctx.sender, event.account.aliases if event.account else ()
        if person is None or not event.aliases:
            return
        doubt_names(self._runtime, ctx, tuple(dict.fromkeys((*old, *event.aliases))), person)
        stop_private_messages(ctx, event.chat, msgspec.structs.replace(event.chat, id=event.new_id))
        ctx.audit("account.changed", f"person/{person.id}", old=list(old), new=list(event.aliases))

    # -- messages ------------------------------------------------------------------------------------------------

    async def _resolve_message(self, ctx: Context, event: Message) -> list[Invocation]:
        if event.account is None or event.account.service:
            return []
        if event.account.anonymous:
            await self._held.ask_identity(ctx, event)
            return []
        if event.missing:
            return []
        if event.continues not in ("", event.key):
            return self._resolve_listeners(ctx)  # a late part of a handled album: no command and no answer
        meant = event.chat.private or event.addressed
        said = _strip_bot_name(event)
        typed = parse_command(said, loose=meant)
        if event.forwarded:
            return await self._resolve_forwarded(ctx, event, typed)
        if typed is not None:
            return await self._resolve_command(ctx, event, typed)
        dialog = await self._dialogs.find_open(ctx.chat.key, event.account.id)
        # A quoted choice goes before the dialog, and the dialog before an unquoted number: an explicit reference outranks a
        # guess. A command outranks all, so a question never blocks one.
        press = await self._presses.find_quoted(event, ctx.sender)
        if isinstance(press, StoredButton) and dialog is not None and press.delivery == dialog.prompt:
            press = None
        if press is None and dialog is not None and await self._dialogs.is_addressed(dialog, event):
            return await self._resolve_answer(ctx, event, dialog)
        return await self._resolve_reading(ctx, event, press or await self._presses.find_unquoted(event, ctx.sender))

    async def _resolve_reading(
        self, ctx: Context, event: Message, reading: StoredButton | Doubt | Phrase | None
    ) -> list[Invocation]:
        """Resolves what was read in a text: a choice, a doubt to ask back about, a sentence to reply with, or nothing."""
        if isinstance(reading, StoredButton):
            return await self._resolve_choice(ctx, reading)
        if isinstance(reading, Doubt):
            await self._clarifications.ask_meaning(ctx, event, reading)
            return []
        if isinstance(reading, Phrase):
            self.reply_phrase(ctx, reading)
            return []
        if (event.chat.private or event.addressed) and (found := self._resolve_sentence(event)):
            return [found]
        return self._resolve_listeners(ctx)

    async def _resolve_forwarded(self, ctx: Context, event: Message, typed: TypedCommand | None) -> list[Invocation]:
        """Resolves words that were passed on: material, and no command, decision or answer until the sender says so."""
        if not ctx.chat.private:
            return self._resolve_listeners(ctx)
        account = event.account.id if event.account else ""
        asked = await self._dialogs.find_open(ctx.chat.key, account) is not None and event.text != ""
        if asked or (typed and self._runtime.router.find_command(typed)) or self._resolve_sentence(event):
            self._held.ask_adoption(ctx, event)
            return []
        return self._resolve_listeners(ctx)

    def _resolve_sentence(self, event: Message) -> Invocation | None:
        """Resolves what was said to the bot without a slash: a command's word, or a sentence that begins a command."""
        said = _strip_bot_name(event)
        if "?" in said and len(said.split()) > MOST_IN_QUESTION:
            return None  # a question about a thing is no wish for one
        word = parse_first_word(said)
        found = self._runtime.router.find_command(word) if word and not self._openings.is_courtesy(said) else None
        if found:
            return Invocation(found[0], found[1])
        opened = self._openings.find_command(said)
        if opened and event.attachments and not opened[0].drafts:
            return None  # what comes with a text is asked about by whoever knows what to do with it
        return Invocation(opened[0], opened[1], state=DialogState(read_back=not opened[0].drafts)) if opened else None

    async def answer_silence(self, ctx: Context) -> None:
        """Answers a known person who spoke to the bot and was not understood: what was not done, and what can be."""
        event = ctx.event
        if not isinstance(event, Message) or ctx.sender is None or event.continues:
            return
        if not (event.chat.private or event.addressed) or not (event.account and not event.account.service):
            return
        if event.missing:
            self.reply_phrase(ctx, phrase("umum.tidak_sampai"))
            return
        polite = self._openings.is_polite_only(event.text)
        if polite and self._openings.is_thanks(event.text):
            self.reply_phrase(ctx, phrase("umum.sama_sama"))
            return
        routes = [route for route in self._openings.list_routes() if await self._gate.may_begin(ctx, route)]
        chat = await reachability.find_quiet_chat(self._runtime, ctx.chat, ctx.sender)
        words = [route.words[0] for route in routes][:MOST_OFFERED]
        self._held.offer_commands(ctx, event, words, chat, usable=not polite and "?" not in event.text)

    async def _resolve_command(self, ctx: Context, event: Message, typed: TypedCommand) -> list[Invocation]:
        handle = self._runtime.adapters[event.chat.adapter].handle
        if typed.bot and handle and typed.bot != handle:
            return []
        if typed.word in ("batal", "kembali"):
            return await self._handle_dialog_word(ctx, event, typed.word)
        found = self._runtime.router.find_command(typed)
        if found is None:
            await self._suggest_commands(ctx, typed)
            return []
        return [Invocation(found[0], found[1])]

    async def _suggest_commands(self, ctx: Context, typed: TypedCommand) -> None:
        """Suggests similar commands this person may use. In a group without any it stays silent: another bot was meant."""
        near = [route for route in self._runtime.router.similar_commands(typed.word) if await self._gate.may_begin(ctx, route)]
        if near:
            words = " ".join(f"/{word}" for word in dict.fromkeys(route.words[0] for route in near))
            self.reply_phrase(ctx, phrase("umum.mungkin_maksud", tertulis=typed.word[:40], perintah=words))
        elif ctx.chat.private or typed.bot:
            self.reply_phrase(ctx, phrase("umum.perintah_tidak_ada", tertulis=typed.word[:40]))

    # -- dialogs -------------------------------------------------------------------------------------------------

    async def _handle_dialog_word(self, ctx: Context, event: Message, word: str) -> list[Invocation]:
        dialog = await self._dialogs.find_open(ctx.chat.key, event.account.id if event.account else "")
        if dialog is None:
            self.reply_phrase(ctx, phrase("tanya.tidak_ada_dialog"))
        elif word == "batal":
            self._stop_dialog(ctx, dialog)
        else:
            await self._step_back(ctx, dialog)
        return []

    def _stop_dialog(self, ctx: Context, dialog: Dialog) -> None:
        self._dialogs.end_dialog(ctx, dialog)
        self.reply_phrase(ctx, phrase("tanya.dibatalkan", perintah=self._format_command(dialog.route)))

    async def _step_back(self, ctx: Context, dialog: Dialog) -> None:
        route, values = self._load_dialog(ctx, dialog)
        if route is None:
            return
        asked = [name for name in dialog.state.asked if name != dialog.state.asking]
        before = asked[-1] if asked else dialog.state.asking
        if before == CONFIRM:  # all was given at once: the last parameter is the step before
            before = route.params[-1].name if route.params else ""
        if not before:
            await self._read_back(ctx, Invocation(route, "", values, dialog.state))
            return
        dialog.state.asked = asked[:-1]
        values.pop(before, None)
        self._dialogs.ask_parameter(ctx, route, _find_param(route, before), dialog.state, values, None)

    async def _resolve_answer(self, ctx: Context, event: Message, dialog: Dialog) -> list[Invocation]:
        """Resolves an answer to an open question: the number or words of a choice, or free text."""
        route, values = self._load_dialog(ctx, dialog)
        if route is None:
            return []
        chosen = await self._presses.find_answer(dialog.prompt, event.text)
        if chosen is not None and chosen.route in INTERNAL:
            return await self._resolve_internal(ctx, chosen)
        if dialog.state.asking == CONFIRM:
            await self._read_back(ctx, Invocation(route, "", values, dialog.state))
            return []
        text = _strip_bot_name(event)
        return [Invocation(route, text, values, dialog.state, dialog, only=_find_param(route, dialog.state.asking))]

    async def _read_back(self, ctx: Context, call: Invocation) -> None:
        try:
            await self._invoker.read_back(ctx, call)
        except HandlerRefusedError as refused:
            self.reply_error(ctx, refused)

    def _load_dialog(self, ctx: Context, dialog: Dialog) -> tuple[Route | None, dict[str, Any]]:
        """Loads the route and values of a dialog. One that no longer fits after an upgrade is ended, and the person is told."""
        route = self._runtime.router.routes.get(dialog.route)
        values = self._dialogs.load_values(dialog, route) if route else None
        if route is None or values is None:
            self._dialogs.end_dialog(ctx, dialog)
            self.reply_phrase(ctx, phrase("tanya.sudah_berubah", perintah=self._format_command(dialog.route)))
            return None, {}
        return route, values

    def _format_command(self, name: str) -> str:
        route = self._runtime.router.routes.get(name)
        return f"/{route.words[0]}" if route and route.words else ""

    # -- choices -------------------------------------------------------------------------------------------------

    async def _resolve_press(self, ctx: Context, event: ButtonPress) -> list[Invocation]:
        if event.chat.adapter == WEB and (found := await self._pages.resolve_offer(ctx, event)):
            return [Invocation(found[0], "", found[1])]
        press = await self._presses.find_pressed(event, ctx.sender)
        if press is None:
            self.reply_phrase(ctx, phrase("tombol.tidak_dikenal"))
            return []
        return await self._resolve_choice(ctx, press)

    async def _resolve_choice(self, ctx: Context, press: StoredButton) -> list[Invocation]:
        if press.used_at:
            who = ctx.people.find_person(press.used_by)
            self.reply_phrase(ctx, phrase("tombol.sudah_dipakai", siapa=who) if who else phrase("tombol.sudah_dijawab"))
        elif press.is_over(self._runtime.now_ms()):
            self.reply_phrase(ctx, phrase("tombol.kedaluwarsa"))
        elif not press.is_for(ctx.sender):
            changed = ctx.account is not None and ctx.people.to_confirm(ctx.account.aliases) is not None
            self.reply_phrase(ctx, phrase("gerbang.nomor_berganti" if changed else "tombol.bukan_untuk_anda"))
        elif press.route in (INTRODUCE, ADOPT, BEGIN):
            return await self._resolve_released(ctx, press)
        elif press.route in (MEANT, NOT_YET):
            return await self._resolve_meant(ctx, press)
        elif press.route in INTERNAL:
            return await self._resolve_internal(ctx, press)
        elif call := self._invoker.of_press(press):
            return [call]
        else:
            self.reply_phrase(ctx, phrase("tombol.kedaluwarsa"))
        return []

    async def _resolve_meant(self, ctx: Context, press: StoredButton) -> list[Invocation]:
        """Resolves what an unclear answer was said to mean; words with it count, since they were read back."""
        if press.route == NOT_YET:
            self._clarifications.leave(ctx, press)
            return []
        meant = await self._clarifications.find_meant(ctx, press)
        if meant is None:
            self.reply_phrase(ctx, phrase("tombol.kedaluwarsa"))
            return []
        calls = await self._resolve_choice(ctx, msgspec.structs.replace(meant, words=press.args["kata"]))
        for call in calls:
            call.confirmed = True
        return calls

    async def _resolve_released(self, ctx: Context, press: StoredButton) -> list[Invocation]:
        """Resolves a held message, now that it is known whose words it holds."""
        message = self._held.release(ctx, press)
        ctx.acknowledge_press()
        ctx.event = message
        return await self._resolve_message(ctx, message)

    async def _resolve_internal(self, ctx: Context, press: StoredButton) -> list[Invocation]:
        """Resolves a choice within a dialog; it counts only from its owner, and only while that question is open."""
        if not ctx.account or press.args.get("owner") != ctx.account.id:
            self.reply_phrase(ctx, phrase("tombol.bukan_untuk_anda"))
            return []
        dialog = await self._dialogs.find_by_prompt(press.delivery)
        if dialog is None:
            self.reply_phrase(ctx, phrase("tombol.kedaluwarsa"))
            return []
        if press.route == STOP:
            self._stop_dialog(ctx, dialog)
            return []
        route, values = self._load_dialog(ctx, dialog)
        if route is None:
            return []
        if press.args.get("lain"):
            self._dialogs.ask_parameter(ctx, route, _find_param(route, press.args["param"]), dialog.state, values, None)
            return []
        return [self._continue_dialog(press, dialog, route, values)]

    def _continue_dialog(self, press: StoredButton, dialog: Dialog, route: Route, values: dict[str, Any]) -> Invocation:
        call = Invocation(route, "", values, dialog.state, dialog, confirmed=press.route == YES)
        if press.route == ANSWER:
            param = _find_param(route, press.args["param"])
            if "nilai" in press.args:
                values[param.name] = param.kind.load_value(press.args["nilai"], self._runtime.people)
            else:
                call.only, call.text = param, press.args["teks"]
        return call

    # -- time ----------------------------------------------------------------------------------------------------

    async def _resolve_job(self, ctx: Context, event: JobDue) -> list[Invocation]:
        if event.route != TIME_OUT:
            if event.route not in self._runtime.router.routes:
                # Its plugin may be disabled only for now: the event becomes a dead letter that can be retried.
                raise PluginError(f"no plugin in use has {event.route}")
            if fault := self._gate.degraded.get(event.route.partition(".")[0]):
                # It waits until its plugin is tried again, and again after each failure.
                key, again = event.key.rpartition("@")[0], fault.again_at + 1000
                effects_of(ctx).plans.append(
                    Reminder(key, event.route, event.args, event.chat, event.person, again, to_ms(event.due))
                )
                return []
            return [self._invoker.of_job(event)]
        dialog = await self._dialogs.find_by_prompt(event.args["prompt"])
        if dialog is not None:
            self._dialogs.end_dialog(ctx, dialog)
            self._dialogs.tell_timed_out(ctx, dialog, phrase("tanya.habis_waktu", perintah=self._format_command(dialog.route)))
        return []


def _strip_bot_name(event: Message) -> str:
    """Returns what was said, without the bot's name before it."""
    return _NAMED.sub("", event.text) if event.addressed else event.text


def _find_param(route: Route, name: str) -> Param:
    return next(param for param in route.params if param.name == name)
