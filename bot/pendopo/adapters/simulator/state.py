"""What the log adds up to: the messages as they stand now, and what is still owed to the bot."""

import msgspec

from pendopo.adapters.simulator.log import AckLine, AnswerLine, EditLine, LogLine, MessageLine, PressLine, ProfileLine, ReadLine
from pendopo.model import Choice


class LogState:
    """Fed with the log's entries, one by one; holds nothing that the log does not say."""

    def __init__(self) -> None:
        self.timeline: dict[str, list[str]] = {}
        self.posted: dict[str, MessageLine] = {}
        self.pressed: dict[str, PressLine] = {}
        self.edited: set[str] = set()
        self.taken: set[str] = set()
        self.waiting: dict[str, PressLine] = {}
        self.owed: dict[str, list[str]] = {}
        self.keys: dict[str, str] = {}
        self.profiles: dict[str, str] = {}
        self.seen: dict[tuple[str, str], int] = {}

    def apply_line(self, entry: LogLine) -> None:
        """Take one more entry into account."""
        match entry:
            case MessageLine():
                self._apply_message(entry)
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
        """The messenger this chat pretends to be on."""
        return self.profiles.get(chat, "telegram")

    def next_message_id(self) -> str:
        return f"m{len(self.posted) + 1}"

    def next_press_id(self) -> str:
        return f"p{len(self.pressed) + 1}"

    def count_unread(self, chat: str, person: str) -> int:
        """How many messages of others this person has not looked at."""
        ids = self.timeline.get(chat, [])[self.seen.get((chat, person), 0) :]
        return sum(self.get_sender(each) != person for each in ids)

    def get_sender(self, native_id: str) -> str:
        """The id of who said this, empty for the bot."""
        return (self.posted.get(native_id) or self.pressed[native_id]).sender

    def find_choice(self, press: PressLine) -> Choice | None:
        """The button that was touched, where it still stands under its message."""
        buttons = self.posted[press.message].buttons if press.message in self.posted else ()
        return next((button for button in buttons if button.token == press.token), None)

    def _apply_message(self, entry: MessageLine) -> None:
        self.posted[entry.id] = entry
        self.timeline.setdefault(entry.chat, []).append(entry.id)
        if entry.sender:
            self.owed.setdefault(entry.chat, []).append(entry.id)
        if entry.key:
            self.keys[entry.key] = entry.id

    def _apply_press(self, entry: PressLine) -> None:
        self.pressed[entry.id] = self.waiting[entry.id] = entry
        self.owed.setdefault(entry.chat, []).append(entry.id)
        if self.posted[entry.message].profile == "whatsapp":  # there, touching a button says its title
            self.timeline.setdefault(entry.chat, []).append(entry.id)

    def _apply_edit(self, entry: EditLine) -> None:
        old = self.posted[entry.id]
        self.posted[entry.id] = msgspec.structs.replace(old, spans=entry.spans, buttons=entry.buttons, profile=entry.profile)
        self.edited.add(entry.id)
