"""Several processes on one PostgreSQL database: this one's lanes, roles and rate limits, and the notices of the others."""

import asyncio
from functools import partial

from pendopo.engine.inbound.inbox import Inbox
from pendopo.engine.lanes.lanes import cancel_tasks
from pendopo.engine.lanes.leadership import SharedLeadership
from pendopo.engine.lanes.node import Node
from pendopo.engine.outbound.outbox import Outbox
from pendopo.engine.runtime import Runtime
from pendopo.engine.scheduler import Scheduler
from pendopo.model.containers import BackgroundTasks

CLAIMER, SWEEPER = "reminders", "sweep"


class Cluster:
    """Coordinates the stations of a process that shares its database."""

    def __init__(self, runtime: Runtime, node: Node, inbox: Inbox, outbox: Outbox, scheduler: Scheduler) -> None:
        self._runtime = runtime
        self._inbox, self._outbox, self._scheduler = inbox, outbox, scheduler
        self._node = node
        self.leadership = SharedLeadership(node.address)
        self._tasks = BackgroundTasks()

    async def start(self) -> None:
        """Starts claiming lanes and roles; returns once it is known whether this process claims reminders."""
        await self._node.start(self._inbox, self._outbox, self._handle_notice)
        await self._outbox.load_held()
        self._tasks.start(self.leadership.run())
        self._tasks.start(self.leadership.run_exclusive(CLAIMER, partial(self._scheduler.run, self._inbox)))
        self._tasks.start(self.leadership.run_exclusive(SWEEPER, self._node.recover_lanes))
        # Lets both tasks ask for their roles before the answers are waited for.
        await asyncio.sleep(0)
        await self.leadership.wait_until_tried()
        if self.leadership.is_leader(CLAIMER):
            await self._scheduler.claiming.wait()

    async def wake_open_lanes(self) -> None:
        """Wakes lanes whose open work has no job."""
        await self._node.wake_open_lanes()

    def stop_claiming(self) -> None:
        """Claims no more lanes; those held are drained to the end."""
        self._node.stop_claiming()

    async def stop(self) -> None:
        """Releases every lane and role, so that others can take them at once."""
        await self._node.stop()
        await cancel_tasks(list(self._tasks))

    async def is_busy(self) -> bool:
        return await self._node.has_pending()

    async def idle(self) -> None:
        """Waits until this process holds no lane and none is queued that is due."""
        await self._node.idle()

    def _handle_notice(self, topic: str, text: str) -> None:
        """Handles a notice from a process of the cluster, this one included."""
        if topic == "closed":
            self._outbox.closed_chats.add(text)
        elif topic == "held":
            self._outbox.held_lanes.add(text)
        elif topic == "due":
            self._scheduler.note_planned(int(text))
        elif topic == "pause":
            for_ms, name = text.split(" ", 1)
            self._outbox.limits.pause_until(name, self._runtime.now_ms() + int(for_ms))
        elif topic == "directory":
            self._tasks.start(self._runtime.directory.refresh(self._runtime.clock.now()))
