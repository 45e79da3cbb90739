"""The pages of people: all posts with their holders and mandates, and one person's posts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pendopo.model import Phrase, Post
from pendopo.model.ids import from_ms
from pendopo.model.numbers import parse_number
from pendopo.plugin import phrase
from pendopo.plugin.page_parts import Badge, Cell, DataTable, Field, Filters, KeyValues, Link, Page, Part
from pendopo.web.dashboard.page_context import SHOWN, PageContext
from pendopo.web.dashboard.sessions import Visitor
from pendopo.web.http.access import GuardedRoute


class PeoplePages:
    """The routes under /orang."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._core = context.core

    def routes(self) -> list[GuardedRoute]:
        guarded = self._context.guard_route
        return [guarded("/orang", self.show_people, "known"), guarded("/orang/{nomor:int}", self.show_person, "known")]

    async def show_people(self, request: Request, signed: Visitor) -> Response:
        """Show the posts, their holders and those who act in them."""
        wanted = request.query_params.get("cari", "").strip().lower()[:80]
        people, now = self._core.people, self._core.clock.now()
        posts = sorted(people.posts.values(), key=lambda post: (post.unit, post.title))
        rows = [
            row for post in posts for row in [self._build_post_row(post, now)] if not wanted or wanted in _row_text(row).lower()
        ]
        after = request.query_params.get("lanjut", "0")
        at = parse_number(after) or 0
        more = str(at + SHOWN) if len(rows) > at + SHOWN else ""
        head = [Phrase(f"web.{key}") for key in ("jabatan", "dijabat", "unit", "mandat")]
        search = Filters([Field("cari", Phrase("web.cari"), wanted, kind="search")])
        table = DataTable(head, rows[at : at + SHOWN], empty=Phrase("web.tidak_ditemukan"), next=more)
        whole = phrase("web.orang_jumlah", jabatan=len(posts), orang=len(people.persons))
        lead = phrase("web.orang_cocok", jumlah=len(rows)) if wanted else whole
        page = Page(Phrase("web.orang"), [search, table], lead=lead)
        return await self._context.render_parts(request, signed, page, "/orang", "direktori")

    def _build_post_row(self, post: Post, now: datetime) -> list[Cell]:
        people = self._core.people
        holders = people.holders_of(post.code, now)
        unit = people.units.get(post.unit)
        who: Cell = Link(holders[0].name, f"/orang/{holders[0].id}") if holders else Badge(Phrase("web.lowong"), "warn")
        return [post.title, who, unit.name if unit else "", self._format_mandates(post.code, now)]

    def _format_mandates(self, code: str, now: datetime) -> Cell:
        """List who acts in a post by mandate, with its basis."""
        people = self._core.people
        found = [
            f"{m.kind.capitalize()}. {people.persons[m.person].name}" + (f" ({m.basis})" if m.basis else "")
            for m in people.mandates_of(code, now)
        ]
        return "; ".join(found)

    async def show_person(self, request: Request, signed: Visitor) -> Response:
        """Show a person's posts, mandates and superior. Raises `HTTPException` 404."""
        people, now = self._core.people, self._core.clock.now()
        person = people.find_person(request.path_params["nomor"])
        if person is None:
            raise HTTPException(404)
        above = people.superior_of(person, now)
        rows: list[tuple[Phrase | str, Cell]] = [
            (Phrase("web.jabatan"), ", ".join(post.title for post in people.posts_of(person, now))),
            (Phrase("web.atasan"), Link(above.called, f"/orang/{above.id}") if above else "–"),
            (Phrase("web.aplikasi"), ", ".join(people.messengers_of(person)) or "–"),
        ]
        if doubted := people.list_doubted(person):
            rows.append((Phrase("web.akun_diragukan"), Badge(", ".join(doubted), "warn")))
        rows += [
            (Phrase("web.mandat"), self._format_mandate(m, now))
            for m in people.mandates
            if m.person == person.id and m.is_active(now)
        ]
        parts: list[Part] = [KeyValues(rows)]
        # When they are busy, but not why.
        ahead = now + timedelta(days=14)
        ctx = self._context.dashboard_pages.make_view_context(person)
        found = await ctx.calendar.list_busy(person, now, ahead)
        away = [[busy.start, busy.end] for busy in found[:20]]
        if away:
            parts.append(DataTable([Phrase("web.waktu"), Phrase("web.sampai")], away, title=Phrase("web.kalender_dekat")))
        page = Page(person.name, parts, back_link=Link(Phrase("web.orang"), "/orang"))
        return await self._context.render_parts(request, signed, page, "/orang", "direktori")

    def _format_mandate(self, mandate: Any, now: datetime) -> Cell:
        post = self._core.people.posts.get(mandate.post)
        until = phrase("web.sampai_hari", hari=from_ms(mandate.until)) if mandate.until else Phrase("web.seterusnya")
        return phrase("web.mandat_satu", jenis=mandate.kind.capitalize(), jabatan=post.title if post else "", sampai=until)


def _row_text(row: Sequence[Cell]) -> str:
    return " ".join(cell.text if isinstance(cell, Link) and isinstance(cell.text, str) else str(cell) for cell in row)
