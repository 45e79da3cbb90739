"""The audit log on the dashboard."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bot.model import Person, Said
from bot.plugin.page import Cell, Field, Filters, Page, Table
from bot.store import audit
from bot.store.audit import Line
from bot.store.delivery import from_ms

from ..access import Guarded
from .desk import AUDITING, SHOWN, Desk
from .session import Signed
from .showing import WHOLE, Showing


class Trail:
    """Who did what."""

    def __init__(self, desk: Desk, showing: Showing) -> None:
        self._desk = desk
        self._core = desk.core
        self._showing = showing

    def routes(self) -> list[Guarded]:
        return [self._desk.guarded("/audit", self.audit, AUDITING)]

    async def audit(self, request: Request, signed: Signed) -> Response:
        """Who did what, the newest first."""
        query = request.query_params
        named, object_ = self._named(query.get("orang", "")), query.get("objek", "").strip()[:60]
        after = query.get("lanjut", "")
        before = int(after) if after.isdecimal() else 2**62
        whole = query.get("unduh", "")
        limit = WHOLE if whole else SHOWN
        lines = await audit.list_latest(self._core.database, limit + 1, before, named.id if named else 0, object_)
        following = str(lines[limit - 1].id) if len(lines) > limit else ""
        head = [Said(f"web.{key}") for key in ("nomor", "waktu", "siapa", "tindakan", "objek", "aplikasi", "keterangan")]
        table = Table(head, [self._cells(line) for line in lines[:limit]], name="audit", next=following)
        fields = [
            Field("orang", Said("web.siapa"), query.get("orang", "")[:60], kind="search"),
            Field("objek", Said("web.objek"), object_, hint=Said("web.objek_contoh")),
        ]
        page = Page(Said("web.audit"), [Filters(fields), table], lead=Said("web.audit_kaki"))
        if whole:
            return await self._showing.taken(signed, page, table, whole.rpartition(".")[2], "audit")
        return await self._desk.page(request, signed, page, "/audit", "*")

    def _named(self, text: str) -> Person | None:
        found = self._core.people.like(text.strip(), 1) if text.strip() else []
        named, _ = self._core.people.named_in(text)
        return named or (found[0] if found else None)

    def _cells(self, line: Line) -> list[Cell]:
        who, note = self._core.people.person(line.person), line.note
        name = line.capacity or (who.called if who else (f"#{line.person}" if line.person else "–"))
        words = note.reason or ("" if not note.detail else msgspec.json.encode(note.detail).decode())
        action = action_words(self._desk, line.action)
        return [line.id, from_ms(line.at), name, action, line.object, line.messenger, words[:300]]


def action_words(desk: Desk, action: str) -> Said | str:
    """The sentence of an action of the audit log; its bare name where nobody wrote one."""
    owner, _, name = action.partition(".")
    key = f"{owner}.aksi.{name}"
    return Said(key) if desk.core.catalogues.has(key) else action


__all__ = ["Trail", "action_words"]
