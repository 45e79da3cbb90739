"""Which rows are one album, when it is complete, and what it becomes."""

from datetime import UTC, datetime
from typing import Any

from pendopo.engine.inbound.albums import AT_MOST_MS, QUIET_MS, collect_parts, complete_at, continue_album, merge_album
from pendopo.model import Attachment, Chat, Event, Mention, Message, Reaction
from pendopo.store.queries.inbox import InboxRow

CHAT, AT = Chat("memory", "a"), datetime(2026, 8, 12, tzinfo=UTC)


def make_row(number: int, album: str = "", at: int = 0) -> InboxRow:
    return InboxRow(number, "memory", str(number), "message", "memory:a", album, b"", at)


def make_message(number: int, album: str = "", text: str = "", **more: Any) -> Message:
    file = Attachment("photo", str(number))
    return Message(key=str(number), chat=CHAT, at=AT, text=text, attachments=(file,), album=album, **more)


def test_a_row_alone_is_itself_and_complete_at_once() -> None:
    rows = [make_row(1), make_row(2), make_row(3, "x")]
    assert collect_parts(rows) == rows[:1]
    assert complete_at(collect_parts(rows)) == 0


def test_the_parts_of_an_album_are_found_also_between_others() -> None:
    rows = [make_row(1, "x"), make_row(2), make_row(3, "x"), make_row(4, "y")]
    assert [part.id for part in collect_parts(rows)] == [1, 3]


def test_an_album_is_complete_when_it_was_quiet_or_waited_long_enough() -> None:
    assert complete_at([make_row(1, "x", 1000)]) == 1000 + QUIET_MS
    assert complete_at([make_row(1, "x", 1000), make_row(2, "x", 1800)]) == 1800 + QUIET_MS
    assert complete_at([make_row(n, "x", 1000 + n * 900) for n in range(10)]) == 1000 + AT_MOST_MS


def test_an_album_becomes_one_message_with_everything_that_stood_on_its_parts() -> None:
    mention = Mention("@rina", "memory:rina")
    (whole,) = merge_album(
        [
            make_message(1, "x"),
            make_message(2, "x", "banjir", mentions=(mention,)),
            make_message(3, "x", reply_to="b1", addressed=True),
        ]
    )
    assert isinstance(whole, Message)
    assert [file.ref for file in whole.attachments] == ["1", "2", "3"]
    assert (whole.key, whole.text, whole.mentions, whole.reply_to, whole.addressed) == ("1", "banjir", (mention,), "b1", True)


def test_what_comes_after_its_album_was_handled_goes_on_with_it() -> None:
    handled = [make_message(1, "x", "banjir"), make_message(2, "x")]
    (late,) = continue_album(handled, [make_message(3, "x")])
    assert isinstance(late, Message)
    assert (late.key, late.continues, [file.ref for file in late.attachments]) == ("3", "1", ["3"])
    (worded,) = continue_album(handled, [make_message(3, "x", "satu lagi")])
    assert isinstance(worded, Message)
    assert (worded.continues, worded.text) == ("1", "satu lagi")


def test_words_that_come_late_bring_the_whole_album_again() -> None:
    (whole,) = continue_album([make_message(1, "x"), make_message(2, "x")], [make_message(3, "x", "banjir")])
    assert isinstance(whole, Message)
    assert (whole.key, whole.continues, whole.text) == ("1", "1", "banjir")
    assert [file.ref for file in whole.attachments] == ["1", "2", "3"]


def test_two_things_said_in_one_second_are_no_album_however_late_the_second_comes() -> None:
    late = make_message(2, "same:1:1", "longsor")
    assert continue_album([make_message(1, "same:1:1", "banjir")], [late]) == [late]


def test_messages_of_one_delivery_that_are_no_album_stay_apart() -> None:
    events: list[Event] = [
        make_message(1, text="a"),
        make_message(2, text="b"),
        Reaction(key="3", chat=CHAT, at=AT, message="b1"),
    ]
    assert merge_album(events) == events
    two_albums = [make_message(1, "x"), make_message(2, "y")]
    assert merge_album(two_albums) == two_albums
