"""The outbox: takes what is owed, in order per chat, and does not rest until it is delivered or visibly dead."""

from collections.abc import Sequence

import msgspec
import structlog

from bot.adapters.adapter import Adapter
from bot.errors import Ambiguous, Rejected, Retry, SendError
from bot.model import Album, Capabilities, Content, Document, Photo, Said, Text
from bot.store import delivery as store
from bot.store.delivery import Delivery
from bot.store.inbox import open_lanes

from .backlog import Backlog
from .core import Core
from .lanes import Lanes
from .limits import Limits
from .render import Rendered, render
from .retries import Retries

log = structlog.get_logger(__name__)

UNEXPECTED_TRIES = 4


class Outbox:
    """The station that sends."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._limits = Limits()
        self.holding: set[str] = set()
        """Lanes with deliveries that wait until the person writes again."""
        self.retries = Retries(core, self._limits, self)
        self._listed = False
        self.lanes = Lanes("outbox", self._drain, core.clock)
        self.backlog: Backlog[Delivery] = Backlog(lambda lane, limit: store.head(core.database, lane, limit))

    async def start(self) -> None:
        """Take up what lies in the database: after a crash, a stop, or an operator's hand."""
        for lane in await open_lanes(self._core.database, "delivery"):
            if not self.lanes.running(lane):
                self.refresh(lane)
        if not self._listed:
            self._listed = True
            self.backlog.listed()
        held = await self._core.database.read("SELECT DISTINCT lane FROM delivery WHERE state = 'held'")
        self.holding.update(lane for (lane,) in held)

    def refresh(self, lane: str) -> None:
        """Something else changed a lane's rows: read them anew."""
        self.backlog.forget(lane)
        self.lanes.wake(lane)

    def take(self, deliveries: Sequence[Delivery]) -> None:
        """Deliveries were committed to the outbox: see to them."""
        for delivery in deliveries:
            self.backlog.push(delivery.lane, delivery)
            self.lanes.wake(delivery.lane)

    async def _drain(self, lane: str) -> int | None:
        while deliveries := await self.backlog.head(lane):
            # A turning button waits for nobody's message; the order of the rest holds.
            delivery = next((d for d in deliveries if d.kind == "answer" and d.due_at <= self._core.now_ms()), deliveries[0])
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
        weight = len(delivery.content.items) if isinstance(delivery.content, Album) else 1
        return self._limits.wait(adapter.name, delivery.lane, adapter.capabilities(delivery.chat), now, weight)

    async def _deliver(self, delivery: Delivery) -> bool:
        """Make one delivery; False when it did not get through, and its row says what comes next."""
        adapter = self._core.adapters.get(delivery.chat.adapter)
        if adapter is None:
            await self.retries.bury(delivery, f"there is no adapter {delivery.chat.adapter}")
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
            await self.retries.failed(delivery, error)
            return False
        except Exception as error:
            log.exception("a delivery failed unexpectedly", event_name="delivery_failed", key=delivery.key)
            # An error nobody foresaw seldom heals, and everything else of this chat waits behind it.
            kind = Retry if delivery.attempts < UNEXPECTED_TRIES - 1 else Rejected
            await self.retries.failed(delivery, kind(self._core.explain(error)))
            return False
        self._core.metrics.sent[adapter.name, "sent"] += 1
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
            try:
                native_id = await adapter.send(delivery.chat, part, key, delivery.reply_to if number == 0 else "")
            except Retry as error:
                if number and not able.idempotent:
                    raise Ambiguous(f"part {number} of it was sent: {error}") from error
                raise
        return native_id, rendered.choices

    async def _edit(self, adapter: Adapter, able: Capabilities, delivery: Delivery) -> None:
        found = await self._core.database.read("SELECT native_id FROM delivery WHERE key = ?", (delivery.target,))
        native_id = found[0][0] if found else ""
        choices = ""
        if native_id and able.edit:
            rendered = self._render(delivery.content, able, delivery)
            choices = rendered.choices
            try:
                await adapter.edit(delivery.chat, native_id, rendered.parts[0])
                for number, part in enumerate(rendered.parts[1:], 1):
                    native_id = await adapter.send(delivery.chat, part, f"{delivery.key}.{number}")
            except Rejected as error:
                if delivery.kind == "edit_or_send":
                    # Somebody deleted the message; what became of it must still be told.
                    native_id, choices = await self._send(adapter, able, delivery)
                else:
                    log.info("an edit was not taken", event_name="edit_left", key=delivery.key, error=self._core.explain(error))
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


def _plain(content: Content) -> str:
    return content.plain if isinstance(content, Text) else ""


def _marked_repeat(content: Content) -> Content:
    mark = Said("umum.kirim_ulang")
    if isinstance(content, Text):
        return msgspec.structs.replace(content, said=(mark, *content.said))
    if isinstance(content, (Photo, Document)):
        return msgspec.structs.replace(content, caption=_marked_repeat(content.caption))
    return content
