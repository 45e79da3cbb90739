"""Sends the messages of a content one after the other, and the courtesies around them: blue ticks and typing."""

import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from pendopo.adapters.foreign_json import get_objects
from pendopo.adapters.whatsapp_cloud.errors import PairLimitError, StaleReferenceError
from pendopo.adapters.whatsapp_cloud.ids import parse_id
from pendopo.adapters.whatsapp_cloud.payloads import TRACKER, Payload, make_payloads, make_recipient
from pendopo.errors import TemporarySendError, UnknownOutcomeError
from pendopo.model import Chat, Content, Document, Photo
from pendopo.model.containers import BackgroundTasks, RecentDict

if TYPE_CHECKING:  # they import httpx
    from pendopo.adapters.whatsapp_cloud.api import GraphClient
    from pendopo.adapters.whatsapp_cloud.media import UploadCache

REMEMBERED_DELIVERIES = 2_000
"""Unfinished deliveries kept in memory at most."""
LONGEST_STALL = 5
"""The longest wait for one person is 4 to the power of this, in seconds."""
REMEMBERED_CHATS = 50_000
TYPING_FIELDS = {"typing_indicator": {"type": "text"}}


class Sender:
    """Sends for one account.

    A delivery may take several messages. Those sent are remembered until the last one is, so that a repeated attempt continues
    where the previous one stopped.
    """

    def __init__(self, graph: "GraphClient", uploads: "UploadCache", number: str) -> None:
        self._graph, self._uploads = graph, uploads
        self._path = f"{number}/messages"
        self._begun: RecentDict[str, tuple[str, list[str]]] = RecentDict(REMEMBERED_DELIVERIES)
        self._stalls: Counter[str] = Counter()

    async def send_content(self, chat: Chat, content: Content, key: str, reply_to: str) -> str:
        """Send content; returns the id of its last message, which has the buttons. Raises a `SendError`."""
        to = make_recipient(chat)
        file = await self._uploads.prepare_file(content) if isinstance(content, Photo | Document) else None
        todo = make_payloads(content, file)
        sent = self._list_sent(key, content)
        for number, letter in enumerate(todo[len(sent) :], len(sent)):
            final = number == len(todo) - 1
            # Only the last message has the delivery's own key: its statuses stand for the whole delivery.
            tracker = key if final else f"{key}+{number}"
            sent.append(await self.send_payload(chat, letter, tracker, reply_to if number == 0 else "", to))
        self._begun.pop(key, None)
        return sent[-1]

    async def send_payload(
        self, chat: Chat, letter: Payload, tracker: str, reply_to: str = "", to: dict[str, Any] | None = None
    ) -> str:
        """Send one message; returns its id. Raises a `SendError`."""
        body = {"messaging_product": "whatsapp", **(to or make_recipient(chat)), "biz_opaque_callback_data": tracker[:TRACKER]}
        if reply_to:
            body["context"] = {"message_id": reply_to}
        try:
            answer = await self._post_payload(body, letter)
        except PairLimitError as error:
            # Meta asks for 4^x seconds after the x-th refusal; only this person's messages wait.
            wait = 4.0 ** min(self._stalls[chat.id] + 1, LONGEST_STALL)
            self._stalls[chat.id] += 1
            raise TemporarySendError(str(error), max(wait, error.after or 0.0)) from None
        self._stalls.pop(chat.id, None)
        wamid = next((parse_id(each.get("id")) for each in get_objects(answer, "messages")), "")
        if not wamid:
            raise UnknownOutcomeError("the answer names no message")
        return wamid

    async def _post_payload(self, body: dict[str, Any], letter: Payload) -> Mapping[str, Any]:
        """Make the call; if something may be gone, retry without the quoted message, then with the file uploaded again."""
        remembered = letter.file is not None and self._uploads.is_uploaded(letter.file)
        while True:
            media = await self._uploads.get_media_id(letter.file) if letter.file else ""
            try:
                return await self._graph.post(self._path, effect=True, json=body | letter.make_fields(media))
            except StaleReferenceError:
                if body.pop("context", None) is not None:
                    continue
                if letter.file:
                    self._uploads.forget_upload(letter.file)
                if not remembered:
                    raise
                remembered = False

    def _list_sent(self, key: str, content: Content) -> list[str]:
        """The ids already sent for this delivery; empty if its content has changed."""
        digest = hashlib.sha256(msgspec.json.encode(content)).hexdigest()
        known, sent = self._begun.get(key, ("", []))
        if known != digest:
            sent = []
        self._begun[key] = (digest, sent)
        return sent


class ReadReceipts:
    """Marks the latest message of each private chat as read. `read` makes the call, with extra fields, and never raises."""

    def __init__(self, read: Callable[..., Awaitable[None]]) -> None:
        self._post_receipt = read
        self._latest: RecentDict[str, str] = RecentDict(REMEMBERED_CHATS)
        self._done: RecentDict[str, None] = RecentDict(REMEMBERED_CHATS)
        self._tasks = BackgroundTasks()

    def note_message(self, chat: str, wamid: str) -> None:
        """Record a message in a private chat."""
        self._latest[chat] = wamid

    async def show_typing(self, chat: str) -> None:
        """Show that an answer is being prepared; WhatsApp ties this to the latest message, and marks it as read."""
        if wamid := self._latest.get(chat, ""):
            await self._mark_once(wamid, **TYPING_FIELDS)

    async def mark_read(self, wamid: str) -> None:
        """Mark a message, or the visible message of a button press, as read."""
        if wamid not in self._done:
            await self._mark_once(wamid)

    def mark_latest_read(self, chat: str) -> None:
        """Mark the latest message as read in the background, before the bot sends."""
        wamid = self._latest.get(chat, "")
        if wamid and wamid not in self._done:
            self._tasks.start(self.mark_read(wamid))

    async def close(self) -> None:
        await self._tasks.cancel()

    async def _mark_once(self, wamid: str, **more: object) -> None:
        self._done[wamid] = None
        await self._post_receipt(wamid, **more)
