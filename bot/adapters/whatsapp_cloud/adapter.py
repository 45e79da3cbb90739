"""The WhatsApp Cloud API behind the adapter contract: one phone number of a business."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import structlog

from bot.adapters.adapter import Health, Host, Incoming
from bot.config import WhatsAppCloudSettings
from bot.errors import ConfigError, Refused, Rejected, Retry, SendError, Undelivered, WindowClosed
from bot.model import Account, Attachment, Capabilities, Chat, Content, Event, Rate, Text

from . import convert, signature
from .billing import Billing
from .courtesy import Courtesy
from .fields import bsuid, instant, part, parts, phone, text
from .gathering import Gathering
from .letters import BODY, BUTTON_TITLE, BUTTONS, ROWS, TEXT, template
from .message import errors_of
from .sender import UNKNOWN, chat_of, chat_of_status
from .status import failure
from .unpack import Taken, unpack
from .window import Windows

if TYPE_CHECKING:
    from .graph import Graph
    from .media import Downloads
    from .sending import Sending

log = structlog.get_logger(__name__)

MEDIA_HOSTS = (".fbsbx.com", ".whatsapp.net")
"""Where Meta keeps files, besides the Graph API's own host."""
_ACCOUNT = (Rate(80, 1.0),)
# One message in six seconds on average; bursts of up to 45 are paid back by the pause after them.
_PAIR = (Rate(45, 270.0),)
_PRIVATE = Capabilities(
    buttons=BUTTONS,
    button_title=BUTTON_TITLE,
    rows=ROWS,
    styles=True,
    text=TEXT,
    caption=BODY,
    free_hours=24,
    per_chat=_PAIR,
    per_account=_ACCOUNT,
)
# A template shows its words and nothing else, so choices become numbers.
_WITH_TEMPLATE = msgspec.structs.replace(_PRIVATE, template=True)
_BY_TEMPLATE = msgspec.structs.replace(_WITH_TEMPLATE, buttons=0, rows=0)
# The Groups API knows no buttons, places or cards.
_GROUP = Capabilities(styles=True, location=False, contact=False, per_chat=_PAIR, per_account=_ACCOUNT)


class _Wire(NamedTuple):
    """Everything that needs the HTTP client; made when the engine connects."""

    graph: "Graph"
    sending: "Sending"
    downloads: "Downloads"


class WhatsAppCloud:
    """One phone number on the Cloud API.

    `media_hosts` are suffixes of hosts from which files are fetched, `patience` the seconds to wait for an answer. `billing`
    counts what Meta charges for. Raises `ConfigError` for an empty secret.
    """

    handle = ""
    invitation = ""

    def __init__(
        self,
        settings: WhatsAppCloudSettings,
        *,
        name: str = "whatsapp_cloud",
        media_hosts: Sequence[str] = MEDIA_HOSTS,
        patience: float = 20.0,
    ) -> None:
        for secret in ("access_token", "app_secret", "verify_token"):
            if not getattr(settings, secret).get_secret_value().strip():
                raise ConfigError(f"adapters.{name}.{secret} is empty: anybody could speak for WhatsApp")
        self.name = name
        self.billing = Billing()
        self._settings = settings
        self._number = settings.phone_number_id
        self._media_hosts, self._patience = media_hosts, patience
        self._windows = Windows()
        self._gathering = Gathering()
        self._courtesy = Courtesy(self._read)
        self._contact: datetime | None = None
        self._forged = self._foreign = 0
        self._host: Host | None = None
        self._wired: _Wire | None = None

    def capabilities(self, chat: Chat) -> Capabilities:
        if not chat.private:
            return _GROUP
        closed = self._host is not None and self._windows.closed(chat.id, self._host.now())
        if not self._settings.template:
            return _PRIVATE
        return _BY_TEMPLATE if closed else _WITH_TEMPLATE

    # -- in --------------------------------------------------------------------------------------------------------

    def challenge(self, query: Mapping[str, str]) -> str:
        """Echo Meta's challenge. Raises `Refused`."""
        return signature.answer(self._settings.verify_token.get_secret_value(), query)

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        try:
            signature.verify(self._settings.app_secret.get_secret_value(), body, headers)
        except Refused:
            self._forged += 1
            raise
        taken = unpack(self.name, body, self._gathering)
        self._reached()
        for each in taken:
            self._notice(each)
        return [each.incoming for each in taken]

    def convert(self, incoming: Incoming) -> Sequence[Event]:
        return convert.convert(self.name, self._number, incoming)

    def skipped(self, incoming: Incoming) -> str:
        """Why a delivery makes no event; "" when it makes some."""
        return convert.skipped(self.name, self._number, incoming)

    def private_chat(self, account: Account) -> Chat | None:
        for alias in account.aliases:
            kind, _, value = alias.partition(":")
            if (kind == "whatsapp" and phone(value)) or (kind == "bsuid" and bsuid(value)):
                return Chat(self.name, value)
        return None

    def _notice(self, taken: Taken) -> None:
        """Keep in mind what later calls need. What is lost of this at a restart costs a courtesy, never a message."""
        kind, what = taken.incoming.kind, taken.what
        if convert.foreign(what, self._number):
            self._foreign += 1
        elif kind == "message":
            self._heard(what, taken.incoming.key)
        elif kind == "status":
            self._reported(what)
        elif kind in ("notice", "error"):
            log.warning("the platform says something", event_name="whatsapp_notice", kind=kind, field=text(what, "field"))

    def _heard(self, what: Mapping[str, object], key: str) -> None:
        message = part(what, "message")
        chat = chat_of(self.name, message, part(what, "contact"))
        if chat.id == UNKNOWN:
            log.warning("nobody can say who wrote this", event_name="whatsapp_sender_unknown", key=key)
        if chat.id == UNKNOWN or text(message, "type") == "system":
            return
        if self._host is not None:
            with suppress(ValueError):
                self._windows.hear(chat.id, instant(message), self._host.now())
        if chat.private:
            self._courtesy.heard(chat.id, key)

    def _reported(self, what: Mapping[str, object]) -> None:
        status, failed = part(what, "status"), failure(what)
        self.billing.note(status)
        if failed == "window":
            with suppress(ValueError):
                self._windows.shut(chat_of_status(self.name, status).id, instant(status))
        elif failed == "account" and self._wired is not None:
            self._wired.graph.stopped(errors_of(parts(status, "errors")), told_late=True)

    # -- out -------------------------------------------------------------------------------------------------------

    def connect(self, host: Host) -> None:
        # httpx takes a tenth of a second to import, which nobody without WhatsApp should pay.
        from .graph import Graph
        from .media import Downloads, Uploads
        from .sending import Sending

        base, token = self._settings.graph_base_url, self._settings.access_token.get_secret_value().strip()
        graph = Graph(base, self._settings.graph_version, token, self._patience, self._reached)
        sending = Sending(graph, Uploads(graph, self._number, host), self._number)
        self._host = host
        self._wired = _Wire(graph, sending, Downloads(graph, base, self._number, self._media_hosts))

    async def run(self) -> None:
        """Webhooks bring everything: wait until cancelled."""
        await asyncio.Event().wait()

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        self._courtesy.answering(chat.id)
        if not await self._windows.open(chat, self._lender):
            return await self._by_template(chat, content, key, WindowClosed("the person has not written for 24 hours"))
        try:
            return await self._wire.sending.content(chat, content, key, reply_to)
        except WindowClosed as closed:
            self._windows.shut(chat.id, self._lender.now())
            return await self._by_template(chat, content, key, closed)

    async def _by_template(self, chat: Chat, content: Content, key: str, closed: WindowClosed) -> str:
        settings = self._settings
        letter = template(content, settings.template, settings.template_language) if settings.template else None
        if letter is None:
            raise closed
        if isinstance(content, Text) and content.buttons:
            # The engine did not know either when it made buttons of the choices; it does now, and asks again.
            raise Retry("the window is closed: choices become numbers", 0.0)
        try:
            return await self._wire.sending.letter(chat, letter, key)
        except (Rejected, Undelivered) as error:
            log.error("the template is not taken", event_name="whatsapp_template_refused", error=str(error))
            raise WindowClosed(f"{closed}; the template is not taken: {error}") from None

    async def edit(self, chat: Chat, native_id: str, content: Content) -> None:
        raise Rejected("the Cloud API cannot change what was sent")

    async def typing(self, chat: Chat) -> None:
        await self._courtesy.typing(chat.id)

    async def answer(self, press_key: str, text: str) -> None:
        """The blue ticks under what the touch looks like in the chat; there are no toasts."""
        await self._courtesy.touched(press_key)

    async def _read(self, wamid: str, **more: object) -> None:
        """A courtesy: whatever goes wrong with it is nobody's concern."""
        body = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid, **more}
        with suppress(SendError):
            await self._wire.graph.post(f"{self._number}/messages", json=body)

    def download(self, attachment: Attachment) -> AsyncIterator[bytes]:
        return self._wire.downloads.pieces(attachment.ref)

    def health(self) -> Health:
        trouble = self._wired.graph.trouble if self._wired else ""
        notes = [trouble] if trouble else []
        if self._forged:
            notes.append(f"{self._forged} webhook requests with a missing or wrong signature")
        if self._foreign:
            notes.append(f"{self._foreign} deliveries for another phone_number_id")
        # Strangers can send forged requests as they like; they must not be able to make the bot look ill.
        seconds = (self._host.now() - self._contact).total_seconds() if self._host and self._contact else -1.0
        return Health(ok=not trouble, seconds=seconds, note="; ".join(notes))

    def charges(self) -> Mapping[tuple[str, bool], int]:
        return self.billing.tally()

    async def close(self) -> None:
        await self._courtesy.close()
        if self._wired is not None:
            await self._wired.graph.close()

    @property
    def _lender(self) -> Host:
        if self._host is None:
            raise RuntimeError("the engine has not connected yet")
        return self._host

    @property
    def _wire(self) -> _Wire:
        if self._wired is None:
            raise RuntimeError("the engine has not connected yet")
        return self._wired

    def _reached(self) -> None:
        if self._host is not None:
            self._contact = self._host.now()
