"""Signing in to the dashboard from a chat: one-time links, browsers that show a QR code, and the end of sessions."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from pendopo.errors import UserError
from pendopo.model import Person
from pendopo.model.ids import to_ms
from pendopo.store import Connection, Database
from pendopo.store.queries import sessions
from pendopo.store.states import TicketKind

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
