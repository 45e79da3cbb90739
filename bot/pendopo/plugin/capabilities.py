"""Capabilities of a context besides talking: `ctx.files`, `calendar`, `directory`, `operations`, `dashboard`, `plugins`."""

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from pendopo.directory.changes import Changes
from pendopo.errors import UserError
from pendopo.model import Attachment, Chat, ChatKind, Document, Event, Message, Person, Photo, Phrase
from pendopo.model.ids import new_key, to_ms
from pendopo.plugin.buttons import Button
from pendopo.plugin.engine_api import Effects, EngineApi, Scene
from pendopo.plugin.page_parts import Overview
from pendopo.plugin.values import ENGINE, CommandHelp, Item, PluginStatus, Refusal, StoredFile
from pendopo.store import Connection, Database
from pendopo.store.queries import accounts, calendar_entries, chats, dead_letters, people, sessions
from pendopo.store.queries.calendar_entries import BusyTime, CalendarEntry
from pendopo.store.tables import TicketKind


class Files:
    """The files of one event, and the store that keeps them."""

    def __init__(self, api: EngineApi, event: Event) -> None:
        self._api = api
        self._event = event

    async def list_attachments(self) -> Sequence[Photo | Document]:
        """Returns the message's pictures and files, stored. Raises `UserError` when one cannot be had."""
        event = self._event
        if not isinstance(event, Message):
            return []
        return [await self._api.files.store_unchecked(event.chat.adapter, file) for file in event.attachments]

    async def list_quoted_attachments(self) -> Sequence[Photo | Document]:
        """Returns the pictures and files of the message this one answers."""
        return await self._api.list_quoted_files(self._event) if isinstance(self._event, Message) else []

    async def download(self, adapter: str, file: Attachment) -> StoredFile:
        """Fetches, inspects and stores a file of a message; `adapter` is the messenger it came by.

        For files that a handler need not wait for: keep the `Attachment`s in a row, reply, and let a job download them. Raises
        `UserError` on a file that cannot be had or is unsound, and nothing of it is left.
        """
        return await self._api.files.ingest_checked(adapter, file)

    async def make_document(self, name: str, data: bytes | Path, mime: str = "") -> Document:
        """Makes a document from bytes or a file, to reply or notify with."""
        if isinstance(data, Path):
            return Document((await self._api.blobs.put_file(data)).sha256, name, mime=mime)
        return Document(await self._api.files.store_bytes(data), name, mime=mime)

    async def make_photo(self, data: bytes) -> Photo:
        """Makes a photo from bytes, to reply or notify with."""
        return Photo(await self._api.files.store_bytes(data))

    async def make_collage(self, thumbs: Sequence[str]) -> Photo:
        """Makes one picture of at most 100 kB from several `thumb`s."""
        return Photo(await self._api.files.make_collage(thumbs))

    async def get_path(self, sha256: str) -> Path:
        """Returns the path of a stored file. Raises `FileNotFoundError`."""
        return await self._api.blobs.fetch_path(sha256)


class Calendars:
    """The calendars of all people. Changes are committed with the handler."""

    def __init__(self, api: EngineApi, effects: Effects, scene: Scene) -> None:
        self._api = api
        self._effects = effects
        self._scene = scene

    async def list_busy(self, person: Person, start: datetime, end: datetime) -> Sequence[BusyTime]:
        """What is in a person's calendar between two instants, by whichever plugin put it there."""
        return await calendar_entries.list_busy(self._api.database, person.id, start, end)

    async def get_entry(self, key: str) -> CalendarEntry | None:
        """What stands in calendars under a key (`izin/27`), whoever it concerns; None when nothing does, or not any more."""
        return await calendar_entries.find_entry(self._api.database, key)

    def put_entry(self, key: str, kind: str, persons: Iterable[Person], start: datetime, end: datetime, title: Phrase) -> None:
        """Puts an entry, `away` or `meeting`, into calendars; it replaces the earlier one of the same key."""
        plugin = self._effects.plugin
        entry = BusyTime(f"{plugin}/{key}", plugin, kind, start, end, title)
        ids = [person.id for person in persons]
        self._effects.unit.later.append(lambda connection: calendar_entries.put_entry(connection, entry, ids))
        self._wake_followers(entry.key)

    def remove_entry(self, key: str) -> None:
        """Removes an entry from all calendars."""
        own = f"{self._effects.plugin}/{key}"
        self._effects.unit.later.append(lambda connection: calendar_entries.remove_entry(connection, own))
        self._wake_followers(own)

    def _wake_followers(self, entry: str) -> None:
        """Has the jobs that follow calendars look at an entry, once this is committed, in order."""
        chat = Chat(ENGINE, f"agenda:{entry}", ChatKind.GROUP)
        for route in self._api.followers:
            self._scene._plan(self._scene.now, route, [entry], new_key(), chat)


class AccountLink(msgspec.Struct, frozen=True):
    """An account that a code links to a person: `maker` made the code, None the person themselves."""

    person: Person
    maker: Person | None
    ticket: str = ""
    """By which `end_waiting_link` knows it while it waits; "" when it is linked."""
    due: datetime | None = None


class DirectoryChanges(Changes):
    """Changes of one handler, committed with it: `appoint`, `give_mandate`, `issue_link_code`, each checked and audited."""

    def __init__(self, api: EngineApi, effects: Effects, ctx: Scene) -> None:
        super().__init__(ctx.people, ctx.now, effects.unit.later, ctx.audit, ctx.sender.id if ctx.sender else 0)
        self._database = api.database
        self._ctx = ctx

    async def link_account(self, code: str) -> AccountLink | None:
        """Links this event's account to the person a code belongs to. None: the code is invalid, nothing was linked.

        If somebody else made the code for a person who has accounts, or had some that were cut off, the account waits: until
        `end_waiting_link` is told their yes, or `due` comes.
        """
        ctx, now = self._ctx, to_ms(self._now)
        guesser = f"akun:{ctx.account.id if ctx.account else ''}"
        if await sessions.count_tries(self._database, guesser, now, sessions.LONG_WINDOW) >= MAX_WRONG_LINK_CODES:
            raise UserError("akun.kode_terlalu_sering")
        found = await accounts.find_link_code(self._database, code, now)
        if found is None:
            await self._database.write(lambda c: sessions.record_try(c, guesser, now))
            await self._database.write(lambda c: sessions.record_try(c, "akun", now))
        person = ctx.people.find_person(found.person) if found else None
        if found is None or person is None or ctx.account is None:
            return None
        aliases, maker = ctx.account.aliases, ctx.people.find_person(found.maker)
        if found.maker and (ctx.people.has_accounts(person) or await people.was_cut(self._database, person.id)):
            due = self._now + accounts.LINK_WAIT
            self._later.append(lambda connection: accounts.use_link_code(connection, code, aliases, now, to_ms(due)))
            return AccountLink(person, maker, found.hash, due)
        self._later.append(lambda connection: accounts.use_link_code(connection, code, aliases, now))
        ctx.sender = person
        return AccountLink(person, maker)

    async def end_waiting_link(self, ticket: str, linked: bool) -> AccountLink | None:
        """Links an account that waits, or never. None: that was decided before, or the account is somebody else's by now."""
        found = await accounts.find_waiting_link(self._database, ticket)
        person = self._ctx.people.find_person(found.person) if found else None
        owner = self._ctx.people.by_alias(found.aliases) if found else None
        if found is None or person is None or owner not in (None, person):
            return None
        now = to_ms(self._now)
        self._later.append(lambda connection: accounts.end_waiting_link(connection, found, linked, now))
        return AccountLink(person, self._ctx.people.find_person(found.maker), ticket)

    async def is_guessed(self) -> bool:
        """Whether so many codes were wrong within an hour, over all accounts, that somebody should hear of it now."""
        wrong = await sessions.count_tries(self._database, "akun", to_ms(self._now), sessions.LONG_WINDOW)
        return wrong > 0 and wrong % MANY_WRONG_LINK_CODES == 0

    async def list_private_chats(self, person: Person) -> list[Chat]:
        """The private chats in which a person is reached, on all their messengers."""
        return [chat for chat, _ in await chats.find_chats_of(self._database, person.id)]


class Operations:
    """Dead letters and maintenance. The command's policy says who may use them."""

    def __init__(self, api: EngineApi, effects: Effects, audit: Callable[..., None]) -> None:
        self.run_maintenance = api.run_maintenance
        """Removes what has passed its retention, by the configuration and the plugins; a second run removes nothing."""
        self._effects = effects
        self._audit = audit

    def retry_dead_letter(self, box: Literal["inbox", "delivery"], letter: int = 0) -> None:
        """Retries a dead letter (0: all) of the inbox or of the deliveries, with a line in the audit log."""
        self._effects.unit.later.append(lambda connection: dead_letters.reopen_letters(connection, box, letter or ""))
        self._audit("sistem.ulang", box, nomor=letter)


MAX_LINKS, MAX_WRONG = 5, 10
"""Links of one person in a quarter of an hour, and wrong codes of a screen, which close no other way in."""
MAX_WRONG_LINK_CODES, MANY_WRONG_LINK_CODES = 5, 30
"""Wrong codes within an hour after which an account is not listened to, and those of all after which somebody looks."""


class SignInRequest(msgspec.Struct, frozen=True):
    """A browser that asks to be signed in: its name, since when it asks, and three numbers of which it shows one."""

    ticket: str
    agent: str
    at: datetime
    numbers: list[int]


class SignIn:
    """The sessions of one person. Changes are committed with the handler."""

    def __init__(
        self, database: Database, site: str, person: Person, now: datetime, later: list[Callable[[Connection], Any]]
    ) -> None:
        self._database = database
        self._site = site
        self._person = person
        self._now = to_ms(now)
        self._later = later

    async def create_link(self, path: str = "") -> str:
        """Returns an address that signs this person in once, within five minutes. Raises `UserError` when there is none."""
        if not self._site:
            raise UserError("web.tanpa_alamat")
        subject = f"person:{self._person.id}"
        if await sessions.count_tries(self._database, subject, self._now) >= MAX_LINKS:
            raise UserError("web.terlalu_sering")
        secret = sessions.new_secret()
        ticket = sessions.Ticket("", TicketKind.LINK, self._person.id, path, "", 0, "", 0)
        self._later.append(lambda c: sessions.record_try(c, subject, self._now))
        self._later.append(lambda c: sessions.issue_ticket(c, secret, ticket, self._now))
        return f"{self._site}/masuk/{secret}"

    async def find_request(self, code: str) -> SignInRequest:
        """Returns the browser that shows a code. Raises `UserError` when none does, or it has expired."""
        subject = f"code:{self._person.id}"
        if await sessions.count_tries(self._database, subject, self._now) >= MAX_WRONG:
            raise UserError("web.terlalu_sering")
        ticket = await sessions.find_ticket(self._database, code.strip().upper(), self._now)
        if ticket is None or ticket.kind != TicketKind.QR:
            await self._database.write(lambda c: sessions.record_try(c, subject, self._now))
            raise UserError("web.kode_salah", param="kode")
        at = datetime.fromtimestamp(ticket.created_at / 1000).astimezone()
        # The same three at every asking: drawn by what only the browser knows, since asking twice must not tell the right one.
        drawn = random.Random(f"{ticket.hash}:{ticket.browser}")  # noqa: S311  its seed is a secret of 256 bits
        others = drawn.sample([n for n in range(10, 100) if n != ticket.number], 2)
        return SignInRequest(ticket.hash, ticket.agent, at, sorted([ticket.number, *others]))

    async def confirm_number(self, ticket: str, number: int) -> bool:
        """Signs a browser in if it shows this number; otherwise its code becomes invalid."""
        shown = await sessions.read_number(self._database, ticket, self._now)
        if shown is None:
            raise UserError("web.kode_salah")
        if shown != number:
            self._later.append(lambda c: sessions.delete_ticket(c, ticket))
            return False
        self._later.append(lambda c: sessions.grant_ticket(c, ticket, self._person.id))
        return True

    def reject_browser(self, ticket: str) -> None:
        """Rejects a browser that is not this person's, and ends all their sessions."""
        self._later.append(lambda c: sessions.delete_ticket(c, ticket))
        self.sign_out()

    def sign_out(self, session: str = "") -> None:
        """Ends one session of this person (by its digest), or all of them."""
        self._later.append(lambda c: sessions.end_sessions(c, self._person.id, session))


class Dashboard:
    """The dashboard, as one person may use it."""

    def __init__(self, api: EngineApi, effects: Effects, ctx: Scene) -> None:
        self._api = api
        self._effects = effects
        self._ctx = ctx

    @property
    def sign_in(self) -> SignIn:
        """Signing in: one-time links, and the sessions of this person."""
        ctx = self._ctx
        return SignIn(self._api.database, self._api.find_site(ctx.chat), ctx.person, ctx.now, self._effects.unit.later)

    async def list_overviews(self, since: datetime, person: Person | None = None) -> Sequence[Overview]:
        """Returns the overviews of all plugins for a person, by default the one who asks; news since an instant."""
        return await self._api.collect_overviews(self._ctx, since, person or self._ctx.person)

    def build_page_url(self, path: str = "") -> str:
        """Returns the address of a dashboard page; "" where people cannot reach it."""
        site = self._api.find_site(self._ctx.chat)
        return f"{site}{path}" if site else ""

    def build_feed_url(self, feed: Callable[..., Any], token: str) -> str:
        """Returns the address of a feed for a token; "" without `web.public_url`."""
        public = self._api.public_url.rstrip("/")
        return f"{public}/feed/{self._api.route_for(feed).name}/{token}" if public else ""


class Plugins:
    """The plugins in use, as far as one person in one chat may see them."""

    def __init__(self, api: EngineApi, ctx: Scene) -> None:
        self._api = api
        self._ctx = ctx

    def list_installed(self) -> Sequence[PluginStatus]:
        """Returns the plugins in use and which are on in this chat; `ctx.directory.switch` turns one on or off."""
        return self._api.list_plugins(self._ctx.chat)

    async def list_commands(self) -> list[CommandHelp]:
        """Returns the commands this person may use."""
        return await self._api.list_commands(self._ctx)

    async def find_items(self, number: int, plugin: str = "") -> Sequence[Item]:
        """Returns the items behind a number, of all plugins or of one, that this person may see."""
        return await self._api.find_items(self._ctx, number, plugin)

    def list_item_buttons(self, key: str, allowed: list[Person]) -> list[Button]:
        """Returns the actions of other plugins on an item of this one, as buttons to show with it."""
        off = self._ctx.people.off.get(self._ctx.chat.key, frozenset())
        offered = [route for route in self._api.offers if route.plugin not in off]
        return [Button(route.offers, route.handler, key, allowed=allowed, reusable=True) for route in offered]

    async def find_last_refusal(self) -> Refusal | None:
        """Returns the last refusal of this person, why, and who could do it; None when there is none."""
        return await self._api.find_last_refusal(self._ctx)
