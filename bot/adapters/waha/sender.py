"""Saying things through the gateway, as a person would: what came is read, typing ends, then the message."""

from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.adapters.adapter import Incoming
from bot.errors import Ambiguous, Rejected, Retry, SendError
from bot.model import Content

from . import outgoing
from .fields import find, words
from .gateway import Gateway
from .ids import MessageId, canonical, chosen, full
from .outgoing import Call
from .polls import Polls

COURTESY = 3.0
UNREAD = 20
EDITABLE = timedelta(minutes=15)
"""WhatsApp shows no change of a message that is older; the gateway does not say so."""
REMEMBERED = 10_000


def _no_blob(sha256: str) -> Path:
    raise FileNotFoundError(sha256)


class Sender:
    """The sending half of one account."""

    def __init__(self, gateway: Gateway, polls: Polls, polling: bool) -> None:
        self._gateway, self._polls, self._polling = gateway, polls, polling
        self.blob: Callable[[str], Path] = _no_blob
        self._typing: set[str] = set()
        self._unread: defaultdict[str, deque[tuple[str, str]]] = defaultdict(lambda: deque(maxlen=UNREAD))
        self._sent: OrderedDict[str, datetime] = OrderedDict()
        self._doubtful: OrderedDict[str, datetime] = OrderedDict()

    def read(self, incoming: Incoming, native: Mapping[str, Any]) -> None:
        """Note a message that is to be marked as read when we answer."""
        if incoming.kind == "message":
            self._unread[incoming.chat].append((incoming.key, canonical(find(native, "payload", "participant"))))

    async def type(self, chat: str) -> None:
        """Show that an answer is on its way."""
        self._typing.add(chat)
        await self._gateway.post("/api/startTyping", {"chatId": chat}, COURTESY)

    async def settle(self, chat: str) -> None:
        """Courtesies before a message: typing ends, and what came is read. They hold nothing up and may fail."""
        with suppress(SendError):
            if chat in self._typing:
                self._typing.discard(chat)
                await self._gateway.post("/api/stopTyping", {"chatId": chat}, COURTESY)
            by_sender: dict[str, list[str]] = {}
            for key, participant in self._unread.pop(chat, ()):
                by_sender.setdefault(participant, []).append(key)
            for participant, keys in by_sender.items():
                whose = {"participant": participant} if participant else {}
                await self._gateway.post("/api/sendSeen", {"chatId": chat, "messageIds": keys, **whose}, COURTESY)

    async def send(self, chat: str, content: Content, key: str, reply_to: str, now: datetime, repeatable: bool) -> str:
        """Send content; the native id is that of its last message. Raises a `SendError`."""
        native_id = ""
        requests = outgoing.calls(content, self.blob, self._polling)
        for number, call in enumerate(requests):
            last = number == len(requests) - 1
            try:
                name = key if last else f"{key}/{number}"
                native_id = await self._one(chat, call, name, reply_to if number == 0 else "", now)
            except Retry as error:
                if number and not repeatable:
                    raise Ambiguous(f"a part of it was sent: {error}") from error
                raise
            if call.tokens:
                self._polls.add(native_id, call.tokens)
        return native_id

    async def edit(self, chat: str, native_id: str, content: Content, now: datetime) -> None:
        """Change the words of a message of ours. Raises a `SendError`."""
        if (sent := self._sent.get(native_id)) is not None and now - sent > EDITABLE:
            raise Rejected("WhatsApp shows no change of a message older than 15 minutes")
        text = outgoing.edited(content)
        address = self._gateway.path("chats", chat, "messages", full(chat, native_id))
        await self._gateway.put(address, {"text": text, "linkPreview": False})

    async def _one(self, chat: str, call: Call, key: str, reply_to: str, now: datetime) -> str:
        fields: dict[str, Any] = {"chatId": chat, **call.fields}
        if reply_to:
            fields["reply_to"] = reply_to if MessageId.of(reply_to).chat else full(chat, reply_to)
        own = chosen(self._gateway.session, chat, key) if call.repeatable else ""
        if own:
            fields["id"] = own
        elif key in self._doubtful and (found := await self._found(chat, call, self._doubtful[key])):
            return self._noted(found, now)
        try:
            answer = await self._gateway.post(call.path, fields)
        except Ambiguous:
            if not own:
                self._doubtful.setdefault(key, now)
            raise
        self._doubtful.pop(key, None)
        return self._noted(_id_in(answer) or own, now)

    def _noted(self, native_id: str, now: datetime) -> str:
        self._sent[native_id] = now
        if len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)
        return native_id

    async def _found(self, chat: str, call: Call, since: datetime) -> str:
        """A file whose answer got lost, if it is in the chat: files take no id of ours. Raises when that cannot be known."""
        query = {"downloadMedia": "false", "filter.fromMe": "true", "filter.timestamp.gte": str(int(since.timestamp()) - 60)}
        try:
            page = await self._gateway.get(self._gateway.path("chats", chat, "messages"), limit=20, **query)
        except Rejected as error:
            raise Rejected(f"it may have been sent, and the gateway keeps no messages to look it up: {error}") from error
        for message in page if isinstance(page, list) else []:
            bare = MessageId.of(words(message, "id")).bare
            if bare and bare not in self._sent and find(message, "hasMedia") is True and words(message, "body") == call.caption:
                return bare
        return ""


def _id_in(answer: Any) -> str:
    """The bare id of what was sent: each engine answers in its own shape (NOWEB `key.id`, WEBJS `id._serialized`)."""
    for found in (find(answer, "id"), find(answer, "id", "_serialized"), find(answer, "key", "id"), find(answer, "id", "id")):
        if isinstance(found, str) and found:
            return MessageId.of(found).bare
    return ""
