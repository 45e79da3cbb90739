"""The pages of the framework itself, made of the same parts as those of plugins: people, audit log, operations, settings."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.directory import Post
from bot.engine.app import App
from bot.model import Chat, Person, Said
from bot.plugin import Button, say
from bot.plugin.page import (
    Actions,
    Badge,
    Cell,
    Facts,
    Field,
    Figure,
    Figures,
    Filters,
    Link,
    Page,
    Part,
    Table,
)
from bot.store import sessions
from bot.store.audit import Entry, Note
from bot.store.delivery import from_ms

from ..access import Guarded
from ..body import bounded
from ..form import field
from . import recap
from .desk import AUDITING, HEADERS, WATCHING, Desk
from .parts import Painter
from .session import Signed
from .showing import Showing

SHOWN = 50
RETRY = "kelola.ulangi"
_AUDIT = """SELECT a.id, a.at, a.person, a.messenger, a.capacity, a.action, a.object, n.body
FROM audit a LEFT JOIN audit_note n ON n.id = a.id WHERE a.id < ? {more} ORDER BY a.id DESC LIMIT ?"""
_DEAD_OUT = "SELECT id, chat, error, code, created_at FROM delivery WHERE state = 'dead' ORDER BY id DESC LIMIT 50"
_DEAD_IN = "SELECT id, lane, error, code, received_at FROM inbox WHERE state = 'dead' ORDER BY id DESC LIMIT 50"
_NEXT = "SELECT route, due_at, person FROM reminder WHERE state = 'waiting' ORDER BY due_at LIMIT 20"
_LATE = "SELECT count(*) FROM (SELECT 1 FROM reminder WHERE state = 'waiting' AND due_at < ? LIMIT 1000) AS late"


class Own:
    """People and mandates, the audit log, operations, and what one decides for oneself."""

    def __init__(self, desk: Desk, app: App, showing: Showing) -> None:
        self._desk = desk
        self._core = desk.core
        self._app = app
        self._showing = showing

    def routes(self) -> list[Guarded]:
        guarded = self._desk.guarded
        return [
            guarded("/orang", self.people, "known"),
            guarded("/orang/{nomor:int}", self.person, "known"),
            guarded("/audit", self.audit, AUDITING),
            guarded("/operasi", self.operations, WATCHING),
            guarded("/pengaturan", self.settings, "known"),
            guarded("/pengaturan/akhiri", self.end_sessions, "known", ["POST"]),
        ]

    async def _show(self, request: Request, signed: Signed, page: Page, active: str, live: str) -> Response:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        given = dict(request.query_params)
        return await self._desk.page(signed, page, active, path, live, given)

    # -- people --------------------------------------------------------------------------------------------------

    async def people(self, request: Request, signed: Signed) -> Response:
        """Posts, who holds them, and who acts in them."""
        wanted = request.query_params.get("cari", "").strip().lower()[:80]
        people, now = self._core.people, self._core.clock.now()
        posts = sorted(people.posts.values(), key=lambda post: (post.unit, post.title))
        rows = [row for post in posts for row in [self._post(post, now)] if not wanted or wanted in _plain(row).lower()]
        after = request.query_params.get("lanjut", "0")
        at = int(after) if after.isdecimal() else 0
        more = str(at + SHOWN) if len(rows) > at + SHOWN else ""
        head = [Said(f"web.{key}") for key in ("jabatan", "dijabat", "unit", "mandat")]
        search = Filters([Field("cari", Said("web.cari"), wanted, kind="search")])
        table = Table(head, rows[at : at + SHOWN], empty=Said("web.tidak_ditemukan"), next=more)
        lead = say("web.orang_jumlah", jabatan=len(posts), orang=len(people.persons))
        page = Page(Said("web.orang"), [search, table], lead=lead)
        return await self._show(request, signed, page, "/orang", "direktori")

    def _post(self, post: Post, now: datetime) -> list[Cell]:
        people = self._core.people
        holders = people.holders(post.code, now)
        unit = people.units.get(post.unit)
        who: Cell = Link(holders[0].name, f"/orang/{holders[0].id}") if holders else Badge(Said("web.lowong"), "warn")
        return [post.title, who, unit.name if unit else "", self._mandates(post.code, now)]

    def _mandates(self, code: str, now: datetime) -> Cell:
        """Who acts there besides, and why."""
        people = self._core.people
        found = [
            f"{m.kind.capitalize()}. {people.persons[m.person].name}" + (f" ({m.basis})" if m.basis else "")
            for m in people.mandates_of(code, now)
        ]
        return "; ".join(found)

    async def person(self, request: Request, signed: Signed) -> Response:
        """Somebody: what they hold, what is lent to them, whom they answer to."""
        people, now = self._core.people, self._core.clock.now()
        person = people.person(request.path_params["nomor"])
        if person is None:
            raise HTTPException(404)
        above = people.superior(person, now)
        rows: list[tuple[Said | str, Cell]] = [
            (Said("web.jabatan"), ", ".join(post.title for post in people.posts_of(person, now))),
            (Said("web.atasan"), Link(above.called, f"/orang/{above.id}") if above else "–"),
            (Said("web.aplikasi"), ", ".join(people.messengers(person)) or "–"),
        ]
        rows += [(Said("web.mandat"), self._lent(m, now)) for m in people.mandates if m.person == person.id and m.at(now)]
        parts: list[Part] = [Facts(rows)]
        away = await self._away(person, now)
        if away:
            parts.append(Table([Said("web.waktu"), Said("web.sampai")], away, title=Said("web.kalender_dekat")))
        page = Page(person.name, parts, crumb=Link(Said("web.orang"), "/orang"))
        return await self._show(request, signed, page, "/orang", "direktori")

    def _lent(self, mandate: Any, now: datetime) -> Cell:
        post = self._core.people.posts.get(mandate.post)
        until = say("web.sampai_hari", hari=from_ms(mandate.until)) if mandate.until else Said("web.seterusnya")
        return say("web.mandat_satu", jenis=mandate.kind.capitalize(), jabatan=post.title if post else "", sampai=until)

    async def _away(self, person: Person, now: datetime) -> list[list[Cell]]:
        """When they are away or in a meeting in the days to come; not why."""
        ahead = now + timedelta(days=14)
        found = await self._core.agenda(person.id, int(now.timestamp() * 1000), int(ahead.timestamp() * 1000))
        return [[busy.start, busy.end] for busy in found[:20]]

    # -- the audit log -------------------------------------------------------------------------------------------

    async def audit(self, request: Request, signed: Signed) -> Response:
        """Who did what, the newest first."""
        query = request.query_params
        named, object_ = self._named(query.get("orang", "")), query.get("objek", "").strip()[:60]
        after = query.get("lanjut", "")
        before = int(after) if after.isdecimal() else 2**62
        more = ""
        params: list[Any] = []
        if named:
            more, params = "AND a.person = ?", [named.id]
        elif object_:
            more, params = "AND a.object = ?", [object_]
        whole = query.get("unduh", "")
        limit = SHOWN if not whole else 10_000
        rows = await self._core.database.read(_AUDIT.format(more=more), (before, *params, limit + 1))
        following = str(rows[limit - 1][0]) if len(rows) > limit else ""
        head = [Said(f"web.{key}") for key in ("nomor", "waktu", "siapa", "tindakan", "objek", "aplikasi", "keterangan")]
        table = Table(head, [self._line(row) for row in rows[:limit]], name="audit", next=following)
        fields = [
            Field("orang", Said("web.siapa"), query.get("orang", "")[:60], kind="search"),
            Field("objek", Said("web.objek"), object_, hint=Said("web.objek_contoh")),
        ]
        page = Page(Said("web.audit"), [Filters(fields), table], lead=Said("web.audit_kaki"))
        if whole:
            return await self._taken(signed, page, table, whole)
        return await self._show(request, signed, page, "/audit", "*")

    async def _taken(self, signed: Signed, page: Page, table: Table, wanted: str) -> Response:
        kind = wanted.rpartition(".")[2]
        if kind not in recap.KINDS:
            raise HTTPException(404)
        painter = Painter(self._core, signed.person, self._desk.locale(signed.person))
        data = await self._core.beside(lambda: recap.made(page, table, kind, painter, self._core.clock.now()))
        await self._core.pages.note(signed.person, Entry("web.unduh", "audit", {"berkas": kind, "baris": len(table.rows)}))
        headers = {"content-disposition": f"attachment; filename=audit.{kind}"}
        return Response(data, media_type=recap.KINDS[kind], headers=headers)

    def _named(self, text: str) -> Person | None:
        found = self._core.people.like(text.strip(), 1) if text.strip() else []
        named, _ = self._core.people.named_in(text)
        return named or (found[0] if found else None)

    def _line(self, row: Sequence[Any]) -> list[Cell]:
        id_, at, person, messenger, capacity, action, object_, body = row
        who = self._core.people.person(person)
        name = capacity or (who.called if who else (f"#{person}" if person else "–"))
        note = msgspec.json.decode(body, type=Note) if body else Note()
        words = note.reason or ("" if not note.detail else msgspec.json.encode(note.detail).decode())
        return [id_, from_ms(at), name, self.action(action), object_, messenger, words[:300]]

    def action(self, action: str) -> Said | str:
        """What was done, in words where somebody wrote them."""
        return action_words(self._desk, action)

    # -- operations ----------------------------------------------------------------------------------------------

    async def operations(self, request: Request, signed: Signed) -> Response:
        """How the bot is: messengers, what waits, what failed."""
        report, now = await self._app.readiness(), self._core.now_ms()
        late = (await self._core.database.read(_LATE, (now - 60_000,)))[0][0]
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
        return await self._show(request, signed, page, "/operasi", "*")

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
        for kind, sql, key in (("keluar", _DEAD_OUT, "web.kiriman_mati"), ("masuk", _DEAD_IN, "web.masuk_mati")):
            rows = await self._core.database.read(sql)
            table: list[list[Cell]] = [[r[0], _place(r[1]), r[2][:200], r[3], from_ms(r[4])] for r in rows]
            parts.append(Table(head, table, title=Said(key), empty=Said("web.tidak_ada_mati")))
            if rows and RETRY in self._core.router.routes and await self._may_retry(signed):
                buttons = [Button(say("web.coba_lagi", nomor=row[0]), RETRY, kind, row[0]) for row in rows[:10]]
                parts.append(Actions([*buttons, Button(Said("web.coba_semua"), RETRY, kind, 0)]))
        return parts

    async def _may_retry(self, signed: Signed) -> bool:
        ctx = self._core.pages.context(signed.person)
        return await self._core.gate.may_begin(ctx, self._core.router.routes[RETRY])

    async def _next(self) -> Table:
        rows = await self._core.database.read(_NEXT)
        head = [Said(f"web.{key}") for key in ("waktu", "tindakan", "siapa")]
        shown: list[list[Cell]] = [[from_ms(due), route, self._core.people.called(person)] for route, due, person in rows]
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

    # -- what one decides for oneself ----------------------------------------------------------------------------

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
        await self._core.pages.note(me, Entry("web.akhiri", f"person/{me.id}", {"jumlah": ended}))
        return RedirectResponse("/pengaturan", status_code=303, headers=HEADERS)


def action_words(desk: Desk, action: str) -> Said | str:
    """The sentence of an action of the audit log; its bare name where nobody wrote one."""
    owner, _, name = action.partition(".")
    key = f"{owner}.aksi.{name}"
    return Said(key) if desk.core.catalogues.has(key) else action


def _plain(row: Sequence[Cell]) -> str:
    return " ".join(cell.text if isinstance(cell, Link) and isinstance(cell.text, str) else str(cell) for cell in row)


def _place(text: str) -> str:
    """A chat as operators know it."""
    return msgspec.json.decode(text, type=Chat).key if text.startswith("{") else text


__all__ = ["Own", "action_words"]
