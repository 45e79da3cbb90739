"""The states of rows, as the database holds them.

Statements name a state as a constant and not as a parameter, since the partial indexes of `tables` serve constants only.
"""

from enum import StrEnum


class InboxState(StrEnum):
    """How far a delivery of a messenger is handled."""

    OPEN = "open"
    DONE = "done"
    DEAD = "dead"


class DeliveryState(StrEnum):
    """How far a delivery to a chat is made; one that is `HELD` waits until its person writes."""

    OPEN = "open"
    SENDING = "sending"
    HELD = "held"
    SENT = "sent"
    DEAD = "dead"


class TicketKind(StrEnum):
    """What opens a session: a link, or a QR code until somebody takes it in a chat (`GRANTED`)."""

    LINK = "link"
    QR = "qr"
    GRANTED = "granted"
    CLI = "cli"


class ReminderState(StrEnum):
    """What became of a reminder."""

    WAITING = "waiting"
    FIRED = "fired"
    CANCELLED = "cancelled"
