"""What is stored as JSON reads back, also after an upgrade that added something."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from pendopo.model import (
    Account,
    Attachment,
    ButtonPress,
    ChatMigrated,
    DeliveryReport,
    Event,
    JobDue,
    Location,
    MemberChanged,
    Mention,
    Message,
    MessageEdited,
    Reaction,
)

from .samples import CONTENTS, SHARED

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


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_reads_back_as_it_was(event: Event) -> None:
    assert msgspec.json.decode(msgspec.json.encode(event), type=Event) == event


@pytest.mark.parametrize("value", [*EVENTS, *CONTENTS], ids=lambda value: type(value).__name__)
def test_what_a_newer_version_wrote_more_is_passed_over(value: Any) -> None:
    newer = msgspec.json.decode(msgspec.json.encode(value)) | {"invented_later": [1]}
    assert msgspec.convert(newer, type(value), strict=False) == value
