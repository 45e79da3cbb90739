"""Pages of plugins, their recaps, and the stored files they show."""

from pathlib import Path
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from bot.engine.pages import PageRefused
from bot.errors import UserError
from bot.media import sniff
from bot.plugin.page import Page, Table, View
from bot.plugin.route import Route
from bot.store.audit import Entry

from ..access import Guarded
from . import recap
from .desk import Desk
from .parts import Painter
from .session import Signed

WHOLE = 10_000
"""So many rows a recap has at most."""
SHOWN_AS_IS = {"image/jpeg", "image/png", "image/webp", "image/gif"}


class Showing:
    """One route for each page of a plugin, and one for stored files."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._core = desk.core

    def routes(self) -> list[Guarded]:
        fixed_first = sorted(self._core.router.pages.values(), key=lambda route: route.path.count("{"))
        pages = [self._route(route) for route in fixed_first]
        return [
            *pages,
            self._desk.guarded("/berkas/{blob}/{seal}", self.file, "known"),
            self._desk.guarded("/berkas/{blob}/{seal}/{name}", self.file, "known"),
        ]

    def _route(self, route: Route) -> Guarded:
        async def page(request: Request, signed: Signed) -> Response:
            return await self._page(request, signed, route)

        return self._desk.guarded(route.path, page, f"page:{route.name}")

    async def _page(self, request: Request, signed: Signed, route: Route) -> Response:
        given = {**dict(request.query_params), **request.path_params}
        wanted = request.query_params.get("unduh", "")
        if wanted:
            return await self._recap(signed, route, given, wanted)
        page = await self._desk.dashboard_pages.show(signed.person, route, given, View(after=given.get("lanjut", "")[:100]))
        return await self._desk.page(request, signed, page, route.path, route.plugin)

    async def _recap(self, signed: Signed, route: Route, given: dict[str, str], wanted: str) -> Response:
        """The same rows as on the page, all of them."""
        name, _, kind = wanted.rpartition(".")
        page = await self._desk.dashboard_pages.show(signed.person, route, given, View(limit=WHOLE, whole=True))
        table = next((part for part in page.parts if isinstance(part, Table) and part.name == name), None)
        if table is None:
            raise HTTPException(404)
        return await self.taken(signed, page, table, kind, route.name)

    async def taken(self, signed: Signed, page: Page, table: Table, kind: str, object_: str) -> Response:
        """The rows of a table as a file; who took it is in the audit log."""
        if kind not in recap.KINDS:
            raise HTTPException(404)
        painter = Painter(self._core, self._desk.dashboard_pages, signed.person, self._desk.locale(signed.person))
        data = await self._desk.run_in_thread(lambda: recap.made(page, table, kind, painter, self._core.clock.now()))
        entry = Entry("web.unduh", object_, {"berkas": kind, "baris": len(table.rows)})
        await self._desk.dashboard_pages.note(signed.person, entry)
        return Response(data, media_type=recap.KINDS[kind], headers=_as_file(f"{table.name}.{kind}"))

    async def file(self, request: Request, signed: Signed) -> Response:
        """A stored file, for whom a page showed it to."""
        blob, seal = request.path_params["blob"], request.path_params["seal"]
        await self._desk.dashboard_pages.ready()
        if seal != self._desk.dashboard_pages.seal(f"{blob}:{signed.person.id}"):
            raise HTTPException(404)
        try:
            path = await self._core.blobs.here(blob)
        except FileNotFoundError as error:
            raise HTTPException(404) from error
        kind = _kind(path)
        headers = {"cache-control": "private, max-age=86400"}
        if kind not in SHOWN_AS_IS:
            headers |= _as_file(request.path_params.get("name", "berkas"))
        return FileResponse(path, media_type=kind, headers=headers)

    async def settings(self, signed: Signed) -> list[Page]:
        """What plugins let a person decide for themselves."""
        found = []
        for route in self._core.router.pages.values():
            if route.place == "settings":
                try:
                    found.append(await self._desk.dashboard_pages.show(signed.person, route, {}, View()))
                except (PageRefused, UserError):
                    continue
        return found


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        return sniff(file.read(512)) or "application/octet-stream"


def _as_file(name: str) -> dict[str, str]:
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
