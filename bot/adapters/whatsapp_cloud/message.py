"""The messages of people, one reader for each type that WhatsApp knows (Meta, "Webhooks: messages reference", 2026)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from bot.model import (
    Attachment,
    ButtonPress,
    ChatMigrated,
    Event,
    Location,
    Message,
    MessageEdited,
    Reaction,
)

from .card import card
from .fields import UnreadableError, bsuid, instant, native_id, needed, ours, part, parts, phone, text
from .sender import account, account_of, chat_of

_KINDS = {"image": "photo", "document": "document", "video": "video", "audio": "audio", "voice": "audio", "sticker": "sticker"}

SKIPPED = {
    "order": "an order from a shop, which a city does not have",
    "request_welcome": "somebody opened the chat and has said nothing yet",
    "unsupported": "a kind of message that WhatsApp does not hand over",
    "unknown": "a kind of message that WhatsApp does not hand over",
    "call_permission_reply": "an answer about calls, which the bot does not make",
    "nfm_reply": "a filled-in form of a flow, which the bot does not send",
}
"""Types that make no event, and why."""


class Native(NamedTuple):
    """A message as it came, with what every event of it has."""

    given: Mapping[str, Any]
    shared: dict[str, Any]
    name: str
    album: str

    @property
    def quoted(self) -> str:
        return native_id(part(self.given, "context").get("id"))


Found = Event | str
"""An event, or the reason why there is none."""


def read(adapter: str, key: str, what: Mapping[str, Any]) -> Sequence[Event] | str:
    """The event in a message. Raises `UnreadableError` for a type that is new to us: an upgrade may replay it."""
    given, contact = part(what, "message"), part(what, "contact")
    kind = text(given, "type")
    if kind in SKIPPED:
        return _with_errors(SKIPPED[kind], given)
    reader = _READERS.get(kind)
    if reader is None:
        raise UnreadableError(f"no such type of message: {kind[:40]!r}")
    shared = {
        "key": key,
        "chat": chat_of(adapter, given, contact),
        "at": instant(given),
        "account": account_of(given, contact),
        "raw": dict(given),
    }
    found = reader(Native(given, shared, f"@{ours(what)}", text(what, "album")))
    return found if isinstance(found, str) else [found]


def errors_of(errors: Sequence[Any]) -> str:
    """What Meta says went wrong, as `131047 Re-engagement message: details`."""
    said = []
    for error in errors:
        if isinstance(error, dict):
            words = text(error, "title") or text(error, "message")
            details = text(part(error, "error_data"), "details")
            said.append(f"{native_id(error.get('code'))} {words}: {details}".strip(": "))
    return "; ".join(said)


def _with_errors(reason: str, given: Mapping[str, Any]) -> str:
    errors = errors_of(parts(given, "errors"))
    return f"{reason} ({errors})" if errors else reason


def _text(native: Native) -> Found:
    if not isinstance(native.given.get("text"), dict):
        raise UnreadableError("a text without words")
    return _said(native, text(part(native.given, "text"), "body"))


def _media(native: Native) -> Found:
    kind = text(native.given, "type")
    file = part(native.given, kind)
    if not file and parts(native.given, "errors"):
        return _with_errors("a file that WhatsApp does not hand over", native.given)
    attachment = Attachment(_KINDS[kind], needed(file, "id"), text(file, "filename"), text(file, "mime_type"))
    return _said(native, text(file, "caption"), attachments=(attachment,))


def _location(native: Native) -> Found:
    place = part(native.given, "location")
    try:
        latitude, longitude = float(place["latitude"]), float(place["longitude"])
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableError("a place without degrees") from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise UnreadableError("a place that is not on Earth")
    name = text(place, "name") or text(place, "address")
    return _said(native, "", location=Location(latitude, longitude, name))


def _contacts(native: Native) -> Found:
    cards = [card(given) for given in parts(native.given, "contacts") if isinstance(given, dict)]
    return _said(native, "\n".join(filter(None, cards)))


def _interactive(native: Native) -> Found:
    given = part(native.given, "interactive")
    if not given:
        # It then comes with value.errors 131000 "Unsupported webhook payload": nobody can know what was touched.
        return _with_errors("a touch of something that WhatsApp does not hand over", native.given)
    kind = text(given, "type")
    if kind in SKIPPED:
        return SKIPPED[kind]
    if kind not in ("button_reply", "list_reply"):
        raise UnreadableError(f"no such type of touch: {kind[:40]!r}")
    return ButtonPress(**native.shared, token=needed(part(given, kind), "id"), message=native.quoted)


def _template_button(native: Native) -> Found:
    """The quick reply of a template; `context` may be absent."""
    touched = part(native.given, "button")
    token = text(touched, "payload") or text(touched, "text")
    if not token:
        raise UnreadableError("a touch of nothing")
    return ButtonPress(**native.shared, token=token, message=native.quoted)


def _reaction(native: Native) -> Found:
    """Taken away when `emoji` is empty or missing."""
    given = part(native.given, "reaction")
    return Reaction(**native.shared, message=needed(given, "message_id"), emoji=text(given, "emoji"))


def _edit(native: Native) -> Found:
    given = part(native.given, "edit")
    inner = part(given, "message")
    said = part(inner, text(inner, "type"))
    words = text(said, "body") or text(said, "caption")
    return MessageEdited(**native.shared, message=needed(given, "original_message_id"), text=words)


def _revoke(native: Native) -> Found:
    """Taken back: what is left of it says nothing."""
    return MessageEdited(**native.shared, message=needed(part(native.given, "revoke"), "original_message_id"))


def _system(native: Native) -> Found:
    """A changed number moves the chat; under the new one, and the old one, the person is to be confirmed."""
    given = part(native.given, "system")
    kind = text(given, "type")
    old = native.shared["chat"]
    number, user = phone(given.get("wa_id")) or phone(given.get("new_wa_id")), bsuid(given.get("user_id"))
    new = number or user
    names = account(number, [user])
    aliases = names.aliases if names else ()
    if kind in ("user_changed_number", "customer_changed_number"):
        if not new:
            raise UnreadableError("a changed number without the new one")
        return ChatMigrated(**native.shared, new_id=new, aliases=aliases)
    if kind == "user_changed_user_id":
        moved = user and bsuid(old.id)
        return ChatMigrated(**native.shared, new_id=user, aliases=aliases) if moved else "a new user id; the number is the same"
    if kind == "customer_identity_changed":
        return "a new security code: the account was set up anew"
    raise UnreadableError(f"no such type of system message: {kind[:40]!r}")


def _said(native: Native, words: str, **more: Any) -> Message:
    """In a group the bot is named by its number, as WhatsApp writes it for whoever is mentioned."""
    addressed = len(native.name) > 1 and native.name in words
    return Message(**native.shared, text=words, reply_to=native.quoted, album=native.album, addressed=addressed, **more)


_READERS: Mapping[str, Callable[[Native], Found]] = {
    "text": _text,
    **dict.fromkeys(_KINDS, _media),
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _template_button,
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
    "system": _system,
}
