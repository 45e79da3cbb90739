"""The audit log on the dashboard."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from pendopo.model import Person, Phrase
from pendopo.model.ids import from_ms
from pendopo.model.numbers import LARGEST, parse_number
from pendopo.plugin.page_parts import Cell, DataTable, Field, Filters, Folded, Link, Page
from pendopo.store.queries import audit
from pendopo.store.queries.audit import Line
from pendopo.web.dashboard.page_context import AUDITING, SHOWN, PageContext
from pendopo.web.dashboard.pages.plugin_pages import MAX_RECAP_ROWS, PluginPages
from pendopo.web.dashboard.sessions import Visitor
from pendopo.web.http.access import GuardedRoute

SHORT = 60
"""Most characters of a detail among the words; longer ones are sums and the like, which stand behind the fold."""


class AuditPage:
    """The route /audit."""

    def __init__(self, context: PageContext, plugin_pages: PluginPages) -> None:
        self._context = context
        self._core = context.core
        self._plugin_pages = plugin_pages

    def routes(self) -> list[GuardedRoute]:
        return [self._context.guard_route("/audit", self.show_audit, AUDITING)]

    async def show_audit(self, request: Request, signed: Visitor) -> Response:
        """Show who did what, newest first, or download it as a recap."""
        query = request.query_params
        named, object_ = self._match_person(query.get("orang", "")), query.get("objek", "").strip()[:60]
        after = query.get("lanjut", "")
        before = parse_number(after) or LARGEST
        whole = query.get("unduh", "")
        limit = MAX_RECAP_ROWS if whole else SHOWN
        lines = await audit.list_latest(self._core.database, limit + 1, before, named.id if named else 0, object_)
        following = str(lines[limit - 1].id) if len(lines) > limit else ""
        head = [Phrase(f"web.{key}") for key in ("nomor", "waktu", "siapa", "tindakan", "objek", "aplikasi", "keterangan")]
        table = DataTable(head, [self._cells(line) for line in lines[:limit]], name="audit", next=following)
        fields = [
            Field("orang", Phrase("web.siapa"), query.get("orang", "")[:60], kind="search"),
            Field("objek", Phrase("web.objek"), object_, hint=Phrase("web.objek_contoh")),
        ]
        page = Page(Phrase("web.audit"), [Filters(fields), table], lead=Phrase("web.audit_kaki"))
        if whole:
            return await self._plugin_pages.send_recap(signed, page, table, whole.rpartition(".")[2], "audit")
        return await self._context.render_parts(request, signed, page, "/audit", "*")

    def _match_person(self, text: str) -> Person | None:
        found = self._core.people.persons_like(text.strip(), 1) if text.strip() else []
        named, _ = self._core.people.named_in(text)
        return named or (found[0] if found else None)

    def _cells(self, line: Line) -> list[Cell]:
        who, note = self._core.people.find_person(line.person), line.note
        name = line.capacity or (who.called if who else (f"#{line.person}" if line.person else "–"))
        raw = msgspec.json.encode(note.detail).decode()[:600] if note.detail else ""
        words = " · ".join(filter(None, [note.reason, *_list_details(note.detail)]))[:300]
        known = describe_action(self._context, line.action)
        action = known if isinstance(known, Phrase) else known.replace(".", ": ").replace("_", " ")
        fold = Folded(words, f"{line.action} {line.object} {raw}".strip())
        return [line.id, from_ms(line.at), name, action, self._name_object(line.object), line.messenger.capitalize(), fold]

    def _name_object(self, object_: str) -> Cell:
        """The thing by its name, as a link where it has a page; whatever is unknown stays as it is written."""
        plugin, _, number = object_.partition("/")
        row = parse_number(number)
        if row is None:
            return object_
        if plugin == "person":
            person = self._core.people.find_person(row)
            return Link(person.called, f"/orang/{row}") if person else object_
        called = f"{plugin.capitalize()} #{row}"
        has_page = any(path.startswith(f"/{plugin}/{{") for path in self._core.router.pages)
        return Link(called, f"/{object_}") if has_page else called


def _list_details(detail: Any) -> list[str]:
    """The details as "name: value", nested ones left to the fold."""
    if not isinstance(detail, dict):
        return [str(detail)] if detail else []
    plain = {key: value for key, value in detail.items() if isinstance(value, (str, int, float))}
    return [f"{key.replace('_', ' ')}: {value}" for key, value in plain.items() if 0 < len(str(value)) <= SHORT]


def describe_action(context: PageContext, action: str) -> Phrase | str:
    """Return the sentence of an audit action, or its bare name when the catalogues have none."""
    owner, _, name = action.partition(".")
    key = f"{owner}.aksi.{name}"
    return Phrase(key) if context.core.catalogues.has_key(key) else action
