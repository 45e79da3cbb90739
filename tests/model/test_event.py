"""What is stored as JSON reads back, also after an upgrade that added something."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from pendopo.model import (
    Account,
    Album,
    Attachment,
    ButtonPress,
    Chat,
    ChatKind,
    ChatMigrated,
    Choice,
    Contact,
    Content,
    DeliveryReport,
    Document,
    Event,
    JobDue,
    Location,
    MemberChanged,
    Mention,
    Message,
    MessageEdited,
    Person,
    Photo,
    Phrase,
    Poll,
    Reaction,
    Text,
    TextRun,
)

SHARED: dict[str, Any] = {
    "key": "1",
    "chat": Chat("telegram", "-1", ChatKind.GROUP, "Forum", "7"),
    "at": datetime(2026, 8, 12, tzinfo=UTC),
    "account": Account(("telegram:1", "lid:2"), "Rina", "rina"),
}
EVENTS: list[Event] = [
    Message(
        **SHARED, text="x", attachments=(Attachment("photo", "r"),), location=Location(1, 2), mentions=(Mention("@a", "b:1"),)
    ),
    ButtonPress(**SHARED, token="t", message="m"),
    MessageEdited(**SHARED, message="m", text="x"),
    Reaction(**SHARED, message="m", emoji="👍"),
    MemberChanged(**SHARED, member=Account(("a:1",)), present=True),
    ChatMigrated(**SHARED, new_id="-2"),
    DeliveryReport(**SHARED, message="m", status="failed"),
    JobDue(**SHARED, route="a.b", due=datetime(2026, 8, 12, tzinfo=UTC), args={"n": 1}),
]
TEXT = Text((Phrase("a.b", {"n": [1, {"type": "datetime"}]}),), (TextRun("x", bold=True),), (Choice("t", Phrase("a.c")),))
CONTENTS: list[Content] = [
    TEXT,
    Photo("a", TEXT),
    Document("a", "b.pdf", TEXT, "application/pdf"),
    Location(1.5, 2.5, "x"),
    Contact("a", "62"),
    Poll(TEXT, (Choice("t", Phrase("x")),)),
    Album((Photo("a"), Document("b", "c")), TEXT),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_reads_back_as_it_was(event: Event) -> None:
    assert msgspec.json.decode(msgspec.json.encode(event), type=Event) == event


@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: type(content).__name__)
def test_content_reads_back_as_it_was(content: Content) -> None:
    assert msgspec.json.decode(msgspec.json.encode(content), type=Content) == content


@pytest.mark.parametrize("value", [*EVENTS, *CONTENTS], ids=lambda value: type(value).__name__)
def test_what_a_newer_version_wrote_more_is_passed_over(value: Any) -> None:
    newer = msgspec.json.decode(msgspec.json.encode(value)) | {"invented_later": [1]}
    assert msgspec.convert(newer, type(value), strict=False) == value


def test_a_chat_is_named_by_messenger_and_id_and_topics_share_it() -> None:
    assert Chat("waha", "12@g.us", topic="3").key == Chat("waha", "12@g.us").key == "waha:12@g.us"
    assert Chat("a", "b").private
    assert not SHARED["chat"].private


def test_people_are_called_by_their_post_and_else_by_name() -> None:
    assert (Person(1, "Rina", "Kadis PU").called, Person(1, "Rina").called) == ("Kadis PU", "Rina")


def test_the_surest_alias_comes_first() -> None:
    assert Account(("telegram:1", "lid:2")).id == "telegram:1"
