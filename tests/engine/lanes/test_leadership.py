"""Roles: one holder at a time, the next one as soon as it ends, and none that stands still."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress

import psycopg
import pytest
from pendopo.engine.lanes import leadership
from pendopo.engine.lanes.leadership import SharedLeadership, SoleLeadership
from pendopo.store.cluster import ROLES

pytestmark = pytest.mark.postgres


class Worker:
    """One process that would like to do something."""

    def __init__(self, url: str) -> None:
        self.roles = SharedLeadership(url)
        self.at_work = asyncio.Event()
        self.stopped = asyncio.Event()
        self.tasks = [asyncio.create_task(self.roles.run()), asyncio.create_task(self.roles.run_exclusive("poll", self.work))]

    async def work(self) -> None:
        self.at_work.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.at_work.clear()
            self.stopped.set()

    async def end(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@pytest.fixture
async def two(postgres_url: str) -> AsyncIterator[tuple[Worker, Worker]]:
    first = Worker(postgres_url)
    await asyncio.wait_for(first.at_work.wait(), 10)
    second = Worker(postgres_url)
    await second.roles.wait_until_tried()
    yield first, second
    await first.end()
    await second.end()


async def test_one_holds_it_and_the_other_waits(two: tuple[Worker, Worker]) -> None:
    first, second = two
    assert (first.roles.is_leader("poll"), second.roles.is_leader("poll")) == (True, False)
    assert (first.roles.is_standby("poll"), second.roles.is_standby("poll")) == (False, True)
    assert not second.at_work.is_set()


async def test_the_other_has_it_when_the_first_one_ends(two: tuple[Worker, Worker]) -> None:
    first, second = two
    await first.end()
    await asyncio.wait_for(second.at_work.wait(), 10)
    assert second.roles.is_leader("poll")


async def test_whoever_is_cut_off_stops_its_work_and_may_have_it_again(
    two: tuple[Worker, Worker], postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two
    await second.end()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s", (ROLES,)
        )
    await asyncio.wait_for(first.stopped.wait(), 10)
    await asyncio.wait_for(first.at_work.wait(), 10)


async def test_a_holder_that_stands_still_is_cut_off_by_the_server(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leadership, "CUT_OFF_SECONDS", 1)
    monkeypatch.setattr(leadership, "LOOK_SECONDS", 3600)  # it gives no more signs of life
    still = Worker(postgres_url)
    await asyncio.wait_for(still.at_work.wait(), 10)
    await still.roles.wait_until_tried()
    monkeypatch.setattr(leadership, "LOOK_SECONDS", 0.1)
    other = Worker(postgres_url)
    await asyncio.wait_for(other.at_work.wait(), 20)
    await still.end()
    await other.end()


async def test_whoever_was_held_up_gives_its_roles_up_by_itself(
    two: tuple[Worker, Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = two
    monkeypatch.setattr(leadership, "LOST_SECONDS", 0.05)
    with suppress(TimeoutError):
        async with asyncio.timeout(10):
            while not first.stopped.is_set():
                time.sleep(0.1)  # noqa: ASYNC251  the whole process stands still: that is what is tested
                await asyncio.sleep(0)
    assert first.stopped.is_set()


async def test_work_that_ends_lets_go_of_the_role(two: tuple[Worker, Worker], postgres_url: str) -> None:
    first, second = two
    done: list[str] = []

    async def once() -> None:
        done.append("done")

    await asyncio.wait_for(first.roles.run_exclusive("once", once), 10)
    await asyncio.wait_for(second.roles.run_exclusive("once", once), 10)
    assert done == ["done", "done"]


async def test_what_the_work_raises_is_raised(two: tuple[Worker, Worker]) -> None:
    async def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(two[0].roles.run_exclusive("broken", broken), 10)


async def test_a_process_that_is_alone_holds_every_role() -> None:
    done: list[str] = []

    async def once() -> None:
        done.append("done")

    solo = SoleLeadership()
    await solo.run_exclusive("poll", once)
    assert done == ["done"]
    assert not solo.is_standby("poll")
