"""One line of work a chat: in order, one at a time, side by side with all others, and never dead."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest
from pendopo.engine.lanes import lanes
from pendopo.engine.lanes.backlog import BATCH, LANES, Backlog
from pendopo.engine.lanes.lanes import LANES_PER_ROUND, LANES_UNDER_PRESSURE, RETRY_MS, YIELD, Lanes, Yield
from pendopo.testing import FakeClock
from pendopo.testing.clock import START


class Work:
    """Counts who drains, and lets a test hold a drain."""

    def __init__(self) -> None:
        self.drained: list[str] = []
        self.at_once: dict[str, int] = {}
        self.most = 0
        self.gates: dict[str, asyncio.Event] = {}
        self.due: list[int | Yield | None] = []
        self.fail: list[Exception] = []

    async def __call__(self, lane: str) -> int | Yield | None:
        self.at_once[lane] = self.at_once.get(lane, 0) + 1
        self.most = max(self.most, self.at_once[lane])
        self.drained.append(lane)
        try:
            if lane in self.gates:
                await self.gates[lane].wait()
            if self.fail:
                raise self.fail.pop()
            return self.due.pop() if self.due else None
        finally:
            self.at_once[lane] -= 1


class Keeper:
    """Holds every lane, and notes which it was told are drained."""

    def __init__(self) -> None:
        self.ended: list[str] = []

    def holds_lane(self, lane: str) -> bool:
        return True

    def note_drained(self, lane: str, due: int | None) -> None:
        self.ended.append(lane)


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


async def test_a_lane_woken_while_it_runs_is_drained_again_and_never_twice_at_once(work: Work, clock: FakeClock) -> None:
    lanes = Lanes("test", work, clock)
    work.gates["a"] = asyncio.Event()
    lanes.wake("a")
    await asyncio.sleep(0)
    for _ in range(5):
        lanes.wake("a")
    work.gates["a"].set()
    await lanes.idle()
    assert work.drained == ["a", "a"]
    assert work.most == 1


async def test_lanes_run_side_by_side(work: Work, clock: FakeClock) -> None:
    lanes = Lanes("test", work, clock)
    work.gates["slow"] = asyncio.Event()
    lanes.wake("slow")
    lanes.wake("quick")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not lanes.is_running("quick")
    assert lanes.is_running("slow")
    work.gates["slow"].set()
    await lanes.idle()
    assert lanes.busy == 0


@pytest.mark.parametrize(("pressed", "most"), [(False, LANES_PER_ROUND), (True, LANES_UNDER_PRESSURE)])
async def test_a_whole_city_that_falls_due_leaves_room_for_others_between(clock: FakeClock, pressed: bool, most: int) -> None:
    drained: list[str] = []

    async def drain(lane: str) -> None:
        drained.append(lane)

    lanes, seen = Lanes("test", drain, clock), []
    lanes.is_pressed = lambda: pressed
    names = [str(number) for number in range(50)]
    for name in names:
        lanes.wake(name)
    assert lanes.busy == 50
    while lanes.busy:
        seen.append(len(drained))
        await asyncio.sleep(0)
    seen.append(len(drained))
    assert drained == names
    assert max(later - before for before, later in pairwise(seen)) <= most


async def test_a_lane_that_gives_way_goes_on_after_those_that_wait_and_stays_ours(work: Work, clock: FakeClock) -> None:
    keeper = Keeper()
    lanes = Lanes("test", work, clock, keeper)
    work.due = [None, YIELD, None, None, YIELD]
    for lane in "abcab":  # what is told again while it waits is the same
        lanes.wake(lane)
    await lanes.idle()
    assert work.drained == ["a", "b", "c", "a", "a"]
    assert keeper.ended == ["b", "c", "a"]


async def test_a_lane_that_gave_way_is_not_begun_again_once_the_station_is_closed(work: Work, clock: FakeClock) -> None:
    lanes = Lanes("test", work, clock)
    work.gates["a"] = asyncio.Event()
    work.due = [YIELD]
    lanes.wake("a")
    await asyncio.sleep(0)
    closing = asyncio.ensure_future(lanes.close())
    await asyncio.sleep(0)
    work.gates["a"].set()
    await closing
    await lanes.idle()
    assert work.drained == ["a"]


async def test_what_waits_to_begin_is_waited_for_and_begins_once(work: Work, clock: FakeClock) -> None:
    lanes = Lanes("test", work, clock)
    for _ in range(3):
        for name in "abcdefgh":
            lanes.wake(name)
    await lanes.idle()
    assert sorted(set(work.drained)) == list("abcdefgh")
    assert work.most == 1 or len(work.drained) >= 8


async def test_what_is_due_later_is_drained_then(work: Work, clock: FakeClock) -> None:
    lanes = Lanes("test", work, clock)
    work.due = [clock.now_ms() + 1000]
    lanes.wake("a")
    await lanes.idle()
    assert work.drained == ["a"]
    clock.move_to(START.replace(second=2))
    await lanes.idle()
    assert work.drained == ["a", "a"]


async def test_a_lane_that_failed_is_tried_again(work: Work, clock: FakeClock) -> None:
    lanes = Lanes("test", work, clock)
    work.fail = [RuntimeError("the database is away")]
    lanes.wake("a")
    await lanes.idle()
    assert clock.next_due() == clock.now_ms() + RETRY_MS
    clock.move_to(START.replace(second=2))
    await lanes.idle()
    assert work.drained == ["a", "a"]


async def test_a_closed_station_takes_nothing_more_and_stops_what_hangs(work: Work, clock: FakeClock) -> None:
    lanes = Lanes("test", work, clock)
    work.gates["a"] = asyncio.Event()
    lanes.wake("a")
    await asyncio.sleep(0)
    await lanes.close(patience=0)
    lanes.wake("b")
    assert work.drained == ["a"]
    assert lanes.busy == 0


async def test_a_lane_in_which_a_person_waits_begins_before_a_whole_city(work: Work, clock: FakeClock) -> None:
    lanes = Lanes("test", work, clock)
    for number in range(20_000):
        lanes.wake(str(number))
    lanes.wake("person", first=True)
    for _ in range(3):
        await asyncio.sleep(0)
    assert "person" in work.drained
    assert len(work.drained) <= 4 * LANES_PER_ROUND
    await lanes.close(patience=0)


async def test_a_crowd_of_persons_does_not_keep_the_rest_from_beginning(work: Work, clock: FakeClock) -> None:
    lanes = Lanes("test", work, clock)
    for number in range(100):
        lanes.wake(f"p{number}", first=True)
        lanes.wake(f"r{number}")
    await lanes.idle()
    assert len(work.drained) == 200
    assert sum(lane.startswith("r") for lane in work.drained[:40]) >= 8


async def test_a_lane_that_waits_goes_forward_when_a_person_comes_to_wait_for_it(work: Work, clock: FakeClock) -> None:
    lanes = Lanes("test", work, clock)
    for name in (*"abcdefgh", "h"):
        lanes.wake(name, first=False)
    lanes.wake("h", first=True)
    lanes.wake("h")
    await lanes.idle()
    assert work.drained.index("h") < 4
    assert work.drained.count("h") == 1


class Row:
    def __init__(self, number: int) -> None:
        self.id = number


class Store:
    """Rows that are open in the database, and how often it was asked."""

    def __init__(self, *ids: int) -> None:
        self.open = list(ids)
        self.reads = 0

    async def __call__(self, lane: str, limit: int) -> list[Row]:
        self.reads += 1
        return [Row(id_) for id_ in self.open[:limit]]


def ids(rows: Any) -> list[int]:
    return [row.id for row in rows]


async def test_what_was_pushed_need_not_be_read_back() -> None:
    store = Store()
    backlog: Backlog[Row] = Backlog(store)
    assert ids(await backlog.read_head("a")) == []
    for number in (1, 2, 3):
        store.open.append(number)
        backlog.push("a", Row(number))
    assert ids(await backlog.read_head("a")) == [1, 2, 3]
    backlog.remove_done("a", [1])
    backlog.remove_done("a", [2, 3])
    assert ids(await backlog.read_head("a")) == []
    assert store.reads == 1


async def test_a_row_read_and_then_pushed_is_there_once() -> None:
    store = Store(1, 2)
    backlog: Backlog[Row] = Backlog(store)
    assert ids(await backlog.read_head("a")) == [1, 2]
    backlog.push("a", Row(2))
    assert ids(await backlog.read_head("a")) == [1, 2]


async def test_a_long_queue_is_read_piece_by_piece_and_in_order() -> None:
    store = Store(*range(1, 3 * BATCH + 1))
    backlog: Backlog[Row] = Backlog(store)
    seen: list[int] = []
    while rows := ids(await backlog.read_head("a")):
        seen.append(rows[0])
        store.open.remove(rows[0])
        backlog.remove_done("a", rows[:1])
        if rows[0] == BATCH:
            store.open.append(1000)
            backlog.push("a", Row(1000))
    assert seen == [*range(1, 3 * BATCH + 1), 1000]


async def test_a_lane_that_something_else_changed_is_read_again() -> None:
    store = Store(1)
    backlog: Backlog[Row] = Backlog(store)
    await backlog.read_head("a")
    store.open = [7]
    backlog.forget_lane("a")
    assert ids(await backlog.read_head("a")) == [7]


async def test_only_so_many_lanes_are_remembered_and_none_is_lost() -> None:
    store = Store(1)
    backlog: Backlog[Row] = Backlog(store)
    for number in range(LANES + 10):
        await backlog.read_head(f"lane{number}")
    assert len(backlog._lanes) == LANES
    assert ids(await backlog.read_head("lane0")) == [1]


# -- Tasks end also when something in them forgets once that it was told to.


async def test_a_task_that_forgets_once_is_told_again() -> None:
    told = []

    async def forgetful() -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                told.append(True)
                if len(told) > 1:
                    raise

    task = asyncio.create_task(forgetful())
    await asyncio.sleep(0)
    await asyncio.wait_for(lanes.cancel_tasks([task]), 10)
    assert (task.cancelled(), len(told)) == (True, 2)


async def test_what_a_task_raises_while_it_ends_is_nobodys() -> None:
    async def broken() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise ZeroDivisionError

    task = asyncio.create_task(broken())
    await asyncio.sleep(0)
    await lanes.cancel_tasks([task])
    assert isinstance(task.exception(), ZeroDivisionError)
