"""The state the log adds up to: the messages as they are now, and those not yet delivered to the bot."""

import msgspec

from pendopo.adapters.simulator.log import AckLine, AnswerLine, EditLine, LogLine, MessageLine, PressLine, ProfileLine, ReadLine
from pendopo.model import Choice


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
