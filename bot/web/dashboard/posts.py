"""The pages of people: posts, who holds them, who acts in them, and what somebody holds."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.directory import Post
from bot.model import Person, Said
from bot.plugin import say
from bot.plugin.page import Badge, Cell, Facts, Field, Filters, Link, Page, Part, Table
from bot.store.delivery import from_ms

from ..access import Guarded
from .desk import SHOWN, Desk
from .session import Signed


class Posts:
    """People and mandates."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._core = desk.core

    def routes(self) -> list[Guarded]:
        guarded = self._desk.guarded
        return [guarded("/orang", self.people, "known"), guarded("/orang/{nomor:int}", self.person, "known")]

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
        return await self._desk.page(request, signed, page, "/orang", "direktori")

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
        return await self._desk.page(request, signed, page, "/orang", "direktori")

    def _lent(self, mandate: Any, now: datetime) -> Cell:
        post = self._core.people.posts.get(mandate.post)
        until = say("web.sampai_hari", hari=from_ms(mandate.until)) if mandate.until else Said("web.seterusnya")
        return say("web.mandat_satu", jenis=mandate.kind.capitalize(), jabatan=post.title if post else "", sampai=until)

    async def _away(self, person: Person, now: datetime) -> list[list[Cell]]:
        """When they are away or in a meeting in the days to come; not why."""
        ahead = now + timedelta(days=14)
        ctx = self._desk.dashboard_pages.context(person)
        found = await ctx.calendar.list_busy(person, now, ahead)
        return [[busy.start, busy.end] for busy in found[:20]]


def _plain(row: Sequence[Cell]) -> str:
    return " ".join(cell.text if isinstance(cell, Link) and isinstance(cell.text, str) else str(cell) for cell in row)
