"""The context of a handler: who asks, where, and everything it may do. All effects commit together when it returns."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar, overload
from zoneinfo import ZoneInfo

import msgspec
from sqlmodel.sql.expression import Select, SelectOfScalar

from pendopo import when
from pendopo.config import OptionsT
from pendopo.directory import Decision, Resource, UnclearName, decide
from pendopo.directory.person_lists import drop_name, label_person, replace_name
from pendopo.errors import PluginError, UserError
from pendopo.model import (
    ButtonPress,
    Chat,
    ChatKind,
    Choice,
    Content,
    Document,
    JobDue,
    Message,
    Person,
    Photo,
    Phrase,
    Text,
)
from pendopo.model.ids import new_key, parse_lane_key, to_ms
from pendopo.plugin.buttons import Button, Target
from pendopo.plugin.capabilities import Calendars, Dashboard, DirectoryChanges, Files, Operations, Plugins
from pendopo.plugin.engine_api import Effects, Scene, T
from pendopo.plugin.phrases import phrase
from pendopo.plugin.values import ENGINE, BusinessHoursOptions, MessageRef, Question, Reach
from pendopo.store import Row, Unit
from pendopo.store.queries.buttons import ButtonRow
from pendopo.store.queries.deliveries import Outgoing
from pendopo.store.queries.deliveries import encode as to_json
from pendopo.when.business_hours import BusinessHours
from pendopo.when.calendar import WorkCalendar

R = TypeVar("R", bound=Row)
V = TypeVar("V")
BUTTON_LIFE = timedelta(days=30)
"""How long a button can be pressed."""


class Context(Scene):
    """The context of one handler, for one event."""

    __slots__ = ()

    # -- capabilities --------------------------------------------------------------------------------------------

    @property
    def files(self) -> Files:
        """The files of the message, and files the bot makes."""
        return Files(self._api, self.event)

    @property
    def calendar(self) -> Calendars:
        """People's calendars."""
        return Calendars(self._api, self._effects, self)

    @property
    def directory(self) -> DirectoryChanges:
        """What may be changed in the directory: `appoint`, `give_mandate`, `issue_link_code`, each checked and audited."""
        return DirectoryChanges(self._api, self._effects, self)

    @property
    def dashboard(self) -> Dashboard:
        """Overviews of all plugins, addresses of pages and feeds, and signing in."""
        return Dashboard(self._api, self._effects, self)

    @property
    def plugins(self) -> Plugins:
        """The plugins in use: their commands, and the items behind a number."""
        return Plugins(self._api, self)

    @property
    def operations(self) -> Operations:
        """Operators' actions: dead letters and maintenance."""
        return Operations(self._api, self._effects, self.audit)

    # -- who and where -------------------------------------------------------------------------------------------

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which people mean their times."""
        return self._api.zone

    @property
    def today(self) -> date:
        """The current day in that zone."""
        return self.now.astimezone(self.zone).date()

    def at(self, day: date, clock: time = time(0)) -> datetime:
        """Returns an instant in that zone, by default the start of a day."""
        return datetime.combine(day, clock, self.zone)

    @property
    def work_calendar(self) -> WorkCalendar:
        """Holidays and working days; `await ctx.work_calendar.ensure_loaded()` reads them in a thread the first time."""
        return self._api.work_calendar

    def business_hours(self, options: type[BusinessHoursOptions]) -> BusinessHours:
        """When offices are open, as the operator decided for this plugin; `await ctx.work_calendar.ensure_loaded()` first."""
        hours = self.options(options)
        return BusinessHours(self.work_calendar, self.zone, hours.buka, hours.tutup, hours.get_day_hours)

    async def quoted_text(self) -> str:
        """Returns the text of the message this one answers, "" where there is none or it cannot be had."""
        return await self._api.find_quoted_text(self.event) if isinstance(self.event, Message) else ""

    async def quoted_key(self) -> str:
        """Returns the key (`MessageRef.key`) of the bot's message that this one answers, "" where it answers none."""
        return await self._api.find_quoted_key(self.event) if isinstance(self.event, Message) else ""

    @property
    def pressed_key(self) -> str:
        """The key (`MessageRef.key`) of the message whose button was pressed, "" where none was."""
        return self._effects.origin

    # -- rows ----------------------------------------------------------------------------------------------------

    async def get(self, model: type[R], id_: int) -> R:
        """Returns the row with this id. Raises `UserError` (shown to the person) when there is none."""
        row = await self._effects.unit.get(model, id_)
        if row is None:
            raise UserError("umum.tidak_ada", nomor=id_)
        return row

    async def first(self, statement: SelectOfScalar[R]) -> R | None:
        """Returns the first row of a `select`, as committed before this handler."""
        return await self._effects.unit.first(statement)

    async def all(self, statement: SelectOfScalar[R]) -> Sequence[R]:
        """Returns all rows of a `select`, as committed before this handler."""
        return await self._effects.unit.all(statement)

    @overload
    async def rows(self, statement: SelectOfScalar[V]) -> Sequence[V]: ...
    @overload
    async def rows(self, statement: Select[V]) -> Sequence[V]: ...
    async def rows(self, statement: Any) -> Sequence[Any]:
        """Returns what a `select` reads, as committed before this handler: of one column its values, of several tuples.

        `await ctx.rows(select(Izin.unit, func.count()).group_by(Izin.unit))`
        """
        return await self._effects.unit.read_values(statement)

    async def scalar(self, statement: SelectOfScalar[V]) -> V | None:
        """Returns the one value of a `select`, as committed before this handler; None where it finds nothing.

        `await ctx.scalar(select(func.sum(Kas.jumlah)))`
        """
        found = await self._effects.unit.read_values(statement)
        value: V | None = found[0] if found else None
        return value

    async def save(self, row: R) -> R:
        """Saves a new row; its `id` is there at once. Changes to rows that were read are saved without a call."""
        return await self._effects.unit.save(row)

    async def delete(self, row: Row) -> None:
        """Remove a row that was read."""
        await self._effects.unit.delete(row)

    # -- words ---------------------------------------------------------------------------------------------------

    async def reply(
        self,
        key: str | Phrase,
        /,
        *more: Phrase,
        buttons: Sequence[Button] = (),
        photo: Photo | None = None,
        document: Document | None = None,
        file: Photo | Document | None = None,
        secret: bool = False,
        **args: Any,
    ) -> MessageRef:
        """Replies where the event happened; in a group the reply quotes the message.

        `file` is a stored picture or document. The text of a `secret` reply is deleted once it is sent; it carries no file.
        """
        quoted = self.event.key if isinstance(self.event, Message) and not self.chat.private else ""
        chosen = _choose_file(photo, document, file)
        if secret and chosen:
            raise PluginError("a secret reply carries no file: only its words can be forgotten")
        sent = self._post(self.chat, _said(key, more, args), buttons, chosen, quoted)
        last = self._effects.outgoing[-1]
        if secret and isinstance(last.content, Text):
            last.content = msgspec.structs.replace(last.content, secret=True)
        return sent

    async def send(
        self,
        chat: Chat,
        key: str | Phrase,
        /,
        *more: Phrase,
        buttons: Sequence[Button] = (),
        quoting: str = "",
        photo: Photo | None = None,
        document: Document | None = None,
        file: Photo | Document | None = None,
        urgent: bool = False,
        **args: Any,
    ) -> MessageRef:
        """Sends a message to any chat; `quoting` is the id of an earlier message there.

        In quiet hours it arrives without a sound, or when they end, unless it is `urgent` or answers what was asked there.
        """
        sent = self._post(chat, _said(key, more, args), buttons, _choose_file(photo, document, file), reply_to=quoting)
        self._effects.outgoing[-1].quiet = not urgent
        return sent

    async def notify(
        self,
        person: Person,
        key: str | Phrase,
        /,
        *more: Phrase,
        buttons: Sequence[Button] = (),
        quoting: str = "",
        photo: Photo | None = None,
        document: Document | None = None,
        file: Photo | Document | None = None,
        not_via: MessageRef | str = "",
        urgent: bool = False,
        **args: Any,
    ) -> MessageRef | None:
        """Notifies a person privately, on the messenger they used last. None when they cannot be reached.

        `quoting` is the id of a message in this handler's chat; it counts only where that is their private chat. `not_via`: an
        earlier message to them, whose messenger is avoided. In quiet hours it arrives without a sound, or when they end, and
        whoever caused it is told so; not where it is `urgent`, or for somebody who asked just now.
        """
        chat = await self._api.find_private_chat(person, await self._find_messenger(not_via) if not_via else "")
        if chat is None:
            return None
        reply_to = quoting if chat.key == self.chat.key else ""
        chosen = _choose_file(photo, document, file)
        sent = self._post(chat, _said(key, more, args), buttons, chosen, reply_to, person.locale)
        last = self._effects.outgoing[-1]
        last.told = person.called
        last.quiet = not urgent and (isinstance(self.event, JobDue) or self.sender is None or person.id != self.sender.id)
        return sent

    def end_quiet_hours(self, at: datetime) -> datetime:
        """Returns when people can hear of what is sent at an instant: the end of the quiet hours it lies in, else itself."""
        return self._api.quiet_hours.find_end(at) or at

    async def check_reachability(self, person: Person, at: datetime) -> Reach:
        """Predicts how a notice will reach a person at an instant: `full`, `template`, `waits` or `none`."""
        writes = self.chat.private and self.sender is not None and self.sender.id == person.id
        return await self._api.check_reachability(person, at, self.chat if writes else None)

    def group(self, key: str) -> Chat | None:
        """The group with this key (`telegram:-100…`), as directories and settings name it; None: no such messenger."""
        adapter, id_, _ = parse_lane_key(key)
        return Chat(adapter, id_, ChatKind.GROUP) if adapter in self._api.messengers else None

    async def edit(
        self,
        sent: MessageRef | str,
        key: str | Phrase,
        /,
        *more: Phrase,
        chat: Chat | None = None,
        buttons: Sequence[Button] = (),
        resend: bool = False,
        photo: Photo | None = None,
        document: Document | None = None,
        file: Photo | Document | None = None,
        urgent: bool = False,
        **args: Any,
    ) -> None:
        """Edits a message. Where that is impossible it is sent anew if `resend`, and else left as it was.

        `photo` is the picture of a message that has one. No messenger puts a document into a message that stands: it follows
        in a message of its own. `urgent`: sent anew, it rings in quiet hours too.
        """
        target, chosen = sent if isinstance(sent, str) else sent.key, _choose_file(photo, document, file)
        picture = chosen if isinstance(chosen, Photo) else None
        outgoing = self._outgoing(chat or self.chat, _said(key, more, args), buttons, picture)
        outgoing.kind, outgoing.target, outgoing.quiet = ("edit" if not resend else "edit_or_send"), target, not urgent
        self._effects.outgoing.append(outgoing)
        if isinstance(chosen, Document):
            self._post(chat or self.chat, (), (), chosen)
            self._effects.outgoing[-1].quiet = not urgent

    async def update(
        self,
        key: str | Phrase,
        /,
        *more: Phrase,
        buttons: Sequence[Button] = (),
        photo: Photo | None = None,
        document: Document | None = None,
        file: Photo | Document | None = None,
        **args: Any,
    ) -> None:
        """Edits the message whose button was pressed, or replies with a new one.

        A picture or document follows the edited words in a message of its own.
        """
        chosen = _choose_file(photo, document, file)
        if not self._effects.origin:
            await self.reply(key, *more, buttons=buttons, file=chosen, **args)
            return
        await self.edit(self._effects.origin, key, *more, buttons=buttons, resend=True, **args)
        if chosen:
            self._post(self.chat, (), (), chosen)

    async def prompt_for(
        self, handler: Target, offered: Mapping[str, Sequence[tuple[Any, Any]]] | None = None, /, **known: Any
    ) -> None:
        """Asks the person for the arguments of another route that are not `known` yet, and then runs it.

        A known argument may be `Typed(text)`: it is read from the text, and asked for where it is in doubt. `offered` are
        buttons for arguments that are asked for, by their names: a label and the value of each.
        """
        self._effects.question = Question(handler, known, offered or {})

    # -- options and slow work -------------------------------------------------------------------------------------

    def options(self, model: type[OptionsT]) -> OptionsT:
        """Returns the plugin's options, `[plugin.NAME]`."""
        options = self._api.options.get(model)
        if not isinstance(options, model):
            raise PluginError(f"no plugin in use is given {model.__name__}: say Plugin(options={model.__name__})")
        return options

    def translate(self, key: str | Phrase, /, *, locale: str = "", **args: Any) -> str:
        """Returns a sentence in the reader's language (or `locale`), without styles: for papers, which hold plain text."""
        text = key if isinstance(key, Phrase) else phrase(key, **args)
        return self._api.catalogues.render_text(text, locale or (self.sender.locale if self.sender else "") or self._api.locale)

    def make_world_id(self, name: str, since: datetime) -> str:
        """Returns a name unique in the world, as for a calendar entry, for a thing known as `name` since an instant."""
        return self._api.make_world_id(name, since)

    async def run_in_thread(self, work: Callable[[], T]) -> T:
        """Runs slow work (papers, archives, pictures) in a low-priority thread."""
        return await self._api.files.run_in_thread(work)

    # -- time and trace ------------------------------------------------------------------------------------------

    async def schedule(self, at: datetime, handler: Target, *args: Any, key: str = "", chat: Chat | None = None) -> str:
        """Runs a job once at an instant, restarts included. Returns the key to `cancel` it by.

        A `key` that is planned already is planned anew. `chat` is where the job runs, by default this one.
        """
        return self._plan(at, self._api.route_for(handler).name, args, key or new_key(), chat or self.chat)

    async def schedule_many(self, handler: Target, plans: Iterable[tuple[datetime, Sequence[Any], str]]) -> list[str]:
        """Plans a job many times: the instant, the arguments and the key ("" for a new one) of each."""
        route = self._api.route_for(handler).name
        return [self._plan(at, route, args, key or new_key(), self.chat) for at, args, key in plans]

    async def cancel(self, *keys: str) -> None:
        """Take back plans that have not run yet."""
        self._effects.cancelled += keys

    def allow(self, rule: str) -> Decision:
        """Allows, by this rule: the answer of a policy."""
        return Decision(True, rule)

    def decide(self, policy: str, thing: Resource) -> Decision:
        """Answers for a policy as `owner`, `superior`, `member`, `role:…` or `unit:…` judge a thing."""
        answer = decide(self.people, policy, self.sender, self.now, self._effects.action, thing)
        return answer or Decision(False, policy)

    async def parse_time(self, text: str) -> when.Reading | None:
        """Parses the time in a text; None when it holds none that can be used.

        Whoever takes its value answers for `doubtful`: by `prompt_for(…, argument=Typed(text))`, which asks.
        """
        reading = when.parse(text, self.now.astimezone(self.zone), self.zone)
        return reading if isinstance(reading, when.Reading) else None

    def explain_unclear(self, unclear: Sequence[UnclearName], param: str, text: str) -> UserError:
        """Returns the error for names that are not clear: it tells all of them, and offers whom the first may mean.

        `text` is the value of the argument `param`, in which the names stand; a choice puts the person into it, and the
        handler runs again with the rest as it was.
        """
        first = unclear[0]
        chosen = [(label_person(p, first.choices), replace_name(text, first, p)) for p in first.choices]
        if first.unit:
            said = f"{text[: first.start]}seluruh {first.unit}{text[first.end :]}"
            chosen.append((self.translate("tanya.seluruh_unit", unit=first.unit), said))
        if (rest := drop_name(text, first)) and any(sign.isalnum() for sign in rest):
            chosen.append((self.translate("tanya.tanpa_nama", tertulis=first.said[:30]), rest))
        alone = len(chosen) == len(first.choices)
        names = ", ".join(f"“{name.said[:60]}”" for name in unclear[:10])
        key = "tanya.nama_belum_jelas" if len(unclear) == 1 else "tanya.beberapa_belum_jelas"
        return UserError(key, param=param, options=chosen, guessed=alone, daftar=names, tertulis=first.said[:60])

    def deny(self, rule: str, key: str, /, **args: Any) -> Decision:
        """Denies, with the sentence that says why: the answer of a policy."""
        return Decision(False, rule, phrase(key, **args))

    def acknowledge_press(self) -> None:
        """Stops the spinner of a pressed button, whatever comes of it. The engine does so by itself."""
        if isinstance(self.event, ButtonPress) and not any(o.kind == "answer" for o in self._effects.outgoing):
            silent = Outgoing(key=new_key(), chat=self.chat, content=Text(), kind="answer", target=self.event.key)
            self._effects.outgoing.insert(0, silent)

    # -- within --------------------------------------------------------------------------------------------------

    async def _find_messenger(self, sent: MessageRef | str) -> str:
        """Returns the messenger of an earlier message, of this handler or one before."""
        key = sent if isinstance(sent, str) else sent.key
        own = next((outgoing.chat.adapter for outgoing in self._effects.outgoing if outgoing.key == key), "")
        return own or await self._api.find_messenger(key)

    def _post(
        self,
        chat: Chat,
        phrases: tuple[Phrase, ...],
        buttons: Sequence[Button],
        file: Photo | Document | None = None,
        reply_to: str = "",
        locale: str = "",
    ) -> MessageRef:
        if chat.adapter == ENGINE:
            cure = "ctx.send(chat, …) or ctx.notify(person, …)"
            raise PluginError(f"{self._effects.action or 'this'} runs by cron and is in no chat: use {cure}")
        outgoing = self._outgoing(chat, phrases, buttons, file)
        outgoing.reply_to, outgoing.locale = reply_to, locale
        self._effects.outgoing.append(outgoing)
        return MessageRef(outgoing.key)

    def _outgoing(
        self, chat: Chat, phrases: tuple[Phrase, ...], buttons: Sequence[Button], file: Photo | Document | None = None
    ) -> Outgoing:
        _check_buttons(buttons)
        rows = self._rows(buttons) if buttons else ()
        choices = tuple(Choice(row.token, _label(b)) for row, b in zip(rows, buttons, strict=True) if b.shown)
        text = Text(phrases, buttons=choices)
        content: Content = msgspec.structs.replace(file, caption=text) if file else text
        return Outgoing(key=new_key(), chat=chat, content=content, buttons=rows)

    def _rows(self, buttons: Sequence[Button]) -> list[ButtonRow]:
        group = new_key()
        expires = to_ms(self.now + BUTTON_LIFE)
        return [self._row(b, "" if b.reusable else group, expires) for b in buttons]

    def _row(self, b: Button, group: str, expires: int) -> ButtonRow:
        route = self._api.route_for(b.target).name
        args = self._api.encode_arguments(route, b.args)
        allowed = [person.id for person in b.allowed]
        return ButtonRow(new_key(), to_json(_label(b)), route, args, allowed, group, expires, b.shown)


def _label(b: Button) -> Phrase:
    return b.label if isinstance(b.label, Phrase) else phrase(b.label)


def _said(key: str | Phrase, more: tuple[Phrase, ...], args: dict[str, Any]) -> tuple[Phrase, ...]:
    first = key if isinstance(key, Phrase) else phrase(key, **args)
    return (first, *more)


def _choose_file(photo: Photo | None, document: Document | None, file: Photo | Document | None) -> Photo | Document | None:
    """Returns the one file of a message. Raises `PluginError` for a value that is no stored file, and for a second file."""
    kinds: dict[str, tuple[Any, tuple[type, ...]]] = {
        "photo": (photo, (Photo,)),
        "document": (document, (Document,)),
        "file": (file, (Photo, Document)),
    }
    given = [value for value, _ in kinds.values() if value is not None]
    for name, (value, allowed) in kinds.items():
        if value is not None and not isinstance(value, allowed):
            cure = "make one with ctx.files, or give the sentence's argument another name"
            raise PluginError(f"{name}= takes a stored file, not {type(value).__name__}: {cure}")
    if len(given) > 1:
        raise PluginError("a message carries one file: send the other one in a message of its own")
    return given[0] if given else None


def _check_buttons(buttons: Any) -> None:
    """Raises `PluginError` for anything but a list of buttons."""
    if not isinstance(buttons, Sequence) or not all(isinstance(each, Button) for each in buttons):
        raise PluginError(f"buttons= takes a list of Button, not {buttons!r:.60}")


def effects_of(ctx: Scene) -> Effects:
    """Returns the effects of a handler, for the engine to commit."""
    return ctx._gathered


def context_like(ctx: Scene, person: Person | None) -> Context:
    """Makes a context for another person or plugin; its effects are not committed."""
    return Context(ctx._api, Unit(ctx._gathered.unit.database), ctx.event, person, ctx.now)
