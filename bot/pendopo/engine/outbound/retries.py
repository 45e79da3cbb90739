"""What happens to a delivery that failed: retried, rerouted, held, or made a visible dead letter."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

import structlog

from pendopo.engine.outbound.rate_limits import RateLimiter
from pendopo.engine.outbound.reachability import find_private_chat
from pendopo.engine.routing.refusals import list_administrators
from pendopo.engine.runtime import Runtime
from pendopo.engine.telemetry.tracing import new_error_code
from pendopo.errors import (
    ChatClosedError,
    ChatMovedError,
    PermanentSendError,
    RecipientUnreachableError,
    SendError,
    TemporarySendError,
    UnknownOutcomeError,
    WindowClosedError,
)
from pendopo.model import Chat, Text, pick_delay
from pendopo.model.ids import new_key
from pendopo.plugin import phrase
from pendopo.store import Connection
from pendopo.store.queries import chats
from pendopo.store.queries import deliveries as store
from pendopo.store.queries.audit import AuditActor, AuditEntry, append_entry
from pendopo.store.queries.deliveries import Delivery, Outgoing
from pendopo.store.queries.settings import bump_revision
from pendopo.store.tables import DeliveryState

log = structlog.get_logger(__name__)

BACK_OFF = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)
"""Seconds between attempts; the last one repeats."""
GIVE_UP = timedelta(hours=24)
"""How long a delivery is retried before it is a dead letter."""


class OutboxPort(Protocol):
    """What `Retries` needs of the outbox."""

    rate_limiter: RateLimiter
    held_lanes: set[str]
    closed_chats: set[str]

    def enqueue(self, deliveries: Sequence[Delivery]) -> None: ...

    def refresh_lane(self, lane: str) -> None: ...


class Retries:
    """Decides what happens to a failed delivery, by the kind of error."""

    def __init__(self, runtime: Runtime, outbox: OutboxPort) -> None:
        self._runtime = runtime
        self._outbox = outbox

    async def handle_send_failure(self, delivery: Delivery, error: SendError) -> None:
        """Handles the error of a failed send."""
        if isinstance(error, ChatMovedError):
            await self._follow_move(delivery, error.new_id)
        elif isinstance(error, (ChatClosedError, RecipientUnreachableError, WindowClosedError)):
            await self._reroute_or_hold(delivery, error)
        elif isinstance(error, PermanentSendError):
            await self.make_dead_letter(delivery, self._runtime.redact_error(error))
        elif isinstance(error, UnknownOutcomeError):
            await self._handle_ambiguous(delivery, error)
        else:
            await self._try_later(delivery, error, delivery.state)

    async def _try_later(self, delivery: Delivery, error: SendError, state: DeliveryState) -> None:
        now = self._runtime.now_ms()
        if now - delivery.created_at > GIVE_UP.total_seconds() * 1000:
            await self.make_dead_letter(delivery, f"given up after {GIVE_UP}: {self._runtime.redact_error(error)}")
            return
        asked = error.after if isinstance(error, TemporarySendError) else None
        seconds = asked if asked is not None else pick_delay(BACK_OFF, delivery.attempts)
        due = min(now + int(seconds * 1000), delivery.created_at + int(GIVE_UP.total_seconds() * 1000) + 1)
        self._runtime.metrics.sent[delivery.chat.adapter, "retried"] += 1
        if isinstance(error, TemporarySendError) and error.whole_account:
            await self._outbox.rate_limiter.pause_until(delivery.chat.adapter, due, now)
        await self._runtime.database.write(
            lambda c: store.postpone_delivery(c, delivery.id, due, self._runtime.redact_error(error), state)
        )

    async def _handle_ambiguous(self, delivery: Delivery, error: UnknownOutcomeError) -> None:
        """Keeps the claim, so that the next attempt is marked as a repeat; a second lost answer is left to the operator."""
        found = await store.find_delivery(self._runtime.database, delivery.id)
        claimed = (found or delivery).state
        if delivery.state == claimed == DeliveryState.SENDING:
            await self.make_dead_letter(delivery, f"twice without an answer: {self._runtime.redact_error(error)}")
            return
        await self._try_later(delivery, error, claimed)

    async def make_dead_letter(self, delivery: Delivery, error: str) -> None:
        """Makes a delivery a dead letter under a new error code, with a line in the audit log."""
        code = new_error_code()
        self._runtime.metrics.sent[delivery.chat.adapter, "dead"] += 1
        log.error("a delivery is dead", event_name="delivery_dead", key=delivery.key, code=code, error=error)
        now, admins = self._runtime.now_ms(), await self._find_administrators()

        def job(connection: Connection) -> list[Delivery]:
            self._write_dead_letter(connection, delivery, error, code)
            return self._tell_asker(connection, delivery, "umum.gagal_kirim", now, admins, kode=code)

        self._outbox.enqueue(await self._runtime.database.write(job))

    def _write_dead_letter(self, connection: Connection, delivery: Delivery, error: str, code: str) -> None:
        store.mark_delivery_dead(connection, delivery.id, error, code)
        entry = AuditEntry("sistem.gagal_kirim", f"delivery/{delivery.id}", {"kode": code, "galat": error})
        append_entry(connection, entry, self._runtime.now_ms(), AuditActor(messenger=delivery.chat.adapter))

    async def _follow_move(self, delivery: Delivery, new_id: str) -> None:
        """Moves the chat and its deliveries to its new id, where this one is tried at once."""
        log.info("a chat moved", event_name="chat_moved", chat=delivery.lane, new_id=new_id)

        def job(connection: Connection) -> str:
            store.release_claim(connection, delivery.id, delivery.state)
            bump_revision(connection)
            return chats.move_chat(connection, delivery.chat, new_id)

        self._outbox.refresh_lane(await self._runtime.database.write(job))
        await self._runtime.directory.refresh(self._runtime.clock.now())

    async def _reroute_or_hold(self, delivery: Delivery, error: SendError) -> None:
        """Sends the delivery another way to the person; else holds or buries it and tells the person who caused it."""
        now, reason = self._runtime.now_ms(), self._runtime.redact_error(error)
        code = new_error_code()
        adapter = self._runtime.adapters.get(delivery.chat.adapter)
        opens = adapter.invitation if adapter and delivery.chat.private and isinstance(error, ChatClosedError) else ""
        admins = await self._find_administrators()

        def job(connection: Connection) -> tuple[str | None, list[Delivery]]:
            if isinstance(error, ChatClosedError):
                chats.close_chat(connection, delivery.chat)
            if delivery.kind in chats.MOVABLE and (lane := chats.reroute_delivery(connection, delivery.id, delivery.lane)):
                return lane, []
            if opens:
                chats.hold_delivery(connection, delivery.id, reason)
                return None, self._tell_asker(connection, delivery, "umum.belum_dibuka", now, admins, alamat=opens)
            if isinstance(error, WindowClosedError):
                chats.hold_delivery(connection, delivery.id, reason)
                return None, self._tell_asker(connection, delivery, "umum.menunggu_jendela", now, admins)
            self._write_dead_letter(connection, delivery, reason, code)
            return None, self._tell_asker(connection, delivery, "umum.tak_tersampaikan", now, admins)

        lane, notices = await self._runtime.database.write(job)
        if isinstance(error, ChatClosedError):
            self._outbox.closed_chats.add(delivery.chat.key)
        log.warning(
            "a chat is shut", event_name="chat_shut", chat=delivery.lane, key=delivery.key, error=reason, instead=lane or ""
        )
        if lane is not None:
            self._outbox.refresh_lane(lane)
        elif opens or isinstance(error, WindowClosedError):
            self._outbox.held_lanes.add(delivery.lane)
        self._outbox.enqueue(notices)

    async def _find_administrators(self) -> list[Chat]:
        """Returns the private chats of administrators, who are told what nobody else can be told."""
        people = list_administrators(self._runtime.people, None, self._runtime.clock.now())
        found = [await find_private_chat(self._runtime, person) for person in people]
        return [chat for chat in found if chat is not None]

    def _tell_asker(
        self, connection: Connection, delivery: Delivery, key: str, now: int, admins: Sequence[Chat], **words: str
    ) -> list[Delivery]:
        """Tells whoever asked; administrators where that was a job of the bot's own."""
        asked_in = chats.asked_in(connection, delivery.id)
        if asked_in is None or delivery.kind not in chats.MOVABLE:
            return []
        chats_told = [asked_in] if asked_in.adapter in self._runtime.adapters else admins
        called = chats.name_of(connection, delivery.chat) or phrase("umum.sebuah_percakapan")
        said = phrase(key, siapa=called, **words)
        return [
            store.post_delivery(connection, Outgoing(key=new_key(), chat=chat, content=Text((said,))), 0, now)
            for chat in chats_told
            if chat.key != delivery.lane and chat.key != delivery.chat.key
        ]
