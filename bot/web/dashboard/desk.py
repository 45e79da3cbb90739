"""What all pages of the dashboard share: who looks at them, their menu, their words, and what was answered there."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.directory import Decision, decide
from bot.directory.policy import alternatives
from bot.engine.app import App
from bot.engine.pages import PageRefused
from bot.errors import UserError
from bot.model import Person, Said
from bot.plugin import say
from bot.plugin.page import Page
from bot.store import audit

from ..access import Guarded
from ..pages import Pages
from . import talk
from .parts import Painter
from .session import Sessions, Signed

Endpoint = Callable[[Request, Signed], Awaitable[Response]]
SHOWN = 50
"""So many rows a list shows at once."""
HEADERS = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
WATCHING = "role:admin_sistem|role:pemantau"
AUDITING = "role:pemantau|role:sekda|role:walikota|role:admin_sistem"


class Desk:
    """The ground under every page."""

    def __init__(self, app: App, pages: Pages) -> None:
        core = app.core
        self.core = core
        self.dashboard_pages = app.pages
        self.run_in_thread = app.intake.run
        self.pages = pages
        self.sessions = Sessions(core, app.pages)
        self.zone: ZoneInfo = core.zone
        self.environment: Environment = pages.environment.overlay()

    def guarded(self, path: str, endpoint: Endpoint, policy: str, methods: list[str] | None = None) -> Guarded:
        """A path that only people who are signed in take, and of them those whom the policy lets."""

        async def checked(request: Request) -> Response:
            signed = await self.sessions.of(request)
            if signed is None:
                return self._to_door(request)
            decision = self.decide(policy, signed.person, path)
            if not decision.allowed:
                return await self.refused(signed, decision)
            try:
                return await endpoint(request, signed)
            except PageRefused as refused:
                return await self.refused(signed, refused.decision)
            except UserError as error:
                return await self.sorry(signed, say(error.key, **error.words), 404)

        return Guarded(path, checked, policy=policy, methods=methods)

    def decide(self, policy: str, person: Person, path: str) -> Decision:
        """What the directory says; the rule of a plugin's page is asked when its parameters are known."""
        if policy.startswith("page:"):
            return Decision(True, policy)
        answer = Decision(False, policy)
        for one in alternatives(policy):
            answer = decide(self.core.people, one, person, self.core.clock.now(), f"web{path}") or answer
            if answer.allowed:
                return answer
        return answer

    def _to_door(self, request: Request) -> Response:
        if request.method != "GET" or request.headers.get("hx-request"):
            return Response(status_code=401, headers=HEADERS)
        return RedirectResponse(f"/masuk?lanjut={quote(_path(request))}", status_code=303, headers=HEADERS)

    async def refused(self, signed: Signed, decision: Decision) -> Response:
        return await self.sorry(signed, decision.reason or Said("gerbang.tidak_dapat_diperiksa"), 403)

    async def sorry(self, signed: Signed, said: Said, status: int) -> Response:
        """A page with one sentence."""
        return await self.show(signed, "dashboard/sorry.html", status=status, sentence=said)

    def words(self, locale: str) -> Callable[..., str]:
        """A function from a key and its arguments to words in a language."""

        def words(said: str | Said, **args: Any) -> str:
            return self.core.catalogues.words(said if isinstance(said, Said) else say(said, **args), locale)

        return words

    def locale(self, person: Person) -> str:
        return person.locale or self.core.locale

    async def show(self, signed: Signed, template: str, *, status: int = 200, active: str = "", **values: Any) -> HTMLResponse:
        """A page with everything around it."""
        locale = self.locale(signed.person)
        await self.dashboard_pages.ready()
        painter = Painter(self.core, self.dashboard_pages, signed.person, locale)
        shown = {
            "w": self.words(locale),
            "locale": locale,
            "me": signed.person,
            "active": active,
            "menu": await self.menu(signed.person),
            "paint": painter,
            "talk": await talk.latest(self.core, signed.person, painter),
            "once": secrets.token_urlsafe(12),
            "now": self.now(),
            "seen": (await audit.head(self.core.database))[0],
            "live": values.pop("live", ""),
            "path": values.pop("path", ""),
            **values,
        }
        html = self.environment.get_template(template).render(shown)
        return HTMLResponse(html, status_code=status, headers=HEADERS)

    async def page(self, request: Request, signed: Signed, page: Page, active: str, live: str) -> HTMLResponse:
        """A page of parts; it is drawn anew when something happens in the plugin `live` ("*": in any)."""
        shown: dict[str, Any] = {"page": page, "path": _path(request), "live": live, "given": dict(request.query_params)}
        return await self.show(signed, "dashboard/page.html", active=active, **shown)

    def bare(self, template: str, status: int = 200, locale: str = "", **values: Any) -> HTMLResponse:
        """A page for whoever is not signed in."""
        locale = locale or self.core.locale
        html = self.environment.get_template(template).render(w=self.words(locale), locale=locale, **values)
        return HTMLResponse(html, status_code=status, headers=HEADERS)

    def now(self) -> datetime:
        return self.core.clock.now().astimezone(self.zone)

    async def menu(self, person: Person) -> list[tuple[str, str]]:
        """The pages somebody can open: path, and the key of the title."""
        found = [("/hari-ini", "web.hari_ini")]
        shown = [route for route in self.core.router.pages.values() if route.place == "menu"]
        found += [(r.path, r.title) for r in shown if await self.dashboard_pages.may_open(person, r)]
        own = [
            ("/orang", "web.orang", "known"),
            ("/audit", "web.audit", AUDITING),
            ("/operasi", "web.operasi", WATCHING),
            ("/pengaturan", "web.pengaturan", "known"),
        ]
        return found + [(path, title) for path, title, policy in own if self.decide(policy, person, path).allowed]


def _path(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
