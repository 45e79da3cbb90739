"""A plugin that cannot start is tried again and shown; one that is asked how it is cannot hold anything up."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from pendopo import Context, JobDue, Plugin, PluginHealth
from pendopo.config import Settings
from pendopo.errors import PluginError
from pendopo.testing import Story
from structlog.testing import capture_logs

SECRET = "123456:secret-of-the-bot"


class Gateway:
    """Something outside that a plugin needs: it is away until it is not."""

    def __init__(self) -> None:
        self.away = True
        self.asked = 0
        self.due: list[timedelta] = []


def make_plugin(gateway: Gateway, name: str = "sapa") -> Plugin:
    made = Plugin(name, summary="Sapa", policy="known", path=Path("."))

    @made.startup()
    async def mulai(ctx: Context) -> None:
        """Look whether the gateway is there."""
        gateway.asked += 1
        if gateway.away:
            raise OSError(f"no route to https://gateway/bot{SECRET}")

    @made.command(name)
    async def halo(ctx: Context) -> None:
        """Greet."""
        await ctx.schedule(ctx.now + timedelta(minutes=1), ingat, key="ingat")
        await ctx.reply("umum.pilihan", teks=f"halo dari {name}")

    @made.job()
    async def ingat(ctx: Context) -> None:
        """Remind."""
        assert isinstance(ctx.event, JobDue)
        gateway.due.append(ctx.now - ctx.event.due)
        await ctx.reply("umum.pilihan", teks="ingat")

    return made


def well(hook: Callable[[Context], Awaitable[Any]]) -> Plugin:
    made = Plugin("sapa", summary="Sapa", policy="known", path=Path("."))
    made.health()(hook)
    return made


async def plugins(story: Story) -> dict[str, Any]:
    report = await story.app.readiness()
    assert report["ok"]  # the bot itself can do its work
    return dict(report["plugins"])


def settings() -> Settings:
    """With a secret that could be told."""
    return Settings.model_validate({"storage": {"access_key": SECRET}})


async def test_one_that_cannot_start_says_so_is_tried_again_and_takes_nothing_from_the_others() -> None:
    away, there = Gateway(), Gateway()
    there.away = False
    async with Story([make_plugin(away), make_plugin(there, "lain")], raises=False) as story:
        await story.kadis.says("/sapa")
        assert story.kadis.last.text == (
            "Plugin sapa sedang terganggu dan dicoba lagi dengan sendirinya. "
            "Ulangi beberapa menit lagi; bila mendesak, hubungi admin."
        )
        await story.kadis.says("/lain")
        story.kadis.sees("halo dari lain")
        away.away = False
        await story.advance(seconds=6)
        await story.kadis.says("/sapa")
        story.kadis.sees("halo dari sapa")
        assert await plugins(story) == {}
        assert (away.asked, there.asked) == (2, 1)


async def test_it_is_tried_later_and_later_under_one_code() -> None:
    gateway = Gateway()
    async with Story([make_plugin(gateway)], raises=False) as story:
        code = (await plugins(story))["sapa"]["code"]
        tries = []
        for seconds in (5, 30, 120, 600, 600):
            await story.advance(seconds=seconds - 1)
            before = gateway.asked
            await story.advance(seconds=1.1)
            tries.append(gateway.asked - before)
        assert tries == [1] * 5
        assert (await plugins(story))["sapa"]["code"] == code


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    """What is logged, whatever its level."""
    structlog.configure(wrapper_class=structlog.BoundLogger)
    with capture_logs() as lines:
        yield lines


async def test_operators_find_the_code_in_the_log_and_no_secret(logs: list[Any]) -> None:
    async with Story([make_plugin(Gateway())], settings=settings(), raises=False) as story:
        shown = (await plugins(story))["sapa"]
    (line,) = [each for each in logs if each.get("event_name") == "plugin_degraded"]
    assert (line["plugin"], line["code"]) == ("sapa", shown["code"])
    assert "no route" in line["error"]
    assert SECRET not in line["error"] + str(shown)
    assert shown["note"] == "could not start; tried again in 5 s"


async def test_what_was_planned_waits_until_its_plugin_works(tmp_path: Path) -> None:
    gateway = Gateway()
    gateway.away = False
    async with Story([make_plugin(gateway)], database=f"sqlite:///{tmp_path}/x.db", raises=False) as story:
        await story.kadis.says("/sapa")
        await story.stop()
        gateway.away = True
        await story.start()
        await story.advance(minutes=3)
        story.kadis.does_not_see("ingat")
        gateway.away = False
        await story.advance(minutes=10)
        assert [shown.text for shown in story.kadis.messages].count("ingat") == 1
        assert await story.stored.list_inbox(state="dead") == []


async def test_what_waited_for_its_plugin_knows_how_late_it_is(tmp_path: Path) -> None:
    gateway = Gateway()
    gateway.away = False
    async with Story([make_plugin(gateway)], database=f"sqlite:///{tmp_path}/x.db", raises=False) as story:
        await story.kadis.says("/sapa")  # due in one minute
        await story.advance(minutes=1)
        await story.kadis.says("/sapa")
        await story.stop()
        gateway.away = True
        await story.start()
        await story.advance(minutes=5)  # put off more than once
        await story.restart()
        gateway.away = False
        await story.advance(minutes=10)
        await story.kadis.says("/sapa")  # the same plan again, which is not late
        await story.advance(minutes=2)
    on_time, late, again = gateway.due
    assert max(on_time, again) < timedelta(seconds=1)
    assert timedelta(minutes=11) < late < timedelta(minutes=12)  # put off to the fourth try of before the restart


async def test_one_that_does_not_come_to_an_end_is_not_waited_for() -> None:
    made, begun = Plugin("sapa", summary="Sapa", policy="known", path=Path(".")), asyncio.Event()

    @made.startup()
    async def mulai(ctx: Context) -> None:
        begun.set()
        await asyncio.Event().wait()

    story = Story([made], raises=False)
    starting = asyncio.ensure_future(story.start())
    await begun.wait()
    story.clock.move_to(story.clock.now() + timedelta(seconds=11))
    await starting
    assert not (await plugins(story))["sapa"]["ok"]
    await story.__aexit__(None, None, None)


async def test_a_health_hook_is_heard() -> None:
    async def kabar(ctx: Context) -> PluginHealth:
        return PluginHealth(True, "3 antrean")

    async with Story([well(kabar)], raises=False) as story:
        assert await plugins(story) == {"sapa": {"ok": True, "note": "3 antrean", "code": ""}}


async def test_what_it_says_holds_no_secret_and_is_short() -> None:
    async def kabar(ctx: Context) -> PluginHealth:
        return PluginHealth(False, f"https://gateway/bot{SECRET}\n" + "x" * 1000)

    async with Story([well(kabar)], settings=settings(), raises=False) as story:
        shown = (await plugins(story))["sapa"]
    assert not shown["ok"]
    assert SECRET not in shown["note"]
    assert len(shown["note"]) <= 200
    assert "\n" not in shown["note"]


async def _raises(ctx: Context) -> PluginHealth:
    raise OSError(f"https://gateway/bot{SECRET}")


async def _says_nothing(ctx: Context) -> None:
    return None


@pytest.mark.parametrize("hook", [_raises, _says_nothing])
async def test_one_that_fails_is_degraded_under_a_code(hook: Callable[[Context], Awaitable[Any]], logs: list[Any]) -> None:
    async with Story([well(hook)], settings=settings(), raises=False) as story:
        shown = (await plugins(story))["sapa"]
    assert not shown["ok"]
    assert SECRET not in shown["note"]
    assert [each["code"] for each in logs if each.get("event_name") == "plugin_unwell"] == [shown["code"]]


async def test_one_that_hangs_is_degraded_after_two_seconds() -> None:
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def kabar(ctx: Context) -> PluginHealth:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        return PluginHealth()

    async with Story([well(kabar)], raises=False) as story:
        asking = asyncio.ensure_future(plugins(story))
        await begun.wait()
        story.clock.move_to(story.clock.now() + timedelta(seconds=2))
        shown = (await asking)["sapa"]
        await stopped.wait()
    assert (shown["ok"], shown["note"]) == (False, "no answer within 2 s")


async def test_whoever_asks_often_does_not_reach_the_plugin_each_time() -> None:
    asked = []

    async def kabar(ctx: Context) -> PluginHealth:
        asked.append(ctx.now)
        return PluginHealth()

    async with Story([well(kabar)], raises=False) as story:
        for _ in range(5):
            await plugins(story)
        assert len(asked) == 1
        await story.advance(seconds=10)
        await plugins(story)
        assert len(asked) == 2


def test_two_hooks_of_a_kind_are_one_too_many() -> None:
    made = well(_raises)
    with pytest.raises(PluginError, match="sapa has two hooks for health"):
        made.health()(_raises)


def make_closing(closed: list[str], error: Exception | None = None, name: str = "sapa") -> Plugin:
    made = Plugin(name, summary="Sapa", policy="known", path=Path("."))

    @made.shutdown()
    async def tutup(ctx: Context) -> None:
        """Close what was opened."""
        closed.append(name)
        if error:
            raise error

    return made


async def test_what_was_opened_is_closed_once_when_the_bot_stops() -> None:
    closed: list[str] = []
    async with Story([make_closing(closed), make_closing(closed, name="lain")]) as story:
        await story.kadis.says("/bantuan")
        assert closed == []
    assert sorted(closed) == ["lain", "sapa"]


async def test_one_that_cannot_close_takes_nothing_from_the_others() -> None:
    closed: list[str] = []
    plugins = [make_closing(closed, OSError("gone")), make_closing(closed, name="lain")]
    async with Story(plugins, raises=False) as story:
        pass
    assert sorted(closed) == ["lain", "sapa"]
    assert [str(failure) for failure in story.failures] == ["gone"]


async def test_one_that_never_started_has_nothing_to_close() -> None:
    closed: list[str] = []
    made = make_closing(closed)

    @made.startup()
    async def mulai(ctx: Context) -> None:
        raise OSError("away")

    async with Story([made], raises=False):
        pass
    assert closed == []
