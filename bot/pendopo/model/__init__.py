"""The vocabulary: values without I/O, used by every layer above."""

from pendopo.model.backoff import pick_delay
from pendopo.model.chat import Capabilities, Chat, ChatKind, Rate
from pendopo.model.content import Album, Choice, Contact, Content, Document, Location, Photo, Phrase, Poll, Text, TextRun
from pendopo.model.event import (
    Attachment,
    ButtonPress,
    ChatMigrated,
    DeliveryReport,
    Event,
    JobDue,
    MemberChanged,
    Mention,
    Message,
    MessageEdited,
    Reaction,
)
from pendopo.model.identity import Account, AccountSource, Employment, Person, StaffStatus
from pendopo.model.posts import Capacity, Forum, Holding, Mandate, MandateKind, MandateSource, Post, Unit

__all__ = [
    "Account",
    "AccountSource",
    "Album",
    "Attachment",
    "ButtonPress",
    "Capabilities",
    "Capacity",
    "Chat",
    "ChatKind",
    "ChatMigrated",
    "Choice",
    "Contact",
    "Content",
    "DeliveryReport",
    "Document",
    "Employment",
    "Event",
    "Forum",
    "Holding",
    "JobDue",
    "Location",
    "Mandate",
    "MandateKind",
    "MandateSource",
    "MemberChanged",
    "Mention",
    "Message",
    "MessageEdited",
    "Person",
    "Photo",
    "Phrase",
    "Poll",
    "Post",
    "Rate",
    "Reaction",
    "StaffStatus",
    "Text",
    "TextRun",
    "Unit",
    "pick_delay",
]
