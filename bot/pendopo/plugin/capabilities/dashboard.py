"""`ctx.dashboard`: overviews, addresses and signing in."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from pendopo.model import Person
from pendopo.plugin.engine_api import Effects, EngineApi, Scene
from pendopo.plugin.pages.parts import Overview
from pendopo.plugin.sign_in import SignIn


class Dashboard:
    """The dashboard, as one person may use it."""

    def __init__(self, api: EngineApi, effects: Effects, ctx: Scene) -> None:
        self._api = api
        self._effects = effects
        self._ctx = ctx

    @property
    def sign_in(self) -> SignIn:
        """Signing in: one-time links, and the sessions of this person."""
        ctx = self._ctx
        return SignIn(self._api.database, self._api.site, ctx.person, ctx.now, self._effects.unit.later)

    async def list_overviews(self, since: datetime, person: Person | None = None) -> Sequence[Overview]:
        """Returns the overviews of all plugins for a person, by default the one who asks; news since an instant."""
        return await self._api.collect_overviews(self._ctx, since, person or self._ctx.person)

    def build_page_url(self, path: str = "") -> str:
        """Returns the address of a dashboard page; "" where people cannot reach it."""
        return f"{self._api.site}{path}" if self._api.site else ""

    def build_feed_url(self, feed: Callable[..., Any], token: str) -> str:
        """Returns the address of a feed for a token; "" without `web.public_url`."""
        public = self._api.public_url.rstrip("/")
        return f"{public}/feed/{self._api.route_for(feed).name}/{token}" if public else ""
