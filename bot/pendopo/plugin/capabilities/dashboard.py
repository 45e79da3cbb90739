"""`ctx.dashboard`: what is shown on the web, where it is found, and who is let in."""

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
        """Into the dashboard and out of it: one-time links, and the sessions of this person."""
        ctx = self._ctx
        return SignIn(self._api.database, self._api.site, ctx.person, ctx.now, self._effects.unit.later)

    async def list_overviews(self, since: datetime, person: Person | None = None) -> Sequence[Overview]:
        """What all plugins say of now to a person, by default to who asks: what waits, what is new since then, some figures."""
        return await self._api.collect_overviews(self._ctx, since, person or self._ctx.person)

    def build_page_url(self, path: str = "") -> str:
        """The address of a page of the dashboard; "" where it has none that people could reach."""
        return f"{self._api.site}{path}" if self._api.site else ""

    def build_feed_url(self, feed: Callable[..., Any], token: str) -> str:
        """Where a feed of the plugin is fetched by a token; "" where the operator gave no `web.public_url`."""
        public = self._api.public_url.rstrip("/")
        return f"{public}/feed/{self._api.route_for(feed).name}/{token}" if public else ""
