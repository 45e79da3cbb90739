"""The adapter of a messenger that exists only in the browser; the people's side of it is `phones.Phones`."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

from pendopo.adapters.contract import AdapterHealth, AdapterHost, Incoming
from pendopo.adapters.simulator.convert import convert_incoming
from pendopo.adapters.simulator.log import AnswerLine, EditLine, MessageLine
from pendopo.adapters.simulator.people import BOT, SimGroup, SimPerson
from pendopo.adapters.simulator.phones import Phones
from pendopo.adapters.simulator.profiles import PROFILES, check_content, get_words
from pendopo.errors import InvalidWebhookError, PermanentSendError
from pendopo.model import (
    Account,
    Album,
    Attachment,
    Capabilities,
    Chat,
    Contact,
    Content,
    Document,
    Event,
    Location,
    Photo,
    Poll,
)

PIECE_BYTES = 64 * 1024
RETRY_SECONDS = 2.0
"""Between two attempts to deliver what the bot has not stored."""


class Simulator(Phones):
    """A simulated messenger with its people and groups; its log is kept at `path`, or in memory without one."""

    handle = BOT.lower()
    local = True
    invitation = ""

    def __init__(self, people: Sequence[SimPerson], groups: Sequence[SimGroup], path: Path | None = None) -> None:
        super().__init__("simulator", people, groups, path)

    def capabilities(self, chat: Chat) -> Capabilities:
        """The capabilities of the messenger that this chat imitates at the moment."""
        return PROFILES[self._state.get_profile(chat.id)]

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        """Always raises `InvalidWebhookError`: the page delivers by itself, without a webhook."""
        raise InvalidWebhookError("the simulator has no webhook", 404)

    def convert(self, incoming: Incoming) -> Sequence[Event]:
        return [convert_incoming(self.name, incoming)]

    def private_chat(self, account: Account) -> Chat | None:
        for alias in account.aliases:
            adapter, _, person = alias.partition(":")
            if adapter == self.name and person in self._roster.people:
                return self._roster.get_chat(self.name, person)
        return None

    def connect(self, host: AdapterHost) -> None:
        self._host = host

    async def run(self) -> None:
        """Repeat deliveries the bot has not stored, as a messenger repeats its webhooks, until cancelled."""
        while True:
            await self._owing.wait()
            self._owing.clear()
            if not await self.redeliver_owed():
                self._owing.set()
                await asyncio.sleep(RETRY_SECONDS)

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        if key in self._state.keys:
            return self._state.keys[key]
        if not self._roster.has_chat(chat.id):
            raise PermanentSendError(f"no chat {chat.id}")
        if isinstance(content, Poll):
            raise PermanentSendError("no polls here")
        check_content(content, self.capabilities(chat))
        words = get_words(content)
        self._append_line(
            post := MessageLine(
                id=self._state.next_message_id(),
                chat=chat.id,
                at=self._connected_host.now(),
                key=key,
                spans=words.spans,
                buttons=words.buttons,
                files=tuple(self._make_attachment(item) for item in _list_files(content)),
                location=content if isinstance(content, Location) else None,
                contact=content if isinstance(content, Contact) else None,
                reply_to=reply_to,
                profile=self._state.get_profile(chat.id),
            )
        )
        return post.id

    async def edit(self, chat: Chat, native_id: str, content: Content) -> None:
        old = self._state.posted.get(native_id)
        if old is None or old.sender or old.chat != chat.id:
            raise PermanentSendError(f"no message {native_id} of ours in {chat.id}")
        if not self.capabilities(chat).edit:
            raise PermanentSendError("this messenger cannot edit")
        check_content(content, self.capabilities(chat))
        words = get_words(content)
        if (words.spans, words.buttons) != (old.spans, old.buttons):
            self._append_line(EditLine(native_id, chat.id, words.spans, words.buttons, self._state.get_profile(chat.id)))

    async def show_typing(self, chat: Chat) -> None:
        """Nothing is shown: the simulator's answers come at once."""

    async def answer_press(self, press_key: str, text: str) -> None:
        if press := self._state.waiting.get(press_key):
            self._append_line(AnswerLine(press.chat, press_key, text))

    async def download(self, attachment: Attachment) -> AsyncIterator[bytes]:
        data = await asyncio.to_thread(self._pictures.read_picture, attachment.ref)
        for start in range(0, len(data), PIECE_BYTES):
            yield data[start : start + PIECE_BYTES]

    def health(self) -> AdapterHealth:
        return AdapterHealth(ok=True, seconds=0.0)

    async def close(self) -> None:
        """Nothing is held open."""

    def _make_attachment(self, item: Photo | Document) -> Attachment:
        """A file of the bot, by its blob; looked up now, so that a missing one fails the delivery and not the page."""
        try:
            size = self._connected_host.get_blob_path(item.blob).stat().st_size
        except FileNotFoundError as error:
            raise PermanentSendError(f"no blob {item.blob}") from error
        if isinstance(item, Document):
            return Attachment("document", item.blob, item.name, item.mime, size, item.blob)
        return Attachment("photo", item.blob, item.name, size=size, blob=item.blob)


def _list_files(content: Content) -> tuple[Photo | Document, ...]:
    if isinstance(content, Album):
        return content.items
    return (content,) if isinstance(content, Photo | Document) else ()
