"""What becomes of a delivery that did not get through: tried again, held, or made a dead letter that can be seen."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

import structlog

from bot.directory.directory import bump
from bot.errors import Ambiguous, ChatClosed, ChatMoved, Rejected, Retry, SendError, Undelivered, WindowClosed
from bot.model import Said, Text
from bot.store import Connection, chats
from bot.store import delivery as store
from bot.store.audit import By, Entry, append
from bot.store.delivery import Delivery, Outgoing, new_key
from bot.store.states import DeliveryState

from .codes import new_code
from .core import Core
from .pace import Pace

log = structlog.get_logger(__name__)

BACK_OFF = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)
"""Seconds between attempts; the last one repeats."""
GIVE_UP = timedelta(hours=24)


class Outbox(Protocol):
    """What the outbox lends."""

    pace: Pace
    holding: set[str]
    closed: set[str]

    def take(self, deliveries: Sequence[Delivery]) -> None: ...

    def refresh(self, lane: str) -> None: ...


class Retries:
    """Decides by the kind of error."""

    def __init__(self, core: Core, outbox: Outbox) -> None:
        self._core = core
        self._outbox = outbox

    async def failed(self, delivery: Delivery, error: SendError) -> None:
        """Note what came of a delivery that did not get through."""
        if isinstance(error, ChatMoved):
            await self._moved(delivery, error.new_id)
        elif isinstance(error, (ChatClosed, Undelivered, WindowClosed)):
            await self._shut(delivery, error)
        elif isinstance(error, Rejected):
            await self.bury(delivery, self._core.explain(error))
        elif isinstance(error, Ambiguous):
            await self._uncertain(delivery, error)
        else:
            await self._try_later(delivery, error, delivery.state)

    async def _try_later(self, delivery: Delivery, error: SendError, state: DeliveryState) -> None:
        now = self._core.now_ms()
        created = await store.find_created_at(self._core.database, delivery.id)
        if created is not None and now - created > GIVE_UP.total_seconds() * 1000:
            await self.bury(delivery, f"given up after {GIVE_UP}: {self._core.explain(error)}")
            return
        asked = error.after if isinstance(error, Retry) else None
        seconds = asked if asked is not None else BACK_OFF[min(delivery.attempts, len(BACK_OFF) - 1)]
        due = now + int(seconds * 1000)
        self._core.metrics.sent[delivery.chat.adapter, "retried"] += 1
        if isinstance(error, Retry) and error.whole_account:
            await self._outbox.pace.pause(delivery.chat.adapter, due, now)
        await self._core.database.write(lambda c: store.postpone(c, delivery.id, due, self._core.explain(error), state))

    async def _uncertain(self, delivery: Delivery, error: Ambiguous) -> None:
        """A claim stays, so the next attempt is marked as a repeat; a second lost answer is left to the operator."""
        claimed = await store.find_state(self._core.database, delivery.id) or delivery.state
        if delivery.state == claimed == DeliveryState.SENDING:
            await self.bury(delivery, f"twice without an answer: {self._core.explain(error)}")
            return
        await self._try_later(delivery, error, claimed)

    async def bury(self, delivery: Delivery, error: str) -> None:
        code = new_code()
        self._core.metrics.sent[delivery.chat.adapter, "dead"] += 1
        log.error("a delivery is dead", event_name="delivery_dead", key=delivery.key, code=code, error=error)
        await self._core.database.write(lambda c: self._bury(c, delivery, error, code))

    def _bury(self, connection: Connection, delivery: Delivery, error: str, code: str) -> None:
        store.bury(connection, delivery.id, error, code)
        entry = Entry("sistem.gagal_kirim", f"delivery/{delivery.id}", {"kode": code, "galat": error})
        append(connection, entry, self._core.now_ms(), By(messenger=delivery.chat.adapter))

    async def _moved(self, delivery: Delivery, new_id: str) -> None:
        """The chat goes on under another id: everything of it does, and this delivery is tried there at once."""
        log.info("a chat moved", event_name="chat_moved", chat=delivery.lane, new_id=new_id)

        def job(connection: Connection) -> str:
            store.release(connection, delivery.id, delivery.state)
            bump(connection)
            return chats.move(connection, delivery.chat, new_id)

        self._outbox.refresh(await self._core.database.write(job))
        await self._core.directory.refresh(self._core.clock.now())

    async def _shut(self, delivery: Delivery, error: SendError) -> None:
        """This way to the person is shut, for good or for now: take another, else say so to whoever asked for it."""
        now, reason = self._core.now_ms(), self._core.explain(error)
        code = new_code()
        opens = self._opens(delivery, error)

        def job(connection: Connection) -> tuple[str | None, list[Delivery]]:
            if isinstance(error, ChatClosed):
                chats.close(connection, delivery.chat)
            if delivery.kind in chats.MOVABLE and (lane := chats.fall_over(connection, delivery.id, delivery.lane)):
                return lane, []
            if opens:
                chats.hold(connection, delivery.id, reason)
                return None, self._tell_asker(connection, delivery, "umum.belum_dibuka", now, alamat=opens)
            if isinstance(error, WindowClosed):
                chats.hold(connection, delivery.id, reason)
                return None, self._tell_asker(connection, delivery, "umum.menunggu_jendela", now)
            self._bury(connection, delivery, reason, code)
            return None, self._tell_asker(connection, delivery, "umum.tak_tersampaikan", now)

        lane, told = await self._core.database.write(job)
        if isinstance(error, ChatClosed):
            self._outbox.closed.add(delivery.chat.key)
        log.warning(
            "a chat is shut", event_name="chat_shut", chat=delivery.lane, key=delivery.key, error=reason, instead=lane or ""
        )
        if lane is not None:
            self._outbox.refresh(lane)
        elif opens or isinstance(error, WindowClosed):
            self._outbox.holding.add(delivery.lane)
        self._outbox.take(told)

    def _opens(self, delivery: Delivery, error: SendError) -> str:
        """Where a person can open the chat that is shut, "" where they cannot."""
        adapter = self._core.adapters.get(delivery.chat.adapter)
        return adapter.invitation if adapter and delivery.chat.private and isinstance(error, ChatClosed) else ""

    @staticmethod
    def _tell_asker(connection: Connection, delivery: Delivery, key: str, now: int, **words: str) -> list[Delivery]:
        asked_in = chats.asked_in(connection, delivery.id)
        if asked_in is None or asked_in.key == delivery.lane:
            return []
        said = Said(key, {"siapa": chats.name_of(connection, delivery.chat), **words})
        return [store.post(connection, Outgoing(key=new_key(), chat=asked_in, content=Text((said,))), 0, now)]
