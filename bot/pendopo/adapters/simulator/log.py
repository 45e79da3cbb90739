"""The memory of the simulated messenger's server: an append-only log, one JSON entry per line, and the state it adds up to."""

import os
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from pendopo.errors import OperatorError
from pendopo.model import Attachment, Choice, Contact, Location, TextRun


class MessageLine(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="posted"):
    """A message in a chat, of a person or, with `sender` empty, of the bot under its idempotency `key`."""

    id: str
    chat: str
    at: datetime
    sender: str = ""
    key: str = ""
    spans: tuple[TextRun, ...] = ()
    buttons: tuple[Choice, ...] = ()
    files: tuple[Attachment, ...] = ()
    location: Location | None = None
    contact: Contact | None = None
    reply_to: str = ""
    album: str = ""
    profile: str = "telegram"

    @property
    def text(self) -> str:
        """The text without styles."""
        return "".join(span.text for span in self.spans)


class EditLine(Struct, frozen=True, omit_defaults=True, tag="edited"):
    """An edit of a message by the bot; `profile` is that of the chat at the time."""

    id: str
    chat: str
    spans: tuple[TextRun, ...] = ()
    buttons: tuple[Choice, ...] = ()
    profile: str = "telegram"


class PressLine(Struct, frozen=True, tag="pressed"):
    """A button press of a person."""

    id: str
    chat: str
    at: datetime
    sender: str
    message: str
    token: str


class AckLine(Struct, frozen=True, tag="taken"):
    """The bot has stored these messages and presses: they are not delivered again."""

    chat: str
    ids: tuple[str, ...]


class AnswerLine(Struct, frozen=True, tag="answered"):
    """The bot answered a press, with a short text or none."""

    chat: str
    press: str
    text: str = ""


class ProfileLine(Struct, frozen=True, tag="switched"):
    """A chat imitates another messenger from here on."""

    chat: str
    profile: str


class ReadLine(Struct, frozen=True, tag="seen"):
    """A person has read a chat up to its `count`-th message."""

    chat: str
    person: str
    count: int


LogLine = MessageLine | EditLine | PressLine | AckLine | AnswerLine | ProfileLine | ReadLine


def open_private(path: str, flags: int) -> int:
    """An opener of files that only their owner reads, from their creation on."""
    return os.open(path, flags, 0o600)


class MessengerLog:
    """The entries in order, kept in a file if there is a `path`."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.entries: list[LogLine] = []
        if path is not None:
            path.parent.mkdir(0o700, parents=True, exist_ok=True)
            self._load_lines(path)

    def append_line(self, entry: LogLine) -> None:
        """Append an entry. The file is opened for each one, so that no handle needs closing."""
        if self._path is not None:
            with open(self._path, "ab", opener=open_private) as file:
                file.write(msgspec.json.encode(entry) + b"\n")
        self.entries.append(entry)

    def _load_lines(self, path: Path) -> None:
        data = path.read_bytes() if path.exists() else b""
        whole = data[: data.rfind(b"\n") + 1]
        decoder = msgspec.json.Decoder(LogLine)
        for number, line in enumerate(whole.splitlines(), 1):
            try:
                self.entries.append(decoder.decode(line))
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise OperatorError(f"{path}, line {number}: {error}") from error
        if len(whole) < len(data):  # a line torn by a crash, which was never acknowledged
            with path.open("r+b") as file:
                file.truncate(len(whole))


class LogState:
    """State derived from the log alone, entry by entry."""

    def __init__(self) -> None:
        self.timeline: dict[str, list[str]] = {}
        self.posted: dict[str, MessageLine] = {}
        self.pressed: dict[str, PressLine] = {}
        self.edited: set[str] = set()
        self.taken: set[str] = set()
        self.waiting: dict[str, PressLine] = {}
        self.owed: dict[str, list[str]] = {}
        """Undelivered ids by chat, oldest first."""
        self.keys: dict[str, str] = {}
        """The bot's idempotency keys, with the ids of their messages."""
        self.profiles: dict[str, str] = {}
        self.seen: dict[tuple[str, str], int] = {}

    def apply_line(self, entry: LogLine) -> None:
        """Apply the next entry."""
        match entry:
            case MessageLine():
                self.posted[entry.id] = entry
                self.timeline.setdefault(entry.chat, []).append(entry.id)
                if entry.sender:
                    self.owed.setdefault(entry.chat, []).append(entry.id)
                if entry.key:
                    self.keys[entry.key] = entry.id
            case PressLine():
                self._apply_press(entry)
            case EditLine():
                self._apply_edit(entry)
            case AckLine():
                self.taken.update(entry.ids)
                self.owed[entry.chat] = [each for each in self.owed.get(entry.chat, []) if each not in self.taken]
            case AnswerLine():
                self.waiting.pop(entry.press, None)
            case ProfileLine():
                self.profiles[entry.chat] = entry.profile
            case ReadLine():
                self.seen[entry.chat, entry.person] = entry.count

    def get_profile(self, chat: str) -> str:
        """The messenger this chat imitates."""
        return self.profiles.get(chat, "telegram")

    def next_message_id(self) -> str:
        """The id for the next message."""
        return f"m{len(self.posted) + 1}"

    def next_press_id(self) -> str:
        """The id for the next press."""
        return f"p{len(self.pressed) + 1}"

    def count_unread(self, chat: str, person: str) -> int:
        """The number of messages of others this person has not read."""
        ids = self.timeline.get(chat, [])[self.seen.get((chat, person), 0) :]
        return sum((self.posted.get(each) or self.pressed[each]).sender != person for each in ids)

    def find_choice(self, press: PressLine) -> Choice | None:
        """The pressed button, if its message still has it."""
        buttons = self.posted[press.message].buttons if press.message in self.posted else ()
        return next((button for button in buttons if button.token == press.token), None)

    def _apply_press(self, entry: PressLine) -> None:
        self.pressed[entry.id] = self.waiting[entry.id] = entry
        self.owed.setdefault(entry.chat, []).append(entry.id)
        if self.posted[entry.message].profile == "whatsapp":  # WhatsApp shows a press as a message with the title
            self.timeline.setdefault(entry.chat, []).append(entry.id)

    def _apply_edit(self, entry: EditLine) -> None:
        old = self.posted[entry.id]
        self.posted[entry.id] = msgspec.structs.replace(old, spans=entry.spans, buttons=entry.buttons, profile=entry.profile)
        self.edited.add(entry.id)
