"""Whose hidden number is whose phone, as far as an event itself, or the gateway when asked, says so.

A group may hide its members' phones behind LIDs. The event has no field for the phone (WAHA issue #993); the raw data of the
engine mostly has it: GOWS in `_data.Info.SenderAlt`, NOWEB in `_data.key.participantAlt` and `remoteJidAlt`.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pendopo.adapters.waha.fields import find_value, get_list, get_text
from pendopo.adapters.waha.ids import normalise_jid

REMEMBERED = 50_000
ASK_AGAIN_SECONDS = 300.0
"""Seconds before the gateway is asked again for a number it did not know."""

_PAIRS = (
    (("payload", "_data", "Info", "Sender"), ("payload", "_data", "Info", "SenderAlt")),
    (("payload", "_data", "key", "participant"), ("payload", "_data", "key", "participantAlt")),
    (("payload", "_data", "key", "remoteJid"), ("payload", "_data", "key", "remoteJidAlt")),
    (("me", "lid"), ("me", "id")),
)
_SENDERS = (
    ("payload", "from"),
    ("payload", "participant"),
    ("payload", "author"),
    ("payload", "vote", "from"),
    ("payload", "vote", "participant"),
    ("payload", "after", "participant"),
)


def find_lid_pairs(native: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The pairs of LID and phone that an event holds."""
    pairs = [(find_value(native, *one), find_value(native, *other)) for one, other in _PAIRS]
    for place in (("payload", "participants"), ("payload", "group", "participants")):
        pairs += [(find_value(each, "id"), find_value(each, "pn")) for each in get_list(native, *place)]
    for one, other in pairs:
        lid, phone = sorted((normalise_jid(one), normalise_jid(other)), key=lambda jid: not jid.endswith("@lid"))
        if lid.endswith("@lid") and phone.endswith("@c.us"):
            yield lid, phone


def find_hidden(native: Mapping[str, Any]) -> set[str]:
    """The LIDs in an event of people it is about: who sent it, who is named in it, who came or left."""
    jids = [find_value(native, *place) for place in _SENDERS]
    jids += [find_value(each, "id") for each in get_list(native, "payload", "participants")]
    jids += find_mentioned(native)
    return {jid for jid in map(normalise_jid, jids) if jid.endswith("@lid")}


def find_mentioned(native: Mapping[str, Any]) -> list[str]:
    """Who is named after an @; only the raw data tells, each engine in its own place."""
    data = find_value(native, "payload", "_data")
    found = [*get_list(data, "mentionedJidList"), *get_list(data, "mentionedIds")]
    for message in (find_value(data, "Message"), find_value(data, "message")):
        for inner in message.values() if isinstance(message, Mapping) else ():
            found += [*get_list(inner, "contextInfo", "mentionedJID"), *get_list(inner, "contextInfo", "mentionedJid")]
    return [jid for jid in dict.fromkeys(map(normalise_jid, found)) if jid]


def get_push_name(native: Mapping[str, Any]) -> str:
    """What the sender calls themselves."""
    data = find_value(native, "payload", "_data")
    return get_text(data, "Info", "PushName") or get_text(data, "pushName") or get_text(data, "notifyName")


def get_album(native: Mapping[str, Any]) -> str:
    """The album a picture is part of; newer phones say so, only in the raw data, and older ones send single pictures."""
    data = find_value(native, "payload", "_data")
    for message in (find_value(data, "Message"), find_value(data, "message")):
        parent = find_value(message, "messageContextInfo", "messageAssociation", "parentMessageKey")
        if id_ := get_text(parent, "ID") or get_text(parent, "id"):
            return id_
    return ""


class LidCache:
    """The LIDs whose phones were learnt in this process, and those the gateway does not know."""

    def __init__(self) -> None:
        self._phones: OrderedDict[str, str] = OrderedDict()
        self.nobody: OrderedDict[str, float] = OrderedDict()

    def learn_phone(self, lid: str, phone: str) -> None:
        self.nobody.pop(lid, None)
        self._phones[lid] = phone
        self._phones.move_to_end(lid)
        if len(self._phones) > REMEMBERED:
            self._phones.popitem(last=False)

    def mark_unknown(self, lid: str, at: float) -> None:
        """The gateway has no phone for it. So the sender is nobody, and the operator is told."""
        self.nobody[lid] = at
        if len(self.nobody) > REMEMBERED:
            self.nobody.popitem(last=False)

    def get_phones(self, lids: Iterable[str]) -> dict[str, str]:
        """The phones of those that are known."""
        return {lid: self._phones[lid] for lid in lids if lid in self._phones}

    def select_to_ask(self, lids: Iterable[str], at: float) -> list[str]:
        """Those that are worth asking the gateway about now."""
        return [
            lid
            for lid in lids
            if lid not in self._phones and at - self.nobody.get(lid, -ASK_AGAIN_SECONDS) >= ASK_AGAIN_SECONDS
        ]
