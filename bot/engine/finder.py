"""Where an event leads: a command, a choice, an open dialog, or whoever listens for such events."""

import re
from typing import Any

import msgspec
import structlog

from bot.directory import links
from bot.directory.directory import bump
from bot.errors import PluginError
from bot.model import ButtonPress, ChatMigrated, JobDue, MemberChanged, Message, Said
from bot.plugin import Context, say
from bot.plugin.arguments import Param
from bot.plugin.command import Typed, first_word, recognise
from bot.plugin.context import effects_of
from bot.plugin.host import WEB, Plan
from bot.plugin.route import Route
from bot.store import chats
from bot.store.delivery import to_ms

from .calls import Call, Calls
from .core import Core
from .dialogs import ANSWER, CONFIRM, INTERNAL, STOP, TIME_OUT, YES, Dialog, Dialogs
from .introductions import INTRODUCE, Introductions
from .pages import Pages
from .presses import Press, Presses

log = structlog.get_logger(__name__)
_NAMED = re.compile(r"^\s*@\w+[\s:,]*")


class Finder:
    """Finds the calls of an event, and speaks for the engine where no plugin does."""

    def __init__(self, core: Core, pages: Pages) -> None:
        self._core = core
        self._pages = pages
        self._gate = core.gate
        self._dialogs = Dialogs(core)
        self._presses = Presses(core)
        self._introductions = Introductions(core)
        self._calls = Calls(core, self._dialogs)
        self.run = self._calls.run
        self.tell = self._calls.tell
        self.excuse = self._calls.excuse

    async def calls(self, ctx: Context) -> list[Call]:
        """The calls an event leads to: mostly one, or none when there is nothing to do or all of it is said already."""
        event = ctx.event
        if isinstance(event, Message):
            return await self._message(ctx, event)
        if isinstance(event, ButtonPress):
            return await self._touched(ctx, event)
        if isinstance(event, JobDue):
            return await self._due(ctx, event)
        if isinstance(event, ChatMigrated):
            effects_of(ctx).unit.later += [lambda connection: chats.move(connection, event.chat, event.new_id), bump]
            effects_of(ctx).dirty_lanes += [event.chat.key, msgspec.structs.replace(event.chat, id=event.new_id).key]
            self._doubt(ctx, event)
        if isinstance(event, MemberChanged) and event.of_bot:
            note = chats.open_again if event.present else chats.close
            effects_of(ctx).unit.later.append(lambda connection: note(connection, event.chat))
        return self._listeners(ctx)

    def _listeners(self, ctx: Context) -> list[Call]:
        return [Call(route) for route in self._core.router.listeners.get(type(ctx.event), ())]

    def _doubt(self, ctx: Context, event: ChatMigrated) -> None:
        """A changed number: whoever has the old one by now, or took the new one, is not yet the person we knew."""
        person, old = ctx.sender, event.account.aliases if event.account else ()
        if person is None or not event.aliases:
            return
        names, now = dict.fromkeys((*old, *event.aliases)), self._core.now_ms()
        effects_of(ctx).unit.later.append(lambda connection: links.doubt(connection, list(names), person.id, now))
        ctx.audit("account.changed", f"person/{person.id}", old=list(old), new=list(event.aliases))
        log.warning("an account changed its number and is to be confirmed", event_name="account_changed", person=person.id)

    # -- messages ------------------------------------------------------------------------------------------------

    async def _message(self, ctx: Context, event: Message) -> list[Call]:
        if event.account is None or event.account.service:
            return []
        if event.account.anonymous:
            await self._introductions.ask(ctx, event)
            return []
        if event.continues not in ("", event.key):
            return self._listeners(ctx)  # more of what is handled already: no command, and no answer to anything
        typed = recognise(_NAMED.sub("", event.text) if event.addressed else event.text)
        if typed is not None:
            return await self._command(ctx, event, typed)
        dialog = await self._dialogs.of(ctx.chat.key, event.account.id)
        press = await self._presses.quoted(event)
        if press is not None and (dialog is None or press.delivery != dialog.prompt):
            return await self._chosen(ctx, press)
        if dialog is not None and await self._dialogs.addressed(dialog, event):
            return await self._answered(ctx, event, dialog)
        press_or_doubt = await self._presses.unquoted(event, ctx.sender)
        if isinstance(press_or_doubt, Said):
            self.tell(ctx, press_or_doubt)
            return []
        if press_or_doubt is not None:
            return await self._chosen(ctx, press_or_doubt)
        if event.chat.private and (found := self._without_slash(event)):
            return [found]
        return self._listeners(ctx)

    def _without_slash(self, event: Message) -> Call | None:
        word = first_word(event.text)
        found = self._core.router.find(word) if word else None
        return Call(found[0], found[1]) if found else None

    async def _command(self, ctx: Context, event: Message, typed: Typed) -> list[Call]:
        handle = self._core.adapters[event.chat.adapter].handle
        if typed.bot and handle and typed.bot != handle:
            return []
        if typed.word in ("batal", "kembali"):
            return await self._dialog_word(ctx, event, typed.word)
        found = self._core.router.find(typed)
        if found is None:
            await self._suggest(ctx, typed)
            return []
        return [Call(found[0], found[1])]

    async def _suggest(self, ctx: Context, typed: Typed) -> None:
        """The nearest commands this person may use. Silence in a group when nothing is near: it was for another bot."""
        near = [route for route in self._core.router.similar(typed.word) if await self._gate.may_begin(ctx, route)]
        if near:
            words = " ".join(f"/{word}" for word in dict.fromkeys(route.words[0] for route in near))
            self.tell(ctx, say("umum.mungkin_maksud", tertulis=typed.word[:40], perintah=words))
        elif ctx.chat.private or typed.bot:
            self.tell(ctx, say("umum.perintah_tidak_ada", tertulis=typed.word[:40]))

    # -- dialogs -------------------------------------------------------------------------------------------------

    async def _dialog_word(self, ctx: Context, event: Message, word: str) -> list[Call]:
        dialog = await self._dialogs.of(ctx.chat.key, event.account.id if event.account else "")
        if dialog is None:
            self.tell(ctx, say("tanya.tidak_ada_dialog"))
        elif word == "batal":
            self._stop(ctx, dialog)
        else:
            self._back(ctx, dialog)
        return []

    def _stop(self, ctx: Context, dialog: Dialog) -> None:
        self._dialogs.close(ctx, dialog)
        self.tell(ctx, say("tanya.dibatalkan", perintah=self._word(dialog.route)))

    def _back(self, ctx: Context, dialog: Dialog) -> None:
        route, values = self._begun(ctx, dialog)
        if route is None:
            return
        asked = [name for name in dialog.state.asked if name != dialog.state.asking]
        before = asked[-1] if asked else dialog.state.asking
        if before == CONFIRM:  # everything was said at once, so the last part of it is the step before
            before = route.params[-1].name if route.params else ""
        if not before:
            self._dialogs.confirm(ctx, route, dialog.state, values)
            return
        dialog.state.asked = asked[:-1]
        values.pop(before, None)
        self._dialogs.ask(ctx, route, _param(route, before), dialog.state, values, None)

    async def _answered(self, ctx: Context, event: Message, dialog: Dialog) -> list[Call]:
        """A message that answers an open question: by the number or the words of a choice, or in its own words."""
        route, values = self._begun(ctx, dialog)
        if route is None:
            return []
        chosen = await self._presses.of_prompt(dialog.prompt, event.text)
        if chosen is not None and chosen.route in INTERNAL:
            return await self._internal(ctx, chosen)
        if dialog.state.asking == CONFIRM:
            self._dialogs.confirm(ctx, route, dialog.state, values)
            return []
        text = _NAMED.sub("", event.text) if event.addressed else event.text
        return [Call(route, text, values, dialog.state, dialog, only=_param(route, dialog.state.asking))]

    def _begun(self, ctx: Context, dialog: Dialog) -> tuple[Route | None, dict[str, Any]]:
        """The route and values of a dialog. A dialog of before an upgrade that no longer fits is ended and told."""
        route = self._core.router.routes.get(dialog.route)
        values = self._dialogs.values(dialog, route) if route else None
        if route is None or values is None:
            self._dialogs.close(ctx, dialog)
            self.tell(ctx, say("tanya.sudah_berubah", perintah=self._word(dialog.route)))
            return None, {}
        return route, values

    def _word(self, name: str) -> str:
        route = self._core.router.routes.get(name)
        return f"/{route.words[0]}" if route and route.words else ""

    # -- choices -------------------------------------------------------------------------------------------------

    async def _touched(self, ctx: Context, event: ButtonPress) -> list[Call]:
        if event.chat.adapter == WEB and (found := await self._pages.pressed(ctx, event)):
            return [Call(found[0], "", found[1])]
        press = await self._presses.touched(event, ctx.sender)
        if press is None:
            self.tell(ctx, say("tombol.tidak_dikenal"))
            return []
        return await self._chosen(ctx, press)

    async def _chosen(self, ctx: Context, press: Press) -> list[Call]:
        if press.used_at:
            who = ctx.people.person(press.used_by)
            self.tell(ctx, say("tombol.sudah_dipakai", siapa=who) if who else say("tombol.sudah_dijawab"))
        elif press.expires_at <= self._core.now_ms():
            self.tell(ctx, say("tombol.kedaluwarsa"))
        elif not press.for_(ctx.sender):
            changed = ctx.account is not None and ctx.people.to_confirm(ctx.account.aliases) is not None
            self.tell(ctx, say("gerbang.nomor_berganti" if changed else "tombol.bukan_untuk_anda"))
        elif press.route == INTRODUCE:
            return await self._introduced(ctx, press)
        elif press.route in INTERNAL:
            return await self._internal(ctx, press)
        elif call := self._calls.of_press(press):
            return [call]
        else:
            self.tell(ctx, say("tombol.kedaluwarsa"))
        return []

    async def _introduced(self, ctx: Context, press: Press) -> list[Call]:
        """What somebody wrote under another name, now that it is known who they are."""
        message = self._introductions.take(ctx, press)
        ctx.acknowledge_press()
        ctx.event = message
        return await self._message(ctx, message)

    async def _internal(self, ctx: Context, press: Press) -> list[Call]:
        """A choice within a dialog; only its owner's counts, and only while that question is open."""
        if not ctx.account or press.args.get("owner") != ctx.account.id:
            self.tell(ctx, say("tombol.bukan_untuk_anda"))
            return []
        dialog = await self._dialogs.by_prompt(press.delivery)
        if dialog is None:
            self.tell(ctx, say("tombol.kedaluwarsa"))
            return []
        if press.route == STOP:
            self._stop(ctx, dialog)
            return []
        route, values = self._begun(ctx, dialog)
        if route is None:
            return []
        return [self._continue(press, dialog, route, values)]

    def _continue(self, press: Press, dialog: Dialog, route: Route, values: dict[str, Any]) -> Call:
        call = Call(route, "", values, dialog.state, dialog, confirmed=press.route == YES)
        if press.route == ANSWER:
            param = _param(route, press.args["param"])
            if "nilai" in press.args:
                values[param.name] = param.kind.load(press.args["nilai"], self._core.people)
            else:
                call.only, call.text = param, press.args["teks"]
        return call

    # -- time ----------------------------------------------------------------------------------------------------

    async def _due(self, ctx: Context, event: JobDue) -> list[Call]:
        if event.route != TIME_OUT:
            if event.route not in self._core.router.routes:
                # Perhaps its plugin is only switched off for now: kept as a dead letter, to be tried again.
                raise PluginError(f"no plugin in use has {event.route}")
            if fault := self._gate.degraded.get(event.route.partition(".")[0]):
                # It waits until its plugin has been tried again, and then as often as it takes.
                key, again = event.key.rpartition("@")[0], fault.again_at + 1000
                effects_of(ctx).plans.append(
                    Plan(key, event.route, event.args, event.chat, event.person, again, to_ms(event.due))
                )
                return []
            return [self._calls.of_job(event)]
        dialog = await self._dialogs.by_prompt(event.args["prompt"])
        if dialog is not None:
            self._dialogs.close(ctx, dialog)
            self.tell(ctx, say("tanya.habis_waktu", perintah=self._word(dialog.route)))
        return []


def _param(route: Route, name: str) -> Param:
    return next(param for param in route.params if param.name == name)
