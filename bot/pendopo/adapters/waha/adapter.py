"""The adapter of one WhatsApp account behind a WAHA gateway."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Literal

import structlog

from pendopo.adapters.contract import AdapterHealth, AdapterHost, Incoming
from pendopo.adapters.foreign_json import get_list, get_text
from pendopo.adapters.waha import media, payloads, webhook
from pendopo.adapters.waha.api import Gateway
from pendopo.adapters.waha.convert import convert_incoming
from pendopo.adapters.waha.health import SessionHealth, SessionWatch
from pendopo.adapters.waha.ids import LidCache, MessageId, find_hidden, find_lid_pairs, get_album, make_chat, make_full_id
from pendopo.adapters.waha.incoming import StoreDecision, decide_event, pack_incoming, parse_event, unpack_incoming
from pendopo.adapters.waha.send import Sender
from pendopo.adapters.waha.socket import RETRY_PAUSES, EventSocket
from pendopo.config import WahaSettings
from pendopo.errors import ChatClosedError, ConfigError, InvalidWebhookError, PermanentSendError
from pendopo.model import Account, Attachment, Capabilities, Chat, Content, Event, Rate
from pendopo.model.containers import BackgroundTasks, RecentDict

log = structlog.get_logger(__name__)
SILENCE_SECONDS = 1800.0
"""Seconds without an event after which health mentions it."""
ANSWER_SECONDS = 60.0
"""Seconds the gateway may take to answer; it answers a send only when WhatsApp has the message."""
PER_CHAT, PER_ACCOUNT = (Rate(1, 3.0), Rate(20, 60.0)), (Rate(1, 1.0),)
"""A human pace: accounts that write faster than people do get banned (WAHA issue #765)."""


class Waha:
    """WhatsApp through WAHA. `choices` shows buttons as numbers, which always work, or as polls."""

    name = "waha"
    handle = ""
    invitation = ""

    def __init__(
        self,
        settings: WahaSettings,
        choices: Literal["numbers", "polls"] = "numbers",
        *,
        silence: float = SILENCE_SECONDS,
        patience: float = ANSWER_SECONDS,
        pauses: Sequence[float] = RETRY_PAUSES,
    ) -> None:
        if settings.mode == "webhook" and not settings.hmac_key.get_secret_value():
            raise ConfigError("adapters.waha.hmac_key is missing: without it anybody could speak for anybody at the webhook")
        if not settings.base_url.startswith(("http://", "https://")):
            raise ConfigError("adapters.waha.base_url must begin with http:// or https://")
        api_key = settings.api_key.get_secret_value()
        self._settings, self._polling = settings, choices == "polls"
        self._state, self._known = SessionHealth(silence), LidCache()
        self._polls: RecentDict[str, Mapping[str, str]] = RecentDict(payloads.REMEMBERED)
        """The tokens of the options of polls sent by this process; older polls are only known by their numbers."""
        self._gateway = Gateway(settings.base_url, api_key, settings.session, self._state.record_call, patience)
        self._watch = SessionWatch(self._gateway, self._state, self._known, self._now)
        self._sender = Sender(self._gateway, self._polls, self._polling)
        self._socket = EventSocket(
            self._gateway.base_url, api_key, settings.session, self._on_socket_event, self._on_connection, pauses
        )
        self._state.connected = settings.mode == "webhook"
        self._left: set[str] = set()
        self._courtesies = BackgroundTasks()  # they delay nothing, and may fail
        self._host: AdapterHost | None = None

    def capabilities(self, chat: Chat) -> Capabilities:
        """The same in all chats. Polls cannot be edited, so with polls as choices the outcome is a new message."""
        return Capabilities(
            buttons=payloads.MOST_OPTIONS if self._polling else 0,
            button_title=payloads.TITLE_LENGTH,
            poll=self._polling,
            edit=not self._polling,
            styles=True,
            idempotent=self._state.repeatable,
            per_chat=PER_CHAT,
            per_account=PER_ACCOUNT,
        )

    # -- receiving -----------------------------------------------------------------------------------------------

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        """One request is one event. Raises `InvalidWebhookError`: 401 unsigned, 403 wrong signature, 400 not an event."""
        key = self._settings.hmac_key.get_secret_value()
        if not key:
            raise InvalidWebhookError("no webhook here: adapters.waha.mode is websocket", 404)
        try:
            webhook.verify_signature(key, body, headers)
        except InvalidWebhookError:
            self._state.refused += 1
            raise
        return self._process_event(body)

    async def enrich_incoming(self, incoming: Sequence[Incoming]) -> Sequence[Incoming]:
        """The same deliveries after looking up their unknown hidden numbers at the gateway."""
        return [await self._enrich_one(each) for each in incoming]

    def convert(self, incoming: Incoming) -> Sequence[Event]:
        return convert_incoming(self.name, incoming)

    def private_chat(self, account: Account) -> Chat | None:
        """The chat by phone number, else by hidden number (LID), which can be written to as well."""
        for kind, domain in (("whatsapp", "c.us"), ("lid", "lid")):
            for alias in account.aliases:
                scope, _, user = alias.partition(":")
                if scope == kind and user.isdecimal():
                    return make_chat(self.name, f"{user}@{domain}")
        return None

    def connect(self, host: AdapterHost) -> None:
        self._host = host
        self._sender.get_blob_path = host.get_blob_path

    async def run(self) -> None:
        """Watch the session, look up hidden numbers, and in websocket mode listen, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch.run())
            if self._settings.mode == "websocket":
                tasks.create_task(self._listen_socket())

    async def _listen_socket(self) -> None:
        if self._host is None:
            raise RuntimeError("connected to no host")
        await self._host.run_exclusive(self._socket.run)

    def _process_event(self, body: bytes) -> Sequence[Incoming]:
        native = parse_event(body)
        if get_text(native, "session") not in ("", self._settings.session):
            return []
        self._note_event(native)
        kept = decide_event(native)
        if not isinstance(kept, StoreDecision):
            log.debug("an event is skipped", event_name="waha_skipped", kind=get_text(native, "event"), reason=kept.reason)
            return []
        if kept.kind in ("joined", "left"):
            (self._left.discard if kept.kind == "joined" else self._left.add)(kept.chat)
        if not self._state.status and kept.kind == "message":
            self._state.note_working(self._now())  # until the session has been probed
        incoming = self._pack_event(kept, native)
        self._sender.note_unread(incoming, native)
        return [incoming]

    def _pack_event(self, kept: StoreDecision, native: dict[str, Any]) -> Incoming:
        lids = find_hidden(native) | ({kept.chat} if kept.chat.endswith("@lid") else set())
        phones = self._known.get_phones(lids)
        self._watch.request_lookup(lids - phones.keys())
        token = ""
        if kept.kind == "vote":
            chosen = get_list(native, "payload", "vote", "selectedOptions")
            asked = MessageId.parse(get_text(native, "payload", "poll", "id")).bare
            token = self._polls.get(asked, {}).get(chosen[0], "") if len(chosen) == 1 and isinstance(chosen[0], str) else ""
        return pack_incoming(native, kept, phones, token, get_album(native) if kept.kind == "message" else "")

    def _note_event(self, native: Mapping[str, Any]) -> None:
        """Learn what every event tells: that the gateway is alive, its engine and version, and pairs of LID and phone."""
        self._state.note_event(self._now())
        engine = get_text(native, "environment", "engine") or get_text(native, "engine")
        self._state.set_environment(engine, get_text(native, "environment", "version"))
        for lid, phone in find_lid_pairs(native):
            self._known.learn_phone(lid, phone)
        if get_text(native, "event") == "session.status" and (status := get_text(native, "payload", "status")):
            self._watch.set_status(status)

    async def _enrich_one(self, incoming: Incoming) -> Incoming:
        stored = unpack_incoming(incoming.body)
        lids = find_hidden(stored.native) | ({incoming.chat} if incoming.chat.endswith("@lid") else set())
        if lids <= stored.phones.keys():
            return incoming
        await self._watch.look_up_lids(lids)
        kept = decide_event(stored.native)
        return self._pack_event(kept, stored.native) if isinstance(kept, StoreDecision) else incoming

    async def _on_socket_event(self, body: bytes) -> None:
        """Store an event of the websocket before returning."""
        try:
            incoming = self._process_event(body)
        except InvalidWebhookError as refused:
            log.warning("what came was no event", event_name="waha_unreadable", error=str(refused))
            return
        if incoming and self._host is not None:
            await self._host.accept(await self.enrich_incoming(incoming))

    def _on_connection(self, connected: bool, refused: bool) -> None:
        self._state.connected = connected
        if refused:
            self._state.record_call("key", "")

    def health(self) -> AdapterHealth:
        notes = []
        if nobody := list(self._known.nobody):
            notes.append(f"{len(nobody)} senders hide their numbers and are nobody here ({', '.join(nobody[-3:])})")
        return self._state.get_health(self._now(), notes)

    # -- sending -------------------------------------------------------------------------------------------------

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        if chat.id in self._left:
            raise ChatClosedError("the account is no longer in this group")
        self._courtesies.start(self._sender.send_courtesies(chat.id))
        native_id = await self._sender.send(chat.id, content, key, reply_to, self._now(), self._state.repeatable)
        self._state.note_working(self._now())
        if chat.private:  # groups do not count: their acknowledgements are not subscribed to, as each member would send one
            self._state.note_sent(self._now())
        return native_id

    async def edit(self, chat: Chat, native_id: str, content: Content) -> None:
        await self._sender.edit(chat.id, native_id, content, self._now())

    async def show_typing(self, chat: Chat) -> None:
        with suppress(Exception):
            await self._sender.show_typing(chat.id)

    async def answer_press(self, press_key: str, text: str) -> None:
        """Nothing to acknowledge: a vote stays visible in its poll."""

    async def download(self, attachment: Attachment) -> AsyncIterator[bytes]:
        ref = media.FileReference(attachment.ref)
        url = ref.url or await self._refetch_file(ref)
        try:
            async for piece in self._gateway.stream_file(media.get_file_path(url)):
                yield piece
            return
        except PermanentSendError:
            if not ref.url or not ref.message:
                raise
        # The gateway has deleted the file, which it keeps for minutes only; it can fetch it once more.
        async for piece in self._gateway.stream_file(media.get_file_path(await self._refetch_file(ref))):
            yield piece

    async def _refetch_file(self, ref: media.FileReference) -> str:
        """Make the gateway download the file of a message again; returns its new URL."""
        if not ref.message:
            raise PermanentSendError("the gateway did not say where the file is")
        address = self._gateway.make_path("chats", ref.chat, "messages", make_full_id(ref.chat, ref.message))
        message = await self._gateway.get(address, downloadMedia="true")
        if not (url := get_text(message, "media", "url")):
            raise PermanentSendError("the gateway cannot get the file")
        return url

    async def close(self) -> None:
        await self._courtesies.cancel()
        await self._gateway.close()

    def _now(self) -> datetime:
        return self._host.now() if self._host is not None else datetime.now(UTC)
