"""Lanes as jobs: the rules that only killed processes had shown, each with the test that fails without it."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence

import psycopg
import pytest
import sqlalchemy as sa
from pendopo.model.ids import new_key
from pendopo.store import Connection, open_database
from pendopo.store.lane_jobs import LaneJobs
from pendopo.store.migrate import core_schema, upgrade_schema
from pendopo.store.postgres import LaneWakeup, PostgresDatabase, with_options
from pendopo.store.queries.inbox import AcceptJob, IncomingRow
from psycopg.conninfo import conninfo_to_dict

pytestmark = pytest.mark.postgres
LANE = "memory:kadis"


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[PostgresDatabase]:
    made = open_database(postgres_url)
    assert isinstance(made, PostgresDatabase)
    engine = made.make_engine()
    upgrade_schema(engine, core_schema())
    engine.dispose()
    yield made
    await made.close()


@pytest.fixture
async def jobs(database: PostgresDatabase) -> AsyncIterator[LaneJobs]:
    made = LaneJobs(database.address)
    await made.open()
    yield made
    await made.close()


@pytest.fixture
def session(database: PostgresDatabase) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A transaction of somebody else, open as long as the test likes."""
    with psycopg.connect(database.address) as connection:
        yield connection


class Eager:
    """A process that takes what it commits work to."""

    def __init__(self, worker: int, room: int = 12) -> None:
        self.worker: int | None = worker
        self._room = room
        self.held: set[str] = set()
        self.pinned: list[str] = []
        self.heard: list[LaneWakeup] = []

    def count_room(self) -> int:
        return self._room

    def pin_lane(self, lane: str) -> bool:
        self.pinned += [lane] * (lane in self.held)
        return lane in self.held

    def unpin_lanes(self, lanes: Sequence[str]) -> None:
        for lane in lanes:
            self.pinned.remove(lane)

    def handle_wakeup(self, woken: LaneWakeup) -> None:
        self.heard.append(woken)


async def commit_work(database: PostgresDatabase, *lanes: str, key: str = "") -> None:
    """Commit a delivery to each of these lanes."""

    once = key or new_key()
    await database.write(
        AcceptJob([IncomingRow("memory", f"{lane} {once}", "message", lane, "", b"{}", 1000) for lane in lanes])
    )


async def list_job_states(database: PostgresDatabase, lane: str = LANE) -> list[str]:
    rows = await database.read("SELECT status::text FROM procrastinate_jobs WHERE lock = ? ORDER BY id", (lane,))
    return [row[0] for row in rows]


async def test_what_a_process_commits_work_to_is_queued_once(database: PostgresDatabase, jobs: LaneJobs) -> None:
    await commit_work(database, LANE, key="1")
    await commit_work(database, LANE, key="2")
    worker = await jobs.register_worker()
    found = await jobs.fetch_lane(worker)
    assert found is not None
    assert found[1] == LANE
    assert await jobs.fetch_lane(worker) is None


async def test_what_was_undone_wakes_nobody(database: PostgresDatabase, jobs: LaneJobs) -> None:
    def undone(connection: Connection) -> None:
        connection.wake_lane(LANE, "inbox")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(undone)
    assert await jobs.fetch_lane(await jobs.register_worker()) is None


async def test_a_queued_wake_is_not_fetched_before_what_it_stands_for_can_be_seen(
    database: PostgresDatabase, jobs: LaneJobs, session: psycopg.Connection[tuple[object, ...]]
) -> None:
    """Without the shared lock the lane would be drained now, found empty, and the row would lie there for ever."""
    await commit_work(database, LANE)
    worker = await jobs.register_worker()
    session.execute("SELECT pendopo_queue(%s)", (LANE,))
    assert await jobs.fetch_lane(worker) is None
    session.commit()
    found = await jobs.fetch_lane(worker)
    assert found is not None
    assert found[1] == LANE


async def test_a_lane_that_is_drained_is_not_fetched_again_until_it_is_let_go_of(
    database: PostgresDatabase, jobs: LaneJobs
) -> None:
    await commit_work(database, LANE, key="1")
    worker = await jobs.register_worker()
    found = await jobs.fetch_lane(worker)
    assert found is not None
    await commit_work(database, LANE, key="2")
    assert await list_job_states(database) == ["doing", "todo"]
    assert await jobs.fetch_lane(worker) is None
    assert not await jobs.has_queued()


async def test_whoever_lets_go_of_a_lane_takes_along_what_came_meanwhile(database: PostgresDatabase, jobs: LaneJobs) -> None:
    await commit_work(database, LANE, key="1")
    found = await jobs.fetch_lane(await jobs.register_worker())
    assert found is not None
    await commit_work(database, LANE, key="2")
    assert await jobs.release_lane(found[0], LANE, None)
    assert await list_job_states(database) == ["doing"]
    assert not await jobs.release_lane(found[0], LANE, None)
    assert await list_job_states(database) == []


async def test_what_is_put_in_while_the_lane_is_let_go_of_is_not_forgotten(
    database: PostgresDatabase, jobs: LaneJobs, session: psycopg.Connection[tuple[object, ...]]
) -> None:
    await commit_work(database, LANE)
    worker = await jobs.register_worker()
    found = await jobs.fetch_lane(worker)
    assert found is not None
    session.execute("SELECT pendopo_queue(%s)", (LANE,))
    assert not await jobs.release_lane(found[0], LANE, None)  # it cannot be seen yet
    session.commit()
    assert await jobs.fetch_lane(worker) is not None


async def test_a_lane_whose_next_work_is_due_later_waits_for_it(database: PostgresDatabase, jobs: LaneJobs) -> None:
    await commit_work(database, LANE)
    worker = await jobs.register_worker()
    found = await jobs.fetch_lane(worker)
    assert found is not None
    assert not await jobs.release_lane(found[0], LANE, 3600)
    assert await jobs.fetch_lane(worker) is None
    assert await jobs.claim_lane(LANE, worker) is not None  # whoever knows that it is time may take it


async def test_new_work_does_not_wait_for_what_is_due_later(database: PostgresDatabase, jobs: LaneJobs) -> None:
    await commit_work(database, LANE, key="1")
    worker = await jobs.register_worker()
    found = await jobs.fetch_lane(worker)
    assert found is not None
    await jobs.release_lane(found[0], LANE, 3600)
    await commit_work(database, LANE, key="2")
    assert await jobs.fetch_lane(worker) is not None


async def test_a_lane_is_taken_with_the_work_put_into_it(database: PostgresDatabase, jobs: LaneJobs) -> None:
    database.attach_drainer(eager := Eager(await jobs.register_worker(), room=1))
    await commit_work(database, "memory:a", "memory:b")
    await asyncio.sleep(0)
    assert [list(woken.taken) for woken in eager.heard] == [["memory:a"]]
    assert (await list_job_states(database, "memory:a"), await list_job_states(database, "memory:b")) == (["doing"], ["todo"])


async def test_a_lane_that_another_holds_is_queued(database: PostgresDatabase, jobs: LaneJobs) -> None:
    database.attach_drainer(eager := Eager(await jobs.register_worker()))
    await commit_work(database, LANE, key="1")
    await commit_work(database, LANE, key="2")
    await asyncio.sleep(0)
    assert [list(woken.taken) for woken in eager.heard] == [[LANE], []]
    assert await list_job_states(database) == ["doing", "todo"]


async def test_a_lane_that_is_held_here_is_pinned_and_needs_no_job(database: PostgresDatabase, jobs: LaneJobs) -> None:
    database.attach_drainer(eager := Eager(await jobs.register_worker()))
    eager.held.add(LANE)
    await commit_work(database, LANE)
    assert (eager.pinned, await list_job_states(database)) == ([LANE], [])


async def test_a_pin_is_taken_back_when_the_commit_fails(
    database: PostgresDatabase, jobs: LaneJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def twice(connection: Connection) -> None:
        connection.wake_lane(LANE, "inbox")
        connection.execute("ALTER TABLE setting ADD CONSTRAINT late UNIQUE (value) DEFERRABLE INITIALLY DEFERRED")
        connection.execute("INSERT INTO setting (key, value) VALUES ('a', 'x'), ('b', 'x')")

    database.attach_drainer(eager := Eager(await jobs.register_worker()))
    eager.held.add(LANE)
    with pytest.raises(sa.exc.IntegrityError):
        await database.write(twice)
    assert eager.pinned == []


async def test_lanes_of_the_dead_are_queued_again(database: PostgresDatabase, jobs: LaneJobs) -> None:
    await commit_work(database, LANE)
    await jobs.fetch_lane(await jobs.register_worker())
    assert await jobs.recover_stalled(3600) == 0
    await database.write(lambda c: c.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"))
    assert await jobs.recover_stalled(10) == 1
    found = await jobs.fetch_lane(await jobs.register_worker())
    assert found is not None
    assert found[1] == LANE


async def test_a_lane_of_the_dead_that_is_queued_already_is_queued_once(database: PostgresDatabase, jobs: LaneJobs) -> None:
    """The database refuses two queued jobs of a lane; giving up there left lanes stuck for ever."""
    await commit_work(database, LANE, key="1")
    await jobs.fetch_lane(await jobs.register_worker())
    await commit_work(database, LANE, key="2")
    await commit_work(database, "memory:b")
    await jobs.fetch_lane(await jobs.register_worker())
    await database.write(lambda c: c.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"))
    assert await jobs.recover_stalled(10) == 2
    assert (await list_job_states(database), await list_job_states(database, "memory:b")) == (["todo"], ["todo"])


async def test_whoever_was_given_up_is_told_with_the_next_sign_of_life(database: PostgresDatabase, jobs: LaneJobs) -> None:
    worker = await jobs.register_worker()
    assert await jobs.send_heartbeat(worker)
    await database.write(lambda c: c.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"))
    await jobs.recover_stalled(10)
    assert not await jobs.send_heartbeat(worker)


async def test_a_sweep_wakes_what_nobody_knows_of(database: PostgresDatabase, jobs: LaneJobs) -> None:
    await commit_work(database, LANE, "memory:later", "memory:known")
    await database.write(lambda c: c.execute("DELETE FROM procrastinate_jobs WHERE lock <> 'memory:known'"))
    await database.write(lambda c: c.execute("UPDATE inbox SET due_at = 9000 WHERE lane = 'memory:later'"))
    assert await jobs.wake_forgotten(1000, 5000) == []  # too young
    assert await jobs.wake_forgotten(1001, 5000) == [LANE]
    assert await jobs.wake_forgotten(1001, 5000) == []
    assert await jobs.wake_forgotten(1001, 9000) == ["memory:later"]


async def test_two_transactions_that_wake_the_same_lanes_do_not_wait_for_each_other(database: PostgresDatabase) -> None:
    lanes = [f"memory:{n}" for n in range(8)]
    for turn in range(6):
        await asyncio.gather(*(commit_work(database, *(lanes if n % 2 else lanes[::-1]), key=f"{turn}-{n}") for n in range(6)))
    rows = await database.read("SELECT count(*), count(DISTINCT lock) FROM procrastinate_jobs")
    assert rows == [(8, 8)]


async def test_what_is_told_is_heard(database: PostgresDatabase, jobs: LaneJobs) -> None:
    heard: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
    ready, queued = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(jobs.listen(ready.set, queued.set, lambda topic, text: heard.put_nowait((topic, text))))
    await asyncio.wait_for(ready.wait(), 10)
    await database.write(lambda c: c.notify_processes("closed", "memory:ä"))
    await commit_work(database, LANE)
    await asyncio.wait_for(queued.wait(), 10)
    assert await asyncio.wait_for(heard.get(), 10) == ("closed", "memory:ä")
    task.cancel()


def test_options_are_added_to_those_that_an_address_names_itself() -> None:
    address = "postgresql://o:a+b@host/kota?options=-csearch_path%3Dkota&sslmode=require"
    written = with_options(with_options(address, "-c synchronous_commit=off"), "-c enable_seqscan=off")
    read = conninfo_to_dict(written)
    assert read["options"] == "-csearch_path=kota -c synchronous_commit=off -c enable_seqscan=off"
    assert (read["password"], read["sslmode"]) == ("a+b", "require")
