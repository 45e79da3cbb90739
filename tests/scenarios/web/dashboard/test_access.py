"""No page without a policy, and no way past it."""

from collections.abc import Callable

import pytest
from pendopo import Context, Plugin, phrase
from pendopo.errors import PluginError
from pendopo.pages import Page
from pendopo.testing import Story
from pendopo.web import build_web_app
from pendopo.web.http.access import POLICIES, SIGNED_IN, GuardedRoute
from starlette.routing import Route

from tests.web.dashboard.conftest import OURS, Browser, Sign

Open = Callable[[], Browser]
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


async def test_whoever_is_not_signed_in_gets_none_of_the_pages(story: Story, open_browser: Open) -> None:
    browser = open_browser()
    app = build_web_app(story.app, dashboard=story.app)
    for route in app.routes:
        assert isinstance(route, Route)
        if not getattr(route, "policy", "").startswith(SIGNED_IN):
            continue
        path = route.path.replace(":int", "").replace("{nomor}", "1").replace("{blob}", "a").replace("{seal}", "b")
        path = path.replace("{name}", "c")
        for method in route.methods or ():
            answer = await browser.client.request(method, path, headers=OURS)
            assert answer.status_code == (303 if method == "GET" else 401), (method, path)
            assert "Sekda" not in answer.text


@pytest.mark.parametrize(
    ("name", "path", "allowed"),
    [
        ("sekda", "/audit", True),
        ("lurah", "/audit", False),
        ("admin", "/operasi", True),
        ("sekda", "/operasi", False),
        ("lurah", "/operasi", False),
    ],
)
async def test_pages_with_a_role_are_for_whoever_has_it(
    story: Story, sign_in: Sign, name: str, path: str, allowed: bool
) -> None:
    browser = await sign_in(story.actor(name))
    answer = await browser.get(path)
    assert answer.status_code == (200 if allowed else 403)
    assert (f'href="{path}"' in answer.text) is allowed


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

    async with Story([plugin]) as story:
        assert "belongs to the dashboard" in story.app.broken["uji"]


async def test_the_headers_keep_everything_at_home(story: Story, sign_in: Sign) -> None:
    browser = await sign_in(story.actor("sekda"))
    headers = (await browser.get("/hari-ini")).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "script-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
