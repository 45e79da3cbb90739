"""The adapter of one business phone number on the WhatsApp Cloud API."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import structlog

from pendopo.adapters.contract import AdapterHealth, AdapterHost, Incoming
from pendopo.adapters.foreign_json import get_object, get_objects, get_text, require_time
from pendopo.adapters.whatsapp_cloud import convert, webhook
from pendopo.adapters.whatsapp_cloud.conversations import Billing, ServiceWindows
from pendopo.adapters.whatsapp_cloud.ids import UNKNOWN_CHAT, find_chat, find_status_chat, parse_bsuid, parse_phone
from pendopo.adapters.whatsapp_cloud.incoming import AlbumNamer, WebhookItem, split_webhook
from pendopo.adapters.whatsapp_cloud.message import format_errors
from pendopo.adapters.whatsapp_cloud.payloads import BODY, BUTTON_TITLE, BUTTONS, ROWS, TEXT, make_template
from pendopo.adapters.whatsapp_cloud.send import ReadReceipts, Sender
from pendopo.config import WhatsAppCloudSettings
from pendopo.errors import (
    ConfigError,
    InvalidWebhookError,
    PermanentSendError,
    RecipientUnreachableError,
    SendError,
    TemporarySendError,
    WindowClosedError,
)
from pendopo.model import Account, Attachment, Capabilities, Chat, Content, Event, Rate, Text

if TYPE_CHECKING:
    from pendopo.adapters.whatsapp_cloud.api import GraphClient
    from pendopo.adapters.whatsapp_cloud.media import Downloads

log = structlog.get_logger(__name__)

MEDIA_HOSTS = (".fbsbx.com", ".whatsapp.net")
"""Suffixes of the hosts where Meta keeps files, besides the Graph API's own host."""
# 80 messages a second for each number (Meta, 2026-05-21).
_PER_ACCOUNT = (Rate(80, 1.0),)
# To one person, one message in six seconds on average; a burst of up to 45 needs a matching pause afterwards.
_PER_CHAT = (Rate(45, 270.0),)
_PRIVATE = Capabilities(
    buttons=BUTTONS,
    button_title=BUTTON_TITLE,
    rows=ROWS,
    styles=True,
    text=TEXT,
    caption=BODY,
    free_hours=24,
    per_chat=_PER_CHAT,
    per_account=_PER_ACCOUNT,
)
_WITH_TEMPLATE = msgspec.structs.replace(_PRIVATE, template=True)
# A template shows only its text, so choices become numbers.
_BY_TEMPLATE = msgspec.structs.replace(_WITH_TEMPLATE, buttons=0, rows=0)
# The Groups API has no buttons, locations or contact cards.
_GROUP = Capabilities(styles=True, location=False, contact=False, per_chat=_PER_CHAT, per_account=_PER_ACCOUNT)


class _ApiClients(NamedTuple):
    """The objects that need the HTTP client; created by `connect`."""

    graph: "GraphClient"
    sending: Sender
    downloads: "Downloads"


class WhatsAppCloud:
    """One phone number on the Cloud API.

    `media_hosts` are suffixes of hosts that files are fetched from, `patience` the seconds to wait for an answer. Raises
    `ConfigError` for an empty secret.
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
        self._windows = ServiceWindows()
        self._gathering = AlbumNamer()
        self._courtesy = ReadReceipts(self._post_receipt)
        self._contact: datetime | None = None
        self._forged = self._foreign = 0
        self._host: AdapterHost | None = None
        self._api: _ApiClients | None = None

    def capabilities(self, chat: Chat) -> Capabilities:
        if not chat.private:
            return _GROUP
        closed = self._host is not None and self._windows.is_known_closed(chat.id, self._host.now())
        if not self._settings.template:
            return _PRIVATE
        return _BY_TEMPLATE if closed else _WITH_TEMPLATE

    # -- receiving -------------------------------------------------------------------------------------------------

    def answer_challenge(self, query: Mapping[str, str]) -> str:
        """Echo Meta's challenge. Raises `InvalidWebhookError` if the verify token is wrong."""
        return webhook.get_echo(self._settings.verify_token.get_secret_value(), query)

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        try:
            webhook.verify_signature(self._settings.app_secret.get_secret_value(), body, headers)
        except InvalidWebhookError:
            self._forged += 1
            raise
        taken = split_webhook(self.name, body, self._gathering)
        self._note_contact()
        for each in taken:
            self._note_item(each)
        return [each.incoming for each in taken]

    def convert(self, incoming: Incoming) -> Sequence[Event]:
        return convert.convert_incoming(self.name, self._number, incoming)

    def private_chat(self, account: Account) -> Chat | None:
        for alias in account.aliases:
            kind, _, value = alias.partition(":")
            if (kind == "whatsapp" and parse_phone(value)) or (kind == "bsuid" and parse_bsuid(value)):
                return Chat(self.name, value)
        return None

    def _note_item(self, taken: WebhookItem) -> None:
        """Remember in memory what later calls use; losing it at a restart costs a courtesy, never a message."""
        kind, what = taken.incoming.kind, taken.what
        if convert.is_foreign(what, self._number):
            self._foreign += 1
        elif kind == "message":
            self._note_message(what, taken.incoming.key)
        elif kind == "status":
            status, failed = get_object(what, "status"), convert.classify_failure(what)
            self.billing.count_status(status)
            if failed == "window":
                with suppress(ValueError):
                    self._windows.note_closed(find_status_chat(self.name, status).id, require_time(status, "timestamp"))
            elif failed == "account" and self._api is not None:
                self._api.graph.note_stopped(format_errors(get_objects(status, "errors")), told_late=True)
        elif kind in ("notice", "error"):
            log.warning("the platform says something", event_name="whatsapp_notice", kind=kind, field=get_text(what, "field"))

    def _note_message(self, what: Mapping[str, object], key: str) -> None:
        message = get_object(what, "message")
        chat = find_chat(self.name, message, get_object(what, "contact"))
        if chat.id == UNKNOWN_CHAT:
            log.warning("nobody can say who wrote this", event_name="whatsapp_sender_unknown", key=key)
        if chat.id == UNKNOWN_CHAT or get_text(message, "type") == "system":
            return
        if self._host is not None:
            with suppress(ValueError):
                self._windows.note_message(chat.id, require_time(message, "timestamp"), self._host.now())
        if chat.private:
            self._courtesy.note_message(chat.id, key)

    # -- sending ---------------------------------------------------------------------------------------------------

    def connect(self, host: AdapterHost) -> None:
        # Imported here, since httpx takes a tenth of a second to import and installations without WhatsApp do not need it.
        from pendopo.adapters.whatsapp_cloud.api import GraphClient
        from pendopo.adapters.whatsapp_cloud.media import Downloads, UploadCache

        base, token = self._settings.graph_base_url, self._settings.access_token.get_secret_value().strip()
        graph = GraphClient(base, self._settings.graph_version, token, self._patience, self._note_contact)
        sending = Sender(graph, UploadCache(graph, self._number, host), self._number)
        self._host = host
        self._api = _ApiClients(graph, sending, Downloads(graph, base, self._number, self._media_hosts))

    async def run(self) -> None:
        """Wait until cancelled: all deliveries come by webhook."""
        await asyncio.Event().wait()

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        self._courtesy.mark_latest_read(chat.id)
        if not await self._windows.is_open(chat, self._connected_host):
            return await self._send_template(chat, content, key, WindowClosedError("the person has not written for 24 hours"))
        try:
            return await self._connected_api.sending.send_content(chat, content, key, reply_to)
        except WindowClosedError as closed:
            self._windows.note_closed(chat.id, self._connected_host.now())
            return await self._send_template(chat, content, key, closed)

    async def _send_template(self, chat: Chat, content: Content, key: str, closed: WindowClosedError) -> str:
        settings = self._settings
        letter = make_template(content, settings.template, settings.template_language) if settings.template else None
        if letter is None:
            raise closed
        if isinstance(content, Text) and content.buttons:
            # The engine rendered buttons because the window seemed open; the next attempt renders numbers.
            raise TemporarySendError("the window is closed: choices become numbers", 0.0)
        try:
            return await self._connected_api.sending.send_payload(chat, letter, key)
        except (PermanentSendError, RecipientUnreachableError) as error:
            log.error("the template is not taken", event_name="whatsapp_template_refused", error=str(error))
            raise WindowClosedError(f"{closed}; the template is not taken: {error}") from None

    async def edit(self, chat: Chat, native_id: str, content: Content) -> None:
        raise PermanentSendError("the Cloud API cannot change what was sent")

    async def show_typing(self, chat: Chat) -> None:
        await self._courtesy.show_typing(chat.id)

    async def answer_press(self, press_key: str, text: str) -> None:
        """Mark the press as read (blue ticks); WhatsApp has no toasts."""
        await self._courtesy.mark_read(press_key)

    async def _post_receipt(self, wamid: str, **more: object) -> None:
        """Mark a message as read, with more fields for typing; errors are ignored."""
        body = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid, **more}
        with suppress(SendError):
            await self._connected_api.graph.post(f"{self._number}/messages", json=body)

    def download(self, attachment: Attachment) -> AsyncIterator[bytes]:
        return self._connected_api.downloads.stream_file(attachment.ref)

    def health(self) -> AdapterHealth:
        trouble = self._api.graph.trouble if self._api else ""
        notes = [trouble] if trouble else []
        if self._forged:
            notes.append(f"{self._forged} webhook requests with a missing or wrong signature")
        if self._foreign:
            notes.append(f"{self._foreign} deliveries for another phone_number_id")
        # Forged requests do not make the bot unhealthy: any stranger can send them.
        seconds = (self._host.now() - self._contact).total_seconds() if self._host and self._contact else -1.0
        return AdapterHealth(ok=not trouble, seconds=seconds, note="; ".join(notes))

    def count_charges(self) -> Mapping[tuple[str, bool], int]:
        return self.billing.get_totals()

    async def close(self) -> None:
        await self._courtesy.close()
        if self._api is not None:
            await self._api.graph.close()

    @property
    def _connected_host(self) -> AdapterHost:
        if self._host is None:
            raise RuntimeError("the engine has not connected yet")
        return self._host

    @property
    def _connected_api(self) -> _ApiClients:
        if self._api is None:
            raise RuntimeError("the engine has not connected yet")
        return self._api

    def _note_contact(self) -> None:
        if self._host is not None:
            self._contact = self._host.now()
