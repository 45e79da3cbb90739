"""How the Graph API refuses, and what that means for a delivery (Meta, "Cloud API: error codes", 2026)."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

from bot.errors import Ambiguous, ChatClosed, Rejected, Retry, SendError, Undelivered, WindowClosed

from .fields import part, text


class Kind(Enum):
    """The classes of errors; each is treated in its own way."""

    SOON = "the platform stumbled"
    BUSY = "too many messages a second for this number"
    PAIR = "too many messages to this person"
    LATER = "the account is held back"
    WINDOW = "the person has not written for 24 hours"
    GONE = "this recipient cannot be reached"
    PERSON = "this recipient does not get this message"
    CONTENT = "the message is not accepted as it is"
    ACCOUNT = "the account may not send"
    UNCLEAR = "no answer that says what happened"


def _each(kind: Kind, *codes: int) -> dict[int, Kind]:
    return dict.fromkeys(codes, kind)


_CODES: Mapping[int, Kind] = {
    **_each(Kind.SOON, 1, 2, 131000, 131016, 131057, 131208),
    **_each(Kind.BUSY, 130429),
    **_each(Kind.PAIR, 131056),
    **_each(Kind.LATER, 4, 80007, 131048, 131064, 133016),
    **_each(Kind.WINDOW, 131047),
    **_each(Kind.GONE, 131020, 131021, 131026, 131030, 131041, 131050, 131207),
    # The person may still be written to in another way: an experiment of Meta's (130472), a cap on advertising (131049), a
    # template that no user id may get (131062). 130497 forbids one country; pausing the whole account for one foreign number
    # would let anybody silence the bot.
    **_each(Kind.PERSON, 130472, 130497, 131049, 131062),
    **_each(Kind.CONTENT, 100, 131008, 131009, 131051, 131052, 131053),
    **_each(Kind.CONTENT, *range(132000, 132017), 131204, 131211, 131215),
    **_each(Kind.ACCOUNT, 0, 3, 10, 190, *range(200, 300), 368, 131005, 131031, 131042, 131045),
}
_LATE = {
    **dict.fromkeys((Kind.SOON, Kind.BUSY, Kind.PAIR), "passing"),
    **dict.fromkeys((Kind.LATER, Kind.ACCOUNT), "account"),
    Kind.WINDOW: "window",
    Kind.GONE: "closed",
    Kind.PERSON: "undelivered",
}
_DOUBTED = frozenset({100, 131009, 131052, 131053})
"""What is said of a file or a message that the platform no longer has, among other things."""
_PERMISSIONS = frozenset({3, 10, *range(200, 300), 131005})
_UNSEEN = 33

AFTER = {Kind.BUSY: 2.0, Kind.PAIR: 4.0, Kind.LATER: 300.0, Kind.ACCOUNT: 300.0}
"""Seconds to wait; the rest is up to the outbox."""
OPERATORS = frozenset({Kind.LATER, Kind.ACCOUNT})
"""What an operator must know at once."""
_SECRET = re.compile(r"\bEA[A-Za-z0-9]{20,}|(?i:malformed access token)\s+\S+")


class PairLimited(Retry):
    """Too many messages to this person (131056): only they wait."""


class Doubted(Rejected):
    """The platform does not take a message as it is; perhaps something it names is gone, a file or a quoted message."""


class Forbidden(Retry):
    """The token lacks a permission; the whole account waits, as for all that an operator must see to."""


class Unseen(Doubted):
    """There is no such thing for this token (100 with 33): it is not there, or the token may not see it."""


class Refusal:
    """An answer that is no success."""

    def __init__(self, status: int, body: Mapping[str, Any], secret: str = "") -> None:
        error = part(body, "error")
        self.status = status
        self.code = code_of(error)
        self.unseen = self.code == 100 and code_of(error, "error_subcode") == _UNSEEN
        self.kind = self._kind(error)
        details = text(part(error, "error_data"), "details")
        words = ": ".join(filter(None, (text(error, "message"), details))) or self.kind.value
        self.said = covered(f"{self.code if self.code >= 0 else f'HTTP {status}'} {words}", secret)

    def _kind(self, error: Mapping[str, Any]) -> Kind:
        if self.code in _CODES:
            return _CODES[self.code]
        if error.get("is_transient") is True:
            return Kind.SOON
        if self.status in (401, 403):
            return Kind.ACCOUNT
        if self.status == 429:
            return Kind.BUSY
        if self.status == 503 or (self.status >= 500 and self.code >= 0):
            return Kind.SOON
        # A gateway's error page says nothing about what the platform behind it did.
        return Kind.UNCLEAR if self.status >= 500 else Kind.CONTENT

    def error(self, effect: bool, after: float | None = None) -> SendError:
        """What to raise; `effect`: the call would have sent something, `after`: the seconds the platform asks for."""
        wait = after if after is not None else AFTER.get(self.kind)
        if self.kind is Kind.PAIR:
            return PairLimited(self.said, wait)
        if self.code in _PERMISSIONS:
            return Forbidden(self.said, wait, whole_account=True)
        if self.kind in (Kind.BUSY, Kind.LATER, Kind.ACCOUNT):
            return Retry(self.said, wait, whole_account=True)
        if self.kind is Kind.UNCLEAR and effect:
            return Ambiguous(self.said)
        if self.kind in (Kind.SOON, Kind.UNCLEAR):
            return Retry(self.said, wait)
        if self.code in _DOUBTED:
            return Unseen(self.said) if self.unseen else Doubted(self.said)
        kinds = {Kind.WINDOW: WindowClosed, Kind.GONE: ChatClosed, Kind.PERSON: Undelivered, Kind.CONTENT: Rejected}
        return kinds[self.kind](self.said)


def late(code: int) -> str:
    """What a failure means that a status tells of after the message was taken, in the words of `DeliveryReport.failure`."""
    return _LATE.get(_CODES.get(code, Kind.CONTENT), "")


def covered(words: str, secret: str) -> str:
    """Words of the platform without the token: it likes to repeat a malformed one."""
    words = words.replace(secret, "•••") if secret else words
    return _SECRET.sub("•••", words)[:500]


def code_of(error: Mapping[str, Any], name: str = "code") -> int:
    """The number of an error, -1 where it has none."""
    found = error.get(name)
    try:
        return int(found) if isinstance(found, int | str) and not isinstance(found, bool) else -1
    except ValueError:
        return -1
