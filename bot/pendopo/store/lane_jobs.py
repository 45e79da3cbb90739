"""The lanes of a database that many processes share, as Procrastinate's jobs (`migrations/0005_lanes.py`)."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
import structlog
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException, NoResult, UniqueViolation
from procrastinate.jobs import Status
from procrastinate.manager import JobManager, get_channel_for_queues
from psycopg.sql import SQL, Identifier
from psycopg_pool import AsyncConnectionPool

from pendopo.store.postgres import CHANNEL, INDEXED, with_options
from pendopo.store.tables import DeliveryState, InboxState

log = structlog.get_logger(__name__)
QUEUE = "lanes"
CONNECTIONS = 4
SILENCE_SECONDS = 30
"""A connection that hears nothing for this long is asked whether it is still there."""

NoticeHandler = Callable[[str, str], None]
"""A topic and a text, from another process."""


class LaneJobs:
    """Queued and running jobs, a lane each. None of this need outlive the server's power: nothing here waits for its disk."""

    def __init__(self, address: str) -> None:
        self._address = with_options(address, f"-c synchronous_commit=off {INDEXED}")
        self._connector = PsycopgConnector(conninfo=self._address)
        self._manager = JobManager(self._connector)

    async def open(self) -> None:
        """Connect. Raises `ConnectorException`."""
        pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
            self._address, configure=_enable_autocommit, min_size=1, max_size=CONNECTIONS, open=False
        )
        await pool.open(wait=True, timeout=10)
        self._pool = pool
        await self._connector.open_async(pool)

    async def close(self) -> None:
        await self._pool.close()

    async def register_worker(self) -> int:
        """A number for this process among the workers."""
        return await self._manager.register_worker()

    async def unregister_worker(self, worker: int) -> None:
        """What this worker still holds may be taken over at once."""
        await self._manager.unregister_worker(worker)

    async def send_heartbeat(self, worker: int) -> bool:
        """A sign of life; False when this worker was given up meanwhile, and what it held is others' now."""
        sql = "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = %(worker)s RETURNING id"
        return bool(await self._connector.execute_query_all_async(sql, worker=worker))

    async def fetch_lane(self, worker: int) -> tuple[int, str] | None:
        """The next queued lane that nobody drains."""
        job = await self._manager.fetch_job(queues=[QUEUE], worker_id=worker)
        return (job.id, job.lock) if job is not None and job.id is not None and job.lock is not None else None

    async def claim_lane(self, lane: str, worker: int) -> int | None:
        """This lane, if it is queued and nobody drains it."""
        sql = "SELECT pendopo_claim(%(lane)s, %(worker)s) AS job"
        found = (await self._connector.execute_query_one_async(sql, lane=lane, worker=worker))["job"]
        return int(found) if found is not None else None

    async def release_lane(self, job: int, lane: str, seconds: float | None) -> bool:
        """Let go of a lane; its next work is due in so many seconds (None: there is none). True: there is work, go on."""
        sql = "SELECT pendopo_release(%(job)s, %(lane)s, %(seconds)s::float8) AS more"
        found = await self._connector.execute_query_one_async(sql, job=job, lane=lane, seconds=seconds)
        return bool(found["more"])

    async def held_by(self, worker: int) -> dict[str, int]:
        """The lanes that a worker drains, as the database knows it."""
        sql = "SELECT lock, id FROM procrastinate_jobs WHERE worker_id = %(worker)s AND status = 'doing'"
        return {row["lock"]: row["id"] for row in await self._connector.execute_query_all_async(sql, worker=worker)}

    async def give_back(self, job: int) -> None:
        """Queue a lane again that nobody drains any more; one that is queued beside that needs it only once."""
        try:
            await self._manager.retry_job_by_id_async(job, retry_at=None)  # type: ignore[arg-type]  # None: at once
        except UniqueViolation:
            await self._manager.finish_job_by_id_async(job, Status.ABORTED, delete_job=True)

    async def recover_stalled(self, seconds: float) -> int:
        """Queue the lanes again of workers that gave no sign of life for so long; returns how many there were."""
        await self._manager.prune_stalled_workers(seconds)
        stalled = list(await self._manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=seconds))
        for job in stalled:
            if job.id is not None:
                try:
                    await self.give_back(job.id)
                except ConnectorException as error:  # another process was faster
                    log.info("a lane was given back already", event_name="lane_given_back", job=job.id, error=str(error))
        return len(stalled)

    async def has_queued(self) -> bool:
        """Whether a lane waits to be drained that nobody drains."""
        sql = """SELECT 1 FROM procrastinate_jobs AS queued WHERE status = 'todo' AND scheduled_at IS NULL AND NOT EXISTS
            (SELECT 1 FROM procrastinate_jobs AS held WHERE held.lock = queued.lock AND held.status = 'doing') LIMIT 1"""
        return bool(await self._connector.execute_query_all_async(sql))

    async def wake_all(self) -> None:
        """Have every lane drained now whose next work is due later; it is put off again, by whoever finds that."""
        await self._connector.execute_query_async("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")

    async def wake_forgotten(self, since_ms: int, now_ms: int) -> Sequence[str]:
        """Wake lanes with work from before `since_ms` that nobody knows of. Costs what is open, not what is done."""
        sql = f"""SELECT lane, pendopo_queue(lane) FROM (
            SELECT lane FROM inbox WHERE state = '{InboxState.OPEN}' AND received_at < %(since)s AND due_at <= %(now)s
            UNION SELECT lane FROM delivery WHERE state IN ('{DeliveryState.OPEN}', '{DeliveryState.SENDING}')
            AND created_at < %(since)s AND due_at <= %(now)s
            ) AS open WHERE NOT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = lane AND status = 'todo')
            AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE lock = lane AND status = 'doing') ORDER BY lane"""
        return [row["lane"] for row in await self._connector.execute_query_all_async(sql, since=since_ms, now=now_ms)]

    async def listen(self, ready: Callable[[], None], queued: Callable[[], None], told: NoticeHandler) -> None:
        """Hear of lanes that are queued and of what other processes tell, until the connection breaks; `ready`: it hears."""
        async with await psycopg.AsyncConnection.connect(self._address, autocommit=True) as connection:
            for channel in (*get_channel_for_queues([QUEUE]), CHANNEL):
                await connection.execute(SQL("LISTEN {}").format(Identifier(channel)))
            ready()
            while True:
                async for notice in connection.notifies(timeout=SILENCE_SECONDS):
                    if notice.channel == CHANNEL:
                        told(*json.loads(notice.payload))
                    else:
                        queued()
                await connection.execute("SELECT 1")


async def _enable_autocommit(connection: psycopg.AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)


JOB_ERRORS = (ConnectorException, NoResult, psycopg.Error, OSError)
"""What any of these may raise while the server is away."""
