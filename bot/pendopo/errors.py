"""Every error Pendopo raises on purpose, in one family.

`UserError` speaks to the person in the chat, in their language; `OperatorError` speaks to whoever runs the bot;
`SendError` says how a messenger refused, so that the outbox knows what to do next.
"""

from collections.abc import Mapping
from typing import Any


class PendopoError(Exception):
    """Something in Pendopo went wrong."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class UserError(PendopoError):
    """What a person asked for cannot be done; `key` is the sentence of the catalogue that says so and what to do next.

    `param` names the argument at fault: it is asked for again, and everything else the person said is kept.
    """

    def __init__(self, key: str, param: str = "", **args: Any) -> None:
        super().__init__(key)
        self.key = key
        self.param = param
        self.words: Mapping[str, Any] = args


class OperatorError(PendopoError):
    """The installation needs its operator's attention."""


class ConfigError(OperatorError):
    """The configuration is not usable."""


class AdapterError(ConfigError):
    """An adapter that another distribution brings cannot be used."""


class PluginError(OperatorError):
    """A plugin cannot be used as it is declared."""


class StoreError(OperatorError):
    """The database is not usable."""


class DirectoryError(OperatorError):
    """The directory file is not usable; nothing of it was taken."""


class InvalidWebhookError(OperatorError):
    """A delivery at a webhook was refused: its signature or shape is wrong. Nothing of it was taken."""

    def __init__(self, message: str = "", status: int = 403) -> None:
        super().__init__(message)
        self.status = status


class StaleError(PendopoError):
    """Somebody else changed a row while this handler was deciding; the handler runs again on what is true now."""


class SupersededError(PendopoError):
    """Another process did this piece of work meanwhile, since this one was held up for too long. Nothing is to be done."""


class SendError(PendopoError):
    """A messenger did not take a delivery."""


class TemporarySendError(SendError):
    """The messenger could not be reached or asked for patience; the delivery was certainly not sent.

    `after` is in seconds; `whole_account` pauses every chat of that account and not only this one.
    """

    def __init__(self, message: str = "", after: float | None = None, whole_account: bool = False) -> None:
        super().__init__(message)
        self.after = after
        self.whole_account = whole_account


class UnknownOutcomeError(SendError):
    """The answer got lost: the delivery may have been sent, or not."""


class PermanentSendError(SendError):
    """The messenger will never take this delivery as it is."""


class ChatClosedError(SendError):
    """The bot may not write to this chat any more: blocked, removed, or never started by the person."""


class RecipientUnreachableError(SendError):
    """This message does not reach this person here; another one may, and so may this one on another messenger."""


class WindowClosedError(SendError):
    """The messenger takes free text only for a time after the person last wrote, and that time is over."""


class ChatMovedError(SendError):
    """The chat goes on under another id."""

    def __init__(self, new_id: str) -> None:
        super().__init__(f"the chat moved to {new_id}")
        self.new_id = new_id
