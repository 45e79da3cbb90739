"""Signing in: by a link from the chat, or by a QR code that is confirmed in the chat by a number."""

import secrets

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pendopo.model.ids import new_code
from pendopo.store.queries import sessions
from pendopo.store.queries.sessions import Ticket
from pendopo.store.tables import TicketKind
from pendopo.web.dashboard.page_context import FORGET, HEADERS, PageContext
from pendopo.web.dashboard.sessions import Visitor, describe_agent
from pendopo.web.http.access import ANYONE, GuardedRoute
from pendopo.web.http.bodies import get_field, limit_body

GONE, TOO_MANY = 410, 429
"""HTTP status codes for a used or expired link, and for too many tries."""
TICKET_LETTERS = 10
"""Length of the code in a QR picture. It may be short: it opens nothing until confirmed in the chat."""


class SignInPages:
    """The routes under /masuk, and /keluar."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._core = context.core

    def routes(self) -> list[GuardedRoute]:
        return [
            GuardedRoute("/masuk", self.show_sign_in, policy=ANYONE),
            GuardedRoute("/masuk/qr", self.show_code, policy=ANYONE, methods=["POST"]),
            GuardedRoute("/masuk/ambil", self.poll_confirmation, policy=ANYONE, methods=["POST"]),
            GuardedRoute("/masuk/{token}", self.show_link, policy=ANYONE),
            GuardedRoute("/masuk/{token}", self.enter_by_link, policy=ANYONE, methods=["POST"]),
            self._context.guard_route("/keluar", self.sign_out, "known", ["POST"]),
        ]

    async def show_sign_in(self, request: Request) -> Response:
        """Show how to sign in; redirect people who are signed in."""
        path = check_inner_path(request.query_params.get("lanjut", ""))
        if await self._context.sessions.find_visitor(request) is not None:
            return RedirectResponse(path, status_code=303, headers=HEADERS)
        return self._context.render_public("dashboard/sign_in.html", path=path, code="", number=0, svg="")

    async def show_code(self, request: Request) -> Response:
        """Show a QR code for this browser, and the number to confirm it by."""
        if await self._context.sessions.count_code(request):
            return self._show_notice("web.terlalu_sering", TOO_MANY)
        path = check_inner_path(get_field(await limit_body(request).form(), "lanjut"))
        code, browser = new_code(TICKET_LETTERS), sessions.new_secret()
        number = 10 + secrets.randbelow(90)
        agent = describe_agent(request.headers.get("user-agent", ""))
        ticket = Ticket("", TicketKind.QR, 0, path, sessions.hash_secret(browser), number, agent, 0)
        now = self._core.now_ms()
        await self._core.database.write(lambda c: sessions.issue_ticket(c, code, ticket, now))
        shown = self._context.render_public(
            "dashboard/sign_in.html", path=path, code=code, number=number, svg=self._draw_code(code)
        )
        self._context.sessions.set_browser_secret(shown, browser)
        return shown

    def _draw_code(self, code: str) -> str:
        """Draw a QR code that opens the chat with the bot; "" when no messenger has an address for that."""
        address = next((a.invitation for a in self._core.adapters.values() if a.invitation), "")
        if not address:
            return ""
        import segno

        words = f"{address}?start=masuk_{code}" if "t.me" in address else address
        drawn: str = segno.make(words, micro=False).svg_inline(scale=5, border=2, omitsize=True)
        return drawn

    async def poll_confirmation(self, request: Request) -> Response:
        """Sign in the browser whose code was confirmed; 204 until then."""
        secret = self._context.sessions.get_browser_secret(request)
        found = await sessions.find_shown_ticket(self._core.database, secret, self._core.now_ms()) if secret else None
        if found is None:
            return Response(status_code=200, headers={**HEADERS, "hx-redirect": "/masuk"})
        if found.kind != TicketKind.GRANTED:
            return Response(status_code=204, headers=HEADERS)
        answer = Response(status_code=200, headers={**HEADERS, "hx-redirect": check_inner_path(found.path)})
        return await self._let_in(request, answer, found)

    async def show_link(self, request: Request) -> Response:
        """Show whom a link signs in. This does not use up the link, since previews and scanners open it too."""
        found = await self._find_ticket(request)
        person = self._core.people.find_person(found.person) if found else None
        if found is None or person is None:
            return self._show_notice("web.tautan_habis", GONE)
        return self._context.render_public(
            "dashboard/sign_in_confirm.html", locale=self._context.get_locale(person), person=person
        )

    async def enter_by_link(self, request: Request) -> Response:
        """Sign in by a link."""
        found = await self._find_ticket(request)
        if found is None:
            often = await self._context.sessions.count_failure(request)
            return self._show_notice("web.terlalu_sering" if often else "web.tautan_habis", TOO_MANY if often else GONE)
        return await self._let_in(
            request, RedirectResponse(check_inner_path(found.path), status_code=303, headers=HEADERS), found
        )

    async def _find_ticket(self, request: Request) -> Ticket | None:
        """Find the ticket of a link; codes of QR pictures are not accepted, since anybody can read them from the screen."""
        found = await sessions.find_ticket(self._core.database, request.path_params["token"], self._core.now_ms())
        return found if found is not None and found.kind in (TicketKind.LINK, TicketKind.CLI) else None

    async def _let_in(self, request: Request, answer: Response, ticket: Ticket) -> Response:
        person = self._core.people.find_person(ticket.person)
        if person is None or not await self._context.sessions.begin_session(request, answer, person, ticket):
            return self._show_notice("web.tautan_habis", GONE)
        return answer

    async def sign_out(self, request: Request, signed: Visitor) -> Response:
        """Sign out of this browser."""
        answer = RedirectResponse("/masuk", status_code=303, headers={**HEADERS, **FORGET})
        await self._context.sessions.end_session(signed, answer)
        return answer

    def _show_notice(self, key: str, status: int) -> Response:
        return self._context.render_public("dashboard/signed_out.html", status, sentence=key)


def check_inner_path(path: str) -> str:
    """Return a path of this site, /hari-ini for "". Raises `HTTPException` 400 for one that could lead elsewhere."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    if path and not plain:
        raise HTTPException(400)
    return path or "/hari-ini"
