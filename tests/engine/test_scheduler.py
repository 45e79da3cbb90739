"""What is planned happens once, at its time or once as soon as possible, and survives everything."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pendopo import Context, Plugin, phrase
from pendopo.model import JobDue
from pendopo.testing import Story


def make(cron: str = "") -> tuple[Plugin, dict[str, Any]]:
    plugin = Plugin("uji", summary="Under test", policy="known")
    box: dict[str, Any] = {"late": [], "cron": []}

    @plugin.command("ingat")
    async def ingat(ctx: Context, menit: int, kunci: str = "") -> None:
        await ctx.schedule(ctx.now + timedelta(minutes=menit), tiba, menit, key=kunci)

    @plugin.command("lupakan")
    async def lupakan(ctx: Context, kunci: str) -> None:
        await ctx.cancel(kunci)

    @plugin.job()
    async def tiba(ctx: Context, menit: int) -> None:
        assert isinstance(ctx.event, JobDue)
        box["late"].append(ctx.event.at - ctx.event.due)
        await ctx.reply(phrase("umum.pilihan", teks=f"{menit} menit, {ctx.person.name}"))

    if cron:

        @plugin.job(cron=cron, policy="system")
        async def rutin(ctx: Context) -> None:
            box["cron"].append(ctx.now.astimezone(ctx.zone))

    return plugin, box


World = tuple[Story, dict[str, Any]]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    plugin, box = make()
    async with Story([plugin], database=f"sqlite:///{tmp_path}/x.db") as story:
        yield story, box


def heard(story: Story) -> list[str]:
    return [shown.text for shown in story.kadis.messages]


async def test_it_happens_at_its_time_and_not_before(world: World) -> None:
    story, box = world
    await story.kadis.says("/ingat 10")
    await story.advance(minutes=9, seconds=59)
    assert heard(story) == []
    await story.advance(seconds=1)
    assert heard(story) == ["10 menit, Rina Hidayat"]
    assert box["late"] == [timedelta(0)]


async def test_the_sooner_comes_first_whichever_was_planned_first(world: World) -> None:
    story, _ = world
    for minutes in (30, 10, 20):
        await story.kadis.says(f"/ingat {minutes}")
    await story.advance(hours=1)
    assert [text.split()[0] for text in heard(story)] == ["10", "20", "30"]


async def test_it_survives_a_restart(world: World) -> None:
    story, _ = world
    await story.kadis.says("/ingat 10")
    await story.restart()
    await story.advance(minutes=11)
    await story.restart()
    await story.advance(hours=1)
    assert heard(story) == ["10 menit, Rina Hidayat"]


async def test_what_fell_due_while_the_bot_was_down_happens_once_and_knows_how_late_it_is(world: World) -> None:
    story, box = world
    await story.kadis.says("/ingat 10")
    await story.stop()
    await story.advance(minutes=50)
    await story.start()
    await story.advance(minutes=1)
    assert heard(story) == ["10 menit, Rina Hidayat"]
    assert box["late"] == [timedelta(minutes=40)]


async def test_what_was_cancelled_does_not_happen(world: World) -> None:
    story, _ = world
    await story.kadis.says("/ingat 10 janji")
    await story.kadis.says("/lupakan janji")
    await story.advance(hours=1)
    assert heard(story) == []


async def test_the_same_key_again_is_the_same_plan_at_another_time(world: World) -> None:
    story, _ = world
    await story.kadis.says("/ingat 10 janji")
    await story.kadis.says("/ingat 20 janji")
    await story.advance(hours=1)
    assert heard(story) == ["20 menit, Rina Hidayat"]
    await story.kadis.says("/ingat 5 janji")
    await story.advance(hours=1)
    assert heard(story)[1:] == ["5 menit, Rina Hidayat"]


async def test_many_at_the_same_minute_all_happen(world: World) -> None:
    story, _ = world
    await story.kadis.says("/ingat 10")
    copy = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450)
        INSERT INTO reminder (key, route, args, chat, person, due_at)
        SELECT 'copy-' || i, route, args, chat, person, due_at FROM reminder, n WHERE key NOT LIKE 'copy-%'"""
    await story.app.database.write(lambda c: c.execute(copy))
    await story.advance(minutes=10)
    assert len(heard(story)) == 451


async def test_a_plan_whose_handler_is_gone_is_kept_as_a_dead_letter(world: World) -> None:
    story, _ = world
    await story.kadis.says("/ingat 10")
    story._plugins = []
    await story.restart()
    await story.advance(minutes=11)
    (left,) = [row for row in await story.stored.list_inbox() if row.state != "done"]
    assert left.state == "dead"
    assert "no plugin in use has" in left.error


async def test_a_job_by_cron_runs_in_the_citys_time_on_its_days(tmp_path: Path) -> None:
    plugin, box = make("0 7 * * mon-fri")
    async with Story([plugin], database=f"sqlite:///{tmp_path}/x.db") as story:
        await story.advance(days=7)
        assert [(at.strftime("%a"), at.hour, at.minute) for at in box["cron"]] == [
            (day, 7, 0) for day in ("Thu", "Fri", "Mon", "Tue", "Wed")
        ]


async def test_a_job_by_cron_missed_while_down_runs_once_and_then_goes_on(tmp_path: Path) -> None:
    plugin, box = make("0 7 * * *")
    async with Story([plugin], database=f"sqlite:///{tmp_path}/x.db") as story:
        await story.stop()
        await story.advance(days=3)
        await story.start()
        await story.advance(seconds=1)
        assert len(box["cron"]) == 1
        await story.restart()
        await story.advance(hours=24)
        assert len(box["cron"]) == 2
        assert isinstance(box["cron"][1], datetime)
