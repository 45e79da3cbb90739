"""No route without a policy, and none that takes another's place."""

import pytest
from pendopo import Context, Plugin, phrase
from pendopo.errors import PluginError
from pendopo.pages import Page
from pendopo.testing import Story
from pendopo.web import build_web_app
from pendopo.web.http.access import POLICIES, SIGNED_IN, GuardedRoute

OPEN_TO_ALL = {"/", "/healthz", "/readyz", "/metrics", "/static/{hash}/{name:path}"}
THE_WAY_IN = {"/masuk", "/masuk/qr", "/masuk/ambil", "/masuk/{token}"}


async def test_every_route_says_who_may_take_it(story: Story) -> None:
    app = build_web_app(story.app, dashboard=story.app)
    assert len(app.routes) > 25
    for route in app.routes:
        assert isinstance(route, GuardedRoute)
        assert route.policy in POLICIES or route.policy.startswith(SIGNED_IN)
        if route.policy == "anyone":
            assert route.path in OPEN_TO_ALL | THE_WAY_IN


def test_a_page_without_a_policy_is_refused_at_start() -> None:
    plugin = Plugin("uji", summary="Uji")

    @plugin.page("/uji")
    async def uji(ctx: Context) -> Page:
        return Page(phrase("uji.judul"))

    with pytest.raises(PluginError, match="has no policy"):
        plugin.list_routes()


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("uji", "is no path"),
        ("/uji/{lain}", "is no parameter"),
        ("/uji", "neither in its path nor has a default"),
        ("/Uji", "is no path"),
    ],
)
def test_an_address_that_cannot_work_is_refused_at_start(path: str, complaint: str) -> None:
    plugin = Plugin("uji", summary="Uji", policy="known")

    @plugin.page(path)
    async def uji(ctx: Context, nomor: int) -> Page:
        return Page("")

    with pytest.raises(PluginError, match=complaint):
        plugin.list_routes()


@pytest.mark.parametrize("path", ["/audit", "/orang", "/masuk", "/hooks"])
async def test_a_page_cannot_take_the_place_of_one_of_ours(path: str) -> None:
    plugin = Plugin("uji", summary="Uji", policy="known")

    @plugin.page(path)
    async def uji(ctx: Context) -> Page:
        return Page("")

    async with Story([plugin], raises=False) as story:
        assert "belongs to the dashboard" in story.app.broken["uji"]
