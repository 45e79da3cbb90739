"""What a messenger tells of something we sent: noted, forward only, and a late failure opens the delivery again."""

from bot.errors import Rejected, WindowClosed
from bot.model import DeliveryReport
from bot.store import delivery as store

from .core import Core
from .outbox import Outbox

RANKS = {"sent": 1, "delivered": 2, "read": 3, "failed": 4}
"""Reports come in any order; a later one never takes back an earlier one of a higher rank."""


class Reports:
    """Handles delivery reports."""

    def __init__(self, core: Core, outbox: Outbox) -> None:
        self._core = core
        self._outbox = outbox

    async def note(self, event: DeliveryReport) -> None:
        """Note a report. Doing it again changes nothing."""
        rank, lane = RANKS.get(event.status, 0), event.chat.key
        sql = "UPDATE delivery SET report = ? WHERE lane = ? AND native_id = ? AND native_id <> '' AND report < ? RETURNING id"
        noted = await self._core.database.write(lambda c: c.execute(sql, (rank, lane, event.message, rank)))
        if not noted or event.status != "failed":
            return
        delivery = await store.by_id(self._core.database, noted[0][0])
        error = WindowClosed(event.error) if event.window else Rejected(event.error)
        await self._outbox.retries.failed(delivery, error)
