"""The people's side of the simulator: what they say, touch and read, and how the bot gets to know of it."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from msgspec import Struct

from bot.adapters.adapter import Host, Incoming
from bot.errors import OperatorError, Rejected
from bot.model import Attachment, Location, Span

from .convert import NativeChat, NativeMention, NativeMessage, NativePress, NativeSender, pack
from .log import Answered, Entry, Log, Posted, Pressed, Seen, Switched, Taken
from .people import Roster, SimGroup, SimPerson
from .pictures import Pictures
from .profiles import FOR_GROUP, FOR_PRIVATE
from .screen import Painter, Screen
from .state import State


class Upload(Protocol):
    """A photo on its way from a phone, already looked at."""

    @property
    def file(self) -> BinaryIO: ...
    @property
    def name(self) -> str: ...
    @property
    def mime(self) -> str: ...
    @property
    def size(self) -> int: ...


class Change(Struct, frozen=True):
    """Something that these people's phones must show: the chat looks different, or `person` is told `toast`."""

    number: int
    chat: str
    people: tuple[str, ...]
    person: str = ""
    toast: str = ""


class Phones:
    """Every phone of the simulator, over one log. `LookupError` is raised on unknown persons, chats and messages."""

    def __init__(self, name: str, people: Sequence[SimPerson], groups: Sequence[SimGroup], path: Path | None) -> None:
        self.name = name
        self._roster = Roster(people, groups)
        self._log = Log(path)
        self._pictures = Pictures(path.with_name(f"{path.stem}-foto") if path else None)
        self._state = State()
        self._painter = Painter(self._roster, self._state)
        self._host: Host | None = None
        self._news = asyncio.Event()
        self._owing = asyncio.Event()
        self._lanes: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        for entry in self._log.entries:
            self._state.apply(entry)
        if any(self._state.owed.values()):
            self._owing.set()

    @property
    def people(self) -> Sequence[SimPerson]:
        return tuple(self._roster.people.values())

    @property
    def latest(self) -> int:
        """The number of the newest change."""
        return len(self._log.entries)

    def chats_of(self, person: str) -> Sequence[str]:
        return self._roster.chats_of(person)

    def screen(self, person: str, chat: str) -> Screen:
        return self._painter.screen(person, chat)

    async def changed(self, after: int) -> Sequence[Change]:
        """The changes after this number, at once or when there are any."""
        while self.latest <= after:
            await self._news.wait()
        return [self._change(number) for number in range(after + 1, self.latest + 1)]

    async def say(
        self,
        person: str,
        chat: str,
        text: str,
        photos: Sequence[Upload] = (),
        reply_to: str = "",
        location: tuple[float, float, str] | None = None,
    ) -> None:
        """A person sends a message; returns when the bot has taken it, raises when it has not and is tried again."""
        self._mine(person, chat)
        refs = [await asyncio.to_thread(self._pictures.put, photo.file) for photo in photos]
        files = [Attachment("photo", ref, up.name, up.mime, up.size) for ref, up in zip(refs, photos, strict=True)]
        first = self._state.next_message()
        for index, file in enumerate(files or [None]):
            self._add(
                Posted(
                    id=self._state.next_message(),
                    chat=chat,
                    at=self._connected.now(),
                    sender=person,
                    spans=(Span(text),) if text and index == 0 else (),
                    files=(file,) if file else (),
                    location=Location(*location) if location else None,
                    reply_to=reply_to if reply_to in self._state.timeline.get(chat, ()) else "",
                    album=f"a{first}" if len(files) > 1 else "",
                    profile=self._state.profile(chat),
                )
            )
        await self._deliver(chat)

    async def press(self, person: str, chat: str, message: str, token: str) -> None:
        """A person touches a button; one that is being answered already is not pressed again."""
        self._mine(person, chat)
        post = self._state.posted.get(message)
        if post is None or post.chat != chat or all(button.token != token for button in post.buttons):
            raise LookupError(token)
        if any(press.message == message and press.sender == person for press in self._state.waiting.values()):
            return
        self._add(Pressed(self._state.next_press(), chat, self._connected.now(), person, message, token))
        await self._deliver(chat)

    def switch(self, person: str, chat: str, profile: str) -> None:
        """Let a chat pretend to be on another messenger."""
        self._mine(person, chat)
        if profile not in (FOR_GROUP if chat in self._roster.groups else FOR_PRIVATE):
            raise LookupError(profile)
        if profile != self._state.profile(chat):
            self._add(Switched(chat, profile))

    def see(self, person: str, chat: str) -> None:
        """A person has read a chat to its end."""
        self._mine(person, chat)
        if self._state.unread(chat, person):
            self._add(Seen(chat, person, len(self._state.timeline[chat])))

    def file(self, ref: str) -> bytes:
        """The bytes of a photo or document, of a person or of the bot. Blocking. Raises `LookupError`."""
        try:
            return self._connected.blob(ref).read_bytes() if len(ref) == 64 else self._pictures.read(ref)
        except (FileNotFoundError, Rejected) as error:
            raise LookupError(ref) from error

    async def redeliver(self) -> bool:
        """Try everything once that the bot has not taken; whether it now has all of it."""
        chats = [chat for chat, owed in self._state.owed.items() if owed and self._roster.knows(chat)]
        return all([await self._try(chat) for chat in chats])

    async def _try(self, chat: str) -> bool:
        try:
            await self._deliver(chat)
        except Exception:  # the reason is the engine's to log; here it only means: not yet
            return False
        return True

    @property
    def _connected(self) -> Host:
        if self._host is None:
            raise OperatorError("the simulator is not connected")
        return self._host

    def _mine(self, person: str, chat: str) -> None:
        if chat not in self._roster.chats_of(person):
            raise LookupError(chat)

    def _add(self, entry: Entry) -> None:
        self._log.append(entry)
        self._state.apply(entry)
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def _deliver(self, chat: str) -> None:
        """Hand over all this chat owes, oldest first; one at a time, so that a chat keeps its order."""
        async with self._lanes[chat]:
            owed = list(self._state.owed.get(chat, []))
            if not owed:
                return
            try:
                await self._connected.accept([self._incoming(native_id) for native_id in owed])
            except BaseException:
                self._owing.set()
                raise
            self._add(Taken(chat, tuple(owed)))

    def _incoming(self, native_id: str) -> Incoming:
        entry = self._state.posted.get(native_id) or self._state.pressed[native_id]
        where = self._roster.chat(self.name, entry.chat)
        chat = NativeChat(where.id, where.kind, where.title)
        sender = NativeSender(entry.sender, self._roster.name(entry.sender))
        if isinstance(entry, Pressed):
            press = NativePress(id=entry.id, chat=chat, sender=sender, at=entry.at, message=entry.message, token=entry.token)
            return pack(press)
        message = NativeMessage(
            id=entry.id,
            chat=chat,
            sender=sender,
            at=entry.at,
            text=entry.text,
            photos=entry.files,
            location=entry.location,
            mentions=tuple(NativeMention(text, who) for text, who in self._roster.mentioned(entry.text)),
            reply_to=entry.reply_to,
            album=entry.album,
        )
        return pack(message)

    def _change(self, number: int) -> Change:
        entry = self._log.entries[number - 1]
        if isinstance(entry, Answered):
            presser = self._state.pressed[entry.press].sender
            return Change(number, entry.chat, (presser,), presser, entry.text)
        people = (entry.person,) if isinstance(entry, Seen) else self._roster.members(entry.chat)
        return Change(number, entry.chat, tuple(people))
