"""Several processes on one database, each played by a story: what people see is what one process would have shown."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from pendopo import Context, Plugin, Row, tables
from pendopo.engine.cluster import CLAIMER, Cluster
from pendopo.model import Chat, Message, Rate
from pendopo.testing import Story
from sqlmodel import col, select

from tests.chaos.deciding import hold

pytestmark = pytest.mark.postgres


class Table(Row, registry=tables("hitung")):
    """The counter's rows."""


class Hitung(Table, table=True):
    """One thing that was counted."""

    chat: str
    teks: str


plugin = Plugin("hitung", summary="Counts", policy="anyone", tables=Table)


@plugin.command("hitung")
async def hitung(ctx: Context, teks: str) -> None:
    """Count, say how many there are, and tell the mayor."""
    before = await ctx.all(select(Hitung).where(Hitung.chat == ctx.chat.id).order_by(col(Hitung.id)))
    await ctx.save(Hitung(chat=ctx.chat.id, teks=teks))
    await ctx.reply(f"{teks}={len(before) + 1}")


@plugin.command("nanti")
async def nanti(ctx: Context, menit: int) -> None:
    """Plan something."""
    await ctx.schedule(ctx.now + timedelta(minutes=menit), jatuh_tempo, key="nanti")


@plugin.job()
async def jatuh_tempo(ctx: Context) -> None:
    """What was planned."""
    await ctx.reply("waktunya")


@pytest.fixture
async def two(postgres_url: str) -> AsyncIterator[tuple[Story, Story]]:
    """Two processes; their messengers give different numbers."""
    first, second = (Story([plugin], database=postgres_url) for _ in range(2))
    second.messenger._numbers = itertools.count(10_000)
    async with first, second:
        yield first, second


def sharing(story: Story) -> Cluster:
    assert story.app.cluster is not None
    return story.app.cluster


def leases(story: Story) -> Any:
    return sharing(story)._node.leases


async def list_running_jobs(story: Story) -> list[int]:
    """The jobs of lanes that a process drains just now."""
    return [job.id for job in await story.stored.list_table("procrastinate_jobs") if job.status == "doing"]


async def settle(*stories: Story) -> None:
    for _ in range(3):
        for story in stories:
            await story.wait_until_idle()


def texts(*stories: Story, chat: str = "kadis") -> list[str]:
    """What a person reads, whichever process sent it."""
    return [shown.text for story in stories for shown in story.messenger.screen if shown.chat == chat]


async def test_each_takes_what_comes_to_it(two: tuple[Story, Story]) -> None:
    first, second = two
    await first.kadis.says("/hitung a")
    await second.kadis.says("/hitung b")
    await first.kadis.says("/hitung c")
    assert (texts(first), texts(second)) == (["a=1", "c=3"], ["b=2"])


async def test_what_one_took_in_and_has_no_room_for_another_does(two: tuple[Story, Story]) -> None:
    first, second = two
    leases(first).worker, worker = None, leases(first).worker  # it takes no lane
    await asyncio.gather(
        *(
            first.messenger.deliver(first.messenger.make_native(f"c{n}", True, f"a{n}", first.clock.now(), text="/hitung x"))
            for n in range(45)
        )
    )
    await settle(second)
    assert len(second.messenger.screen) == 45
    assert first.messenger.screen == []
    leases(first).worker = worker


async def test_a_messages_lane_stays_in_order_whoever_takes_its_parts_in(two: tuple[Story, Story]) -> None:
    first, second = two
    for n in range(20):
        story = (first, second)[n % 2]
        await story.messenger.deliver(
            story.messenger.make_native("kadis", True, "kadis", story.clock.now(), text=f"/hitung {n}")
        )
    await settle(first, second)
    assert [row.teks for row in await first.stored.list_rows(Hitung)] == [str(n) for n in range(20)]
    assert sorted(texts(first, second)) == sorted(f"{n}={n + 1}" for n in range(20))


async def test_what_a_process_that_was_taken_for_dead_does_all_the_same_has_no_effect(two: tuple[Story, Story]) -> None:
    """It stood still in the middle of a handler; another handled the message meanwhile; then it wakes up and commits."""
    first, second = two
    away: list[list[str]] = []

    async def stand_still() -> None:
        leases(first).lose_all()
        for job in await list_running_jobs(first):
            await sharing(first)._node._jobs.give_back(job)
        await settle(second)
        away.append(texts(second))

    hold(first, stand_still, Message)
    await first.kadis.says("/hitung a")
    await settle(first, second)
    assert away == [["a=1"]]
    assert texts(first, second) == ["a=1"]
    assert [row.teks for row in await first.stored.list_rows(Hitung)] == ["a"]


async def test_a_process_that_was_held_up_does_not_send(two: tuple[Story, Story]) -> None:
    first, _ = two
    first.app.outbox.owns_lane = lambda lane: False
    await first.kadis.says("/hitung a")
    assert [row.state for row in await first.stored.list_deliveries()] == ["open"]
    assert texts(first) == []
    first.app.outbox.owns_lane = lambda lane: True
    await first.advance(seconds=2)
    assert texts(first) == ["a=1"]


async def test_a_process_that_is_held_up_just_before_it_sends_does_not(two: tuple[Story, Story]) -> None:
    first, _ = two
    answers = iter([True, False])
    first.app.outbox.owns_lane = lambda lane: next(answers, True)
    await first.kadis.says("/hitung a")
    assert next(answers, None) is None
    assert texts(first) == ["a=1"]
    assert first.messenger.sends == 1


async def test_in_a_lane_that_was_lost_between_two_messages_only_its_new_holder_sends(two: tuple[Story, Story]) -> None:
    first, second = two
    trusts, send = first.app.outbox.owns_lane, first.messenger.send
    first.app.outbox.owns_lane = lambda lane: False
    for word in "ab":
        await first.kadis.says(f"/hitung {word}")

    async def taken_for_dead(*given: Any, **more: Any) -> str:
        native = await send(*given, **more)
        async with sharing(first)._node._fetching:  # else it might be fetching one just now
            sharing(first).stop_claiming()
            leases(first).lose_all()
            for job in await list_running_jobs(first):
                await sharing(first)._node._jobs.give_back(job)
        return native

    first.messenger.send = taken_for_dead
    first.app.outbox.owns_lane = trusts
    await first.advance(seconds=2)
    await settle(first, second)
    assert texts(first, second) == ["a=1", "b=2"]
    assert (first.messenger.sends, second.messenger.sends) == (1, 1)


async def test_a_plan_made_here_is_claimed_there_in_time(two: tuple[Story, Story]) -> None:
    first, second = two
    assert sharing(first).leadership.is_leader(CLAIMER)
    assert sharing(second).leadership.is_standby(CLAIMER)
    await second.kadis.says("/nanti 5")
    async with asyncio.timeout(10):
        while not first.app.scheduler._next:  # it is told of the plan
            await asyncio.sleep(0)
    second.clock.move_to(second.clock.now())
    await first.advance(minutes=6)
    await settle(first, second)
    assert texts(first, second) == ["waktunya"]


async def test_a_role_goes_to_another_when_its_holder_ends(two: tuple[Story, Story]) -> None:
    first, second = two
    await first.stop()
    await asyncio.wait_for(second.app.scheduler.claiming.wait(), 10)
    assert sharing(second).leadership.is_leader(CLAIMER)


async def test_a_limit_of_a_messenger_holds_for_all_together(two: tuple[Story, Story]) -> None:
    told = [(story.app.outbox.rate_limiter, story.messenger) for story in two]
    able = told[0][1].capabilities(Chat("memory", "c1"))
    able = msgspec.structs.replace(able, per_account=(Rate(5, 1.0),), per_chat=(Rate(2, 1.0),))
    now, free = 1_000_000, []
    for n in range(8):
        pace, messenger = told[n % 2]
        free.append(await pace.reserve_slot(messenger.name, f"memory:c{n}", able, now, 1) - now)
    assert free == [0, 0, 0, 0, 0, 1000, 1000, 1000]


async def test_a_process_whose_clock_is_wrong_holds_up_no_other(two: tuple[Story, Story]) -> None:
    (wrong, messenger), (right, _) = [(story.app.outbox.rate_limiter, story.messenger) for story in two]
    able = messenger.capabilities(Chat("memory", "c1"))
    able = msgspec.structs.replace(able, per_account=(Rate(2, 1.0),), per_chat=())
    now, ahead = 1_000_000, 90_000
    for _ in range(2):
        assert await wrong.reserve_slot("memory", "memory:c1", able, now + ahead, 1) == now + ahead
    assert await right.reserve_slot("memory", "memory:c1", able, now, 1) == now + 1000
    assert await right.reserve_slot("memory", "memory:c1", able, now + 1000, 1) == now + 1000
    first, second = two
    now = second.clock.now_ms()
    await first.app.outbox.rate_limiter.pause_until("memory", now + ahead + 30_000, now + ahead)
    paused = second.app.outbox.rate_limiter.paused_until
    async with asyncio.timeout(10):
        while paused("memory", "memory:c1", now) == now:
            await asyncio.sleep(0)
    assert paused("memory", "memory:c1", now) == now + 30_000


async def test_a_pause_of_an_account_holds_for_all(two: tuple[Story, Story]) -> None:
    first, second = two
    now = first.clock.now_ms()
    await first.app.outbox.rate_limiter.pause_until("memory", now + 30_000, now)
    paused = second.app.outbox.rate_limiter.paused_until
    async with asyncio.timeout(10):
        while paused("memory", "memory:c1", now) == now:
            await asyncio.sleep(0)
    assert paused("memory", "memory:c1", now) == now + 30_000


async def test_a_change_of_the_directory_is_known_everywhere_at_once(two: tuple[Story, Story]) -> None:
    first, second = two
    before = second.app.core.people.revision
    text = first.people_file.read_text().replace("Rina Hidayat", "Rina Hidayat Putri")
    first.people_file.write_text(text)
    await first.app.core.directory.import_file(first.people_file, first.clock.now())
    async with asyncio.timeout(10):
        while second.app.core.people.revision == before:
            await asyncio.sleep(0)
    assert any(person.name == "Rina Hidayat Putri" for person in second.app.core.people.persons.values())


async def test_whoever_stops_leaves_nothing_behind(two: tuple[Story, Story]) -> None:
    first, second = two
    await first.kadis.says("/hitung a")
    await first.stop()
    assert len(await second.stored.list_table("procrastinate_workers")) == 1
    assert await list_running_jobs(second) == []
