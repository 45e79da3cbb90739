"""Converts messages, with a reader for each type of WhatsApp (Meta, "Webhooks: messages reference", 2026)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from pendopo.adapters.foreign_json import (
    JsonObject,
    UnreadableError,
    find_value,
    get_degrees,
    get_list,
    get_object,
    get_objects,
    get_text,
    require_time,
)
from pendopo.adapters.whatsapp_cloud.ids import (
    find_account,
    find_chat,
    get_own_number,
    make_account,
    parse_bsuid,
    parse_id,
    parse_phone,
    require_id,
)
from pendopo.model import Attachment, ButtonPress, ChatMigrated, Event, Location, Message, MessageEdited, Reaction

CARD_SIGN = "👤"
"""First in the text of a card, so that a contact named "/setuju" is not a command of the person who shares it."""
_KINDS = {"image": "photo", "document": "document", "video": "video", "audio": "audio", "voice": "audio", "sticker": "sticker"}

SKIP_REASONS = {
    "order": "an order from a shop, which a city does not have",
    "request_welcome": "somebody opened the chat and has said nothing yet",
    "unsupported": "a kind of message that WhatsApp does not hand over",
    "unknown": "a kind of message that WhatsApp does not hand over",
    "call_permission_reply": "an answer about calls, which the bot does not make",
    "nfm_reply": "a filled-in form of a flow, which the bot does not send",
}
"""Types that lead to no event, and why."""
SENT_BY_HAND = frozenset({"order", "unsupported", "unknown", "interactive", "nfm_reply", "call_permission_reply", *_KINDS})
"""Types that somebody sent: privately, they are told when nothing of it was handed over."""


class ReceivedMessage(NamedTuple):
    """A message as received, with the fields every event of it has."""

    given: Mapping[str, Any]
    shared: dict[str, Any]
    name: str
    album: str

    @property
    def quoted(self) -> str:
        """The id of the message this one answers, "" if none."""
        return parse_id(find_value(self.given, "context", "id"))


EventOrReason = Event | str
"""An event, or the reason for none."""


def convert_message(adapter: str, key: str, what: Mapping[str, Any]) -> Sequence[Event] | str:
    """The event of a message. Raises `UnreadableError` for an unknown type, so that it can be replayed after an upgrade."""
    given, contact = get_object(what, "message"), get_object(what, "contact")
    kind = get_text(given, "type")
    shared: dict[str, Any] = {
        "key": key,
        "chat": find_chat(adapter, given, contact),
        "at": require_time(given, "timestamp"),
        "account": find_account(given, contact),
        "raw": dict(given),
    }
    native = ReceivedMessage(given, shared, f"@{get_own_number(what)}", get_text(what, "album"))
    if kind in SKIP_REASONS:
        result: EventOrReason = _append_errors(SKIP_REASONS[kind], given)
    elif reader := _READERS.get(kind):
        result = reader(native)
    else:
        raise UnreadableError(f"no such type of message: {kind[:40]!r}")
    if isinstance(result, str) and kind in SENT_BY_HAND and shared["chat"].private:
        return [Message(**shared, reply_to=native.quoted, missing=True)]
    return result if isinstance(result, str) else [result]


def format_errors(errors: Sequence[JsonObject]) -> str:
    """Meta's description of errors, as `131047 Re-engagement message: details`."""
    texts = []
    for error in errors:
        words = get_text(error, "title") or get_text(error, "message")
        texts.append(f"{parse_id(error.get('code'))} {words}: {get_text(error, 'error_data', 'details')}".strip(": "))
    return "; ".join(texts)


def _append_errors(reason: str, given: Mapping[str, Any]) -> str:
    errors = format_errors(get_objects(given, "errors"))
    return f"{reason} ({errors})" if errors else reason


def _read_text(native: ReceivedMessage) -> EventOrReason:
    if not isinstance(native.given.get("text"), dict):
        raise UnreadableError("a text without words")
    return _make_message(native, get_text(native.given, "text", "body"))


def _read_media(native: ReceivedMessage) -> EventOrReason:
    kind = get_text(native.given, "type")
    file = get_object(native.given, kind)
    if not file and get_list(native.given, "errors"):
        return _append_errors("a file that WhatsApp does not hand over", native.given)
    attachment = Attachment(_KINDS[kind], require_id(file, "id"), get_text(file, "filename"), get_text(file, "mime_type"))
    return _make_message(native, get_text(file, "caption"), attachments=(attachment,))


def _read_location(native: ReceivedMessage) -> EventOrReason:
    place = get_object(native.given, "location")
    degrees = get_degrees(place)
    if degrees is None:
        raise UnreadableError("a place that is not on Earth")
    return _make_message(native, "", location=Location(*degrees, get_text(place, "name") or get_text(place, "address")))


def _read_contacts(native: ReceivedMessage) -> EventOrReason:
    cards = [describe_card(given) for given in get_objects(native.given, "contacts")]
    return _make_message(native, "\n".join(filter(None, cards)))


def _read_interactive(native: ReceivedMessage) -> EventOrReason:
    interactive = get_object(native.given, "interactive")
    if not interactive:
        # It then has value.errors 131000 "Unsupported webhook payload", and the press cannot be identified.
        return _append_errors("a touch of something that WhatsApp does not hand over", native.given)
    kind = get_text(interactive, "type")
    if kind in SKIP_REASONS:
        return SKIP_REASONS[kind]
    if kind not in ("button_reply", "list_reply"):
        raise UnreadableError(f"no such type of touch: {kind[:40]!r}")
    return ButtonPress(**native.shared, token=require_id(get_object(interactive, kind), "id"), message=native.quoted)


def _read_template_button(native: ReceivedMessage) -> EventOrReason:
    """Read the quick reply of a template, whose `context` may be absent."""
    touched = get_object(native.given, "button")
    token = get_text(touched, "payload") or get_text(touched, "text")
    if not token:
        raise UnreadableError("a touch of nothing")
    return ButtonPress(**native.shared, token=token, message=native.quoted)


def _read_reaction(native: ReceivedMessage) -> EventOrReason:
    """Read a reaction; it was removed if `emoji` is empty or missing."""
    reaction = get_object(native.given, "reaction")
    return Reaction(**native.shared, message=require_id(reaction, "message_id"), emoji=get_text(reaction, "emoji"))


def _read_edit(native: ReceivedMessage) -> EventOrReason:
    edit = get_object(native.given, "edit")
    inner = get_object(edit, "message")
    part = get_object(inner, get_text(inner, "type"))
    words = get_text(part, "body") or get_text(part, "caption")
    return MessageEdited(**native.shared, message=require_id(edit, "original_message_id"), text=words)


def _read_revoke(native: ReceivedMessage) -> EventOrReason:
    """Read a deletion as an edit to an empty text."""
    return MessageEdited(**native.shared, message=require_id(get_object(native.given, "revoke"), "original_message_id"))


def _read_system(native: ReceivedMessage) -> EventOrReason:
    """Read a system message. A changed number moves the chat, and the person must confirm both the new and old number."""
    system = get_object(native.given, "system")
    kind = get_text(system, "type")
    old = native.shared["chat"]
    number, user = parse_phone(system.get("wa_id")) or parse_phone(system.get("new_wa_id")), parse_bsuid(system.get("user_id"))
    new = number or user
    names = make_account(number, [user])
    aliases = names.aliases if names else ()
    if kind in ("user_changed_number", "customer_changed_number"):
        if not new:
            raise UnreadableError("a changed number without the new one")
        return ChatMigrated(**native.shared, new_id=new, aliases=aliases)
    if kind == "user_changed_user_id":
        moved = user and parse_bsuid(old.id)
        return ChatMigrated(**native.shared, new_id=user, aliases=aliases) if moved else "a new user id; the number is the same"
    if kind == "customer_identity_changed":
        return "a new security code: the account was set up anew"
    raise UnreadableError(f"no such type of system message: {kind[:40]!r}")


def describe_card(given: Mapping[str, Any]) -> str:
    """A contact card as `👤 name phone phone`; a card sent on request has a vCard (RFC 6350) instead of a name."""
    vcard = get_text(given, "vcard")
    name = get_text(given, "name", "formatted_name") or " ".join(_find_property(vcard, "FN"))
    phones = [get_text(phone, "phone") for phone in get_objects(given, "phones")]
    words = " ".join([name, *(filter(None, phones) if any(phones) else _find_property(vcard, "TEL"))]).split()
    return " ".join([CARD_SIGN, *words]) if words else ""


def _find_property(vcard: str, wanted: str) -> list[str]:
    """The values of a vCard property with any group and parameters: `item1.TEL;waid=62…:+62 812…`."""
    values = []
    for line in vcard.splitlines():
        head, colon, value = line.partition(":")
        name = head.partition(";")[0].rpartition(".")[2]
        if colon and name.upper() == wanted:
            values.append(value.strip())
    return values


def _make_message(native: ReceivedMessage, words: str, **more: Any) -> Message:
    """Make the event; in a group a text addresses the bot by its number, as WhatsApp writes mentions."""
    addressed = len(native.name) > 1 and native.name in words
    return Message(
        **native.shared,
        text=words,
        reply_to=native.quoted,
        album=native.album,
        addressed=addressed,
        forwarded=_is_forwarded(native.given),
        **more,
    )


def _is_forwarded(given: JsonObject) -> bool:
    """Whether a message was passed on, once or (`frequently_forwarded`) many times."""
    context = get_object(given, "context")
    return context.get("forwarded") is True or context.get("frequently_forwarded") is True


_READERS: Mapping[str, Callable[[ReceivedMessage], EventOrReason]] = {
    "text": _read_text,
    **dict.fromkeys(_KINDS, _read_media),
    "location": _read_location,
    "contacts": _read_contacts,
    "interactive": _read_interactive,
    "button": _read_template_button,
    "reaction": _read_reaction,
    "edit": _read_edit,
    "revoke": _read_revoke,
    "system": _read_system,
}
