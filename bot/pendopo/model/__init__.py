"""The vocabulary: values without I/O, used by every layer above."""

from pendopo.model.capabilities import Capabilities, Rate
from pendopo.model.chat import Chat, ChatKind
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
from pendopo.model.identity import Account, Person

__all__ = [
    "Account",
    "Album",
    "Attachment",
    "ButtonPress",
    "Capabilities",
    "Chat",
    "ChatKind",
    "ChatMigrated",
    "Choice",
    "Contact",
    "Content",
    "DeliveryReport",
    "Document",
    "Event",
    "JobDue",
    "Location",
    "MemberChanged",
    "Mention",
    "Message",
    "MessageEdited",
    "Person",
    "Photo",
    "Phrase",
    "Poll",
    "Rate",
    "Reaction",
    "Text",
    "TextRun",
]
