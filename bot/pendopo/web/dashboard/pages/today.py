"""The first page: what waits for the reader, key figures, and recent events."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pendopo.model import Phrase
from pendopo.model.ids import from_ms
from pendopo.model.numbers import parse_number
from pendopo.plugin import Context, phrase
from pendopo.plugin.page_parts import Badge, Card, Cards, Figures, Overview, Page, Part, Waiting
from pendopo.store.queries import audit
from pendopo.web.dashboard.page_context import PageContext
from pendopo.web.dashboard.pages.audit import describe_action
from pendopo.web.dashboard.sessions import Visitor
from pendopo.web.http.access import ANYONE, GuardedRoute

FEED, LOOKED = 12, 80
"""Most cards in the feed, and lines of the audit log searched for them."""
WAITS = 20
"""Most cards of waiting things, and of news."""


class TodayPage:
    """The routes / and /hari-ini."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._core = context.core

    def routes(self, front: bool) -> list[GuardedRoute]:
        own = [self._context.guard_route("/hari-ini", self.show_today, "known")]
        return [*own, GuardedRoute("/", self._redirect_front, policy=ANYONE)] if front else own

    async def _redirect_front(self, request: Request) -> Response:
        return RedirectResponse("/hari-ini", status_code=307)

    async def show_today(self, request: Request, signed: Visitor) -> Response:
        """Show the first page."""
        ctx = self._context.dashboard_pages.make_view_context(signed.person)
        now = ctx.now.astimezone(ctx.zone)
        since = datetime.combine(now.date() - timedelta(days=1), time(16, 30), ctx.zone)
        said = await ctx.dashboard.list_overviews(since)
        items = [figure for one in said for figure in one.figures]
        parts: list[Part] = [
            self._build_waiting(ctx, said),
            *([Figures(items)] if items else []),
            *_build_news(said),
            await self._build_feed(ctx),
        ]
        page = Page(_make_greeting(now, signed.person.called), parts, lead=phrase("web.tanggal", hari=now))
        return await self._context.render_parts(request, signed, page, "/hari-ini", "*")

    def _build_waiting(self, ctx: Context, said: Sequence[Overview]) -> Cards:
        far = datetime.max.replace(tzinfo=ctx.zone)
        waits = sorted((w for one in said for w in one.waits), key=lambda w: (not w.urgent, w.due or far))
        return Cards(
            [_build_card(ctx, w) for w in waits[:WAITS]],
            title=phrase("web.menunggu_anda", jumlah=len(waits)),
            empty=Phrase("web.tidak_ada_tunggu"),
        )

    async def _build_feed(self, ctx: Context) -> Cards:
        """Build the feed: the last event of each thing that this person may see, newest first."""
        seen: set[str] = set()
        cards: list[Card] = []
        for row in await audit.list_latest_about_items(self._core.database, LOOKED):
            words = describe_action(self._context, row.action)
            plugin, _, number = row.object.partition("/")
            if (
                row.object in seen
                or plugin not in self._core.router.items
                or parse_number(number) is None
                or isinstance(words, str)
            ):
                continue
            seen.add(row.object)
            if not (items := await ctx.plugins.find_items(parse_number(number) or 0, plugin)):
                continue
            who = self._core.people.find_person(row.person)
            called = row.capacity or (who.called if who else "")
            line = phrase("web.oleh_pada", siapa=called, kapan=_format_moment(from_ms(row.at), ctx))
            cards.append(Card(items[0].title, [words, line], path=self._item_path(plugin, number)))
            if len(cards) == FEED:
                break
        return Cards(cards, title=Phrase("web.kabar"), empty=Phrase("web.tidak_ada_kabar"), dense=True)

    def _item_path(self, plugin: str, number: str) -> str:
        """The path of a thing's page, or "" when its plugin has none."""
        path = f"/{plugin}/{{}}"
        return f"/{plugin}/{number}" if path in self._core.router.pages else ""


def _build_news(said: Sequence[Overview]) -> list[Part]:
    news = sorted((n for one in said for n in one.news), key=lambda n: (not n.urgent, -n.at.timestamp()))
    cards = [Card(n.title, [], Badge(Phrase("web.mendesak"), "bad") if n.urgent else None, n.path) for n in news[:WAITS]]
    return [Cards(cards, title=Phrase("web.tentang_anda"), dense=True)] if cards else []


def _build_card(ctx: Context, waiting: Waiting) -> Card:
    due = [phrase("web.batas", kapan=_format_moment(waiting.due, ctx))] if waiting.due else []
    late = waiting.due is not None and waiting.due < ctx.now
    badge = Badge(Phrase("web.mendesak" if waiting.urgent else "web.lewat"), "bad") if waiting.urgent or late else None
    return Card(waiting.title, [*waiting.lines, *due], badge, waiting.path, waiting.buttons)


def _format_moment(at: datetime, ctx: Context) -> str:
    local = at.astimezone(ctx.zone)
    return f"{local:%H.%M}" if local.date() == ctx.now.astimezone(ctx.zone).date() else f"{local:%d/%m %H.%M}"


def _make_greeting(now: datetime, called: str) -> Phrase:
    """Greet by the hour."""
    hours = ((4, "malam"), (11, "pagi"), (15, "siang"), (18, "sore"), (24, "malam"))
    return phrase(f"web.salam_{next(name for until, name in hours if now.hour < until)}", siapa=called)
