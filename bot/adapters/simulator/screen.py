"""What one person sees of one chat on their phone."""

from datetime import datetime

from msgspec import Struct

from bot.model import Attachment, Choice, Contact, Location, Span

from .log import Posted
from .people import BOT, Roster
from .profiles import FOR_GROUP, FOR_PRIVATE, PROFILES, as_buttons
from .state import State

SHOWN = 200  # a phone draws this many messages; the log keeps all


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
    """One message as drawn: `look` of its buttons is inline, reply or list, `waiting` the token yet unanswered."""

    id: str
    own: bool
    bot: bool
    sender: str
    sender_id: str
    title: str
    at: datetime
    spans: tuple[Span, ...] = ()
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
        """The message in a few words, as a quote shows it."""
        text = "".join(span.text for span in self.spans) or _named(self.photos, self.documents, self.location)
        return text if len(text) <= 90 else text[:89] + "…"


class Screen(Struct, frozen=True, kw_only=True):
    """A phone: whose it is, its chats, and the messages of the one it shows."""

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


class Painter:
    """Draws screens from the state."""

    def __init__(self, roster: Roster, state: State) -> None:
        self._roster = roster
        self._state = state

    def screen(self, person: str, chat: str) -> Screen:
        """The phone of a person with this chat open. Raises `LookupError` when either is unknown or not theirs."""
        chats = self._roster.chats_of(person)
        if chat not in chats:
            raise LookupError(chat)
        group = chat in self._roster.groups
        ids = self._state.timeline.get(chat, [])[-SHOWN:]
        return Screen(
            person=person,
            chat=chat,
            group=group,
            title=self._title(chat),
            members=len(self._roster.members(chat)),
            profile=self._state.profile(chat),
            profiles=FOR_GROUP if group else FOR_PRIVATE,
            tabs=tuple(Tab(c, self._title(c), c in self._roster.groups, self._state.unread(c, person)) for c in chats),
            bubbles=tuple(self._bubble(person, part) for part in self._parts(ids)),
            unread=self._state.unread(chat, person),
        )

    def _title(self, chat: str) -> str:
        return self._roster.groups[chat].title if chat in self._roster.groups else BOT

    def _parts(self, ids: list[str]) -> list[list[str]]:
        """Photos that were sent together are drawn together."""
        parts: list[list[str]] = []
        for native_id in ids:
            album = self._album(native_id)
            if album and parts and self._album(parts[-1][0]) == album:
                parts[-1].append(native_id)
            else:
                parts.append([native_id])
        return parts

    def _album(self, native_id: str) -> str:
        return self._state.posted[native_id].album if native_id in self._state.posted else ""

    def _bubble(self, viewer: str, ids: list[str]) -> Bubble:
        if ids[0] in self._state.pressed:
            return self._touch(viewer, ids[0])
        posts = [self._state.posted[native_id] for native_id in ids]
        first, files = posts[0], [file for post in posts for file in post.files]
        sender = self._roster.people.get(first.sender)
        return Bubble(
            id=first.id,
            own=first.sender == viewer,
            bot=not first.sender,
            sender=self._roster.name(first.sender),
            sender_id=first.sender,
            title=sender.title if sender else "",
            at=first.at,
            spans=first.spans,
            photos=tuple(file for file in files if file.kind == "photo"),
            documents=tuple(file for file in files if file.kind != "photo"),
            location=first.location,
            contact=first.contact,
            buttons=first.buttons,
            look=_look(first),
            quote=self._quote(first.reply_to),
            edited=first.id in self._state.edited,
            taken=all(native_id in self._state.taken for native_id in ids),
            waiting=self._waiting(viewer, first.id),
        )

    def _touch(self, viewer: str, native_id: str) -> Bubble:
        press = self._state.pressed[native_id]
        choice = self._state.choice(press)
        return Bubble(
            id=press.id,
            own=press.sender == viewer,
            bot=False,
            sender=self._roster.name(press.sender),
            sender_id=press.sender,
            title="",
            at=press.at,
            spans=(Span(choice.title if choice else "…"),),
            quote=self._quote(press.message),
            taken=press.id in self._state.taken,
        )

    def _waiting(self, viewer: str, message: str) -> str:
        waiting = self._state.waiting.values()
        return next((press.token for press in waiting if press.message == message and press.sender == viewer), "")

    def _quote(self, native_id: str) -> Quote | None:
        post = self._state.posted.get(native_id)
        if post is None:
            return None
        text = post.text or _named(post.files, (), post.location)
        return Quote(self._roster.name(post.sender), text if len(text) <= 120 else text[:119] + "…")


def _look(post: Posted) -> str:
    """How the messenger it was sent on shows the buttons."""
    if not post.buttons:
        return ""
    if post.profile == "telegram":
        return "inline"
    return "reply" if as_buttons(post.buttons, PROFILES[post.profile]) else "list"


def _named(photos: tuple[Attachment, ...], documents: tuple[Attachment, ...], location: Location | None) -> str:
    if documents:
        return documents[0].name
    if photos:
        return "Foto" if len(photos) == 1 else f"{len(photos)} foto"
    return "Lokasi" if location else ""
