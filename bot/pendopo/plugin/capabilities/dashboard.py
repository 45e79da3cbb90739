"""`ctx.dashboard`: overviews, addresses and signing in."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from pendopo.errors import UserError
from pendopo.model import Person
from pendopo.model.ids import to_ms
from pendopo.plugin.engine_api import Effects, EngineApi, Scene
from pendopo.plugin.pages.parts import Overview
from pendopo.store import Connection, Database
from pendopo.store.queries import sessions
from pendopo.store.tables import TicketKind

MAX_LINKS = 5
"""Links per person in a quarter of an hour; guessed codes may be twice as many."""


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
        subject = f"person:{self._person.id}"
        if await sessions.count_tries(self._database, subject, self._now) >= MAX_LINKS * 2:
            raise UserError("web.terlalu_sering")
        await self._database.write(
            lambda c: sessions.record_try(c, subject, self._now)
        )  # guessing counts, whatever comes of it
        ticket = await sessions.find_ticket(self._database, code.strip().upper(), self._now)
        if ticket is None or ticket.kind != TicketKind.QR:
            raise UserError("web.kode_salah", param="kode")
        at = datetime.fromtimestamp(ticket.created_at / 1000).astimezone()
        others = secrets.SystemRandom().sample([n for n in range(10, 100) if n != ticket.number], 2)
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
        return SignIn(self._api.database, self._api.site, ctx.person, ctx.now, self._effects.unit.later)

    async def list_overviews(self, since: datetime, person: Person | None = None) -> Sequence[Overview]:
        """Returns the overviews of all plugins for a person, by default the one who asks; news since an instant."""
        return await self._api.collect_overviews(self._ctx, since, person or self._ctx.person)

    def build_page_url(self, path: str = "") -> str:
        """Returns the address of a dashboard page; "" where people cannot reach it."""
        return f"{self._api.site}{path}" if self._api.site else ""

    def build_feed_url(self, feed: Callable[..., Any], token: str) -> str:
        """Returns the address of a feed for a token; "" without `web.public_url`."""
        public = self._api.public_url.rstrip("/")
        return f"{public}/feed/{self._api.route_for(feed).name}/{token}" if public else ""
