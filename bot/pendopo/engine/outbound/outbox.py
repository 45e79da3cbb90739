"""The outbox sends committed deliveries, in order per chat, until each is delivered or a visible dead letter."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache, partial
from typing import TypeVar

import msgspec
import structlog

from pendopo.adapters.contract import Adapter
from pendopo.engine.lanes.backlog import Backlog
from pendopo.engine.lanes.lanes import RETRY_MS, Keeper, Lanes
from pendopo.engine.outbound.rate_limits import Limits, make_rate_limiter
from pendopo.engine.outbound.render import NUMBERS, RenderedParts, render, weaken_message
from pendopo.engine.outbound.retries import Retries
from pendopo.engine.runtime import Runtime
from pendopo.engine.telemetry.tracing import StepLogging, trace_step
from pendopo.errors import PermanentSendError, SendError, StoreError, SupersededError, TemporarySendError, UnknownOutcomeError
from pendopo.model import Album, Capabilities, Content, Document, Photo, Phrase, Text, TextRun, is_quiet, make_quiet
from pendopo.model.ids import NIGHT, parse_lane_key, to_ms
from pendopo.plugin.values import WEB
from pendopo.store import Connection
from pendopo.store.personal_data import NOWHERE
from pendopo.store.queries import deliveries as store
from pendopo.store.queries.deliveries import Delivery
from pendopo.store.tables import DeliveryState

log = structlog.get_logger(__name__)
T = TypeVar("T")

UNEXPECTED_TRIES = 4
"""Tries after an unforeseen error, which seldom heals while the rest of the chat waits behind it."""
SEND_SECONDS = 300.0
"""How long one send may take in all, whatever the messenger does meanwhile; a file over a slow line needs minutes."""
NOTE_SECONDS = 0.2
"""Pause between tries to record a send."""
RECALL_MS = 60_000
"""How far back the limits are restored after a start: the longest span in which messengers count strictly."""
ROOM = 64
"""UTF-16 units kept free in messages that cannot be repeated safely, for the mark of a repeat."""


class Outbox:
    """The sending station."""

    def __init__(self, runtime: Runtime, keeper: Keeper | None, owns_lane: Callable[[str], bool]) -> None:
        self._runtime = runtime
        self.limits = Limits()
        self.rate_limiter = make_rate_limiter(self.limits, runtime.database)
        self.owns_lane = owns_lane
        """Tells whether a lane drained here is still this process's own."""
        self.held_lanes: set[str] = set()
        """Lanes with deliveries that wait until the person writes again."""
        self.closed_chats: set[str] = set()
        """Chats found closed; each is open again as soon as the person writes."""
        self.retries = Retries(runtime, self)
        self._listed = False
        self.lanes = Lanes("outbox", self._drain_lane, runtime.clock, keeper)
        self.backlog: Backlog[Delivery] = Backlog(partial(store.read_outbox_lane, runtime.database), keeper is not None)

    async def start(self) -> None:
        """Resumes the open rows of the database: after a crash, a stop, or an operator's change."""
        if not self._listed:
            await self._recall_recent()
        for lane in await store.list_lanes(self._runtime.database):
            if not self.lanes.is_running(lane):
                self.refresh_lane(lane)
        if not self._listed:
            self._listed = True
            self.backlog.mark_complete()
        await self.load_held()

    async def load_held(self) -> None:
        """Loads which lanes hold deliveries until the person writes."""
        self.held_lanes.update(await store.list_lanes(self._runtime.database, held=True))

    def refresh_lane(self, lane: str) -> None:
        """Reads a lane's rows anew, after something else changed them."""
        self.backlog.forget_lane(lane)
        self.lanes.wake(lane)

    def enqueue(self, deliveries: Sequence[Delivery]) -> None:
        """Hands deliveries that were committed to the outbox to their lanes."""
        for delivery in deliveries:
            self.backlog.push(delivery.lane, delivery)
            self.lanes.wake(delivery.lane, first=bool(delivery.urgent))

    async def _drain_lane(self, lane: str) -> int | None:
        parked = lane.endswith(NIGHT)
        while deliveries := await self.backlog.read_head(lane):
            delivery = deliveries[0]
            if not self.owns_lane(lane):  # checked before a rate slot is reserved
                return self._runtime.now_ms() + RETRY_MS
            if parked:
                return await self._return_parked(lane, delivery.due_at)
            if self._is_redrawn(deliveries):
                await self._runtime.database.write(
                    partial(store.mark_unedited, delivery=delivery, now_ms=self._runtime.now_ms())
                )
                self.backlog.remove_done(lane, [delivery.id])
                continue
            if morning := self._find_morning(delivery):
                await self._park_delivery(delivery, morning)
                continue
            if (due := await self._next_due(deliveries)) > self._runtime.now_ms():
                return due
            with trace_step(self._runtime.spans, "send", delivery.event_id, adapter=delivery.chat.adapter):
                delivered = await self._send_delivery(delivery)
            if delivered:
                self.backlog.remove_done(lane, [delivery.id])
            else:
                self.backlog.forget_lane(lane)
        return None

    def _is_redrawn(self, deliveries: Sequence[Delivery]) -> bool:
        """Tells whether the first is a change that another one, waiting too, makes anew: people then only see the later."""
        first, adapter = deliveries[0], self._runtime.adapters.get(deliveries[0].chat.adapter)
        if adapter is None or not first.kind.startswith("edit") or not adapter.capabilities(first.chat).edit:
            return False
        kinds = {later.kind for later in deliveries[1:] if later.target == first.target}
        return "edit_or_send" in kinds or (first.kind == "edit" and "edit" in kinds)

    def _find_morning(self, delivery: Delivery) -> int:
        """Returns until when (milliseconds) a delivery must wait, since it would ring at night; 0 where it need not."""
        if delivery.kind not in ("send", "edit_or_send") or not is_quiet(delivery.content):
            return 0
        ends = self._runtime.quiet_hours.find_end(self._runtime.clock.now())
        adapter = self._runtime.adapters.get(delivery.chat.adapter) if ends else None
        if ends is None or adapter is None or adapter.name == WEB:
            return 0
        capabilities = adapter.capabilities(delivery.chat)
        rings = not capabilities.silent and (delivery.kind == "send" or not capabilities.edit)
        return to_ms(ends) if rings else 0

    async def _park_delivery(self, delivery: Delivery, due_at: int) -> None:
        lane = await self._runtime.database.write(lambda c: store.park_delivery(c, delivery, due_at))
        self.backlog.forget_lane(delivery.lane)
        self.refresh_lane(lane)

    async def _return_parked(self, lane: str, due_at: int) -> int | None:
        """Lets what was parked go on in its chat once the quiet hours are over; returns when that is, None when it is now."""
        now = self._runtime.now_ms()
        if due_at > now:
            return due_at
        chat = await self._runtime.database.write(lambda c: store.return_parked(c, lane, now))
        self.backlog.forget_lane(lane)
        self.refresh_lane(chat)
        return None

    async def _next_due(self, deliveries: Sequence[Delivery]) -> int:
        """Returns when the first of a lane's deliveries may go; what stands before an answer is as urgent."""
        delivery, now = deliveries[0], self._runtime.now_ms()
        adapter = self._runtime.adapters.get(delivery.chat.adapter)
        if adapter is None or delivery.due_at > now:
            return delivery.due_at
        if parse_lane_key(delivery.lane).aside:
            return self.rate_limiter.paused_until(adapter.name, delivery.lane, now)
        capabilities = adapter.capabilities(delivery.chat)
        weight = self._weigh_part(delivery, capabilities)
        urgent = any(each.urgent for each in deliveries)
        return await self.rate_limiter.reserve_slot(adapter.name, delivery.lane, capabilities, now, weight, urgent)

    def _weigh_part(self, delivery: Delivery, capabilities: Capabilities) -> int:
        """Returns how many deliveries the next message counts as: an album counts its items."""
        if not isinstance(delivery.content, Album):
            return 1
        part = _get_part(self._render_delivery(delivery.content, capabilities, delivery), delivery.part)
        return len(part.items) if isinstance(part, Album) else 1

    async def _recall_recent(self) -> None:
        """Restores the limits from what was sent just before a restart, since messengers count on meanwhile."""
        now = self._runtime.now_ms()
        for chat, lane, at, weight in await store.read_recent(self._runtime.database, now - RECALL_MS):
            if adapter := self._runtime.adapters.get(chat.adapter):
                self.limits.recall_sent(adapter.name, lane, adapter.capabilities(chat), at or now, weight)

    async def _send_delivery(self, delivery: Delivery) -> bool:
        """Sends a delivery or the next message of a long one; False when more remains, of which its row tells."""
        adapter = self._runtime.adapters.get(delivery.chat.adapter)
        if delivery.chat.adapter == NOWHERE and delivery.kind.startswith("edit"):  # what was sent to an erased person stays
            await self._runtime.database.write(lambda c: store.mark_unedited(c, delivery, self._runtime.now_ms()))
            return True
        if adapter is None:
            await self.retries.make_dead_letter(delivery, f"there is no adapter {delivery.chat.adapter}")
            return False
        try:
            capabilities = adapter.capabilities(delivery.chat)
            if delivery.kind == "answer":
                await self._answer_press(adapter, capabilities, delivery)
                done = True
            else:
                done = await self._send_part(adapter, capabilities, delivery)
        except SendError as error:
            await self.retries.handle_send_failure(delivery, error)
            return False
        except SupersededError as error:
            log.warning("another process was faster", event_name="superseded", key=delivery.key, error=str(error))
            return False
        except StoreError:
            raise  # not the delivery's fault: the lane waits until the database is back
        except Exception as error:
            log.exception("a delivery failed unexpectedly", event_name="delivery_failed", key=delivery.key)
            # An unforeseen error: tried a few times only, then dead.
            kind = TemporarySendError if delivery.attempts < UNEXPECTED_TRIES - 1 else PermanentSendError
            await self.retries.handle_send_failure(delivery, kind(self._runtime.redact_error(error)))
            return False
        self._runtime.metrics.sent[adapter.name, "sent"] += done
        self._runtime.metrics.record_reply(delivery.event_id, self._runtime.now_ms())
        if StepLogging.enabled:
            log.debug("sent", event_name="sent", adapter=adapter.name, key=delivery.key)
        return done

    async def _send_part(self, adapter: Adapter, capabilities: Capabilities, delivery: Delivery) -> bool:
        """Sends or edits one message; True when it was the delivery's last."""
        rendered = self._render_delivery(delivery.content, capabilities, delivery)
        number, now = delivery.part, self._runtime.now_ms()
        part, native_id = _get_part(rendered, number), ""
        await self._fetch_files(part)
        if capabilities.silent and is_quiet(delivery.content) and self._runtime.quiet_hours.find_end(self._runtime.clock.now()):
            part = make_quiet(part)
        target = delivery.target if delivery.kind.startswith("edit") else ""
        if target and not number:
            native_id = await self._edit_message(adapter, capabilities, delivery, part)
            if not native_id and await self._runtime.database.write(lambda c: store.settle_edit(c, delivery, now)):
                return True
        done = number + 1 >= len(rendered.parts)
        choices = rendered.choices
        if not native_id:
            native_id, choices = await self._send_or_step_down(adapter, capabilities, delivery, part, done, choices)
        now = self._runtime.now_ms()

        def job(connection: Connection) -> None:
            if not done:
                store.record_part(connection, delivery.id, number + 1, now)
            elif target:
                store.mark_edited(connection, delivery, native_id, choices, now)
            else:
                store.mark_sent(connection, delivery.id, native_id, choices, now)
            if done and isinstance(delivery.content, Text) and delivery.content.secret:
                store.forget_words(connection, delivery.id)

        await self._record_sent(delivery, job)
        return done

    async def _fetch_files(self, part: Content) -> None:
        for item in part.items if isinstance(part, Album) else [part]:
            if isinstance(item, (Photo, Document)):
                await self._runtime.blobs.fetch_path(item.blob)

    async def _record_sent(self, delivery: Delivery, job: Callable[[Connection], None]) -> None:
        """Records a send, however long the database is away: without the record the message would be sent twice."""
        warned = False
        while True:
            try:
                return await self._runtime.database.write(job, order=_order_key(delivery))
            except StoreError as error:
                if not warned:
                    log.warning("what was sent cannot be noted yet", event_name="noting", key=delivery.key, error=str(error))
                warned = True
                await asyncio.sleep(NOTE_SECONDS)

    async def _send_or_step_down(
        self, adapter: Adapter, capabilities: Capabilities, delivery: Delivery, part: Content, last: bool, choices: str
    ) -> tuple[str, str]:
        """Sends a message in the best form that the chat takes; returns its id, and how its choices are shown then."""
        while True:
            try:
                return await self._claim_and_send(adapter, capabilities, delivery, part, last), choices
            except PermanentSendError as error:
                locale = delivery.locale or self._runtime.locale
                if (weaker := weaken_message(part, locale, self._runtime.catalogues)) is None:
                    raise
                why = self._runtime.redact_error(error)
                log.warning("refused; a plainer form is sent", event_name="message_refused", key=delivery.key, error=why)
                choices = NUMBERS if isinstance(part, Text) and part.buttons else choices
                part = weaker

    async def _claim_and_send(
        self, adapter: Adapter, capabilities: Capabilities, delivery: Delivery, part: Content, last: bool = True
    ) -> str:
        if not capabilities.idempotent:
            if delivery.state == DeliveryState.SENDING:
                # The process died or the answer was lost during the send: better twice and marked than never.
                part = self._mark_repeat(part, delivery)
            await self._runtime.database.write(lambda c: store.claim_delivery(c, delivery.id), order=_order_key(delivery))
        if not self.owns_lane(delivery.lane):
            raise SupersededError("this process was held up, and another may have this lane by now")
        # The last part stands for the whole: its id is kept, and reports on it count for all parts.
        key = delivery.key if last else f"{delivery.key}.{delivery.part}"
        return await _finish_in_time(adapter.send(delivery.chat, part, key, "" if delivery.part else delivery.reply_to))

    async def _edit_message(self, adapter: Adapter, capabilities: Capabilities, delivery: Delivery, part: Content) -> str:
        """Edits a message; returns its id, "" when it cannot be edited."""
        _, native_id = await store.find_place(self._runtime.database, delivery.target) or ("", "")
        if not native_id or not capabilities.edit:
            return ""
        try:
            await _finish_in_time(adapter.edit(delivery.chat, native_id, part))
        except PermanentSendError as error:  # such as a message that was deleted
            log.info("an edit was not taken", event_name="edit_left", key=delivery.key, error=self._runtime.redact_error(error))
            return ""
        return native_id

    async def _answer_press(self, adapter: Adapter, capabilities: Capabilities, delivery: Delivery) -> None:
        parts = self._render_delivery(delivery.content, capabilities, delivery).parts
        text = "".join(part.plain for part in parts if isinstance(part, Text))
        if text and not capabilities.toasts:
            await self._claim_and_send(adapter, capabilities, delivery, parts[0])
        await _finish_in_time(adapter.answer_press(delivery.target, text if capabilities.toasts else ""))
        now = self._runtime.now_ms()
        await self._record_sent(delivery, lambda c: store.mark_sent(c, delivery.id, "", "", now))

    def _render_delivery(self, content: Content, capabilities: Capabilities, delivery: Delivery) -> RenderedParts:
        if not capabilities.idempotent:
            capabilities = _reserve_room(capabilities)
        runtime = self._runtime
        site = runtime.public_url.rstrip("/")
        return render(content, capabilities, delivery.locale or runtime.locale, runtime.catalogues, site)

    def _mark_repeat(self, content: Content, delivery: Delivery) -> Content:
        if isinstance(content, Text):
            mark = self._runtime.catalogues.render_runs(Phrase("umum.kirim_ulang"), delivery.locale or self._runtime.locale)
            between = (TextRun("\n"),) if content.spans else ()
            return msgspec.structs.replace(content, spans=(*mark, *between, *content.spans))
        if isinstance(content, (Photo, Document, Album)):
            return msgspec.structs.replace(content, caption=self._mark_repeat(content.caption, delivery))
        return content


async def _finish_in_time(work: Awaitable[T]) -> T:
    """Awaits a call of a messenger. Raises `UnknownOutcomeError` when it does not end."""
    try:
        async with asyncio.timeout(SEND_SECONDS):
            return await work
    except TimeoutError as error:
        raise UnknownOutcomeError(f"no answer within {SEND_SECONDS:g} seconds") from error


def _order_key(delivery: Delivery) -> str:
    return f"delivery {delivery.id:020}"


def _get_part(rendered: RenderedParts, part: int) -> Content:
    """Returns the message of this number. An upgrade in between may have made the whole shorter."""
    return rendered.parts[min(part, len(rendered.parts) - 1)]


@lru_cache(maxsize=64)
def _reserve_room(capabilities: Capabilities) -> Capabilities:
    text, caption = (max(units - ROOM, units // 2) for units in (capabilities.text, capabilities.caption))
    return msgspec.structs.replace(capabilities, text=text, caption=caption)
