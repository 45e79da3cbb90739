"""Into the dashboard and out of it, from a chat: one-time links, the browser that shows a QR code, and the end of sessions."""

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
"""So many links a quarter of an hour one person may ask for."""


class SignInRequest(msgspec.Struct, frozen=True):
    """A browser that wants to be let in: what it calls itself, since when it asks, and numbers of which it shows one."""

    ticket: str
    agent: str
    at: datetime
    numbers: list[int]


class SignIn:
    """What one person may do about the sessions of their own. What is changed is committed with the handler."""

    def __init__(
        self, database: Database, site: str, person: Person, now: datetime, later: list[Callable[[Connection], Any]]
    ) -> None:
        self._database = database
        self._site = site
        self._person = person
        self._now = to_ms(now)
        self._later = later

    async def create_link(self, path: str = "") -> str:
        """An address that signs this person in, once, within five minutes. Raises `UserError` when that cannot be."""
        if not self._site:
            raise UserError("web.tanpa_alamat")
        who = f"person:{self._person.id}"
        if await sessions.count_tries(self._database, who, self._now) >= MAX_LINKS:
            raise UserError("web.terlalu_sering")
        secret = sessions.new_secret()
        ticket = sessions.Ticket("", TicketKind.LINK, self._person.id, path, "", 0, "", 0)
        self._later.append(lambda c: sessions.record_try(c, who, self._now))
        self._later.append(lambda c: sessions.issue_ticket(c, secret, ticket, self._now))
        return f"{self._site}/masuk/{secret}"

    async def find_request(self, code: str) -> SignInRequest:
        """The browser that shows a code. Raises `UserError` when none does, or not any more."""
        who = f"person:{self._person.id}"
        if await sessions.count_tries(self._database, who, self._now) >= MAX_LINKS * 2:
            raise UserError("web.terlalu_sering")
        await self._database.write(lambda c: sessions.record_try(c, who, self._now))  # guessing counts, whatever comes of it
        found = await sessions.find_ticket(self._database, code.strip().upper(), self._now)
        if found is None or found.kind != TicketKind.QR:
            raise UserError("web.kode_salah", param="kode")
        at = datetime.fromtimestamp(found.created_at / 1000).astimezone()
        return SignInRequest(found.hash, found.agent, at, _add_decoys(found.number))

    async def confirm_number(self, ticket: str, number: int) -> bool:
        """Let a browser in when it shows this number; else its code is worth nothing any more."""
        shown = await sessions.read_number(self._database, ticket, self._now)
        if shown is None:
            raise UserError("web.kode_salah")
        if shown != number:
            self._later.append(lambda c: sessions.delete_ticket(c, ticket))
            return False
        self._later.append(lambda c: sessions.grant_ticket(c, ticket, self._person.id))
        return True

    def reject_browser(self, ticket: str) -> None:
        """It was not this person: the browser stays out, and every session of theirs ends."""
        self._later.append(lambda c: sessions.delete_ticket(c, ticket))
        self.sign_out()

    def sign_out(self, session: str = "") -> None:
        """End one session of this person (by its digest), or all of them."""
        self._later.append(lambda c: sessions.end_sessions(c, self._person.id, session))


def _add_decoys(number: int) -> list[int]:
    others = secrets.SystemRandom().sample([n for n in range(10, 100) if n != number], 2)
    return sorted([number, *others])
