"""How the bot is: messengers, plugins, what waits, and what failed."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.engine.app import App
from bot.model import Said
from bot.model.ids import format_lane_key, parse_lane_key
from bot.plugin import Button, RouteName, say
from bot.plugin.page import Actions, Badge, Cell, Figure, Figures, Page, Part, Table
from bot.store import letters
from bot.store.delivery import from_ms
from bot.store.queries import reminders

from ..access import Guarded
from .desk import WATCHING, Desk
from .session import Signed

RETRY = "kelola.ulangi"
SHOWN, NEXT = 50, 20
BOXES: tuple[tuple[str, letters.Box, str], ...] = (
    ("keluar", "delivery", "web.kiriman_mati"),
    ("masuk", "inbox", "web.masuk_mati"),
)


class Operations:
    """The page of whoever operates the bot."""

    def __init__(self, desk: Desk, app: App) -> None:
        self._desk = desk
        self._core = desk.core
        self._app = app

    def routes(self) -> list[Guarded]:
        return [self._desk.guarded("/operasi", self.operations, WATCHING)]

    async def operations(self, request: Request, signed: Signed) -> Response:
        """How the bot is: messengers, what waits, what failed."""
        report, now = await self._app.readiness(), self._core.now_ms()
        late = await reminders.count_late(self._core.database, now - 60_000)
        figures = Figures(
            [
                Figure(Said("web.menunggu_kirim"), report["outbox"]["waiting"]),
                Figure(Said("web.menunggu_jendela"), report["outbox"]["waiting_for_window"]),
                Figure(Said("web.kiriman_mati"), report["outbox"]["dead"], "bad" if report["outbox"]["dead"] else "good"),
                Figure(Said("web.masuk_mati"), report["inbox"]["dead"], "bad" if report["inbox"]["dead"] else "good"),
                Figure(Said("web.pengingat_telat"), late, "warn" if late else "good"),
            ]
        )
        parts: list[Part] = [
            figures,
            self._adapters(report),
            *await self._dead(signed),
            await self._next(),
            self._plugins(report),
        ]
        well = report["ok"] and all(health["ok"] for health in report["plugins"].values())
        page = Page(Said("web.operasi"), parts, lead=Said("web.sehat" if well else "web.tidak_sehat"))
        return await self._desk.page(request, signed, page, "/operasi", "*")

    def _adapters(self, report: dict[str, Any]) -> Table:
        rows: list[list[Cell]] = [
            [
                name,
                Badge(Said("web.terhubung"), "good") if health["ok"] else Badge(Said("web.terputus"), "bad"),
                say("web.detik_lalu", detik=round(health["seconds"])) if health["seconds"] >= 0 else "–",
                health["note"],
            ]
            for name, health in report["adapters"].items()
        ]
        head = [Said(f"web.{key}") for key in ("aplikasi", "keadaan", "tanda_terakhir", "keterangan")]
        return Table(head, rows, title=Said("web.aplikasi_pesan"))

    async def _dead(self, signed: Signed) -> list[Part]:
        """What failed for good, with a button for each that tries again; the button is a route like any other."""
        parts: list[Part] = []
        head = [Said(f"web.{key}") for key in ("nomor", "kepada", "kesalahan", "kode", "waktu")]
        for kind, box, key in BOXES:
            rows = await letters.list_letters(self._core.database, box, letters.DEAD, SHOWN)
            table: list[list[Cell]] = [[row.id, _place(row.lane), row.error[:200], row.code, from_ms(row.at)] for row in rows]
            parts.append(Table(head, table, title=Said(key), empty=Said("web.tidak_ada_mati")))
            if rows and RETRY in self._core.router.routes and await self._may_retry(signed):
                buttons = [Button(say("web.coba_lagi", nomor=row.id), RouteName(RETRY), kind, row.id) for row in rows[:10]]
                parts.append(Actions([*buttons, Button(Said("web.coba_semua"), RouteName(RETRY), kind, 0)]))
        return parts

    async def _may_retry(self, signed: Signed) -> bool:
        ctx = self._desk.dashboard_pages.context(signed.person)
        return await self._core.gate.may_begin(ctx, self._core.router.routes[RETRY])

    async def _next(self) -> Table:
        rows = await reminders.list_next(self._core.database, NEXT)
        head = [Said(f"web.{key}") for key in ("waktu", "tindakan", "siapa")]
        shown: list[list[Cell]] = [[from_ms(r.due_at), r.route, self._core.people.called(r.person)] for r in rows]
        return Table(head, shown, title=Said("web.rencana_dekat"), empty=Said("web.tidak_ada_rencana"))

    def _plugins(self, report: dict[str, Any]) -> Table:
        said, up, down = report["plugins"], Badge(Said("web.aktif"), "good"), Badge(Said("web.terganggu"), "warn")
        rows: list[list[Cell]] = []
        for name, plugin in self._core.router.plugins.items():
            health = said.get(name, {"ok": True, "note": "", "code": ""})
            note = " · ".join(part for part in (plugin.summary, health["note"], health["code"]) if part)
            rows.append([name, note, up if health["ok"] else down])
        rows += [[name, why, Badge(Said("web.rusak"), "bad")] for name, why in report["broken_plugins"].items()]
        return Table([Said("web.plugin"), Said("web.keterangan"), Said("web.keadaan")], rows, title=Said("web.plugin"))


def _place(lane: str) -> str:
    """The chat of a lane, as operators know it."""
    return format_lane_key(*parse_lane_key(lane)[:2])
