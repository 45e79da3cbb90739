"""Content on its way out: composed, its files uploaded, its messages sent one after the other."""

import hashlib
from collections import Counter, OrderedDict
from collections.abc import Mapping
from typing import Any

import msgspec

from bot.errors import Ambiguous, Retry
from bot.model import Chat, Content, Document, Photo

from .fields import native_id, parts
from .graph import Graph
from .letters import TRACKER, Letter, letters, recipient
from .media import Uploads
from .refusals import Doubted, PairLimited

REMEMBERED = 2_000
LONGEST_STALL = 5
"""4 to the power of this is the longest wait for one person, in seconds."""


class Sending:
    """The messages of one account.

    A delivery may take several messages. Which of them were sent is remembered until the last one was, so that a repeat goes
    on where the first attempt stopped.
    """

    def __init__(self, graph: Graph, uploads: Uploads, number: str) -> None:
        self._graph, self._uploads = graph, uploads
        self._path = f"{number}/messages"
        self._begun: OrderedDict[str, tuple[str, list[str]]] = OrderedDict()
        self._stalls: Counter[str] = Counter()

    async def content(self, chat: Chat, content: Content, key: str, reply_to: str) -> str:
        """Send content; returns the id of its last message, under which its buttons are. Raises a `SendError`."""
        to = recipient(chat)
        file = await self._uploads.file(content) if isinstance(content, Photo | Document) else None
        todo = letters(content, file)
        sent = self._sent(key, content)
        for number, letter in enumerate(todo[len(sent) :], len(sent)):
            final = number == len(todo) - 1
            # Only the last one carries the delivery's own key: its statuses speak for the whole.
            tracker = key if final else f"{key}+{number}"
            sent.append(await self.letter(chat, letter, tracker, reply_to if number == 0 else "", to))
        self._begun.pop(key, None)
        return sent[-1]

    async def letter(
        self, chat: Chat, letter: Letter, tracker: str, reply_to: str = "", to: dict[str, Any] | None = None
    ) -> str:
        """Send one message and return its id. Raises a `SendError`."""
        body = {"messaging_product": "whatsapp", **(to or recipient(chat)), "biz_opaque_callback_data": tracker[:TRACKER]}
        if reply_to:
            body["context"] = {"message_id": reply_to}
        try:
            answer = await self._post(body, letter)
        except PairLimited as error:
            # Meta asks for 4^x seconds; only this person waits.
            wait = 4.0 ** min(self._stalls[chat.id] + 1, LONGEST_STALL)
            self._stalls[chat.id] += 1
            raise Retry(str(error), max(wait, error.after or 0.0)) from None
        self._stalls.pop(chat.id, None)
        first = next(iter(parts(answer, "messages")), None)
        wamid = native_id(first.get("id")) if isinstance(first, dict) else ""
        if not wamid:
            raise Ambiguous("the answer names no message")
        return wamid

    async def _post(self, body: dict[str, Any], letter: Letter) -> Mapping[str, Any]:
        """Make the call; once more without what may be gone: a quoted message, then a file of an earlier upload."""
        remembered = letter.file is not None and self._uploads.known(letter.file)
        while True:
            media = await self._uploads.id(letter.file) if letter.file else ""
            try:
                return await self._graph.post(self._path, effect=True, json=body | letter.fields(media))
            except Doubted:
                if body.pop("context", None) is not None:
                    continue
                if letter.file:
                    self._uploads.forget(letter.file)
                if not remembered:
                    raise
                remembered = False

    def _sent(self, key: str, content: Content) -> list[str]:
        """What was sent of this delivery before; nothing, when it now says something else."""
        digest = hashlib.sha256(msgspec.json.encode(content)).hexdigest()
        known, sent = self._begun.get(key, ("", []))
        if known != digest:
            sent = []
        self._begun[key] = (digest, sent)
        self._begun.move_to_end(key)
        if len(self._begun) > REMEMBERED:
            self._begun.popitem(last=False)
        return sent
