"""A person's own settings: language, digests, devices."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pendopo.model.ids import from_ms
from pendopo.store.queries import sessions
from pendopo.store.queries.audit import AuditEntry
from pendopo.web.dashboard.page_context import HEADERS, PageContext
from pendopo.web.dashboard.pages.plugin_pages import PluginPages
from pendopo.web.dashboard.sessions import Visitor
from pendopo.web.http.access import GuardedRoute
from pendopo.web.http.bodies import get_field, limit_body


class Preferences:
    """The routes under /pengaturan."""

    def __init__(self, context: PageContext, plugin_pages: PluginPages) -> None:
        self._context = context
        self._core = context.core
        self._plugin_pages = plugin_pages

    def routes(self) -> list[GuardedRoute]:
        guarded = self._context.guard_route
        return [
            guarded("/pengaturan", self.show_settings, "known"),
            guarded("/pengaturan/akhiri", self.end_sessions, "known", ["POST"]),
        ]

    async def show_settings(self, request: Request, signed: Visitor) -> Response:
        """Show a person's settings and sessions."""
        pages = await self._plugin_pages.list_settings(signed)
        devices = await sessions.list_sessions(self._core.database, signed.person.id, self._core.now_ms())
        shown = [(d, from_ms(d.created_at), from_ms(d.seen_at), d.hash == signed.session.hash) for d in devices]
        return await self._context.render_page(
            signed, "dashboard/settings.html", active="/pengaturan", pages=pages, devices=shown, path="/pengaturan", given={}
        )

    async def end_sessions(self, request: Request, signed: Visitor) -> Response:
        """End one of the person's sessions, or all. Raises `HTTPException` 400 when the form names none."""
        form = await limit_body(request).form()
        which, me = get_field(form, "sesi"), signed.person
        everywhere = get_field(form, "semua") == "ya"
        if not everywhere and not which:
            raise HTTPException(400)
        ended = await self._core.database.write(lambda c: sessions.end_sessions(c, me.id, "" if everywhere else which))
        await self._context.dashboard_pages.record_audit(me, AuditEntry("web.akhiri", f"person/{me.id}", {"jumlah": ended}))
        return RedirectResponse("/pengaturan", status_code=303, headers=HEADERS)
