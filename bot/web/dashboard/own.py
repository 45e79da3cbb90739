"""What one decides for oneself: language, digests, devices."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.store import sessions
from bot.store.audit import Entry
from bot.store.delivery import from_ms

from ..access import Guarded
from ..body import bounded
from ..form import field
from .desk import HEADERS, Desk
from .session import Signed
from .showing import Showing


class Own:
    """One's own settings and sessions."""

    def __init__(self, desk: Desk, showing: Showing) -> None:
        self._desk = desk
        self._core = desk.core
        self._showing = showing

    def routes(self) -> list[Guarded]:
        guarded = self._desk.guarded
        return [
            guarded("/pengaturan", self.settings, "known"),
            guarded("/pengaturan/akhiri", self.end_sessions, "known", ["POST"]),
        ]

    async def settings(self, request: Request, signed: Signed) -> Response:
        """Language, digests, devices."""
        pages = await self._showing.settings(signed)
        devices = await sessions.of_person(self._core.database, signed.person.id, self._core.now_ms())
        shown = [(d, from_ms(d.created_at), from_ms(d.seen_at), d.hash == signed.session.hash) for d in devices]
        return await self._desk.show(
            signed, "dashboard/settings.html", active="/pengaturan", pages=pages, devices=shown, path="/pengaturan", given={}
        )

    async def end_sessions(self, request: Request, signed: Signed) -> Response:
        """End one session of one's own, or all of them."""
        form = await bounded(request).form()
        which, me = field(form, "sesi"), signed.person
        everywhere = field(form, "semua") == "ya"
        if not everywhere and not which:
            raise HTTPException(400)
        ended = await self._core.database.write(lambda c: sessions.end(c, me.id, "" if everywhere else which))
        await self._desk.dashboard_pages.note(me, Entry("web.akhiri", f"person/{me.id}", {"jumlah": ended}))
        return RedirectResponse("/pengaturan", status_code=303, headers=HEADERS)
