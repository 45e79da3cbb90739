"""Every way in passes a policy: walked over everything that ships, for every role and for strangers."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from pendopo.adapters.simulator import SimPerson, Simulator
from pendopo.cli.discovery.plugins import find_plugins
from pendopo.config import DEFAULT_PLUGINS, PluginSettings
from pendopo.directory import Decision
from pendopo.directory.policy import BUILT_IN, split_policy
from pendopo.errors import PluginError
from pendopo.model import Account, Chat, JobDue, Message
from pendopo.plugin import Context
from pendopo.testing import Story
from pendopo.testing.story import DEMO
from pendopo.web import build_web_app
from pendopo.web.http.access import ANYONE, LOCAL, POLICIES, SIGNED, GuardedRoute, check_routes
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route as Open

PLUGINS = find_plugins(PluginSettings(enabled=list(DEFAULT_PLUGINS))).plugins
ROUTES = {route.name: route for plugin in PLUGINS for route in plugin.list_routes()}
WHO = [*DEMO, "orang_asing"]
NOW = datetime(2026, 8, 12, tzinfo=UTC)


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    async with Story(PLUGINS, raises=False) as told:  # rules are asked here without what they look at
        yield told


def context(story: Story, who: str) -> Context:
    """What a handler would hold if this person wrote to the bot."""
    core = story.app.core
    account = Account((f"memory:{who}",))
    event = Message(key="m", chat=Chat("memory", who), at=NOW, account=account)
    return story.app.contexts.open(event, core.people.by_alias(account.aliases))


def test_everything_that_ships_is_walked() -> None:
    assert {route.kind for route in ROUTES.values()} == {"command", "action", "job", "on", "item", "feed", "page", "overview"}
    assert {route.plugin for route in ROUTES.values()} == set(DEFAULT_PLUGINS)


@pytest.mark.parametrize("name", ROUTES)
def test_every_route_names_policies_that_exist(name: str) -> None:
    route = ROUTES[name]
    rules = next(plugin.policies for plugin in PLUGINS if plugin.name == route.plugin)
    parts = list(split_policy(route.policy))
    assert parts
    for part in parts:
        assert part in BUILT_IN or part.startswith("role:") or part in rules


@pytest.mark.parametrize("plugin", DEFAULT_PLUGINS)
async def test_a_stranger_takes_no_route_but_those_for_anyone(story: Story, plugin: str) -> None:
    for name, route in ROUTES.items():
        if route.plugin == plugin:
            decision = await story.app.core.gate.check(context(story, "orang_asing"), route, {})
            assert decision.allowed == (route.policy == "anyone"), name
            assert decision.allowed or decision.reason is not None, name


@pytest.mark.parametrize("who", DEMO)
async def test_every_role_gets_a_decision_with_a_rule_and_a_no_says_why(story: Story, who: str) -> None:
    for route in ROUTES.values():
        decision = await story.app.core.gate.check(context(story, who), route, {})
        assert type(decision) is Decision
        assert decision.rule
        assert decision.allowed or decision.reason is not None


async def test_a_route_for_the_engine_alone_is_nobodys(story: Story) -> None:
    for route in (route for route in ROUTES.values() if route.policy == "system"):
        for who in WHO:
            assert not (await story.app.core.gate.check(context(story, who), route, {})).allowed
        due = JobDue(key="j", chat=Chat("pendopo", "x"), at=NOW, route=route.name, due=NOW)
        ctx = story.app.contexts.open(due, None)
        assert (await story.app.core.gate.check(ctx, route, {})).allowed


# -- pages and webhooks --------------------------------------------------------------------------------------------


def web(story: Story) -> Starlette:
    return build_web_app(story.app, Simulator([SimPerson("rina", "Rina", "Kadis")], []))


async def test_every_page_names_a_policy(story: Story) -> None:
    routes = [route for route in web(story).routes if isinstance(route, GuardedRoute)]
    assert len(routes) == len(web(story).routes) > 10
    assert {route.policy for route in routes} == POLICIES


async def test_a_page_that_says_nothing_is_refused_when_the_app_is_built() -> None:
    async def page(request: Any) -> PlainTextResponse:
        return PlainTextResponse("")

    with pytest.raises(PluginError, match="/buka does not say who may take it"):
        check_routes([Open("/buka", page)], ())
    with pytest.raises(PluginError, match="no policy 'semua'"):
        GuardedRoute("/buka", page, policy="semua")
    with pytest.raises(PluginError, match="the guard does not know"):
        check_routes([GuardedRoute("/lain", page, policy=LOCAL)], ("/simulator",))


async def test_pages_for_this_machine_answer_to_no_other_name(story: Story) -> None:
    app = web(story)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pendopo.example") as client:
        for route in local(app):
            path = route.path.replace("{ref}", "x")
            for method in sorted(route.methods or ()):
                assert (await client.request(method, path)).status_code == 403, path


async def test_a_webhook_without_its_signature_is_refused_and_leaves_no_row(story: Story) -> None:
    app = web(story)
    signed = [route for route in app.routes if isinstance(route, GuardedRoute) and route.policy == SIGNED]
    assert {route.path for route in signed} == {"/hooks/{adapter}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        for name in ("telegram", "whatsapp_cloud", "waha", "nothing"):
            answer = await client.post(f"/hooks/{name}", json={"update_id": 1})
            assert answer.status_code == 404, "an adapter that is not configured has no webhook"
    assert await story.stored.list_inbox() == []


async def test_what_anyone_may_see_shows_nobody(story: Story) -> None:
    await story.kadis.says("/izin sakit hari ini")
    app = web(story)
    public = [
        r for r in app.routes if isinstance(r, GuardedRoute) and r.policy == ANYONE and "{" not in r.path and r.path != "/"
    ]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        for route in public:
            shown = (await client.get(route.path)).text
            assert "Rina" not in shown
            assert "sakit" not in shown


def local(app: Starlette) -> Iterator[GuardedRoute]:
    """The pages for this machine only."""
    return (route for route in app.routes if isinstance(route, GuardedRoute) and route.policy == LOCAL)
