"""What is planned happens once, at its time or once as soon as possible, and survives everything."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pendopo import Chat, Context, Plugin, phrase
from pendopo.config import Settings
from pendopo.engine.app import App
from pendopo.engine.scheduler import BATCH
from pendopo.model import JobDue
from pendopo.model.ids import to_ms
from pendopo.store import Database, open_database
from pendopo.store.migrate import core_schema, upgrade_schema
from pendopo.store.postgres import PostgresDatabase
from pendopo.store.queries.deliveries import encode
from pendopo.testing import FakeClock, MemoryMessenger, Stored, Story

from tests.tampering import add_rows


def make_plugin(cron: str = "") -> tuple[Plugin, dict[str, Any]]:
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
    plugin, box = make_plugin()
    async with Story([plugin], database=f"sqlite:///{tmp_path}/x.db", raises=False) as story:
        yield story, box


def list_heard(story: Story) -> list[str]:
    return [shown.text for shown in story.kadis.messages]


async def test_it_happens_at_its_time_and_not_before(world: World) -> None:
    story, box = world
    await story.kadis.says("/ingat 10")
    await story.advance(minutes=9, seconds=59)
    assert list_heard(story) == []
    await story.advance(seconds=1)
    assert list_heard(story) == ["10 menit, Rina Hidayat"]
    assert box["late"] == [timedelta(0)]


async def test_the_sooner_comes_first_whichever_was_planned_first(world: World) -> None:
    story, _ = world
    for minutes in (30, 10, 20):
        await story.kadis.says(f"/ingat {minutes}")
    await story.advance(hours=1)
    assert [text.split()[0] for text in list_heard(story)] == ["10", "20", "30"]


async def test_it_survives_a_restart(world: World) -> None:
    story, _ = world
    await story.kadis.says("/ingat 10")
    await story.restart()
    await story.advance(minutes=11)
    await story.restart()
    await story.advance(hours=1)
    assert list_heard(story) == ["10 menit, Rina Hidayat"]


async def test_what_fell_due_while_the_bot_was_down_happens_once_and_knows_how_late_it_is(world: World) -> None:
    story, box = world
    await story.kadis.says("/ingat 10")
    await story.stop()
    await story.advance(minutes=50)
    await story.start()
    await story.advance(minutes=1)
    assert list_heard(story) == ["10 menit, Rina Hidayat"]
    assert box["late"] == [timedelta(minutes=40)]


async def test_what_was_cancelled_does_not_happen(world: World) -> None:
    story, _ = world
    await story.kadis.says("/ingat 10 janji")
    await story.kadis.says("/lupakan janji")
    await story.advance(hours=1)
    assert list_heard(story) == []


async def test_the_same_key_again_is_the_same_plan_at_another_time(world: World) -> None:
    story, _ = world
    await story.kadis.says("/ingat 10 janji")
    await story.kadis.says("/ingat 20 janji")
    await story.advance(hours=1)
    assert list_heard(story) == ["20 menit, Rina Hidayat"]
    await story.kadis.says("/ingat 5 janji")
    await story.advance(hours=1)
    assert list_heard(story)[1:] == ["5 menit, Rina Hidayat"]


async def test_many_at_the_same_minute_all_happen(world: World) -> None:
    story, _ = world
    await story.kadis.says("/ingat 10")
    (first,) = await story.stored.list_reminders()
    kept = {name: getattr(first, name) for name in ("route", "args", "chat", "person", "due_at")}
    await add_rows(story.app.database, "reminder", [kept | {"key": f"copy-{n}"} for n in range(450)])
    await story.advance(minutes=10)
    assert len(list_heard(story)) == 451


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
    plugin, box = make_plugin("0 7 * * mon-fri")
    async with Story([plugin], database=f"sqlite:///{tmp_path}/x.db") as story:
        await story.advance(days=7)
        assert [(at.strftime("%a"), at.hour, at.minute) for at in box["cron"]] == [
            (day, 7, 0) for day in ("Thu", "Fri", "Mon", "Tue", "Wed")
        ]


async def test_a_job_by_cron_missed_while_down_runs_once_and_then_goes_on(tmp_path: Path) -> None:
    plugin, box = make_plugin("0 7 * * *")
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


# -- Many plans, several claimers, and a clock that jumps: each plan fires once, whoever claims it.


def make_many_plugin() -> Plugin:
    plugin = Plugin("uji", summary="Under test", policy="anyone")

    @plugin.command("banyak")
    async def banyak(ctx: Context, jumlah: int) -> None:
        plans = [(ctx.now + timedelta(minutes=n % 3 + 1), (n,), f"k{n}") for n in range(jumlah)]
        assert await ctx.schedule_many(tiba, plans) == [f"k{n}" for n in range(jumlah)]

    @plugin.job()
    async def tiba(ctx: Context, nomor: int) -> None:
        await ctx.reply(phrase("umum.pilihan", teks=str(nomor)))

    return plugin


async def add_reminders(database: Database, count: int, due: int, chats: int = 7) -> None:
    """Write reminders of these chats that fall due within five milliseconds."""
    chat = [encode(Chat("memory", f"c{n}")).decode() for n in range(chats)]
    names = ("key", "route", "args", "chat", "person", "due_at")
    rows = ((f"k{n}", "uji.tiba", f'{{"nomor":{n}}}', chat[n % chats], 0, due + n % 5) for n in range(count))
    await add_rows(database, "reminder", [dict(zip(names, row, strict=True)) for row in rows])


async def test_many_are_planned_at_once_and_each_comes_once(tmp_path: Path) -> None:
    async with Story([make_many_plugin()], database=f"sqlite:///{tmp_path}/x.db") as story:
        await story.kadis.says("/banyak 500")
        await story.advance(minutes=1)
        assert len(story.kadis.messages) == 167
        await story.restart()
        await story.advance(minutes=5)
        assert Counter(shown.text for shown in story.kadis.messages) == Counter(str(n) for n in range(500))


async def test_what_falls_due_together_comes_in_order_within_each_chat(tmp_path: Path) -> None:
    async with Story([make_many_plugin()], database=f"sqlite:///{tmp_path}/x.db") as story:
        due = to_ms(story.clock.now()) + 1000
        await add_reminders(story.app.database, BATCH * 4, due, chats=1)
        story.app.scheduler.check_due()
        await story.wait_until_idle()
        await story.advance(seconds=2)
        told = [int(shown.text) for shown in story.messenger.screen]
        assert told == sorted(range(BATCH * 4), key=lambda n: (n % 5, n))


async def test_a_clock_that_was_set_forward_is_noticed(tmp_path: Path) -> None:
    """The machine slept: no timer rang, and the next look finds what fell due meanwhile."""
    async with Story([make_many_plugin()], database=f"sqlite:///{tmp_path}/x.db") as story:
        await story.kadis.says("/banyak 3")
        story.clock._now += timedelta(hours=1)
        assert story.kadis.messages == []
        story.app.scheduler.check_due()
        await story.wait_until_idle()
        assert len(story.kadis.messages) == 3


async def test_slow_chats_hold_up_no_plan_for_ever(tmp_path: Path) -> None:
    plugin, gate = Plugin("uji", summary="Under test", policy="anyone"), asyncio.Event()

    @plugin.job()
    async def tiba(ctx: Context, nomor: int) -> None:
        if nomor < 80:
            await gate.wait()
        await ctx.reply(phrase("umum.pilihan", teks=str(nomor)))

    async with Story([plugin], database=f"sqlite:///{tmp_path}/x.db") as story:
        due = to_ms(story.clock.now())
        await add_reminders(story.app.database, 120, due - 10, chats=120)
        story.app.scheduler.check_due()
        while len(story.messenger.screen) < 40:
            await asyncio.sleep(0.001)
        assert all(int(shown.text) >= 80 for shown in story.messenger.screen)
        gate.set()
        await story.wait_until_idle()
        assert len(story.messenger.screen) == 120


# -- several processes on PostgreSQL -----------------------------------------------------------------------------


def bot_on(url: str, folder: Path) -> tuple[App, MemoryMessenger]:
    """A bot as another process would be one: without the lock that keeps a second one away."""
    messenger = MemoryMessenger()
    database = PostgresDatabase(url, exclusive=False)
    return App(Settings(data_dir=str(folder)), database, [messenger], [make_many_plugin()], FakeClock()), messenger


@pytest.mark.postgres
async def test_two_claimers_at_the_same_time_share_the_plans_and_claim_none_twice(postgres_url: str, tmp_path: Path) -> None:
    """G8: `FOR UPDATE SKIP LOCKED` on two connections at once."""
    await prepared(postgres_url)
    (one, _), (two, _) = bot_on(postgres_url, tmp_path), bot_on(postgres_url, tmp_path)
    now = one.core.now_ms()
    await add_reminders(one.database, BATCH * 8, now - 10)
    held, release = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold(connection: Any) -> list[str]:
        """Claims, and keeps its transaction open until the other has claimed too."""
        rows = one.scheduler._claim_batch(connection, now)
        loop.call_soon_threadsafe(held.set)
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result(20)
        return [row.native_id for row in rows if row]

    first = asyncio.create_task(one.database.write(hold))
    await held.wait()
    beside = [row.native_id for row in await two.database.write(lambda c: two.scheduler._claim_batch(c, now)) if row]
    release.set()
    mine = await first
    assert len(mine) == len(beside) == BATCH
    assert not set(mine) & set(beside)
    await drained(one, two, now)
    found = await Stored(one.database).list_inbox(adapter="pendopo")
    assert sorted(row.native_id.split("@")[0] for row in found) == sorted(f"k{n}" for n in range(BATCH * 8))
    for app in (one, two):
        await app.database.close()


@pytest.mark.postgres
async def test_a_claim_that_dies_is_claimed_by_the_other(postgres_url: str, tmp_path: Path) -> None:
    """G8: what a process claimed and did not commit before it died is as if it had never been touched."""
    await prepared(postgres_url)
    (one, _), (two, _) = bot_on(postgres_url, tmp_path), bot_on(postgres_url, tmp_path)
    now = one.core.now_ms()
    await add_reminders(one.database, 10, now - 10)

    def die(connection: Any) -> None:
        assert len(one.scheduler._claim_batch(connection, now)) == 10
        raise ConnectionError("the process is gone")

    with pytest.raises(ConnectionError):
        await one.database.write(die)
    assert len(await two.database.write(lambda c: two.scheduler._claim_batch(c, now))) == 10
    for app in (one, two):
        await app.database.close()


@pytest.mark.postgres
async def test_the_whole_way_on_postgres(postgres_url: str, tmp_path: Path) -> None:
    await prepared(postgres_url)
    async with Story([make_many_plugin()], database=postgres_url) as story:
        await story.kadis.says("/banyak 60")
        await story.advance(minutes=5)
        assert Counter(shown.text for shown in story.kadis.messages) == Counter(str(n) for n in range(60))


async def prepared(url: str) -> None:
    database = open_database(url)
    engine = database.make_engine()
    upgrade_schema(engine, core_schema())
    engine.dispose()
    await database.close()


async def drained(one: App, two: App, now: int) -> None:
    """Both claim what is left, at the same time."""

    async def claim(app: App) -> None:
        while await app.database.write(lambda c: app.scheduler._claim_batch(c, now)):
            pass

    await asyncio.gather(*(claim(app) for app in (one, two, one, two)))
