"""Translates errors of the Graph API into those of the outbox (Meta, "Cloud API: error codes", 2026)."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

from pendopo.adapters.foreign_json import get_object, get_text
from pendopo.errors import (
    ChatClosedError,
    PermanentSendError,
    RecipientUnreachableError,
    SendError,
    TemporarySendError,
    UnknownOutcomeError,
    WindowClosedError,
)


class ErrorKind(Enum):
    """The classes of errors, each handled differently."""

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


def _map_codes(kind: ErrorKind, *codes: int) -> dict[int, ErrorKind]:
    return dict.fromkeys(codes, kind)


_CODES: Mapping[int, ErrorKind] = {
    **_map_codes(ErrorKind.SOON, 1, 2, 131000, 131016, 131057, 131208),
    **_map_codes(ErrorKind.BUSY, 130429),
    **_map_codes(ErrorKind.PAIR, 131056),
    **_map_codes(ErrorKind.LATER, 4, 80007, 131048, 131064, 133016),
    **_map_codes(ErrorKind.WINDOW, 131047),
    **_map_codes(ErrorKind.GONE, 131020, 131021, 131026, 131030, 131041, 131050, 131207),
    # Other messages may still reach the person: an experiment of Meta's (130472), a cap on advertising (131049), a template
    # that a user id cannot get (131062). 130497 forbids a country: pausing the whole account for one foreign number would let
    # any stranger silence the bot.
    **_map_codes(ErrorKind.PERSON, 130472, 130497, 131049, 131062),
    **_map_codes(ErrorKind.CONTENT, 100, 131008, 131009, 131051, 131052, 131053),
    **_map_codes(ErrorKind.CONTENT, *range(132000, 132017), 131204, 131211, 131215),
    **_map_codes(ErrorKind.ACCOUNT, 0, 3, 10, 190, *range(200, 300), 368, 131005, 131031, 131042, 131045),
}
_LATE_FAILURES = {
    **dict.fromkeys((ErrorKind.SOON, ErrorKind.BUSY, ErrorKind.PAIR), "passing"),
    **dict.fromkeys((ErrorKind.LATER, ErrorKind.ACCOUNT), "account"),
    ErrorKind.WINDOW: "window",
    ErrorKind.GONE: "closed",
    ErrorKind.PERSON: "undelivered",
}
_STALE_REFERENCE = frozenset({100, 131009, 131052, 131053})
"""Codes for, among other things, a file or message that the platform no longer has."""
_PERMISSIONS = frozenset({3, 10, *range(200, 300), 131005})
_UNSEEN = 33
"""The subcode of 100 for an object that does not exist or that the token may not see."""

WAIT_SECONDS = {ErrorKind.BUSY: 2.0, ErrorKind.PAIR: 4.0, ErrorKind.LATER: 300.0, ErrorKind.ACCOUNT: 300.0}
"""Seconds to wait before the next attempt; for other kinds the outbox decides."""
OPERATOR_KINDS = frozenset({ErrorKind.LATER, ErrorKind.ACCOUNT})
"""Kinds that are reported to the operator at once."""
_SECRET = re.compile(r"\bEA[A-Za-z0-9]{20,}|(?i:malformed access token)\s+\S+")


class PairLimitError(TemporarySendError):
    """Too many messages to this person (131056): only their messages wait."""


class StaleReferenceError(PermanentSendError):
    """The platform refuses a message as it is; perhaps a file or a quoted message it refers to is gone."""


class MissingPermissionError(TemporarySendError):
    """The token lacks a permission; the whole account waits until an operator fixes it."""


class NotVisibleError(StaleReferenceError):
    """The object does not exist, or the token may not see it (100 with subcode 33)."""


class Refusal:
    """An error answer of the Graph API."""

    def __init__(self, status: int, body: Mapping[str, Any], secret: str = "") -> None:
        error = get_object(body, "error")
        self.status = status
        self.code = get_code(error)
        self.unseen = self.code == 100 and get_code(error, "error_subcode") == _UNSEEN
        self.kind = self._classify(error)
        details = get_text(error, "error_data", "details")
        words = ": ".join(filter(None, (get_text(error, "message"), details))) or self.kind.value
        self.said = redact_token(f"{self.code if self.code >= 0 else f'HTTP {status}'} {words}", secret)

    def _classify(self, error: Mapping[str, Any]) -> ErrorKind:
        if self.code in _CODES:
            return _CODES[self.code]
        if error.get("is_transient") is True:
            return ErrorKind.SOON
        if self.status in (401, 403):
            return ErrorKind.ACCOUNT
        if self.status == 429:
            return ErrorKind.BUSY
        if self.status == 503 or (self.status >= 500 and self.code >= 0):
            return ErrorKind.SOON
        # A proxy's error page says nothing about what the platform behind it did.
        return ErrorKind.UNCLEAR if self.status >= 500 else ErrorKind.CONTENT

    def make_error(self, effect: bool, after: float | None = None) -> SendError:
        """The error to raise. `effect`: the call would have sent something; `after`: the seconds the platform asks for."""
        wait = after if after is not None else WAIT_SECONDS.get(self.kind)
        if self.kind is ErrorKind.PAIR:
            return PairLimitError(self.said, wait)
        if self.code in _PERMISSIONS:
            return MissingPermissionError(self.said, wait, whole_account=True)
        if self.kind in (ErrorKind.BUSY, ErrorKind.LATER, ErrorKind.ACCOUNT):
            return TemporarySendError(self.said, wait, whole_account=True)
        if self.kind is ErrorKind.UNCLEAR and effect:
            return UnknownOutcomeError(self.said)
        if self.kind in (ErrorKind.SOON, ErrorKind.UNCLEAR):
            return TemporarySendError(self.said, wait)
        if self.code in _STALE_REFERENCE:
            return NotVisibleError(self.said) if self.unseen else StaleReferenceError(self.said)
        kinds = {
            ErrorKind.WINDOW: WindowClosedError,
            ErrorKind.GONE: ChatClosedError,
            ErrorKind.PERSON: RecipientUnreachableError,
            ErrorKind.CONTENT: PermanentSendError,
        }
        return kinds[self.kind](self.said)


def classify_late(code: int) -> str:
    """The class of a failure that a status reports after the message was accepted, as in `DeliveryReport.failure`."""
    return _LATE_FAILURES.get(_CODES.get(code, ErrorKind.CONTENT), "")


def redact_token(words: str, secret: str) -> str:
    """A text of the platform without the token; it repeats malformed tokens in its errors."""
    words = words.replace(secret, "•••") if secret else words
    return _SECRET.sub("•••", words)[:500]


def get_code(error: Mapping[str, Any], name: str = "code") -> int:
    """The code of an error, -1 if it has none."""
    code = error.get(name)
    try:
        return int(code) if isinstance(code, int | str) and not isinstance(code, bool) else -1
    except ValueError:
        return -1
