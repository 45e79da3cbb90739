"""The common parts of all dashboard pages: access checks, menu, translation and the latest answers."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pendopo.directory import Decision, decide
from pendopo.directory.policy import split_policy
from pendopo.engine.app import App
from pendopo.engine.dashboard_pages import PageRefusedError
from pendopo.errors import UserError
from pendopo.model import Person, Phrase
from pendopo.plugin import phrase
from pendopo.plugin.page_parts import Page
from pendopo.store.queries import audit
from pendopo.web.dashboard import replies
from pendopo.web.dashboard.questions import is_on_page
from pendopo.web.dashboard.rendering import Painter
from pendopo.web.dashboard.sessions import Sessions, Visitor
from pendopo.web.http.access import GuardedRoute
from pendopo.web.http.templates import Templates

Endpoint = Callable[[Request, Visitor], Awaitable[Response]]
SHOWN = 15
"""Rows of one page of a list."""
HEADERS = {"cache-control": "no-store", "referrer-policy": "same-origin"}
"""Pages are private to their reader: no cache keeps them, and no other site learns their address. Our own does: where a browser
sends nothing else, it proves that a form comes from here."""
WATCHING = "role:admin_sistem|role:pemantau"
"""Who sees the state of the bot."""
AUDITING = "role:pemantau|role:sekda|role:walikota|role:admin_sistem"
"""Who reads the audit log."""


FORGET = {"clear-site-data": '"cache"'}
"""Has a browser drop what it kept of pages and files, where a session ended."""


class PageContext:
    """Guards routes and renders pages."""

    def __init__(self, app: App, pages: Templates) -> None:
        core = app.core
        self.core = core
        self.dashboard_pages = app.dashboard_pages
        self.run_in_thread = app.ingestion.run_in_thread
        self.pages = pages
        self.sessions = Sessions(core, app.dashboard_pages)
        self.zone: ZoneInfo = core.zone
        self.environment: Environment = pages.environment.overlay()

    def guard_route(self, path: str, endpoint: Endpoint, policy: str, methods: list[str] | None = None) -> GuardedRoute:
        """Make a route for signed-in people whom the policy allows; others get the sign-in page or a refusal."""

        async def checked(request: Request) -> Response:
            signed = await self.sessions.find_visitor(request)
            if signed is None:
                if request.method != "GET" or request.headers.get("hx-request"):
                    return Response(status_code=401, headers=HEADERS)
                forget = FORGET if self.sessions.has_cookie(request) else {}
                address = f"/masuk?lanjut={quote(_full_path(request))}"
                return RedirectResponse(address, status_code=303, headers={**HEADERS, **forget})
            decision = self.check_policy(policy, signed.person, path)
            if not decision.allowed:
                return await self.show_refusal(signed, decision)
            try:
                return await endpoint(request, signed)
            except PageRefusedError as refused:
                return await self.show_refusal(signed, refused.decision)
            except UserError as error:
                return await self.show_notice(signed, phrase(error.key, **error.words), 404)

        return GuardedRoute(path, checked, policy=policy, methods=methods)

    def check_policy(self, policy: str, person: Person, path: str) -> Decision:
        """Check a policy by the directory. `page:` passes: a plugin page's rule is checked once its parameters are known."""
        if policy.startswith("page:"):
            return Decision(True, policy)
        answer = Decision(False, policy)
        for one in split_policy(policy):
            answer = decide(self.core.people, one, person, self.core.clock.now(), f"web{path}") or answer
            if answer.allowed:
                return answer
        return answer

    async def show_refusal(self, signed: Visitor, decision: Decision) -> Response:
        return await self.show_notice(signed, decision.reason or Phrase("gerbang.tidak_dapat_diperiksa"), 403)

    async def show_notice(self, signed: Visitor, said: Phrase, status: int) -> Response:
        """Render a page with one sentence."""
        return await self.render_page(signed, "dashboard/notice.html", status=status, sentence=said)

    def make_translator(self, locale: str) -> Callable[..., str]:
        """Return a function that translates a key and its arguments, or a phrase."""

        def translate(said: str | Phrase, **args: Any) -> str:
            return self.core.catalogues.render_text(said if isinstance(said, Phrase) else phrase(said, **args), locale)

        return translate

    def get_locale(self, person: Person) -> str:
        return person.locale or self.core.locale

    async def render_page(
        self, signed: Visitor, template: str, *, status: int = 200, active: str = "", **values: Any
    ) -> HTMLResponse:
        """Render a page for a signed-in person, with menu and answers."""
        locale = self.get_locale(signed.person)
        await self.dashboard_pages.load_key()
        painter = Painter(self.core, self.dashboard_pages, signed.person, locale, values.get("path", ""))
        talk = await replies.list_answers(self.core, self.dashboard_pages, signed.person, painter)
        asking = next((bubble for bubble in talk if bubble.question), None)
        page = values.get("page")
        in_card = bool(asking and asking.question and page and is_on_page(self.core, asking.question, page))
        shown = {
            "w": self.make_translator(locale),
            "locale": locale,
            "me": signed.person,
            "active": active,
            "menu": await self.build_menu(signed.person),
            "paint": painter,
            "talk": talk,
            "asking": asking,
            "in_card": in_card,
            "once": secrets.token_urlsafe(12),
            "now": self.now(),
            "seen": (await audit.read_newest(self.core.database))[0],
            "live": values.pop("live", ""),
            "path": values.pop("path", ""),
            **values,
        }
        html = self.environment.get_template(template).render(shown)
        return HTMLResponse(html, status_code=status, headers=HEADERS)

    async def render_parts(self, request: Request, signed: Visitor, page: Page, active: str, live: str) -> HTMLResponse:
        """Render a page of parts; it is redrawn when something happens in the plugin `live` ("*": in any)."""
        shown: dict[str, Any] = {"page": page, "path": _full_path(request), "live": live, "given": dict(request.query_params)}
        return await self.render_page(signed, "dashboard/page.html", active=active, **shown)

    def render_public(self, template: str, status: int = 200, locale: str = "", **values: Any) -> HTMLResponse:
        """Render a page for people who are not signed in."""
        locale = locale or self.core.locale
        html = self.environment.get_template(template).render(w=self.make_translator(locale), locale=locale, **values)
        return HTMLResponse(html, status_code=status, headers=HEADERS)

    def now(self) -> datetime:
        return self.core.clock.now().astimezone(self.zone)

    async def build_menu(self, person: Person) -> list[tuple[str, str]]:
        """List the pages a person may open: path and key of the title."""
        found = [("/hari-ini", "web.hari_ini")]
        shown = [route for route in self.core.router.pages.values() if route.place == "menu"]
        found += [(r.path, r.title) for r in shown if await self.dashboard_pages.may_open(person, r)]
        own = [
            ("/orang", "web.orang", "known"),
            ("/audit", "web.audit", AUDITING),
            ("/operasi", "web.operasi", WATCHING),
            ("/pengaturan", "web.pengaturan", "known"),
        ]
        return found + [(path, title) for path, title, policy in own if self.check_policy(policy, person, path).allowed]


def _full_path(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
