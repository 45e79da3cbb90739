"""What a messenger tells of something we sent: noted, forward only, and a late failure opens the delivery again."""

from bot.errors import Rejected
from bot.model import DeliveryReport
from bot.store import Connection
from bot.store import delivery as store

from .core import Core
from .outbox import Outbox

RANKS = {"sent": 1, "delivered": 2, "read": 3, "failed": 4}
"""Reports come in any order; a later one never takes back an earlier one of a higher rank."""


FAILED = RANKS["failed"]
_REOPEN = (
    "UPDATE delivery SET state = 'open', native_id = '', report = 0, due_at = 0, error = ? WHERE id = ? AND state = 'sent'"
)


class Reports:
    """Handles delivery reports."""

    def __init__(self, core: Core, outbox: Outbox) -> None:
        self._core = core
        self._outbox = outbox

    async def note(self, event: DeliveryReport) -> None:
        """Note a report. Doing it again changes nothing."""
        rank = RANKS.get(event.status, 0)
        lanes = await self._core.database.write(lambda c: _settle_lost(c, event)) if event.tracker and rank < FAILED else []
        for lane in lanes:
            self._outbox.refresh(lane)
        noted = await self._core.database.write(lambda c: _note(c, event, rank))
        if noted and rank == FAILED:
            await self._failed(noted[0], event)

    async def _failed(self, id_: int, event: DeliveryReport) -> None:
        delivery = await store.by_id(self._core.database, id_)
        if not event.window:
            await self._outbox.retries.failed(delivery, Rejected(event.error))
            return
        # Open it again: the adapter knows by now that the window is closed, and what there is instead.
        await self._core.database.write(lambda c: c.execute(_REOPEN, (event.error, id_)))
        self._outbox.refresh(delivery.lane)


def _note(connection: Connection, event: DeliveryReport, rank: int) -> list[int]:
    """The deliveries a report is news for. The chat may be missing from it; the messenger's id is enough."""
    sql = "UPDATE delivery SET report = ? WHERE native_id = ? AND native_id <> '' AND report < ? AND lane LIKE ? RETURNING id"
    return [row[0] for row in connection.execute(sql, (rank, event.message, rank, f"{event.chat.adapter}:%"))]


def _settle_lost(connection: Connection, event: DeliveryReport) -> list[str]:
    """A send whose answer got lost did arrive: it is not to be repeated."""
    sql = """UPDATE delivery SET state = 'sent', native_id = ? WHERE key = ? AND native_id = ''
    AND (state = 'sending' OR (state = 'open' AND attempts > 0)) RETURNING lane"""
    return [row[0] for row in connection.execute(sql, (event.message, event.tracker))]
