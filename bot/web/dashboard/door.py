"""Signing in: a link from the chat whose opening spends nothing, or a QR code that is confirmed in the chat by a number."""

import secrets

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.store import sessions
from bot.store.sessions import GRANTED, QR, Ticket

from ..access import ANYONE, Guarded
from ..body import bounded
from ..form import field
from .agents import described
from .desk import HEADERS, Desk
from .session import Signed

GONE, TOO_MANY = 410, 429


class Door:
    """The routes under /masuk, and the way out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._core = desk.core

    def routes(self) -> list[Guarded]:
        return [
            Guarded("/masuk", self.page, policy=ANYONE),
            Guarded("/masuk/qr", self.show_code, policy=ANYONE, methods=["POST"]),
            Guarded("/masuk/ambil", self.take, policy=ANYONE, methods=["POST"]),
            Guarded("/masuk/{token}", self.ask, policy=ANYONE),
            Guarded("/masuk/{token}", self.enter, policy=ANYONE, methods=["POST"]),
            self._desk.guarded("/keluar", self.leave, "known", ["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        """How to sign in; whoever is signed in goes on."""
        path = inner(request.query_params.get("lanjut", ""))
        if await self._desk.sessions.of(request) is not None:
            return RedirectResponse(path, status_code=303, headers=HEADERS)
        return self._desk.bare("dashboard/door.html", path=path, code="", number=0, svg="")

    async def show_code(self, request: Request) -> Response:
        """Draw a code for this browser, and the number by which its owner knows it."""
        if await self._desk.sessions.too_often(request):
            return self._sorry("web.terlalu_sering", TOO_MANY)
        path = inner(field(await bounded(request).form(), "lanjut"))
        code, browser = sessions.new_code(), sessions.new_secret()
        number = 10 + secrets.randbelow(90)
        agent = described(request.headers.get("user-agent", ""))
        ticket = Ticket("", QR, 0, path, sessions.digest(browser), number, agent, 0)
        now = self._core.now_ms()
        await self._core.database.write(lambda c: sessions.issue(c, code, ticket, now))
        shown = self._desk.bare("dashboard/door.html", path=path, code=code, number=number, svg=self._svg(code))
        self._desk.sessions.name_browser(shown, browser)
        return shown

    def _svg(self, code: str) -> str:
        """A QR code that opens the chat with the bot, where a messenger has an address for that."""
        address = next((a.invitation for a in self._core.adapters.values() if a.invitation), "")
        if not address:
            return ""
        import segno

        words = f"{address}?start=masuk_{code}" if "t.me" in address else address
        drawn: str = segno.make(words, micro=False).svg_inline(scale=5, border=2, omitsize=True)
        return drawn

    async def take(self, request: Request) -> Response:
        """Let the browser in whose code was confirmed; 204 while nobody has."""
        secret = self._desk.sessions.browser(request)
        found = await sessions.shown(self._core.database, secret, self._core.now_ms()) if secret else None
        if found is None:
            return Response(status_code=200, headers={**HEADERS, "hx-redirect": "/masuk"})
        if found.kind != GRANTED:
            return Response(status_code=204, headers=HEADERS)
        answer = Response(status_code=200, headers={**HEADERS, "hx-redirect": inner(found.path)})
        return await self._let_in(request, answer, found)

    async def ask(self, request: Request) -> Response:
        """Whom a link signs in. Previews and scanners look at this page, and that spends nothing."""
        found = await self._ticket(request)
        person = self._core.people.person(found.person) if found else None
        if found is None or person is None:
            return self._sorry("web.tautan_habis", GONE)
        return self._desk.bare("dashboard/enter.html", locale=self._desk.locale(person), person=person)

    async def enter(self, request: Request) -> Response:
        """Sign in."""
        if await self._desk.sessions.too_often(request):
            return self._sorry("web.terlalu_sering", TOO_MANY)
        found = await self._ticket(request)
        if found is None:
            return self._sorry("web.tautan_habis", GONE)
        return await self._let_in(request, RedirectResponse(inner(found.path), status_code=303, headers=HEADERS), found)

    async def _ticket(self, request: Request) -> Ticket | None:
        """The link's ticket; a code of a QR picture is none, since it stands on a screen for everybody to see."""
        found = await sessions.ticket(self._core.database, request.path_params["token"], self._core.now_ms())
        return found if found is not None and found.kind in (sessions.LINK, sessions.CLI) else None

    async def _let_in(self, request: Request, answer: Response, ticket: Ticket) -> Response:
        person = self._core.people.person(ticket.person)
        if person is None or not await self._desk.sessions.begin(request, answer, person, ticket):
            return self._sorry("web.tautan_habis", GONE)
        return answer

    async def leave(self, request: Request, signed: Signed) -> Response:
        """Sign out of this browser."""
        answer = RedirectResponse("/masuk", status_code=303, headers=HEADERS)
        await self._desk.sessions.end(signed, answer)
        return answer

    def _sorry(self, key: str, status: int) -> Response:
        return self._desk.bare("dashboard/closed.html", status, sentence=key)


def inner(path: str) -> str:
    """A path of ours to go on to; anything that could lead elsewhere is the first page."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    if path and not plain:
        raise HTTPException(400)
    return path or "/hari-ini"
