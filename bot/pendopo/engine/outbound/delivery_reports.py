"""Delivery reports of messengers: recorded, forward only; a late failure opens the delivery again."""

import re

from pendopo.engine.outbound.outbox import Outbox
from pendopo.engine.outbound.render import make_words
from pendopo.engine.runtime import Runtime
from pendopo.errors import ChatClosedError, PermanentSendError, RecipientUnreachableError, SendError, TemporarySendError
from pendopo.model import Album, DeliveryReport, Document, Photo
from pendopo.store.queries import deliveries as store
from pendopo.store.tables import DeliveryState

RANKS = {"sent": 1, "delivered": 2, "read": 3, "failed": 4}
"""Reports come in any order; a later one never overrides one of a higher rank."""
FAILED = RANKS["failed"]
HOLD_MS = 60_000
"""How long a late failure is held while its route is decided; after a crash meanwhile it is simply sent again."""
ACCOUNT_PAUSE = 300.0
"""Seconds for which an account rests that may write to no one for now; the report names no time."""
_PART = re.compile(r"([^.+]+)[.+]")
"""A tracker: the key of a delivery, then the number of a part (`.`, by the outbox) or of a message (`+`, by an adapter)."""


class Reports:
    """Handles delivery reports."""

    def __init__(self, runtime: Runtime, outbox: Outbox) -> None:
        self._runtime = runtime
        self._outbox = outbox

    async def record_report(self, event: DeliveryReport) -> None:
        """Records a report; a repeated one changes nothing."""
        rank = RANKS.get(event.status, 0)
        if rank == FAILED:
            await self._reopen_failed(event)
            return
        lanes = (
            await self._runtime.database.write(lambda c: store.settle_lost(c, event.tracker, event.message))
            if event.tracker
            else []
        )
        for lane in lanes:
            self._outbox.refresh_lane(lane)
        await self._runtime.database.write(lambda c: store.note_report(c, event.chat.adapter, event.message, rank))

    async def _reopen_failed(self, event: DeliveryReport) -> None:
        due = 0 if event.failure == "window" else self._runtime.now_ms() + HOLD_MS
        id_ = await self._runtime.database.write(
            lambda c: store.take_back(c, event.chat.adapter, event.message, due, event.error)
        )
        delivery = await store.find_delivery(self._runtime.database, id_) if id_ is not None else None
        if delivery is None:
            await self._fail_part(event)
            return
        try:
            if not event.failure and isinstance(delivery.content, (Photo, Document, Album)):
                words = make_words(delivery.content)
                await self._runtime.database.write(lambda c: store.replace_content(c, delivery.id, words))
            elif event.failure != "window":  # the adapter knows of a closed window by now, and of the way around it
                await self._outbox.retries.handle_send_failure(delivery, _make_error(event))
        finally:
            self._outbox.refresh_lane(delivery.lane)

    async def _fail_part(self, event: DeliveryReport) -> None:
        """Makes a dead letter of a delivery of which one part failed for a reason of its own."""
        part = _PART.match(event.tracker)
        if part is None or event.failure not in ("", "undelivered", "passing"):
            return
        delivery = await store.find_delivery(self._runtime.database, part[1])
        if delivery is not None and delivery.state == DeliveryState.SENT:
            # An operator's retry sends all parts again.
            await self._runtime.database.write(lambda c: store.reset_parts(c, delivery.id))
            await self._outbox.retries.make_dead_letter(delivery, f"a part of it failed: {event.error}")


def _make_error(event: DeliveryReport) -> SendError:
    """Returns the error the send would have raised, had the messenger known in time."""
    if event.failure == "passing":
        return TemporarySendError(event.error)
    if event.failure == "account":
        return TemporarySendError(event.error, ACCOUNT_PAUSE, whole_account=True)
    kinds = {"closed": ChatClosedError, "undelivered": RecipientUnreachableError}
    return kinds.get(event.failure, PermanentSendError)(event.error)
