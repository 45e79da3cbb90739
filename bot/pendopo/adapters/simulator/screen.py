"""What one person sees of a chat on their phone."""

from datetime import datetime

from msgspec import Struct

from pendopo.adapters.simulator.log import LogState, MessageLine
from pendopo.adapters.simulator.people import BOT, Roster
from pendopo.adapters.simulator.profiles import FOR_GROUP, FOR_PRIVATE, PROFILES, fits_buttons
from pendopo.model import Attachment, Choice, Contact, Location, TextRun

SHOWN_MESSAGES = 200
"""The newest messages a phone shows; the log keeps all."""


class Quote(Struct, frozen=True):
    """The message that a reply answers."""

    sender: str
    text: str


class Tab(Struct, frozen=True):
    """A chat in a phone's list."""

    id: str
    title: str
    group: bool
    unread: int


class Bubble(Struct, frozen=True, kw_only=True):
    """One message as shown. Its buttons look "inline", "reply" or "list"; `waiting` is the token of an unanswered press."""

    id: str
    own: bool
    bot: bool
    sender: str
    sender_id: str
    title: str
    at: datetime
    spans: tuple[TextRun, ...] = ()
    photos: tuple[Attachment, ...] = ()
    documents: tuple[Attachment, ...] = ()
    location: Location | None = None
    contact: Contact | None = None
    buttons: tuple[Choice, ...] = ()
    look: str = ""
    quote: Quote | None = None
    edited: bool = False
    taken: bool = False
    waiting: str = ""

    @property
    def summary(self) -> str:
        """The message in at most 90 characters."""
        text = "".join(span.text for span in self.spans) or _describe_files(self.photos, self.documents, self.location)
        return text if len(text) <= 90 else text[:89] + "…"


class Screen(Struct, frozen=True, kw_only=True):
    """The screen of a person's phone: their chats, and the messages of the open one."""

    person: str
    chat: str
    group: bool
    title: str
    members: int
    profile: str
    profiles: tuple[str, ...]
    tabs: tuple[Tab, ...]
    bubbles: tuple[Bubble, ...]
    unread: int


class ScreenPainter:
    """Draws screens from the state."""

    def __init__(self, roster: Roster, state: LogState) -> None:
        self._roster = roster
        self._state = state

    def draw_screen(self, person: str, chat: str) -> Screen:
        """The phone of a person with this chat open. Raises `LookupError` if either is unknown or the chat is not theirs."""
        chats = self._roster.list_chats(person)
        if chat not in chats:
            raise LookupError(chat)
        group = chat in self._roster.groups
        ids = self._state.timeline.get(chat, [])[-SHOWN_MESSAGES:]
        return Screen(
            person=person,
            chat=chat,
            group=group,
            title=self._get_title(chat),
            members=len(self._roster.list_members(chat)),
            profile=self._state.get_profile(chat),
            profiles=FOR_GROUP if group else FOR_PRIVATE,
            tabs=tuple(
                Tab(c, self._get_title(c), c in self._roster.groups, self._state.count_unread(c, person)) for c in chats
            ),
            bubbles=tuple(self._draw_message(person, part) for part in self._group_albums(ids)),
            unread=self._state.count_unread(chat, person),
        )

    def _get_title(self, chat: str) -> str:
        return self._roster.groups[chat].title if chat in self._roster.groups else BOT

    def _group_albums(self, ids: list[str]) -> list[list[str]]:
        """Group the ids of photos sent as one album, which are drawn as one bubble."""
        parts: list[list[str]] = []
        for native_id in ids:
            album = self._get_album(native_id)
            if album and parts and self._get_album(parts[-1][0]) == album:
                parts[-1].append(native_id)
            else:
                parts.append([native_id])
        return parts

    def _get_album(self, native_id: str) -> str:
        return self._state.posted[native_id].album if native_id in self._state.posted else ""

    def _draw_message(self, viewer: str, ids: list[str]) -> Bubble:
        if ids[0] in self._state.pressed:
            return self._draw_press(viewer, ids[0])
        posts = [self._state.posted[native_id] for native_id in ids]
        first, files = posts[0], [file for post in posts for file in post.files]
        sender = self._roster.people.get(first.sender)
        return Bubble(
            id=first.id,
            own=first.sender == viewer,
            bot=not first.sender,
            sender=self._roster.get_name(first.sender),
            sender_id=first.sender,
            title=sender.title if sender else "",
            at=first.at,
            spans=first.spans,
            photos=tuple(file for file in files if file.kind == "photo"),
            documents=tuple(file for file in files if file.kind != "photo"),
            location=first.location,
            contact=first.contact,
            buttons=first.buttons,
            look=_get_button_style(first),
            quote=self._make_quote(first.reply_to),
            edited=first.id in self._state.edited,
            taken=all(native_id in self._state.taken for native_id in ids),
            waiting=self._find_waiting(viewer, first.id),
        )

    def _draw_press(self, viewer: str, native_id: str) -> Bubble:
        press = self._state.pressed[native_id]
        choice = self._state.find_choice(press)
        return Bubble(
            id=press.id,
            own=press.sender == viewer,
            bot=False,
            sender=self._roster.get_name(press.sender),
            sender_id=press.sender,
            title="",
            at=press.at,
            spans=(TextRun(choice.title if choice else "…"),),
            quote=self._make_quote(press.message),
            taken=press.id in self._state.taken,
        )

    def _find_waiting(self, viewer: str, message: str) -> str:
        waiting = self._state.waiting.values()
        return next((press.token for press in waiting if press.message == message and press.sender == viewer), "")

    def _make_quote(self, native_id: str) -> Quote | None:
        post = self._state.posted.get(native_id)
        if post is None:
            return None
        text = post.text or _describe_files(post.files, (), post.location)
        return Quote(self._roster.get_name(post.sender), text if len(text) <= 120 else text[:119] + "…")


def _get_button_style(post: MessageLine) -> str:
    """How the messenger imitated when it was sent shows its buttons."""
    if not post.buttons:
        return ""
    if post.profile == "telegram":
        return "inline"
    return "reply" if fits_buttons(post.buttons, PROFILES[post.profile]) else "list"


def _describe_files(photos: tuple[Attachment, ...], documents: tuple[Attachment, ...], location: Location | None) -> str:
    if documents:
        return documents[0].name
    if photos:
        return "Foto" if len(photos) == 1 else f"{len(photos)} foto"
    return "Lokasi" if location else ""
