"""All errors that Pendopo raises on purpose, in one family.

`UserError` is for the person in the chat, in their language; `OperatorError` for the operator of the installation; `SendError`
tells the outbox how a messenger refused a delivery.
"""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

LONGEST_WAIT = 3600.0
"""Seconds. A messenger may ask for patience; how much of it is given is ours to say."""


class PendopoError(Exception):
    """Something in Pendopo went wrong."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class UserError(PendopoError):
    """A request cannot be done; `key` names the sentence that says why and what to do next.

    `param` names the argument at fault: only that one is asked for again, with buttons for the `options` (label, value).
    Options that are `guessed` are followed by one for none of them.
    """

    def __init__(
        self, key: str, /, param: str = "", options: Sequence[tuple[Any, Any]] = (), guessed: bool = False, **args: Any
    ) -> None:
        super().__init__(key)
        self.key = key
        self.param = param
        self.options = tuple(options)
        self.guessed = guessed
        self.words: Mapping[str, Any] = args


class OperatorError(PendopoError):
    """The installation needs its operator's attention."""


class ConfigError(OperatorError):
    """The configuration is not usable."""


class AdapterError(ConfigError):
    """An adapter of another distribution cannot be used."""


class PluginError(OperatorError):
    """A plugin cannot be used as it is declared."""


class StoreError(OperatorError):
    """The database is not usable."""


class DirectoryError(OperatorError):
    """The directory file is not usable; nothing of it was imported."""


class InvalidWebhookError(OperatorError):
    """A webhook delivery was refused, since its signature or shape is wrong. Nothing of it was stored."""

    def __init__(self, message: str = "", status: int = 403) -> None:
        super().__init__(message)
        self.status = status


class StaleError(PendopoError):
    """A row was changed while this handler was deciding; the handler runs again on the new state."""


class SupersededError(PendopoError):
    """Another process did this work meanwhile, since this one was held up too long. Nothing is left to do."""


class NotKeptError(PendopoError):
    """A simulated message or press could not be written down, as on a full disk; nobody will try it again."""


class SendError(PendopoError):
    """A messenger did not take a delivery."""


class TemporarySendError(SendError):
    """The messenger could not be reached or asked to wait; the delivery was certainly not sent.

    `after` is in seconds, an hour at most whatever was asked for; `whole_account` pauses all chats of the account.
    """

    def __init__(self, message: str = "", after: float | None = None, whole_account: bool = False) -> None:
        super().__init__(message)
        self.after = None if after is None or after != after else min(max(after, 0.0), LONGEST_WAIT)
        self.whole_account = whole_account


class UnknownOutcomeError(SendError):
    """The answer was lost: the delivery may or may not have been sent."""


class PermanentSendError(SendError):
    """The messenger will never take this delivery as it is."""


class ChatClosedError(SendError):
    """The bot may not write to this chat any more: blocked, removed, or never started by the person."""


class RecipientUnreachableError(SendError):
    """This message cannot reach this person here; another message, or another messenger, may."""


class WindowClosedError(SendError):
    """The messenger takes free text only for a time after the person last wrote, and that time is over."""


class ChatMovedError(SendError):
    """The chat continues under another id."""

    def __init__(self, new_id: str) -> None:
        super().__init__(f"the chat moved to {new_id}")
        self.new_id = new_id


def suggest_nearest(word: str, known: Sequence[str]) -> str:
    """Suggest the nearest known word, or return ""."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""
