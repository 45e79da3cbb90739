"""A feed is there for whoever holds its token, and for nobody else; what told the token is forgotten."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from pendopo import Context, Decision, Person, Plugin, UserError, phrase
from pendopo.config import Settings
from pendopo.errors import PluginError
from pendopo.testing import Story
from pendopo.web import build_web_app


def make_plugin(policy: str = "pemegang") -> Plugin:
    plugin = Plugin("uji", summary="Under test", policy="known")

    @plugin.policy("pemegang")
    async def pemegang(ctx: Context, token: str) -> Decision:
        if token == "galat":
            raise RuntimeError("the rule is broken")
        if token == "tanpa":
            raise UserError("umum.tidak_ada", nomor=1)
        return ctx.allow("pemegang") if token == "rahasia-sekali" else ctx.deny("pemegang", "umum.tidak")

    @plugin.feed(policy=policy)
    async def kalender(ctx: Context, token: str) -> tuple[bytes, str]:
        return f"untuk {token}".encode(), "text/calendar"

    @plugin.command("alamat")
    async def alamat(ctx: Context) -> None:
        where = ctx.dashboard.build_feed_url(kalender, "rahasia-sekali")
        await ctx.reply(phrase("umum.pilihan", teks=where or "tidak ada"), secret=True)

    @plugin.command("kabari")
    async def kabari(ctx: Context, siapa: Person) -> None:
        first = await ctx.notify(siapa, phrase("umum.pilihan", teks="pertama"))
        assert first is not None
        second = await ctx.notify(siapa, phrase("umum.pilihan", teks="kedua"), not_via=first)
        await ctx.reply("umum.ya" if second else "umum.tidak")

    @plugin.job(policy="system")
    async def tandai(ctx: Context) -> None:
        ctx.calendar.put_entry(
            "1", "meeting", [ctx.people.persons[1]], ctx.now, ctx.now + timedelta(hours=1), phrase("umum.ya")
        )

    @plugin.command("nanti")
    async def nanti(ctx: Context) -> None:
        await ctx.schedule(ctx.now + timedelta(minutes=1), tandai)

    return plugin


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    settings = Settings.model_validate({"web": {"public_url": "https://pendopo.example/"}})
    async with Story([make_plugin()], settings=settings, raises=False) as told:  # one of its rules is broken
        yield told


async def fetched(story: Story, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(build_web_app(story.app))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.get(path)


async def test_whoever_holds_the_token_gets_the_bytes(story: Story) -> None:
    answer = await fetched(story, "/feed/uji.kalender/rahasia-sekali")
    assert (answer.status_code, answer.text) == (200, "untuk rahasia-sekali")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/feed/uji.kalender/salah",
        "/feed/uji.kalender/galat",
        "/feed/uji.kalender/tanpa",
        "/feed/uji.alamat/rahasia-sekali",
        "/feed/uji.lain/rahasia-sekali",
    ],
)
async def test_everything_else_looks_the_same_not_there(story: Story, path: str) -> None:
    answers = {(a.status_code, a.text) for a in (await fetched(story, path), await fetched(story, "/feed/tidak/ada"))}
    assert len(answers) == 1
    assert answers.pop()[0] == 404


async def test_the_address_is_told_once_and_kept_nowhere(story: Story) -> None:
    await story.kadis.says("/alamat")
    assert story.kadis.last.text == "https://pendopo.example/feed/uji.kalender/rahasia-sekali"
    deliveries, inbox = await story.stored.list_deliveries(), await story.stored.list_inbox()
    assert deliveries
    assert inbox
    assert "rahasia-sekali" not in str([*deliveries, *inbox, *await story.stored.list_audit_lines()])


async def test_without_a_public_address_there_is_none() -> None:
    async with Story([make_plugin()]) as story:
        await story.kadis.says("/alamat")
        assert story.kadis.last.text == "tidak ada"


@pytest.mark.parametrize("policy", ["anyone", "known", "system", "role:sekda"])
async def test_a_feed_with_no_rule_of_its_own_is_refused(policy: str) -> None:
    with pytest.raises(PluginError, match="names a rule of its own"):
        make_plugin(policy).list_routes()


TWO = """
[[person]]
name = "Rina"
accounts = ["memory:rina", "wa:rina"]
[[person]]
name = "Bambang"
accounts = ["memory:bambang"]
"""


async def test_a_second_notice_goes_to_the_other_messenger() -> None:
    async with Story([make_plugin()], directory=TWO, messengers={"wa": "whatsapp"}) as story:
        await story.actor("rina", on="wa").says("halo")
        await story.actor("bambang").says("/kabari Rina")
        assert [shown.text for shown in story.actor("rina", on="wa").messages][-1] == "pertama"
        assert [shown.text for shown in story.actor("rina").messages] == ["kedua"]
        await story.actor("rina").says("/kabari Bambang")
        assert [shown.text for shown in story.actor("bambang").messages] == ["ya", "pertama"]
        assert story.actor("rina").last.text == "tidak"


async def test_what_a_job_of_the_engine_puts_into_calendars_bears_its_plugins_name(story: Story) -> None:
    await story.kadis.says("/nanti")
    await story.advance(minutes=2)
    assert [(row.key, row.plugin) for row in await story.stored.list_calendar_entries()] == [("uji/1", "uji")]
