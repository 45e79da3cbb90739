"""No page without a policy, and no way past it."""

from collections.abc import Callable

import pytest
from pendopo.testing import Story
from pendopo.web import build_web_app
from pendopo.web.http.access import SIGNED_IN
from starlette.routing import Route

from tests.web.dashboard.conftest import OURS, Browser, Sign

Open = Callable[[], Browser]


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


async def test_the_headers_keep_everything_at_home(story: Story, sign_in: Sign) -> None:
    browser = await sign_in(story.actor("sekda"))
    headers = (await browser.get("/hari-ini")).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"
    assert "script-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
