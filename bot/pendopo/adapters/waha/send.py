"""Sends through the gateway as a person would: end typing, mark messages as read, then send."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pendopo.adapters.contract import Incoming
from pendopo.adapters.foreign_json import find_value, get_text
from pendopo.adapters.waha import payloads
from pendopo.adapters.waha.api import Gateway
from pendopo.adapters.waha.ids import MessageId, derive_message_id, make_full_id, normalise_jid
from pendopo.adapters.waha.payloads import GatewayCall
from pendopo.errors import PermanentSendError, SendError, TemporarySendError, UnknownOutcomeError
from pendopo.model import Content
from pendopo.model.containers import RecentDict

COURTESY_SECONDS = 3.0
"""Seconds a call for typing or reading may take."""
MOST_UNREAD = 20
"""Messages per chat that are marked as read with the next answer; older ones are not."""
EDITABLE_FOR = timedelta(minutes=15)
"""WhatsApp ignores edits of older messages, without an error from the gateway."""
REMEMBERED = 10_000


def _no_blob(sha256: str) -> Path:
    raise FileNotFoundError(sha256)


class Sender:
    """The sending half of one account."""

    def __init__(self, gateway: Gateway, polls: RecentDict[str, Mapping[str, str]], polling: bool) -> None:
        self._gateway, self._polls, self._polling = gateway, polls, polling
        self.get_blob_path: Callable[[str], Path] = _no_blob
        self._typing: set[str] = set()
        self._unread: defaultdict[str, deque[tuple[str, str]]] = defaultdict(lambda: deque(maxlen=MOST_UNREAD))
        self._sent: RecentDict[str, datetime] = RecentDict(REMEMBERED)
        self._doubtful: dict[str, datetime] = {}

    def note_unread(self, incoming: Incoming, native: Mapping[str, Any]) -> None:
        """Note a message to mark as read with the next answer."""
        if incoming.kind == "message":
            self._unread[incoming.chat].append((incoming.key, normalise_jid(find_value(native, "payload", "participant"))))

    async def show_typing(self, chat: str) -> None:
        """Show that an answer is being prepared."""
        self._typing.add(chat)
        await self._gateway.post("/api/startTyping", {"chatId": chat}, COURTESY_SECONDS)

    async def send_courtesies(self, chat: str) -> None:
        """Before a message: end typing and mark messages as read. Errors are ignored."""
        with suppress(SendError):
            if chat in self._typing:
                self._typing.discard(chat)
                await self._gateway.post("/api/stopTyping", {"chatId": chat}, COURTESY_SECONDS)
            by_sender: dict[str, list[str]] = {}
            for key, participant in self._unread.pop(chat, ()):
                by_sender.setdefault(participant, []).append(key)
            for participant, keys in by_sender.items():
                whose = {"participant": participant} if participant else {}
                await self._gateway.post("/api/sendSeen", {"chatId": chat, "messageIds": keys, **whose}, COURTESY_SECONDS)

    async def send(self, chat: str, content: Content, key: str, reply_to: str, now: datetime, repeatable: bool) -> str:
        """Send content; returns the id of its last message. Raises a `SendError`."""
        native_id = ""
        requests = payloads.render_calls(content, self.get_blob_path, self._polling)
        for number, call in enumerate(requests):
            last = number == len(requests) - 1
            try:
                name = key if last else f"{key}/{number}"
                native_id = await self._send_call(chat, call, name, reply_to if number == 0 else "", now)
            except TemporarySendError as error:
                if number and not repeatable:
                    raise UnknownOutcomeError(f"a part of it was sent: {error}") from error
                raise
            if call.tokens:
                self._polls[native_id] = call.tokens
        return native_id

    async def edit(self, chat: str, native_id: str, content: Content, now: datetime) -> None:
        """Edit the text of a message of ours. Raises a `SendError`."""
        if (sent := self._sent.get(native_id)) is not None and now - sent > EDITABLE_FOR:
            raise PermanentSendError("WhatsApp shows no change of a message older than 15 minutes")
        text = payloads.render_edit(content)
        address = self._gateway.make_path("chats", chat, "messages", make_full_id(chat, native_id))
        await self._gateway.put(address, {"text": text, "linkPreview": False})

    async def _send_call(self, chat: str, call: GatewayCall, key: str, reply_to: str, now: datetime) -> str:
        fields: dict[str, Any] = {"chatId": chat, **call.fields}
        if reply_to:
            fields["reply_to"] = reply_to if MessageId.parse(reply_to).chat else make_full_id(chat, reply_to)
        own = derive_message_id(self._gateway.session, chat, key) if call.repeatable else ""
        if own:
            fields["id"] = own
        elif key in self._doubtful and (found := await self._find_lost_file(chat, call, self._doubtful[key])):
            self._sent[found] = now
            return found
        try:
            answer = await self._gateway.post(call.path, fields)
            if not isinstance(answer, dict):  # a proxy's page, say
                raise UnknownOutcomeError("the answer is none of the gateway's")
        except UnknownOutcomeError:
            if not own:
                self._doubtful.setdefault(key, now)
            raise
        self._doubtful.pop(key, None)
        native_id = _get_sent_id(answer) or own
        self._sent[native_id] = now
        return native_id

    async def _find_lost_file(self, chat: str, call: GatewayCall, since: datetime) -> str:
        """The id of a file whose answer got lost, "" if the chat lacks it; files take no id of ours. Raises if unknowable."""
        query = {"downloadMedia": "false", "filter.fromMe": "true", "filter.timestamp.gte": str(int(since.timestamp()) - 60)}
        try:
            page = await self._gateway.get(self._gateway.make_path("chats", chat, "messages"), limit=20, **query)
        except PermanentSendError as error:
            raise PermanentSendError(
                f"it may have been sent, and the gateway keeps no messages to look it up: {error}"
            ) from error
        for message in page if isinstance(page, list) else []:
            bare = MessageId.parse(get_text(message, "id")).bare
            same = find_value(message, "hasMedia") is True and get_text(message, "body") == call.caption
            if bare and bare not in self._sent and same:
                return bare
        return ""


def _get_sent_id(answer: Any) -> str:
    """The bare id of a sent message: each engine answers in its own shape (NOWEB `key.id`, WEBJS `id._serialized`)."""
    ids = (find_value(answer, *path) for path in (("id",), ("id", "_serialized"), ("key", "id"), ("id", "id")))
    return next((MessageId.parse(id_).bare for id_ in ids if isinstance(id_, str) and id_), "")
