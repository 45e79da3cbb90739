"""Sessions: a secret cookie, whose digest the database holds, and a person whose rights have not changed since."""

import hashlib
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from pendopo.engine.dashboard_pages import DashboardPages
from pendopo.engine.runtime import Runtime
from pendopo.model import Person
from pendopo.store import Connection
from pendopo.store.queries import sessions
from pendopo.store.queries.audit import AuditEntry

_BROWSERS = ("Edg", "OPR/", "SamsungBrowser", "Firefox", "Chrome", "Safari")
"""Marks in a User-Agent, the first found counts: Edge, Opera and Samsung Internet name Chrome too, and Chrome names Safari."""
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "CrOS", "Linux")
"""In this order, since Android names Linux too, and an iPhone Mac OS."""
_TITLES = {"Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung Internet", "Mac OS": "Mac", "CrOS": "ChromeOS"}
MAX_TRIES, MAX_CODES = 20, 1000
"""Wrong links that are answered to one IP address in a quarter of an hour, and QR codes that are shown to it."""


class Visitor(NamedTuple):
    """A signed-in person and their session."""

    person: Person
    session: sessions.WebSession


class Sessions:
    """Begins, finds and ends sessions. Over HTTPS the cookies have the `__Host-` prefix (RFC 6265bis)."""

    def __init__(self, core: Runtime, dashboard_pages: DashboardPages) -> None:
        self._core = core
        self._dashboard_pages = dashboard_pages
        self._secure = core.site.startswith("https://")
        self._cookie = "__Host-sid" if self._secure else "sid"
        self._browser = "__Host-qr" if self._secure else "qr"

    def has_cookie(self, request: Request) -> bool:
        """Whether a browser was signed in, be it too long ago."""
        return self._cookie in request.cookies

    async def find_visitor(self, request: Request) -> Visitor | None:
        """Find who sent a request; None when not signed in, or the session is too old or its rights have changed."""
        secret = request.cookies.get(self._cookie, "")
        found = await sessions.find_session(self._core.database, secret) if secret else None
        person = self._core.people.find_person(found.person) if found else None
        if found is None or person is None:
            return None
        now = self._core.now_ms()
        if self._is_over(found, person, now):
            await self._core.database.write(lambda c: sessions.end_sessions(c, found.person, found.hash))
            return None
        if now - found.seen_at > sessions.NOTED:
            await self._core.database.write(lambda c: sessions.touch_session(c, found.hash, now))
        return Visitor(person, found)

    def _is_over(self, session: sessions.WebSession, person: Person, now: int) -> bool:
        idle = sessions.IDLE_DECIDING if self._has_subordinates(person) else sessions.IDLE
        limits = ((session.created_at, sessions.LONGEST), (session.seen_at, idle))
        old = any(now - since > sessions.duration_ms(limit) for since, limit in limits)
        return old or session.rights != self.digest_rights(person)

    def digest_rights(self, person: Person) -> str:
        """Digest a person's current posts and mandates; when it changes, they must sign in again."""
        now = self._core.clock.now()
        people = self._core.people
        held = sorted(post.code for post in people.posts_of(person, now))
        lent = sorted(f"{m.kind}:{m.post}:{m.id}" for m in people.mandates if m.person == person.id and m.is_active(now))
        return hashlib.sha256("|".join([*held, *lent]).encode()).hexdigest()[:16]

    def _has_subordinates(self, person: Person) -> bool:
        """Whether this person is a superior, by their own post or by mandate."""
        now = self._core.clock.now()
        mine = {capacity.post.code for capacity in self._core.people.capacities_of(person, now)}
        return any(post.superior in mine for post in self._core.people.posts.values())

    async def begin_session(self, request: Request, response: Response, person: Person, ticket: sessions.Ticket) -> bool:
        """Sign a person in with a new secret; False when the ticket was already used."""
        secret, now = sessions.new_secret(), self._core.now_ms()
        agent = describe_agent(request.headers.get("user-agent", ""))
        rights = self.digest_rights(person)

        def job(connection: Connection) -> bool:
            if not sessions.delete_ticket(connection, ticket.hash):
                return False
            sessions.begin_session(connection, secret, person.id, rights, agent, ticket.kind, now)
            return True

        if not await self._core.database.write(job):
            return False
        detail = {"cara": ticket.kind, "peramban": agent}
        await self._dashboard_pages.record_audit(person, AuditEntry("web.masuk", f"person/{person.id}", detail))
        self._set_cookie(response, self._cookie, secret, sessions.duration_ms(sessions.LONGEST) // 1000)
        response.delete_cookie(self._browser)
        return True

    async def end_session(self, signed: Visitor, response: Response) -> None:
        """Sign out of this browser."""
        await self._core.database.write(lambda c: sessions.end_sessions(c, signed.person.id, signed.session.hash))
        await self._dashboard_pages.record_audit(signed.person, AuditEntry("web.keluar", f"person/{signed.person.id}"))
        response.delete_cookie(self._cookie, path="/", secure=self._secure, httponly=True, samesite="lax")

    async def count_failure(self, request: Request) -> bool:
        """Count a link that opened nothing, by IP address; True when there were too many.

        It closes no door: whoever has a valid link comes in, however much others behind the same address guess.
        """
        return await self._count(f"ip:{_address(request)}", MAX_TRIES)

    async def count_code(self, request: Request) -> bool:
        """Count a QR code that is shown, by IP address, behind which a whole office may be; True when there were too many."""
        return await self._count(f"qr:{_address(request)}", MAX_CODES)

    async def _count(self, who: str, most: int) -> bool:
        now = self._core.now_ms()
        if await sessions.count_tries(self._core.database, who, now) >= most:
            return True
        await self._core.database.write(lambda c: sessions.record_try(c, who, now))
        return False

    def get_browser_secret(self, request: Request) -> str:
        """The secret of a browser that shows a QR code, "" for none."""
        return request.cookies.get(self._browser, "")

    def set_browser_secret(self, response: Response, secret: str) -> None:
        self._set_cookie(response, self._browser, secret, sessions.duration_ms(sessions.TICKET_LIFE) // 1000)

    def _set_cookie(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(name, value, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="lax")


def _address(request: Request) -> str:
    return request.client.host if request.client else "-"


def describe_agent(agent: str) -> str:
    """Shorten a User-Agent to browser and system, as `Chrome, Windows`; a dash when both are unknown."""
    found = (next((mark for mark in marks if mark in agent), "") for marks in (_BROWSERS, _SYSTEMS))
    return ", ".join(_TITLES.get(mark, mark) for mark in found if mark) or "–"
