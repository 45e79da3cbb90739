"""Serves the pages of plugins, their recaps, and the stored files they show."""

import csv
import hmac
import io
import unicodedata
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Match

from pendopo.engine.dashboard_pages import PageRefusedError
from pendopo.errors import UserError
from pendopo.media import sniff_type
from pendopo.model.cleaning import clean_file_name
from pendopo.paper import Paper, Sheet, name_zones
from pendopo.plugin.page_parts import DataTable, Page, View
from pendopo.plugin.route import Route
from pendopo.store.queries.audit import AuditEntry
from pendopo.web.dashboard.page_context import PageContext
from pendopo.web.dashboard.rendering import SEALED_MS, Painter
from pendopo.web.dashboard.sessions import Visitor
from pendopo.web.http.access import GuardedRoute
from pendopo.web.http.security import PICTURES

KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": Sheet.MIME, "pdf": Paper.MIME}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet read a cell as a formula."""
MAX_RECAP_ROWS = 10_000
"""Most rows of a recap."""


def make_recap(page: Page, table: DataTable, kind: str, painter: Painter, now: datetime) -> bytes:
    """Return the bytes of the file, which stands by itself: full dates, and the zone of its hours in the heads."""
    rows = [[painter.localize(cell) for cell in row] for row in table.rows]
    head = [painter.words(word) for word in table.head]
    if kind == "csv":
        out = io.StringIO()
        csv.writer(out).writerows([name_zones(head, rows), *[[_cell_text(cell, painter) for cell in row] for row in rows]])
        return out.getvalue().encode("utf-8-sig")  # Excel reads a CSV file as UTF-8 only with a byte order mark
    title = painter.words(table.title) or painter.words(page.title)
    if kind == "xlsx":
        sheet = Sheet()
        sheet.add_page(title, head, [[_cell_value(cell, painter) for cell in row] for row in rows])
        return sheet.to_bytes()
    paper = Paper(painter.words(page.title), [], now)
    paper.add_table(name_zones(head, rows), [[painter.words(cell, full=True) for cell in row] for row in rows])
    return paper.to_bytes()


def _cell_text(cell: Any, painter: Painter) -> str:
    """Dates in the order that machines sort, bare numbers, and words of which no spreadsheet makes a formula."""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, (date, int)):
        return str(cell)
    text = painter.words(cell)
    return f"'{text}" if looks_like_formula(text) else text


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet may read a text as a formula, also behind signs that nobody sees or in wide letters."""
    seen = next((each for each in text if unicodedata.category(each)[0] not in "CZM"), "")
    return text.startswith(FORMULA) or unicodedata.normalize("NFKC", seen).startswith(FORMULA)


def _cell_value(cell: Any, painter: Painter) -> Any:
    return cell if isinstance(cell, (int, float, date)) else painter.words(cell)


class PluginPages:
    """The routes of all plugins' pages, and /berkas/ for stored files."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._core = context.core
        self._pages: list[tuple[GuardedRoute, Route]] = []

    def routes(self) -> list[GuardedRoute]:
        fixed_first = sorted(self._core.router.pages.values(), key=lambda route: route.path.count("{"))
        self._pages = [(self._make_route(route), route) for route in fixed_first]
        return [
            *(page for page, _ in self._pages),
            self._context.guard_route("/berkas/{blob}/{seal}", self.send_file, "known"),
            self._context.guard_route("/berkas/{blob}/{seal}/{name}", self.send_file, "known"),
        ]

    def _make_route(self, route: Route) -> GuardedRoute:
        async def page(request: Request, signed: Visitor) -> Response:
            given = {**dict(request.query_params), **request.path_params}
            wanted = request.query_params.get("unduh", "")
            if wanted:
                return await self._download_recap(signed, route, given, wanted)
            page = await self._context.dashboard_pages.show_page(
                signed.person, route, given, View(after=given.get("lanjut", "")[:100])
            )
            return await self._context.render_parts(request, signed, page, route.path, route.plugin)

        return self._context.guard_route(route.path, page, f"page:{route.name}")

    async def _download_recap(self, signed: Visitor, route: Route, given: dict[str, str], wanted: str) -> Response:
        """Send all rows of a table of the page. Raises `HTTPException` 404 when it has no such table."""
        name, _, kind = wanted.rpartition(".")
        page = await self._context.dashboard_pages.show_page(
            signed.person, route, given, View(limit=MAX_RECAP_ROWS, export=True)
        )
        table = next((part for part in page.parts if isinstance(part, DataTable) and part.name == name), None)
        if table is None:
            raise HTTPException(404)
        return await self.send_recap(signed, page, table, kind, route.name)

    async def send_recap(self, signed: Visitor, page: Page, table: DataTable, kind: str, object_: str) -> Response:
        """Send the rows of a table as a file, and record it in the audit log."""
        if kind not in KINDS:
            raise HTTPException(404)
        painter = Painter(self._core, self._context.dashboard_pages, signed.person, self._context.get_locale(signed.person))
        data = await self._context.run_in_thread(lambda: make_recap(page, table, kind, painter, self._core.clock.now()))
        entry = AuditEntry("web.unduh", object_, {"berkas": kind, "baris": len(table.rows)})
        await self._context.dashboard_pages.record_audit(signed.person, entry)
        return Response(data, media_type=KINDS[kind], headers=_attachment_headers(f"{table.name}.{kind}"))

    async def send_file(self, request: Request, signed: Visitor) -> Response:
        """Send a stored file that a page still shows to this person, or that an answer brought. Raises `HTTPException` 404."""
        blob = request.path_params["blob"]
        if not await self._is_shown(request, signed, blob):
            raise HTTPException(404)
        try:
            path = await self._core.blobs.fetch_path(blob)
        except FileNotFoundError as error:
            raise HTTPException(404) from error
        kind = _sniff_mime(path)
        named = {} if kind in PICTURES else _attachment_headers(request.path_params.get("name", "berkas"))
        return FileResponse(path, media_type=kind, headers={"cache-control": "no-store", **named})

    async def _is_shown(self, request: Request, signed: Visitor, blob: str) -> bool:
        """Whether the seal is this person's and its page shows them the file now; that of an answer ends with time."""
        pages, seal = self._context.dashboard_pages, request.path_params["seal"]
        await pages.load_key()
        source = request.query_params.get("dari", "")
        now = self._core.now_ms() // SEALED_MS
        proofs = [source] if source else [now, now - 1]
        if not any(hmac.compare_digest(seal, pages.seal_text(f"{blob}:{signed.person.id}:{proof}")) for proof in proofs):
            return False
        return not source or blob in repr(await self._show_source(signed, source))

    async def _show_source(self, signed: Visitor, source: str) -> Page | None:
        """The page at an address of ours, as this person sees it now."""
        path, _, query = source.partition("?")
        for page, route in self._pages:
            match, scope = page.matches({"type": "http", "method": "GET", "path": path})
            if match == Match.FULL:
                given = {**dict(parse_qsl(query)), **{name: str(value) for name, value in scope["path_params"].items()}}
                view = View(after=given.get("lanjut", "")[:100])
                return await self._context.dashboard_pages.show_page(signed.person, route, given, view, recorded=False)
        return None

    async def list_settings(self, signed: Visitor) -> list[Page]:
        """List the plugins' settings pages that this person may open."""
        found = []
        for route in self._core.router.pages.values():
            if route.place == "settings":
                try:
                    found.append(await self._context.dashboard_pages.show_page(signed.person, route, {}, View()))
                except (PageRefusedError, UserError):
                    continue
        return found


def _sniff_mime(path: Path) -> str:
    with path.open("rb") as file:
        return sniff_type(file.read(512)) or "application/octet-stream"


def _attachment_headers(name: str) -> dict[str, str]:
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(clean_file_name(name))}"}
