"""This process as one of several on one PostgreSQL: its heartbeat, the lanes it fetches, and those that dead processes left.

Lanes are Procrastinate jobs (`store.lane_jobs`). Two processes may well drain one lane, each for a good reason, and nothing
breaks: the second to commit finds the row handled (`SupersededError`). Exclusive lanes only save work.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import structlog

from pendopo.engine.clock import Clock, SystemClock
from pendopo.engine.lanes.lanes import cancel_tasks
from pendopo.engine.lanes.leases import Leases, Station
from pendopo.model.containers import BackgroundTasks
from pendopo.store.lane_jobs import JOB_ERRORS, LaneJobs
from pendopo.store.postgres import PostgresDatabase

log = structlog.get_logger(__name__)

BEAT_SECONDS = 1.0
STALLED_SECONDS = 6.0
"""A process without a heartbeat for this long has lost its lanes,"""
TRUSTED_SECONDS = 4.0
"""and stops trusting that it holds them a little earlier."""
POLL_SECONDS = 1.0
"""How often to look for queued lanes without a notice: those that fall due, and those of dead processes."""
SWEEP_SECONDS = 5.0
"""How old work without a job must be before its lane is woken: a younger one may just be committing."""
RETRY_SECONDS = 1.0
"""Pause after the database was away."""
GRACE_SECONDS = 0.5
"""How much later others may take a lane than this process, which has its timer set already."""
NEVER_SECONDS = 1e8
"""Three years: with a test's or the simulator's clock the server's time says nothing of what is due."""


class Node:
    """Drains its share of the lanes of a database."""

    def __init__(self, database: PostgresDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._jobs = LaneJobs(database.address)
        self.leases = Leases(clock, self._let_go, self._start_claim)
        self._poll_now = asyncio.Event()
        self._listening = asyncio.Event()
        self._fetching = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self._errands = BackgroundTasks()
        self._beaten = 0.0
        self._worker = 0
        self._strays: set[int] = set()

    async def start(self, inbox: Station, outbox: Station, on_notice: Callable[[str, str], None]) -> None:
        """Registers this process and starts claiming lanes. Raises the database's errors when it cannot be reached."""
        self.leases.add_station("inbox", inbox)
        self.leases.add_station("outbox", outbox)
        await self._jobs.open()
        self.leases.worker = self._worker = await self._jobs.register_worker()
        self._beaten = time.monotonic()
        self._database.attach_drainer(self.leases)
        if not isinstance(self._clock, SystemClock):
            await self._jobs.wake_all()  # the due times of the last run are unknown
        await self.wake_open_lanes()
        for loop in (self._beat_forever, self._fetch_forever, partial(self._listen_forever, on_notice)):
            self._tasks.append(asyncio.create_task(self._run_forever(loop)))
        await self._listening.wait()  # what others tell from now on is heard

    async def wake_open_lanes(self) -> None:
        """Wakes lanes whose open work has no job."""
        now = self._clock.now_ms()
        await self._jobs.wake_forgotten(now + 1, now)

    def stop_claiming(self) -> None:
        """Claims no more lanes."""
        self.leases.worker = None

    async def stop(self) -> None:
        """Releases the lanes still held, so that others can take them at once."""
        await cancel_tasks(self._tasks)
        while self._errands:
            await asyncio.wait(list(self._errands), timeout=RETRY_SECONDS)
        self.leases.forget_timers()
        with suppress(*JOB_ERRORS):
            for job in self.leases.held.values():
                await self._jobs.give_back(job)
            await self._jobs.unregister_worker(self._worker)
        await self._jobs.close()

    @property
    def address(self) -> str:
        """The address of the database, for separate connections."""
        return self._database.address

    def owns_lane(self, lane: str) -> bool:
        """Tells whether this process still owns a lane it drains: it was neither held up nor taken for dead."""
        # Held up for longer, others may have its lanes.
        return (time.monotonic() - self._beaten < TRUSTED_SECONDS) and self.leases.holds_lane(lane)

    async def has_pending(self) -> bool:
        """Tells whether lanes are held here, or queued and due."""
        return self._is_busy or await self._jobs.has_queued()

    @property
    def _is_busy(self) -> bool:
        return bool(self.leases.held or self._errands or self._fetching.locked())

    async def idle(self) -> None:
        """Waits until this process holds no lane and none is queued that is due."""
        while await self.has_pending():
            await self._fetch_lanes()
            while self._is_busy:  # noqa: ASYNC110  lanes end in many ways
                await asyncio.sleep(0.001)

    async def recover_lanes(self) -> None:
        """Queues the lanes of dead processes, and wakes those with old work and no job. One process at a time runs this."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS / 2)
            with suppress(*JOB_ERRORS):
                if stalled := await self._jobs.recover_stalled(STALLED_SECONDS):
                    log.warning("lanes of a dead process are taken over", event_name="lanes_recovered", count=stalled)
                now = self._clock.now_ms()
                if found := await self._jobs.wake_forgotten(now - int(SWEEP_SECONDS * 1000), now):
                    log.warning("lanes were asleep with work in them", event_name="lanes_woken", count=len(found))
                self._poll_now.set()

    async def _run_forever(self, loop: Callable[[], Awaitable[None]]) -> None:
        """Runs a loop again after each failure: the database may be away for a while."""
        while True:
            try:
                await loop()
            except JOB_ERRORS as error:
                log.warning("the database is away", event_name="database_away", error=str(error))
            except Exception:
                log.exception("what keeps the lanes failed, and goes on", event_name="replica_failed", work=repr(loop))
            await asyncio.sleep(RETRY_SECONDS)

    async def _beat_forever(self) -> None:
        while True:
            if await self._jobs.send_heartbeat(self._worker):
                await self._return_strays(self._worker)
            else:
                log.warning("this process was taken for dead, and begins anew", event_name="replica_lost")
                self.leases.lose_all()
                self._worker = await self._jobs.register_worker()
                if self.leases.worker is not None:
                    self.leases.worker = self._worker
            self._beaten = time.monotonic()
            await asyncio.sleep(BEAT_SECONDS)

    async def _return_strays(self, worker: int) -> None:
        """Gives back jobs that the database counts as ours and that we do not hold: an answer was lost on the way."""
        held = await self._jobs.held_by(worker)
        strays = {job for lane, job in held.items() if not self.leases.holds_lane(lane)}
        for job in strays & self._strays:  # seen twice: not only on its way to us, or from us
            await self._jobs.give_back(job)
        self._strays = strays - self._strays

    async def _fetch_forever(self) -> None:
        while True:
            await self._fetch_lanes()
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._poll_now.wait()
            self._poll_now.clear()

    async def _fetch_lanes(self) -> None:
        async with self._fetching:
            worker = self.leases.worker
            while worker is not None and self.leases.places > 0:
                found = await self._jobs.fetch_lane(worker)
                if found is None:
                    return
                self.leases.begin_lane(found[1], found[0])

    async def _listen_forever(self, on_notice: Callable[[str, str], None]) -> None:
        await self._jobs.listen(self._listening.set, self._poll_now.set, on_notice)

    def _let_go(self, lane: str, job: int, due: int | None) -> None:
        self._start_errand(self._release_lease(lane, job, due))

    async def _release_lease(self, lane: str, job: int, due: int | None) -> None:
        if await self._jobs.release_lane(job, lane, self._seconds_until(due) if due is not None else None):
            self.leases.begin_lane(lane, job)
        elif due is not None and self.leases.worker is not None:
            self.leases.schedule_wake(lane, due)
        if self.leases.places == 1:
            self._poll_now.set()

    def _seconds_until(self, due: int) -> float:
        """Returns in how many seconds others may take a lane: a little later than this process would."""
        if not isinstance(self._clock, SystemClock):
            return NEVER_SECONDS
        return max(0.0, (due - self._clock.now_ms()) / 1000) + GRACE_SECONDS

    def _start_claim(self, lane: str) -> None:
        self._start_errand(self._claim_queued(lane))

    async def _claim_queued(self, lane: str) -> None:
        worker = self.leases.worker
        if worker is not None and not self.leases.holds_lane(lane) and (job := await self._jobs.claim_lane(lane, worker)):
            self.leases.begin_lane(lane, job)

    def _start_errand(self, work: Awaitable[None]) -> None:
        async def run() -> None:
            # A failure is found again: as a stray job of ours (`_return_strays`), or as a queued job that is due.
            with suppress(*JOB_ERRORS):
                await work

        self._errands.start(run())
