"""Pendopo: chatops for messengers, where nothing is lost and nothing is done twice.

These are the names a plugin author needs (docs/plugins.md).
"""

from bot.config import Options
from bot.directory import ALL_SEEING, Decision, Mandate, People, Post, Thing, Unit
from bot.errors import UserError
from bot.model import (
    Attachment,
    Chat,
    ChatKind,
    ChatMigrated,
    Document,
    JobDue,
    Location,
    Message,
    MessageEdited,
    Person,
    Photo,
    Said,
)
from bot.plugin import (
    Ask,
    Busy,
    Button,
    Context,
    Health,
    Item,
    Marked,
    Plugin,
    Rest,
    RouteName,
    Sent,
    StateMachine,
    Stored,
    Usage,
    say,
)
from bot.plugin.hours import OfficeHours
from bot.store import Row
from bot.store.tables import tables
from bot.when import Around, Day, DaySpan, Duration, Every, Instant, Offset, Once, Span, When, describe, start_of
from bot.when.calendar import Calendar, OffDays
from bot.when.office import Office

__all__ = [
    "ALL_SEEING",
    "Around",
    "Ask",
    "Attachment",
    "Busy",
    "Button",
    "Calendar",
    "Chat",
    "ChatKind",
    "ChatMigrated",
    "Context",
    "Day",
    "DaySpan",
    "Decision",
    "Document",
    "Duration",
    "Every",
    "Health",
    "Instant",
    "Item",
    "JobDue",
    "Location",
    "Mandate",
    "Marked",
    "Message",
    "MessageEdited",
    "OffDays",
    "Office",
    "OfficeHours",
    "Offset",
    "Once",
    "Options",
    "People",
    "Person",
    "Photo",
    "Plugin",
    "Post",
    "Rest",
    "RouteName",
    "Row",
    "Said",
    "Sent",
    "Span",
    "StateMachine",
    "Stored",
    "Thing",
    "Unit",
    "Usage",
    "UserError",
    "When",
    "describe",
    "say",
    "start_of",
    "tables",
]
