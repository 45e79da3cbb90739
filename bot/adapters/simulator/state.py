"""What the log adds up to: the messages as they stand now, and what is still owed to the bot."""

import msgspec

from bot.model import Choice

from .log import Answered, Edited, Entry, Posted, Pressed, Seen, Switched, Taken


class State:
    """Fed with the log's entries, one by one; holds nothing that the log does not say."""

    def __init__(self) -> None:
        self.timeline: dict[str, list[str]] = {}
        self.posted: dict[str, Posted] = {}
        self.pressed: dict[str, Pressed] = {}
        self.edited: set[str] = set()
        self.taken: set[str] = set()
        self.waiting: dict[str, Pressed] = {}
        self.owed: dict[str, list[str]] = {}
        self.keys: dict[str, str] = {}
        self.profiles: dict[str, str] = {}
        self.seen: dict[tuple[str, str], int] = {}

    def apply(self, entry: Entry) -> None:
        """Take one more entry into account."""
        match entry:
            case Posted():
                self._post(entry)
            case Pressed():
                self._press(entry)
            case Edited():
                self._edit(entry)
            case Taken():
                self.taken.update(entry.ids)
                self.owed[entry.chat] = [each for each in self.owed.get(entry.chat, []) if each not in self.taken]
            case Answered():
                self.waiting.pop(entry.press, None)
            case Switched():
                self.profiles[entry.chat] = entry.profile
            case Seen():
                self.seen[entry.chat, entry.person] = entry.count

    def profile(self, chat: str) -> str:
        """The messenger this chat pretends to be on."""
        return self.profiles.get(chat, "telegram")

    def next_message(self) -> str:
        return f"m{len(self.posted) + 1}"

    def next_press(self) -> str:
        return f"p{len(self.pressed) + 1}"

    def unread(self, chat: str, person: str) -> int:
        """How many messages of others this person has not looked at."""
        ids = self.timeline.get(chat, [])[self.seen.get((chat, person), 0) :]
        return sum(self.sender(each) != person for each in ids)

    def sender(self, native_id: str) -> str:
        """The id of who said this, empty for the bot."""
        return (self.posted.get(native_id) or self.pressed[native_id]).sender

    def choice(self, press: Pressed) -> Choice | None:
        """The button that was touched, where it still stands under its message."""
        buttons = self.posted[press.message].buttons if press.message in self.posted else ()
        return next((button for button in buttons if button.token == press.token), None)

    def _post(self, entry: Posted) -> None:
        self.posted[entry.id] = entry
        self.timeline.setdefault(entry.chat, []).append(entry.id)
        if entry.sender:
            self.owed.setdefault(entry.chat, []).append(entry.id)
        if entry.key:
            self.keys[entry.key] = entry.id

    def _press(self, entry: Pressed) -> None:
        self.pressed[entry.id] = self.waiting[entry.id] = entry
        self.owed.setdefault(entry.chat, []).append(entry.id)
        if self.posted[entry.message].profile == "whatsapp":  # there, touching a button says its title
            self.timeline.setdefault(entry.chat, []).append(entry.id)

    def _edit(self, entry: Edited) -> None:
        old = self.posted[entry.id]
        self.posted[entry.id] = msgspec.structs.replace(old, spans=entry.spans, buttons=entry.buttons, profile=entry.profile)
        self.edited.add(entry.id)
