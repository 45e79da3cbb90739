"""The state of the bot: messengers, plugins, queues and failures."""

from importlib.metadata import version
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pendopo.engine.app import App
from pendopo.model import Phrase
from pendopo.model.ids import format_lane_key, from_ms, parse_lane_key
from pendopo.plugin import Button, RouteName, phrase
from pendopo.plugin.page_parts import Actions, Badge, Cell, DataTable, Figure, Figures, Folded, KeyValues, Page, Part
from pendopo.store.queries import dead_letters, reminders
from pendopo.web.dashboard.page_context import WATCHING, PageContext
from pendopo.web.dashboard.sessions import Visitor
from pendopo.web.http.access import GuardedRoute

RETRY = "kelola.ulangi"
"""The route of the plugin kelola behind the retry buttons; without the plugin there are none."""
SHOWN, NEXT = 50, 20
"""How many dead letters of each box, and how many coming reminders, are shown."""
BOXES: tuple[tuple[str, dead_letters.Box, str], ...] = (
    ("keluar", "delivery", "web.kiriman_mati"),
    ("masuk", "inbox", "web.masuk_mati"),
)


class OperationsPage:
    """The route /operasi, for operators."""

    def __init__(self, context: PageContext, app: App) -> None:
        self._context = context
        self._core = context.core
        self._app = app

    def routes(self) -> list[GuardedRoute]:
        return [self._context.guard_route("/operasi", self.show_operations, WATCHING)]

    async def show_operations(self, request: Request, signed: Visitor) -> Response:
        """Show the state of the bot."""
        report, now = await self._app.readiness(), self._core.now_ms()
        late = await reminders.count_late(self._core.database, now - 60_000)
        figures = Figures(
            [
                Figure(Phrase("web.menunggu_kirim"), report["outbox"]["waiting"]),
                Figure(Phrase("web.menunggu_jendela"), report["outbox"]["waiting_for_window"]),
                Figure(Phrase("web.menunggu_giliran"), report["inbox"]["waiting_for_turn"]),
                Figure(Phrase("web.kiriman_mati"), report["outbox"]["dead"], "bad" if report["outbox"]["dead"] else "good"),
                Figure(Phrase("web.masuk_mati"), report["inbox"]["dead"], "bad" if report["inbox"]["dead"] else "good"),
                Figure(Phrase("web.pengingat_telat"), late, "warn" if late else "good"),
            ]
        )
        parts: list[Part] = [
            figures,
            self._build_adapters(report),
            await self._build_machine(),
            *await self._build_dead_letters(signed),
            await self._build_next_jobs(),
            self._build_plugins(report),
        ]
        well = report["ok"] and all(health["ok"] for health in report["plugins"].values())
        page = Page(Phrase("web.operasi"), parts, lead=Phrase("web.sehat" if well else "web.tidak_sehat"))
        return await self._context.render_parts(request, signed, page, "/operasi", "*")

    async def _build_machine(self) -> KeyValues:
        """The version, and the room that is left where files are kept."""
        free, whole = await self._context.run_in_thread(self._core.blobs.measure_disk)
        room = phrase("web.gigabita", bebas=round(free / 1e9), semua=round(whole / 1e9))
        return KeyValues([(Phrase("web.versi"), version("pendopo")), (Phrase("web.ruang_bebas"), room)])

    def _build_adapters(self, report: dict[str, Any]) -> DataTable:
        rows: list[list[Cell]] = [
            [
                name,
                Badge(Phrase("web.terhubung"), "good") if health["ok"] else Badge(Phrase("web.terputus"), "bad"),
                phrase("web.detik_lalu", detik=round(health["seconds"])) if health["seconds"] >= 0 else "–",
                health["note"],
            ]
            for name, health in report["adapters"].items()
        ]
        head = [Phrase(f"web.{key}") for key in ("aplikasi", "keadaan", "tanda_terakhir", "keterangan")]
        return DataTable(head, rows, title=Phrase("web.aplikasi_pesan"))

    async def _build_dead_letters(self, signed: Visitor) -> list[Part]:
        """List the dead letters, with a retry button for each of the first ten."""
        parts: list[Part] = []
        head = [Phrase(f"web.{key}") for key in ("nomor", "kepada", "kesalahan", "kode", "waktu")]
        for kind, box, key in BOXES:
            rows = await dead_letters.list_letters(self._core.database, box, dead_letters.DEAD, SHOWN)
            table: list[list[Cell]] = [
                [row.id, format_lane_key(*parse_lane_key(row.lane)[:2]), row.error[:200], row.code, from_ms(row.at)]
                for row in rows
            ]
            parts.append(DataTable(head, table, title=Phrase(key), empty=Phrase("web.tidak_ada_mati")))
            if rows and RETRY in self._core.router.routes and await self._can_retry(signed):
                buttons = [Button(phrase("web.coba_lagi", nomor=row.id), RouteName(RETRY), kind, row.id) for row in rows[:10]]
                parts.append(Actions([*buttons, Button(Phrase("web.coba_semua"), RouteName(RETRY), kind, 0)]))
        return parts

    async def _can_retry(self, signed: Visitor) -> bool:
        ctx = self._context.dashboard_pages.make_view_context(signed.person)
        return await self._core.gate.may_begin(ctx, self._core.router.routes[RETRY])

    async def _build_next_jobs(self) -> DataTable:
        rows = await reminders.list_next(self._core.database, NEXT)
        head = [Phrase(f"web.{key}") for key in ("waktu", "tindakan", "siapa")]
        shown: list[list[Cell]] = [
            [from_ms(r.due_at), self._name_job(r.route), self._core.people.get_name(r.person)] for r in rows
        ]
        return DataTable(head, shown, title=Phrase("web.rencana_dekat"), empty=Phrase("web.tidak_ada_rencana"))

    def _name_job(self, route: str) -> Cell:
        """What a job belongs to in words; its own name is for administrators."""
        plugin = self._core.router.plugins.get(route.partition(".")[0])
        return Folded(plugin.summary if plugin else Phrase("web.pekerjaan_bot"), route)

    def _build_plugins(self, report: dict[str, Any]) -> DataTable:
        said, up, down = report["plugins"], Badge(Phrase("web.aktif"), "good"), Badge(Phrase("web.terganggu"), "warn")
        rows: list[list[Cell]] = []
        for name, plugin in self._core.router.plugins.items():
            health = said.get(name, {"ok": True, "note": "", "code": ""})
            note = " · ".join(part for part in (plugin.summary, health["note"], health["code"]) if part)
            rows.append([name, note, up if health["ok"] else down])
        rows += [[name, why, Badge(Phrase("web.rusak"), "bad")] for name, why in report["broken_plugins"].items()]
        return DataTable(
            [Phrase("web.plugin"), Phrase("web.keterangan"), Phrase("web.keadaan")], rows, title=Phrase("web.plugin")
        )
