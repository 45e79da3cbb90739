"""What a handler holds: who asks, where, and everything it may do. All of it commits together when the handler returns."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from sqlmodel.sql.expression import SelectOfScalar

from bot import when
from bot.directory import Decision, People, Thing, decide, links
from bot.directory.changes import Changes
from bot.errors import UserError
from bot.model import (
    Account,
    Attachment,
    ButtonPress,
    Chat,
    ChatKind,
    Choice,
    Content,
    Document,
    Event,
    Message,
    Person,
    Photo,
    Said,
    Text,
)
from bot.store import Row, Unit, agenda, letters
from bot.store.audit import Entry
from bot.store.delivery import ButtonRow, Outgoing, new_key, to_ms
from bot.store.delivery import encode as to_json
from bot.when.calendar import Calendar
from bot.when.office import Office

from .button import Button, RouteName, Target
from .door import Door
from .host import (
    ENGINE,
    Busy,
    Chosen,
    Host,
    Installed,
    Made,
    Marked,
    Plan,
    Question,
    Reach,
    Refusal,
    Sent,
    Stored,
    Upkeep,
    Usage,
)
from .hours import OfficeHours
from .item import Item
from .page import Overview, View
from .say import encode, say

R = TypeVar("R", bound=Row)
BUTTON_LIFE = timedelta(days=30)


class Context:
    """The world of one handler, for one event."""

    __slots__ = (
        "_changes",
        "action",
        "audited",
        "cancelled",
        "capacity",
        "chat",
        "event",
        "host",
        "now",
        "origin",
        "outgoing",
        "people",
        "plans",
        "question",
        "sender",
        "stirred",
        "unit",
        "view",
    )

    def __init__(self, host: Host, unit: Unit, event: Event, sender: Person | None, now: datetime) -> None:
        self.host = host
        self.unit = unit
        self.event: Event = event
        self.chat: Chat = event.chat
        self.sender = sender
        self.now = now
        self.people: People = host.people
        """The directory as this handler decides by: persons, posts, roles, superiors. It commits only while that is so."""
        self.action = ""  # the route's name
        self.capacity = ""
        """In what the person acts, as the gate found: `Sekda`, or `Plh. Sekda`."""
        self._changes: Changes | None = None
        self.origin = ""  # key of the delivery whose button was touched
        self.outgoing: list[Outgoing] = []
        self.plans: list[Plan] = []
        self.cancelled: list[str] = []
        self.audited: list[Entry] = []
        self.question: Question | None = None
        self.view = View()
        """How a page is looked at: how many rows, from where on, and whether it is to be taken away."""
        self.stirred: list[str] = []  # lanes whose rows were changed behind the outbox's back

    # -- who and where -------------------------------------------------------------------------------------------

    @property
    def person(self) -> Person:
        """Who asks. Raises `UserError` when nobody in the directory does; under the policy `known` that cannot be."""
        if self.sender is None:
            raise UserError("gerbang.tidak_dikenal")
        return self.sender

    @property
    def account(self) -> Account | None:
        return self.event.account

    @property
    def zone(self) -> ZoneInfo:
        return self.host.zone

    @property
    def today(self) -> date:
        """The day it is in that zone."""
        return self.now.astimezone(self.zone).date()

    def at(self, day: date, clock: time = time(0)) -> datetime:
        """A moment by the clocks of that zone; by default the begin of a day."""
        return datetime.combine(day, clock, self.zone)

    @property
    def calendar(self) -> Calendar:
        """Holidays and working days; `await ctx.calendar.loaded()` reads them beside the event loop the first time."""
        return self.host.calendar

    def office(self, options: type[OfficeHours]) -> Office:
        """When offices are open, as the operator decided for this plugin; `await ctx.calendar.loaded()` first."""
        hours = self.options(options)
        return Office(self.calendar, self.zone, hours.buka, hours.tutup)

    async def quoted(self) -> str:
        """The words of the message this one answers, "" where there is none or they are not to be had."""
        return await self.host.quoted_text(self.event) if isinstance(self.event, Message) else ""

    async def quoted_key(self) -> str:
        """The key (`Sent.key`) of our own message that this one answers, "" where it answers none."""
        return await self.host.quoted(self.event) if isinstance(self.event, Message) else ""

    async def files(self) -> Sequence[Photo | Document]:
        """The pictures and files that came with the message, stored. Raises `UserError` when one cannot be had."""
        return await self.host.files(self.event) if isinstance(self.event, Message) else []

    async def quoted_files(self) -> Sequence[Photo | Document]:
        """Those that came with the message this one answers."""
        return await self.host.quoted_files(self.event) if isinstance(self.event, Message) else []

    # -- rows ----------------------------------------------------------------------------------------------------

    async def get(self, model: type[R], id_: int) -> R:
        """The row with this id. Raises `UserError` (shown to the person) when there is none."""
        row = await self.unit.get(model, id_)
        if row is None:
            raise UserError("umum.tidak_ada", nomor=id_)
        return row

    async def first(self, statement: SelectOfScalar[R]) -> R | None:
        """The first row a `select` finds, as committed before this handler."""
        return await self.unit.first(statement)

    async def all(self, statement: SelectOfScalar[R]) -> Sequence[R]:
        """All rows a `select` finds, as committed before this handler."""
        return await self.unit.all(statement)

    async def values(self, statement: Any) -> Sequence[Any]:
        """What a `select` counts or sums: `await ctx.values(select(Izin.unit, func.count()).group_by(Izin.unit))`."""
        return await self.unit.values(statement)

    async def save(self, row: R) -> R:
        """Keep a new row; its `id` is there at once. Rows that were read are kept with their changes by themselves."""
        return await self.unit.save(row)

    async def delete(self, row: Row) -> None:
        await self.unit.delete(row)

    # -- words ---------------------------------------------------------------------------------------------------

    async def reply(
        self,
        key: str | Said,
        *more: Said,
        buttons: Sequence[Button] = (),
        photo: Photo | None = None,
        document: Document | None = None,
        file: Photo | Document | None = None,
        secret: bool = False,
        **args: Any,
    ) -> Sent:
        """Answer where the event happened; in a group the answer quotes the message it answers.

        `file` is a stored picture or file, whichever it is. The words of a `secret` answer are forgotten when it is sent.
        """
        quoted = self.event.key if isinstance(self.event, Message) and not self.chat.private else ""
        sent = self._post(self.chat, _said(key, more, args), buttons, photo or document or file, quoted)
        if secret and isinstance(self.outgoing[-1].content, Text):
            self.outgoing[-1].content = msgspec.structs.replace(self.outgoing[-1].content, secret=True)
        return sent

    async def send(
        self,
        chat: Chat,
        key: str | Said,
        *more: Said,
        buttons: Sequence[Button] = (),
        quoting: str = "",
        photo: Photo | None = None,
        **args: Any,
    ) -> Sent:
        """Say something in any chat; `quoting` is the id of an earlier message there, to be shown with it."""
        return self._post(chat, _said(key, more, args), buttons, photo, reply_to=quoting)

    async def notify(
        self,
        person: Person,
        key: str | Said,
        *more: Said,
        buttons: Sequence[Button] = (),
        quoting: str = "",
        photo: Photo | None = None,
        document: Document | None = None,
        file: Photo | Document | None = None,
        beside: Sent | str = "",
        **args: Any,
    ) -> Sent | None:
        """Tell a person privately, on the messenger they used last. None when they cannot be reached anywhere.

        `quoting` is the id of a message in the chat this handler is in; it counts only where that is their private chat.
        With `beside`, an earlier message to them, on another messenger than that one went to.
        """
        chat = await self.host.private_chat(person, await self._went_to(beside) if beside else "")
        if chat is None:
            return None
        reply_to = quoting if chat.key == self.chat.key else ""
        return self._post(chat, _said(key, more, args), buttons, photo or document or file, reply_to, person.locale)

    async def reach(self, person: Person, at: datetime) -> Reach:
        """How a notice to a person will come at an instant, as far as is known now: `full`, `template`, `waits` or `none`."""
        writes = self.chat.private and self.sender is not None and self.sender.id == person.id
        return await self.host.reach(person, at, self.chat if writes else None)

    def group(self, key: str) -> Chat | None:
        """The group with this key (`telegram:-100…`), as directories and settings name it; None: no such messenger."""
        return self.host.group(key)

    async def edit(
        self,
        sent: Sent | str,
        key: str | Said,
        *more: Said,
        chat: Chat | None = None,
        buttons: Sequence[Button] = (),
        resend: bool = False,
        photo: Photo | None = None,
        **args: Any,
    ) -> None:
        """Change a message in place. Where that is impossible it is sent anew if `resend`, and else left as it was.

        `photo` is the picture that stands above the words, where it is one with words below it.
        """
        target = sent if isinstance(sent, str) else sent.key
        outgoing = self._outgoing(chat or self.chat, _said(key, more, args), buttons, photo)
        outgoing.kind, outgoing.target = ("edit" if not resend else "edit_or_send"), target
        self.outgoing.append(outgoing)

    async def update(self, key: str | Said, *more: Said, buttons: Sequence[Button] = (), **args: Any) -> None:
        """Change the message whose button was touched, or answer with a new one."""
        if self.origin:
            await self.edit(self.origin, key, *more, buttons=buttons, resend=True, **args)
        else:
            await self.reply(key, *more, buttons=buttons, **args)

    async def ask(self, handler: Target, **known: Any) -> None:
        """Ask the person for the arguments of another route that are not yet `known`, and then run it."""
        self.question = Question(handler, known)

    async def items(self, number: int, plugin: str = "") -> Sequence[Item]:
        """What a number stands for, of all plugins or of one: only what this person may see."""
        return await self.host.items(self, number, plugin)

    def offers(self, key: str, only: list[Person]) -> list[Button]:
        """What other plugins can do with an item of this one, as buttons to show with it."""
        off = self.people.off.get(self.chat.key, frozenset())
        offered = [(label, route) for label, route in self.host.offered if route.partition(".")[0] not in off]
        return [Button(label, RouteName(route), key, only=only, keep=True) for label, route in offered]

    @property
    def plugins(self) -> Sequence[Installed]:
        """The plugins in use, and which of them are on in this chat; `changes.switch` turns one on or off."""
        return self.host.installed(self.chat)

    async def overview(self, since: datetime, person: Person | None = None) -> Sequence[Overview]:
        """What all plugins say of now to a person, by default to who asks: what waits, what is new since then, some figures."""
        return await self.host.overview(self, since, person or self.person)

    def site(self, path: str = "") -> str:
        """The address of a page of the dashboard; "" where it has none that people could reach."""
        return f"{self.host.site}{path}" if self.host.site else ""

    @property
    def door(self) -> Door:
        """Into the dashboard and out of it: one-time links, and the sessions of this person."""
        return Door(self.unit.database, self.host.site, self.person, self.now, self.unit.later)

    async def usable(self) -> list[Usage]:
        """The commands this person may use."""
        return await self.host.usable(self)

    async def last_refusal(self) -> Refusal | None:
        """What was last refused to this person, why, and who could do it; None when nothing was."""
        return await self.host.last_refusal(self)

    def reopen(self, box: Literal["inbox", "delivery"], letter: int = 0) -> None:
        """Let a dead letter be tried again (0: all of them): what came in, or what was to be sent. It is in the audit log."""
        self.unit.later.append(lambda connection: letters.reopen(connection, box, letter or ""))
        self.audit("sistem.ulang", box, nomor=letter)

    async def upkeep(self) -> Upkeep:
        """Remove what need not be kept any longer, as the configuration and the plugins say; doing it again removes nothing."""
        return await self.host.upkeep()

    # -- files, options, calendars ---------------------------------------------------------------------------------

    def options(self, model: type[Chosen]) -> Chosen:
        """What the operator decided for this plugin, `[plugin.NAME]`."""
        return self.host.options(model)

    def words(self, key: str | Said, *, locale: str = "", **args: Any) -> str:
        """A sentence in the reader's language (or in `locale`), without its styles: for papers, which are words at once."""
        said = key if isinstance(key, Said) else say(key, **args)
        return self.host.words(said, locale or (self.sender.locale if self.sender else ""))

    def address(self, feed: Callable[..., Any], token: str) -> str:
        """Where a feed of the plugin is fetched by a token; "" where the operator gave no `web.public_url`."""
        return self.host.address(self.host.route_of(feed), token)

    async def document(self, name: str, data: bytes | Path, mime: str = "") -> Document:
        """A file of our own making, to reply or notify with: its bytes, or where they lie."""
        kept = await (self.host.keep_path(data) if isinstance(data, Path) else self.host.keep_file(data))
        return Document(kept, name, mime=mime)

    async def picture(self, data: bytes) -> Photo:
        """A picture of our own making, to reply or notify with."""
        return Photo(await self.host.keep_file(data))

    async def keep(self, adapter: str, file: Attachment) -> Stored:
        """Fetch a file that came with a message, look at it and store it; `adapter` is the messenger it came by.

        For files that a handler need not wait for: keep the `Attachment`s in a row, answer, and let a job keep them. Raises
        `UserError` on one that cannot be had or is not sound, and nothing of it is left.
        """
        return await self.host.keep_attachment(adapter, file)

    async def collage(self, thumbs: Sequence[str]) -> Photo:
        """One picture of at most 100 kB made of several `thumb`s."""
        return Photo(await self.host.collage(thumbs))

    async def blob(self, sha256: str) -> Path:
        """Where a stored file can be read. Raises `FileNotFoundError`."""
        return await self.host.blob_path(sha256)

    async def beside(self, work: Callable[[], Made]) -> Made:
        """Do slow work (papers, archives, pictures) in a thread that gives way to everything else."""
        return await self.host.beside(work)

    async def agenda(self, person: Person, start: datetime, end: datetime) -> Sequence[Busy]:
        """What is in a person's calendar between two instants, by whichever plugin put it there."""
        return await self.host.agenda(person.id, to_ms(start), to_ms(end))

    async def entry(self, key: str) -> Marked | None:
        """What stands in calendars under a key (`izin/27`), whoever it concerns; None when nothing does, or not any more."""
        return await self.host.entry(key)

    def mark(self, key: str, kind: str, persons: Iterable[Person], start: datetime, end: datetime, title: Said) -> None:
        """Put something into calendars, `away` or `meeting`; the same key again takes the place of what it put there before."""
        plugin = self.action.partition(".")[0]
        entry = agenda.Entry(f"{plugin}/{key}", plugin, kind, to_ms(start), to_ms(end), to_json(title).decode())
        ids = [person.id for person in persons]
        self.unit.later.append(lambda connection: agenda.put(connection, entry, ids))
        self._followed(entry.key)

    def unmark(self, key: str) -> None:
        """Take something out of all calendars."""
        own = f"{self.action.partition('.')[0]}/{key}"
        self.unit.later.append(lambda connection: agenda.remove(connection, own))
        self._followed(own)

    # -- time and trace ------------------------------------------------------------------------------------------

    async def schedule(self, at: datetime, handler: Target, *args: Any, key: str = "", chat: Chat | None = None) -> str:
        """Run a job at an instant, once; survives everything. Returns the key to `cancel` it by.

        A `key` that is planned already is planned anew, for the new instant. `chat` is where the job runs, by default here.
        """
        return self._plan(at, self.host.route_of(handler), args, key or new_key(), chat or self.chat)

    async def schedule_many(self, handler: Target, plans: Iterable[tuple[datetime, Sequence[Any], str]]) -> list[str]:
        """Plan a job many times at once: the instant, the arguments and the key ("" for a new one) of each."""
        route = self.host.route_of(handler)
        return [self._plan(at, route, args, key or new_key(), self.chat) for at, args, key in plans]

    async def cancel(self, key: str) -> None:
        """Take back a plan that has not run yet."""
        self.cancelled.append(key)

    @property
    def changes(self) -> Changes:
        """What may be changed in the directory: `appoint`, `lend`, `leave`, `code_for`, each checked and audited."""
        if self._changes is None:
            self._changes = Changes(self.people, self.now, self.unit.later, self.audit)
        return self._changes

    async def link(self, code: str) -> Person | None:
        """Link the account of this event to whom a code belongs. None: the code is not valid, and nothing was linked."""
        found = await links.owner(self.unit.database, code, to_ms(self.now))
        person = self.people.person(found) if found else None
        if person is not None and self.account is not None:
            aliases = self.account.aliases
            self.unit.later.append(lambda connection: links.link(connection, code, aliases, to_ms(self.now)))
            self.sender = person
        return person

    def audit(self, action: str, object_: str = "", reason: str = "", **detail: Any) -> None:
        """Write a line of the audit log, in the same transaction as everything else."""
        self.audited.append(Entry(action, object_, encode(detail), reason))

    def allow(self, rule: str) -> Decision:
        """For a policy: yes, by this rule."""
        return Decision(True, rule)

    def decide(self, policy: str, thing: Thing) -> Decision:
        """For a policy: what `owner`, `superior`, `member`, `role:…` or `unit:…` say of a thing."""
        answer = decide(self.people, policy, self.sender, self.now, self.action, thing)
        return answer or Decision(False, policy)

    async def reading(self, text: str) -> when.Reading | None:
        """The time that a text speaks of, with the words around it; None when there is none that can be used."""
        found = when.parse(text, self.now.astimezone(self.zone), self.zone)
        return found if isinstance(found, when.Reading) else None

    def deny(self, rule: str, key: str, **args: Any) -> Decision:
        """For a policy: no, and the one sentence why."""
        return Decision(False, rule, say(key, **args))

    def release(self) -> None:
        """Let a touched button stop turning, whatever comes of it. The engine does so by itself."""
        if isinstance(self.event, ButtonPress) and not any(o.kind == "answer" for o in self.outgoing):
            silent = Outgoing(key=new_key(), chat=self.chat, content=Text(), kind="answer", target=self.event.key)
            self.outgoing.insert(0, silent)

    # -- within --------------------------------------------------------------------------------------------------

    def include(self, other: "Context") -> None:
        """Everything another handler of the same event wants done is done with this."""
        self.unit.include(other.unit)
        self.outgoing += other.outgoing
        self.plans += other.plans
        self.cancelled += other.cancelled
        self.audited += other.audited
        self.stirred += other.stirred

    def _followed(self, entry: str) -> None:
        """Whoever follows calendars looks at an entry after this has been committed, in order."""
        for route in self.host.followers:
            self._plan(self.now, route, [entry], new_key(), Chat(ENGINE, f"agenda:{entry}", ChatKind.GROUP))

    def _plan(self, at: datetime, route: str, args: Sequence[Any], key: str, chat: Chat) -> str:
        person = self.sender.id if self.sender else 0
        self.plans.append(Plan(key, route, self.host.put_away(route, args), chat, person, to_ms(at)))
        return key

    async def _went_to(self, sent: Sent | str) -> str:
        """The messenger of an earlier message, of this handler or of one before."""
        key = sent if isinstance(sent, str) else sent.key
        own = next((outgoing.chat.adapter for outgoing in self.outgoing if outgoing.key == key), "")
        return own or await self.host.adapter_of(key)

    def _post(
        self,
        chat: Chat,
        said: tuple[Said, ...],
        buttons: Sequence[Button],
        file: Photo | Document | None = None,
        reply_to: str = "",
        locale: str = "",
    ) -> Sent:
        outgoing = self._outgoing(chat, said, buttons, file)
        outgoing.reply_to, outgoing.locale = reply_to, locale
        self.outgoing.append(outgoing)
        return Sent(outgoing.key)

    def _outgoing(
        self, chat: Chat, said: tuple[Said, ...], buttons: Sequence[Button], file: Photo | Document | None = None
    ) -> Outgoing:
        rows = self._rows(buttons) if buttons else ()
        choices = tuple(Choice(row.token, _label(b)) for row, b in zip(rows, buttons, strict=True)) if buttons else ()
        text = Text(said, buttons=choices)
        content: Content = msgspec.structs.replace(file, caption=text) if file else text
        return Outgoing(key=new_key(), chat=chat, content=content, buttons=rows)

    def _rows(self, buttons: Sequence[Button]) -> list[ButtonRow]:
        group = new_key()
        expires = to_ms(self.now + BUTTON_LIFE)
        return [self._row(b, "" if b.keep else group, expires) for b in buttons]

    def _row(self, b: Button, group: str, expires: int) -> ButtonRow:
        route = self.host.route_of(b.target)
        args = self.host.put_away(route, b.args)
        allowed = [person.id for person in b.only]
        return ButtonRow(new_key(), to_json(_label(b)), route, args, allowed, group, expires)


def _label(b: Button) -> Said:
    return b.label if isinstance(b.label, Said) else say(b.label)


def _said(key: str | Said, more: tuple[Said, ...], args: dict[str, Any]) -> tuple[Said, ...]:
    first = key if isinstance(key, Said) else say(key, **args)
    return (first, *more)
