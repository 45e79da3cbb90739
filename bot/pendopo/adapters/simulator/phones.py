"""The people's side of the simulator: what they send, press and read, and its delivery to the bot."""

import asyncio
import shutil
import uuid
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from msgspec import Struct

from pendopo.adapters.contract import AdapterHost, Incoming
from pendopo.adapters.simulator.convert import (
    NativeChat,
    NativeMention,
    NativeMessage,
    NativePress,
    NativeSender,
    pack_incoming,
)
from pendopo.adapters.simulator.log import (
    AckLine,
    AnswerLine,
    LogLine,
    LogState,
    MessageLine,
    MessengerLog,
    PressLine,
    ProfileLine,
    ReadLine,
    open_private,
)
from pendopo.adapters.simulator.people import Roster, SimGroup, SimPerson
from pendopo.adapters.simulator.profiles import FOR_GROUP, FOR_PRIVATE
from pendopo.adapters.simulator.screen import Screen, ScreenPainter
from pendopo.errors import NotKeptError, OperatorError, PermanentSendError
from pendopo.model import Attachment, Location, TextRun


class Upload(Protocol):
    """A photo sent from a phone, already checked."""

    @property
    def file(self) -> BinaryIO: ...
    @property
    def name(self) -> str: ...
    @property
    def mime(self) -> str: ...
    @property
    def size(self) -> int: ...


class ScreenChange(Struct, frozen=True):
    """A change for the phones of `people`: the chat looks different, or `person` is shown `toast`."""

    number: int
    chat: str
    people: tuple[str, ...]
    person: str = ""
    toast: str = ""


class Phones:
    """All phones of the simulator, over one log. Unknown people, chats and messages raise `LookupError`."""

    def __init__(self, name: str, people: Sequence[SimPerson], groups: Sequence[SimGroup], path: Path | None) -> None:
        self.name = name
        self._roster = Roster(people, groups)
        self._log = MessengerLog(path)
        self._pictures = PictureStore(path.with_name(f"{path.stem}-foto") if path else None)
        self._state = LogState()
        self._painter = ScreenPainter(self._roster, self._state)
        self._host: AdapterHost | None = None
        self._news = asyncio.Event()
        self._owing = asyncio.Event()
        self._lanes: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        for entry in self._log.entries:
            self._state.apply_line(entry)
        if any(self._state.owed.values()):
            self._owing.set()

    @property
    def people(self) -> Sequence[SimPerson]:
        """Everyone who has a phone."""
        return tuple(self._roster.people.values())

    @property
    def latest(self) -> int:
        """The number of the newest change."""
        return len(self._log.entries)

    def chats_of(self, person: str) -> Sequence[str]:
        """The ids of the chats on a person's phone, groups first."""
        return self._roster.list_chats(person)

    def screen(self, person: str, chat: str) -> Screen:
        """The phone of a person with a chat open."""
        return self._painter.draw_screen(person, chat)

    async def changed(self, after: int) -> Sequence[ScreenChange]:
        """The changes after this number; waits until there are some."""
        while self.latest <= after:
            await self._news.wait()
        return [self._describe_change(number) for number in range(after + 1, self.latest + 1)]

    async def say(
        self,
        person: str,
        chat: str,
        text: str,
        photos: Sequence[Upload] = (),
        reply_to: str = "",
        location: tuple[float, float, str] | None = None,
    ) -> None:
        """Send a message as a person; returns once the bot has stored it. If that fails it raises, and `run` tries again.

        Raises `NotKeptError` when the phone itself could not write it down.
        """
        self._check_member(person, chat)
        try:
            refs = [await asyncio.to_thread(self._pictures.store_picture, photo.file) for photo in photos]
            files = [Attachment("photo", ref, up.name, up.mime, up.size) for ref, up in zip(refs, photos, strict=True)]
            first = self._state.next_message_id()
            for index, file in enumerate(files or [None]):
                self._append_line(
                    MessageLine(
                        id=self._state.next_message_id(),
                        chat=chat,
                        at=self._connected_host.now(),
                        sender=person,
                        spans=(TextRun(text),) if text and index == 0 else (),
                        files=(file,) if file else (),
                        location=Location(*location) if location else None,
                        reply_to=reply_to if reply_to in self._state.timeline.get(chat, ()) else "",
                        album=f"a{first}" if len(files) > 1 else "",
                        profile=self._state.get_profile(chat),
                    )
                )
        except OSError as error:
            raise NotKeptError from error
        await self._deliver_owed(chat)

    async def press(self, person: str, chat: str, message: str, token: str) -> None:
        """Press a button as a person; ignored while an earlier press of theirs on that message is unanswered."""
        self._check_member(person, chat)
        post = self._state.posted.get(message)
        if post is None or post.chat != chat or all(button.token != token for button in post.buttons):
            raise LookupError(token)
        if any(press.message == message and press.sender == person for press in self._state.waiting.values()):
            return
        try:
            self._append_line(PressLine(self._state.next_press_id(), chat, self._connected_host.now(), person, message, token))
        except OSError as error:
            raise NotKeptError from error
        await self._deliver_owed(chat)

    def switch(self, person: str, chat: str, profile: str) -> None:
        """Let a chat imitate another messenger."""
        self._check_member(person, chat)
        if profile not in (FOR_GROUP if chat in self._roster.groups else FOR_PRIVATE):
            raise LookupError(profile)
        if profile != self._state.get_profile(chat):
            self._append_line(ProfileLine(chat, profile))

    def see(self, person: str, chat: str) -> None:
        """Mark a chat as read to its end by a person."""
        self._check_member(person, chat)
        if self._state.count_unread(chat, person):
            self._append_line(ReadLine(chat, person, len(self._state.timeline[chat])))

    def file(self, ref: str) -> bytes:
        """The bytes of a photo or document. Blocking. Raises `LookupError`."""
        try:
            return self._connected_host.get_blob_path(ref).read_bytes() if len(ref) == 64 else self._pictures.read_picture(ref)
        except (FileNotFoundError, PermanentSendError) as error:
            raise LookupError(ref) from error

    async def redeliver_owed(self) -> bool:
        """Deliver once more what the bot has not stored; returns whether it now has everything."""
        chats = [chat for chat, owed in self._state.owed.items() if owed and self._roster.has_chat(chat)]
        return all([await self._try_delivering(chat) for chat in chats])

    async def _try_delivering(self, chat: str) -> bool:
        try:
            await self._deliver_owed(chat)
        except Exception:  # the engine logs the reason; here it only means "not yet"
            return False
        return True

    @property
    def _connected_host(self) -> AdapterHost:
        if self._host is None:
            raise OperatorError("the simulator is not connected")
        return self._host

    def _check_member(self, person: str, chat: str) -> None:
        if chat not in self._roster.list_chats(person):
            raise LookupError(chat)

    def _append_line(self, entry: LogLine) -> None:
        self._log.append_line(entry)
        self._state.apply_line(entry)
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def _deliver_owed(self, chat: str) -> None:
        """Deliver all undelivered entries of a chat, oldest first; the lock keeps their order."""
        async with self._lanes[chat]:
            owed = list(self._state.owed.get(chat, []))
            if not owed:
                return
            try:
                await self._connected_host.accept([self._pack_owed(native_id) for native_id in owed])
            except BaseException:
                self._owing.set()
                raise
            self._append_line(AckLine(chat, tuple(owed)))

    def _pack_owed(self, native_id: str) -> Incoming:
        entry = self._state.posted.get(native_id) or self._state.pressed[native_id]
        place = self._roster.get_chat(self.name, entry.chat)
        chat = NativeChat(place.id, place.kind, place.title)
        sender = NativeSender(entry.sender, self._roster.get_name(entry.sender))
        if isinstance(entry, PressLine):
            press = NativePress(id=entry.id, chat=chat, sender=sender, at=entry.at, message=entry.message, token=entry.token)
            return pack_incoming(press)
        message = NativeMessage(
            id=entry.id,
            chat=chat,
            sender=sender,
            at=entry.at,
            text=entry.text,
            photos=entry.files,
            location=entry.location,
            mentions=tuple(NativeMention(text, who) for text, who in self._roster.find_mentions(entry.text)),
            reply_to=entry.reply_to,
            album=entry.album,
        )
        return pack_incoming(message)

    def _describe_change(self, number: int) -> ScreenChange:
        entry = self._log.entries[number - 1]
        if isinstance(entry, AnswerLine):
            presser = self._state.pressed[entry.press].sender
            return ScreenChange(number, entry.chat, (presser,), presser, entry.text)
        people = (entry.person,) if isinstance(entry, ReadLine) else self._roster.list_members(entry.chat)
        return ScreenChange(number, entry.chat, tuple(people))


class PictureStore:
    """Stores uploads in a folder, or in memory without one."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._memory: dict[str, bytes] = {}

    def store_picture(self, file: BinaryIO) -> str:
        """Store a file and return its handle. Blocking: call it in a thread."""
        ref = uuid.uuid4().hex
        if self._folder is None:
            self._memory[ref] = file.read()
            return ref
        self._folder.mkdir(0o700, parents=True, exist_ok=True)
        with open(self._folder / ref, "xb", opener=open_private) as target:
            shutil.copyfileobj(file, target)
        return ref

    def read_picture(self, ref: str) -> bytes:
        """The bytes of a handle. Raises `PermanentSendError` if it is unknown, or no handle at all (no path gets in)."""
        if not (len(ref) == 32 and ref.isalnum()):
            raise PermanentSendError("no such picture")
        if self._folder is None and ref in self._memory:
            return self._memory[ref]
        if self._folder is None or not (self._folder / ref).is_file():
            raise PermanentSendError("no such picture")
        return (self._folder / ref).read_bytes()
