"""What a messenger tells of something we sent: noted, forward only, and a late failure opens the delivery again."""

import re

from bot.errors import ChatClosed, Rejected, Retry, SendError, Undelivered
from bot.model import DeliveryReport
from bot.store import Connection
from bot.store import delivery as store

from .core import Core
from .outbox import Outbox

RANKS = {"sent": 1, "delivered": 2, "read": 3, "failed": 4}
"""Reports come in any order; a later one never takes back an earlier one of a higher rank."""
FAILED = RANKS["failed"]
HOLD_MS = 60_000
"""How long what failed late is left alone while it is decided what to do; after a crash meanwhile it is just sent again."""
ACCOUNT_PAUSE = 300.0
_PART = re.compile(r"([^.+]+)[.+]")


class Reports:
    """Handles delivery reports."""

    def __init__(self, core: Core, outbox: Outbox) -> None:
        self._core = core
        self._outbox = outbox

    async def note(self, event: DeliveryReport) -> None:
        """Note a report. Doing it again changes nothing."""
        rank = RANKS.get(event.status, 0)
        if rank == FAILED:
            await self._failed(event)
            return
        lanes = await self._core.database.write(lambda c: _settle_lost(c, event)) if event.tracker else []
        for lane in lanes:
            self._outbox.refresh(lane)
        await self._core.database.write(lambda c: _note(c, event, rank))

    async def _failed(self, event: DeliveryReport) -> None:
        due = 0 if event.failure == "window" else self._core.now_ms() + HOLD_MS
        id_ = await self._core.database.write(lambda c: _take_back(c, event, due))
        if id_ is None:
            await self._part_failed(event)
            return
        delivery = await store.by_id(self._core.database, id_)
        try:
            if event.failure != "window":  # of that the adapter knows by now, and what there is instead
                await self._outbox.retries.failed(delivery, _error(event))
        finally:
            self._outbox.refresh(delivery.lane)

    async def _part_failed(self, event: DeliveryReport) -> None:
        """One of several messages of a delivery failed, for a reason that does not hold for all of them."""
        part = _PART.match(event.tracker)
        if part is None or event.failure not in ("", "undelivered", "passing"):
            return
        sql = "SELECT id FROM delivery WHERE key = ? AND state = 'sent'"
        for (id_,) in await self._core.database.read(sql, (part[1],)):
            # Who tries it again tries all of it.
            await self._core.database.write(lambda c, id_=id_: store.begin_again(c, id_))  # type: ignore[misc]
            delivery = await store.by_id(self._core.database, id_)
            await self._outbox.retries.bury(delivery, f"a part of it failed: {event.error}")


def _error(event: DeliveryReport) -> SendError:
    """What the send would have raised, had the messenger known in time."""
    if event.failure == "passing":
        return Retry(event.error)
    if event.failure == "account":
        return Retry(event.error, ACCOUNT_PAUSE, whole_account=True)
    kinds = {"closed": ChatClosed, "undelivered": Undelivered}
    return kinds.get(event.failure, Rejected)(event.error)


def _note(connection: Connection, event: DeliveryReport, rank: int) -> None:
    """The chat may be missing from a report; the messenger's id is enough."""
    sql = "UPDATE delivery SET report = ? WHERE native_id = ? AND native_id <> '' AND report < ? AND lane LIKE ?"
    connection.execute(sql, (rank, event.message, rank, f"{event.chat.adapter}:%"))


def _take_back(connection: Connection, event: DeliveryReport, due: int) -> int | None:
    """Open the delivery again that failed; None when it is none of ours, or was opened before.

    Where a change was told by a new message, it is the change that failed, and not what it changed.
    """
    sql = "SELECT id, key FROM delivery WHERE native_id = ? AND native_id <> '' AND state = 'sent' AND lane LIKE ?"
    found = connection.execute(sql, (event.message, f"{event.chat.adapter}:%"))
    if not found:
        return None
    id_, key = found[0]
    changed = "SELECT id FROM delivery WHERE target = ? AND kind = 'edit_or_send' AND state = 'sent' ORDER BY id DESC LIMIT 1"
    later = connection.execute(changed, (key,))
    if later:
        store.failed_late(connection, id_, event.message, "sent", 0, event.error)
    reopened: int = later[0][0] if later else id_
    store.failed_late(connection, reopened, event.message, "open", due, event.error)
    return reopened


def _settle_lost(connection: Connection, event: DeliveryReport) -> list[str]:
    """A send whose answer got lost did arrive: it is not to be repeated. Stale news of a failed attempt settles nothing."""
    sql = """UPDATE delivery SET state = 'sent', native_id = ? WHERE key = ? AND native_id = '' AND failed_id <> ?
    AND (state = 'sending' OR (state = 'open' AND attempts > 0)) RETURNING lane, target"""
    settled = connection.execute(sql, (event.message, event.tracker, event.message))
    for lane, target in settled:
        connection.wake(lane, store.STATION)
        connection.execute("UPDATE delivery SET native_id = ? WHERE key = ?", (event.message, target))
    return [lane for lane, _ in settled]
