"""What the server knows: people, chats, and what each chat shows."""

import itertools
from dataclasses import dataclass, field
from typing import Any

BOT: dict[str, Any] = {"id": 7000000001, "is_bot": True, "first_name": "Kota Bot", "username": "Kota_Test_Bot"}


@dataclass
class Stored:
    """A file the server holds."""

    kind: str
    data: bytes
    file_id: str
    name: str = ""
    mime: str = ""


@dataclass
class Posted:
    """One message, as the chat shows it now."""

    id: int
    by: int
    text: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    file: Stored | None = None
    place: tuple[float, float] | None = None
    venue: str = ""
    contact: tuple[str, str] | None = None
    reply_to: int = 0
    thread: int = 0
    album: str = ""
    edits: int = 0

    @property
    def buttons(self) -> list[dict[str, Any]]:
        return [button for row in self.keyboard for button in row]


@dataclass
class Room:
    """A chat. `closed` is why the bot may not write to it; `moved` the id under which it goes on."""

    native: dict[str, Any]
    closed: str = ""
    moved: int = 0
    threads: set[int] = field(default_factory=set)
    posts: dict[int, Posted] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: itertools.count(1))
    actions: int = 0

    @property
    def id(self) -> int:
        return int(self.native["id"])


class State:
    """Everything there is."""

    def __init__(self) -> None:
        self.rooms: dict[int, Room] = {}
        self.users: dict[int, dict[str, Any]] = {}
        self.files: dict[str, Stored] = {}
        self.queries: dict[str, int] = {}
        self.toasts: list[tuple[str, str]] = []
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self._numbers = itertools.count(1)

    def person(self, user_id: int, first_name: str, username: str = "", started: bool = True) -> int:
        """Somebody with a phone, who has started the bot or not."""
        named = {"username": username} if username else {}
        self.users[user_id] = {"id": user_id, "is_bot": False, "first_name": first_name, **named}
        native = {"id": user_id, "type": "private", "first_name": first_name, **named}
        closed = "" if started else "Forbidden: bot can't initiate conversation with a user"
        self.rooms[user_id] = Room(native, closed)
        return user_id

    def group(self, chat_id: int, title: str, forum: bool = False) -> int:
        """A group the bot is in."""
        kind = "supergroup" if str(chat_id).startswith("-100") else "group"
        native = {"id": chat_id, "type": kind, "title": title} | ({"is_forum": True} if forum else {})
        self.rooms[chat_id] = Room(native)
        return chat_id

    def keep(self, kind: str, data: bytes, name: str = "", mime: str = "") -> Stored:
        """Take a file."""
        number = next(self._numbers)
        stored = Stored(kind, data, f"FILE-{kind}-{number}", name, mime)
        self.files[stored.file_id] = stored
        return stored

    def native(self, room: Room, post: Posted, date: int) -> dict[str, Any]:
        """A message as the Bot API shows it."""
        message: dict[str, Any] = {
            "message_id": post.id,
            "from": BOT if post.by == BOT["id"] else self.users[post.by],
            "chat": room.native,
            "date": date,
        }
        words = "caption" if post.file else "text"
        if post.text:
            message[words] = post.text
        if post.entities:
            message["caption_entities" if post.file else "entities"] = post.entities
        if post.file:
            message |= _media(post.file)
        if post.album:
            message["media_group_id"] = post.album
        if post.place:
            message["location"] = {"latitude": post.place[0], "longitude": post.place[1]}
        if post.contact:
            message["contact"] = {"first_name": post.contact[0], "phone_number": post.contact[1]}
        if post.thread:
            message |= {"message_thread_id": post.thread, "is_topic_message": True}
        if post.reply_to in room.posts:
            message["reply_to_message"] = self.native(room, _unquoting(room.posts[post.reply_to]), date)
        if post.keyboard:
            message["reply_markup"] = {"inline_keyboard": post.keyboard}
        return message


def _unquoting(post: Posted) -> Posted:
    """A message that is quoted shows nothing of what it quotes itself."""
    return Posted(post.id, post.by, post.text, post.entities, file=post.file, thread=post.thread)


def _media(file: Stored) -> dict[str, Any]:
    about = {"file_id": file.file_id, "file_unique_id": f"u{file.file_id}", "file_size": len(file.data)}
    if file.kind == "photo":
        small = about | {"file_id": f"{file.file_id}-s", "file_size": 1, "width": 90, "height": 60}
        return {"photo": [small, about | {"width": 1280, "height": 853}]}
    return {file.kind: about | {"file_name": file.name, "mime_type": file.mime or "application/octet-stream"}}
