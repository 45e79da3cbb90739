"""Whose hidden number is whose phone, as far as an event itself, or the gateway when asked, says so.

A group may hide its members' phones behind LIDs. The event has no field for the phone (WAHA issue #993); the raw data of the
engine mostly has it: GOWS in `_data.Info.SenderAlt`, NOWEB in `_data.key.participantAlt` and `remoteJidAlt`.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .fields import find, items, words
from .ids import canonical

REMEMBERED = 50_000
ASK_AGAIN = 300.0
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


def told(native: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The pairs of LID and phone that an event holds."""
    pairs = [(find(native, *one), find(native, *other)) for one, other in _PAIRS]
    for place in (("payload", "participants"), ("payload", "group", "participants")):
        pairs += [(find(each, "id"), find(each, "pn")) for each in items(native, *place)]
    for one, other in pairs:
        lid, phone = sorted((canonical(one), canonical(other)), key=lambda jid: not jid.endswith("@lid"))
        if lid.endswith("@lid") and phone.endswith("@c.us"):
            yield lid, phone


def hidden(native: Mapping[str, Any]) -> set[str]:
    """The LIDs in an event of people it is about: who sent it, who is named in it, who came or left."""
    jids = [find(native, *place) for place in _SENDERS]
    jids += [find(each, "id") for each in items(native, "payload", "participants")]
    jids += mentioned(native)
    return {jid for jid in map(canonical, jids) if jid.endswith("@lid")}


def mentioned(native: Mapping[str, Any]) -> list[str]:
    """Who is named after an @; only the raw data tells, each engine in its own place."""
    data = find(native, "payload", "_data")
    found = [*items(data, "mentionedJidList"), *items(data, "mentionedIds")]
    for message in (find(data, "Message"), find(data, "message")):
        for inner in message.values() if isinstance(message, Mapping) else ():
            found += [*items(inner, "contextInfo", "mentionedJID"), *items(inner, "contextInfo", "mentionedJid")]
    return [jid for jid in dict.fromkeys(map(canonical, found)) if jid]


def name(native: Mapping[str, Any]) -> str:
    """What the sender calls themselves."""
    data = find(native, "payload", "_data")
    return words(data, "Info", "PushName") or words(data, "pushName") or words(data, "notifyName")


def album(native: Mapping[str, Any]) -> str:
    """The album a picture is part of; newer phones say so, only in the raw data, and older ones send single pictures."""
    data = find(native, "payload", "_data")
    for message in (find(data, "Message"), find(data, "message")):
        parent = find(message, "messageContextInfo", "messageAssociation", "parentMessageKey")
        if id_ := words(parent, "ID") or words(parent, "id"):
            return id_
    return ""


class Known:
    """The LIDs whose phones were learnt in this process, and those the gateway does not know."""

    def __init__(self) -> None:
        self._phones: OrderedDict[str, str] = OrderedDict()
        self.nobody: OrderedDict[str, float] = OrderedDict()

    def learn(self, lid: str, phone: str) -> None:
        self.nobody.pop(lid, None)
        self._phones[lid] = phone
        self._phones.move_to_end(lid)
        if len(self._phones) > REMEMBERED:
            self._phones.popitem(last=False)

    def unknown(self, lid: str, at: float) -> None:
        """The gateway has no phone for it. So the sender is nobody, and the operator is told."""
        self.nobody[lid] = at
        if len(self.nobody) > REMEMBERED:
            self.nobody.popitem(last=False)

    def of(self, lids: Iterable[str]) -> dict[str, str]:
        """The phones of those that are known."""
        return {lid: self._phones[lid] for lid in lids if lid in self._phones}

    def to_ask(self, lids: Iterable[str], at: float) -> list[str]:
        """Those that are worth asking the gateway about now."""
        return [lid for lid in lids if lid not in self._phones and at - self.nobody.get(lid, -ASK_AGAIN) >= ASK_AGAIN]
