"""What may be said and happen, one of each."""

from datetime import UTC, datetime
from typing import Any

from pendopo.model import (
    Account,
    Album,
    Chat,
    ChatKind,
    Choice,
    Contact,
    Content,
    Document,
    Location,
    Photo,
    Phrase,
    Poll,
    Text,
    TextRun,
)

SHARED: dict[str, Any] = {
    "key": "1",
    "chat": Chat("telegram", "-1", ChatKind.GROUP, "Forum", "7"),
    "at": datetime(2026, 8, 12, tzinfo=UTC),
    "account": Account(("telegram:1", "lid:2"), "Rina", "rina"),
}


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
