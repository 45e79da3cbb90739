"""The outbox: takes what is owed, in order per chat, and does not rest until it is delivered or visibly dead."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

import msgspec
import structlog

from bot.adapters.adapter import Adapter
from bot.errors import Ambiguous, ChatClosed, Rejected, Retry, SendError, WindowClosed
from bot.model import Capabilities, Content, Document, Photo, Said, Text
from bot.store import delivery as store
from bot.store.delivery import Delivery
from bot.store.inbox import open_lanes

from .backlog import Backlog
from .core import Core
from .lanes import Lanes
from .limits import Limits
from .render import Rendered, render

log = structlog.get_logger(__name__)

BACK_OFF = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)
"""Seconds between attempts; the last one repeats."""
GIVE_UP = timedelta(hours=24)


class Outbox:
    """The station that sends."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._limits = Limits()
        self.lanes = Lanes("outbox", self._drain, core.clock)
        self.backlog: Backlog[Delivery] = Backlog(lambda lane, limit: store.head(core.database, lane, limit))

    async def start(self) -> None:
        """Take up what lies in the database: after a crash, a stop, or an operator's hand."""
        for lane in await open_lanes(self._core.database, "delivery"):
            if not self.lanes.running(lane):
                self.backlog.forget(lane)
                self.lanes.wake(lane)

    def take(self, deliveries: Sequence[Delivery]) -> None:
        """Deliveries were committed to the outbox: see to them."""
        for delivery in deliveries:
            self.backlog.push(delivery.lane, delivery)
            self.lanes.wake(delivery.lane)

    async def _drain(self, lane: str) -> int | None:
        while deliveries := await self.backlog.head(lane):
            delivery = deliveries[0]
            if (due := self._due(delivery)) > self._core.now_ms():
                return due
            if await self._deliver(delivery):
                self.backlog.done(lane, [delivery.id])
            else:
                self.backlog.forget(lane)
        return None

    def _due(self, delivery: Delivery) -> int:
        now = self._core.now_ms()
        adapter = self._core.adapters.get(delivery.chat.adapter)
        if adapter is None or delivery.due_at > now:
            return delivery.due_at
        if delivery.kind == "answer":
            return now
        return self._limits.wait(adapter.name, delivery.lane, adapter.capabilities(delivery.chat), now)

    async def _deliver(self, delivery: Delivery) -> bool:
        """Make one delivery; False when it did not get through, and its row says what comes next."""
        adapter = self._core.adapters.get(delivery.chat.adapter)
        if adapter is None:
            await self._bury(delivery, f"there is no adapter {delivery.chat.adapter}")
            return False
        try:
            able = adapter.capabilities(delivery.chat)
            if delivery.kind == "answer":
                await self._answer(adapter, able, delivery)
            elif delivery.kind.startswith("edit"):
                await self._edit(adapter, able, delivery)
            else:
                native_id, choices = await self._send(adapter, able, delivery)
                now = self._core.now_ms()
                await self._core.database.write(lambda c: store.settle(c, delivery.id, native_id, choices, now))
        except SendError as error:
            await self._failed(delivery, error)
            return False
        except Exception as error:
            log.exception("a delivery failed unexpectedly", event_name="delivery_failed", key=delivery.key)
            await self._failed(delivery, Retry(self._core.explain(error)))
            return False
        return True

    async def _send(self, adapter: Adapter, able: Capabilities, delivery: Delivery) -> tuple[str, str]:
        content = delivery.content
        if not able.idempotent:
            if delivery.state == "sending":
                # The process died, or the answer got lost, while this was on its way. Better twice and marked than never.
                content = _marked_repeat(content)
            await self._core.database.write(lambda c: store.claim(c, delivery.id))
        rendered = self._render(content, able, delivery)
        native_id = ""
        for number, part in enumerate(rendered.parts):
            key = delivery.key if number == 0 else f"{delivery.key}.{number}"
            native_id = await adapter.send(delivery.chat, part, key, delivery.reply_to if number == 0 else "")
        return native_id, rendered.choices

    async def _edit(self, adapter: Adapter, able: Capabilities, delivery: Delivery) -> None:
        found = await self._core.database.read("SELECT native_id FROM delivery WHERE key = ?", (delivery.target,))
        native_id = found[0][0] if found else ""
        choices = ""
        if native_id and able.edit:
            rendered = self._render(delivery.content, able, delivery)
            choices = rendered.choices
            await adapter.edit(delivery.chat, native_id, rendered.parts[0])
        elif delivery.kind == "edit_or_send":
            native_id, choices = await self._send(adapter, able, delivery)
        now = self._core.now_ms()
        await self._core.database.write(lambda c: store.settle_edit(c, delivery.id, delivery.target, native_id, choices, now))

    async def _answer(self, adapter: Adapter, able: Capabilities, delivery: Delivery) -> None:
        text = "".join(_plain(part) for part in self._render(delivery.content, able, delivery).parts)
        if text and not able.toasts:
            await self._send(adapter, able, delivery)
        await adapter.answer(delivery.target, text if able.toasts else "")
        now = self._core.now_ms()
        await self._core.database.write(lambda c: store.settle(c, delivery.id, "", "", now))

    def _render(self, content: Content, able: Capabilities, delivery: Delivery) -> Rendered:
        return render(content, able, delivery.locale or self._core.locale, self._core.catalogues)

    async def _failed(self, delivery: Delivery, error: SendError) -> None:
        if isinstance(error, ChatClosed):
            await self._core.database.write(lambda c: c.execute("UPDATE chat SET active = 0 WHERE key = ?", (delivery.lane,)))
        if isinstance(error, (ChatClosed, Rejected, WindowClosed)):
            await self._bury(delivery, self._core.explain(error))
        elif isinstance(error, Ambiguous):
            await self._uncertain(delivery, error)
        else:
            await self._try_later(delivery, error)

    async def _try_later(self, delivery: Delivery, error: SendError) -> None:
        now = self._core.now_ms()
        created = await self._core.database.read("SELECT created_at FROM delivery WHERE id = ?", (delivery.id,))
        if created and now - created[0][0] > GIVE_UP.total_seconds() * 1000:
            await self._bury(delivery, f"given up after {GIVE_UP}: {self._core.explain(error)}")
            return
        asked = error.after if isinstance(error, Retry) else None
        seconds = asked if asked is not None else BACK_OFF[min(delivery.attempts, len(BACK_OFF) - 1)]
        due = now + int(seconds * 1000)
        self._limits.pause(delivery.chat.adapter if isinstance(error, Retry) and error.whole_account else delivery.lane, due)
        await self._core.database.write(lambda c: store.postpone(c, delivery.id, due, self._core.explain(error)))

    async def _uncertain(self, delivery: Delivery, error: Ambiguous) -> None:
        """The claim stays, so the next attempt is marked as a repeat; a second lost answer is left to the operator."""
        if (
            delivery.state == "sending"
            and not self._core.adapters[delivery.chat.adapter].capabilities(delivery.chat).idempotent
        ):
            await self._bury(delivery, f"twice without an answer: {self._core.explain(error)}")
            return
        due = self._core.now_ms() + int(BACK_OFF[0] * 1000)
        await self._core.database.write(
            lambda c: c.execute(
                "UPDATE delivery SET attempts = attempts + 1, due_at = ?, error = ? WHERE id = ?",
                (due, self._core.explain(error), delivery.id),
            )
        )

    async def _bury(self, delivery: Delivery, error: str) -> None:
        code = new_code()
        log.error("a delivery is dead", event_name="delivery_dead", key=delivery.key, code=code, error=error)
        await self._core.database.write(lambda c: store.bury(c, delivery.id, error, code))


def new_code() -> str:
    """A short code a person can read out and an operator can find in the log: K7-3F2A."""
    return f"K{secrets.randbelow(10)}-{secrets.token_hex(2).upper()}"


def _plain(content: Content) -> str:
    return content.plain if isinstance(content, Text) else ""


def _marked_repeat(content: Content) -> Content:
    mark = Said("umum.kirim_ulang")
    if isinstance(content, Text):
        return msgspec.structs.replace(content, said=(mark, *content.said))
    if isinstance(content, (Photo, Document)):
        return msgspec.structs.replace(content, caption=_marked_repeat(content.caption))
    return content
