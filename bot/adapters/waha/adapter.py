"""The adapter: one WhatsApp account behind a WAHA gateway."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Literal

import structlog

from bot.adapters.adapter import Health, Host, Incoming
from bot.config import WahaSettings
from bot.errors import ChatClosed, ConfigError, Refused, Rejected
from bot.model import Account, Attachment, Capabilities, Chat, Content, Event, Rate

from . import media, polls, signature
from .convert import convert
from .delivery import Keep, judge, pack, read, unpack
from .fields import items, words
from .gateway import Gateway
from .ids import MessageId, chat_of, full
from .people import Known, album, hidden, told
from .sender import Sender
from .socket import PAUSES, Socket
from .state import State
from .watch import Watch

log = structlog.get_logger(__name__)
SILENCE = 1800.0
PATIENCE = 60.0
"""Seconds the gateway may take to answer; it answers a message when WhatsApp has it."""
PER_CHAT, PER_ACCOUNT = (Rate(1, 3.0), Rate(20, 60.0)), (Rate(1, 1.0),)
"""A human pace: accounts that write faster than people do get banned (WAHA issue #765)."""


class Waha:
    """WhatsApp through WAHA. `choices`: buttons as numbers, which always work, or as polls."""

    name = "waha"
    handle = ""
    invitation = ""

    def __init__(
        self,
        settings: WahaSettings,
        choices: Literal["numbers", "polls"] = "numbers",
        *,
        silence: float = SILENCE,
        patience: float = PATIENCE,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        if settings.mode == "webhook" and not settings.hmac_key.get_secret_value():
            raise ConfigError("adapters.waha.hmac_key is missing: without it anybody could speak for anybody at the webhook")
        if not settings.base_url.startswith(("http://", "https://")):
            raise ConfigError("adapters.waha.base_url must begin with http:// or https://")
        api_key = settings.api_key.get_secret_value()
        self._settings, self._polling = settings, choices == "polls"
        self._state, self._known, self._polls = State(silence), Known(), polls.Polls()
        self._gateway = Gateway(settings.base_url, api_key, settings.session, self._state.told, patience)
        self._watch = Watch(self._gateway, self._state, self._known, self._now)
        self._sender = Sender(self._gateway, self._polls, self._polling)
        self._socket = Socket(self._gateway.base_url, api_key, settings.session, self._heard, self._linked, pauses)
        self._state.connected = settings.mode == "webhook"
        self._left: set[str] = set()
        self._courtesies: set[asyncio.Task[None]] = set()
        self._host: Host | None = None

    def capabilities(self, chat: Chat) -> Capabilities:
        """The same everywhere. WhatsApp cannot change a poll, so while choices are polls what became of one is said anew."""
        return Capabilities(
            buttons=polls.OPTIONS if self._polling else 0,
            button_title=polls.TITLE,
            poll=self._polling,
            edit=not self._polling,
            styles=True,
            idempotent=self._state.repeatable,
            per_chat=PER_CHAT,
            per_account=PER_ACCOUNT,
        )

    # -- what comes ----------------------------------------------------------------------------------------------

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        """One request is one event. Raises `Refused`: 401 unsigned, 403 wrongly signed, 400 no event."""
        key = self._settings.hmac_key.get_secret_value()
        if not key:
            raise Refused("no webhook here: adapters.waha.mode is websocket", 404)
        try:
            signature.verify(key, body, headers)
        except Refused:
            self._state.refused += 1
            raise
        return self._take_in(body)

    async def complete(self, incoming: Sequence[Incoming]) -> Sequence[Incoming]:
        """The same deliveries with hidden numbers looked up that were not known: to be awaited before they are stored."""
        return [await self._completed(each) for each in incoming]

    def convert(self, incoming: Incoming) -> Sequence[Event]:
        return convert(self.name, incoming)

    def private_chat(self, account: Account) -> Chat | None:
        """By phone where there is one. A person known by a hidden number alone can be written to by that."""
        for kind, domain in (("whatsapp", "c.us"), ("lid", "lid")):
            for alias in account.aliases:
                scope, _, user = alias.partition(":")
                if scope == kind and user.isdigit():
                    return chat_of(self.name, f"{user}@{domain}")
        return None

    def connect(self, host: Host) -> None:
        self._host = host
        self._sender.blob = host.blob

    async def run(self) -> None:
        """Watch the session, look up hidden numbers, and in websocket mode listen, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch.run())
            if self._settings.mode == "websocket":
                tasks.create_task(self._listen())

    async def _listen(self) -> None:
        if self._host is None:
            raise RuntimeError("connected to no host")
        await self._host.alone(self._socket.run)

    def _take_in(self, body: bytes) -> Sequence[Incoming]:
        native = read(body)
        if words(native, "session") not in ("", self._settings.session):
            return []
        self._notice(native)
        kept = judge(native)
        if not isinstance(kept, Keep):
            log.debug("an event is skipped", event_name="waha_skipped", kind=words(native, "event"), reason=kept.reason)
            return []
        if kept.kind in ("joined", "left"):
            (self._left.discard if kept.kind == "joined" else self._left.add)(kept.chat)
        if not self._state.status and kept.kind == "message":
            self._state.works(self._now())  # until the session itself has been asked
        incoming = self._packed(body, kept, native)
        self._sender.read(incoming, native)
        return [incoming]

    def _packed(self, body: bytes, kept: Keep, native: Mapping[str, Any]) -> Incoming:
        lids = hidden(native) | ({kept.chat} if kept.chat.endswith("@lid") else set())
        phones = self._known.of(lids)
        self._watch.want(lids - phones.keys())
        token = ""
        if kept.kind == "vote":
            chosen = items(native, "payload", "vote", "selectedOptions")
            asked = MessageId.of(words(native, "payload", "poll", "id")).bare
            token = self._polls.token(asked, chosen[0]) if len(chosen) == 1 and isinstance(chosen[0], str) else ""
        return pack(body, kept, phones, token, album(native) if kept.kind == "message" else "")

    def _notice(self, native: Mapping[str, Any]) -> None:
        """What every event tells beside itself: that the gateway lives, with which engine, and whose numbers are whose."""
        self._state.heard(self._now())
        engine = words(native, "environment", "engine") or words(native, "engine")
        self._state.environment(engine, words(native, "environment", "version"))
        for lid, phone in told(native):
            self._known.learn(lid, phone)
        if words(native, "event") == "session.status" and (status := words(native, "payload", "status")):
            self._watch.session(status)

    async def _completed(self, incoming: Incoming) -> Incoming:
        native, stored = unpack(incoming.body)
        lids = hidden(native) | ({incoming.chat} if incoming.chat.endswith("@lid") else set())
        if lids <= stored.phones.keys():
            return incoming
        await self._watch.look_up(lids)
        kept = judge(native)
        return self._packed(bytes(stored.native), kept, native) if isinstance(kept, Keep) else incoming

    async def _heard(self, body: bytes) -> None:
        """An event of the websocket; returns when it is stored."""
        try:
            incoming = self._take_in(body)
        except Refused as refused:
            log.warning("what came was no event", event_name="waha_unreadable", error=str(refused))
            return
        if incoming and self._host is not None:
            await self._host.accept(await self.complete(incoming))

    def _linked(self, connected: bool, refused: bool) -> None:
        self._state.connected = connected
        if refused:
            self._state.told("key", "")

    def health(self) -> Health:
        notes = []
        if nobody := list(self._known.nobody):
            shown = ", ".join(nobody[-3:])
            notes.append(f"{len(nobody)} senders hide their numbers and are nobody here ({shown})")
        return self._state.health(self._now(), notes)

    # -- what goes -----------------------------------------------------------------------------------------------

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        if chat.id in self._left:
            raise ChatClosed("the account is no longer in this group")
        self._politely(self._sender.settle(chat.id))
        native_id = await self._sender.send(chat.id, content, key, reply_to, self._now(), self._state.repeatable)
        self._state.works(self._now())
        if chat.private:  # in a group each member's acknowledgement would be an event, which few operators want
            self._state.said(self._now())
        return native_id

    async def edit(self, chat: Chat, native_id: str, content: Content) -> None:
        await self._sender.edit(chat.id, native_id, content, self._now())

    async def typing(self, chat: Chat) -> None:
        with suppress(Exception):
            await self._sender.type(chat.id)

    async def answer(self, press_key: str, text: str) -> None:
        """A vote stands where it was given; there is nothing to acknowledge."""

    async def download(self, attachment: Attachment) -> AsyncIterator[bytes]:
        ref = media.Reference(attachment.ref)
        url = ref.url or await self._asked_again(ref)
        try:
            async for piece in self._gateway.stream(media.path(url)):
                yield piece
            return
        except Rejected:
            if not ref.url or not ref.message:
                raise
        # It was there and is no more: the gateway keeps files for minutes. It can fetch this one again.
        async for piece in self._gateway.stream(media.path(await self._asked_again(ref))):
            yield piece

    async def _asked_again(self, ref: media.Reference) -> str:
        """Let the gateway download the file of a message; returns its new address."""
        if not ref.message:
            raise Rejected("the gateway did not say where the file is")
        address = self._gateway.path("chats", ref.chat, "messages", full(ref.chat, ref.message))
        found = await self._gateway.get(address, downloadMedia="true")
        if not (url := words(found, "media", "url")):
            raise Rejected("the gateway cannot get the file")
        return url

    async def close(self) -> None:
        for task in self._courtesies:
            task.cancel()
        await asyncio.gather(*self._courtesies, return_exceptions=True)
        await self._gateway.close()

    def _politely(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that may fail and holds nothing up."""
        task = asyncio.get_running_loop().create_task(work)
        self._courtesies.add(task)
        task.add_done_callback(self._courtesies.discard)

    def _now(self) -> datetime:
        return self._host.now() if self._host is not None else datetime.now(UTC)
