"""Calendar files keep their identity through changes, and carry their time zones."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar
from pendopo.paper import Appointment, make_ics

ZONE = ZoneInfo("Asia/Jakarta")
MEETING = Appointment(
    uid="rapat-12@pendopo",
    title="Penanganan sampah; „segera“, 1\\2",
    start=datetime(2026, 8, 13, 9, tzinfo=ZONE),
    end=datetime(2026, 8, 13, 11, tzinfo=ZONE),
    made_at=datetime(2026, 8, 12, tzinfo=UTC),
    sequence=2,
    place="Balai Kota",
    about="baris satu\nbaris dua",
)


def test_what_went_in_comes_out() -> None:
    (event,) = Calendar.from_ical(make_ics([MEETING])).events
    assert (event["UID"], event["SEQUENCE"], str(event["SUMMARY"])) == (MEETING.uid, 2, MEETING.title)
    assert event.start == MEETING.start
    assert str(event["DESCRIPTION"]) == MEETING.about
    assert event["STATUS"] == "CONFIRMED"


def test_its_zone_travels_with_it() -> None:
    text = make_ics([MEETING]).decode()
    assert "BEGIN:VTIMEZONE" in text
    assert "TZID:Asia/Jakarta" in text
    assert "METHOD:PUBLISH" in text


def test_whole_days_are_days_and_a_cancelled_one_says_so() -> None:
    away = msgspec.structs.replace(MEETING, start=date(2026, 8, 14), end=date(2026, 8, 17), cancelled=True)
    data = make_ics([away], "CANCEL")
    (event,) = Calendar.from_ical(data).events
    assert event.end == date(2026, 8, 17)
    assert event["STATUS"] == "CANCELLED"
    assert b"METHOD:CANCEL" in data


def test_lines_are_folded_and_ended_as_the_standard_says() -> None:
    data = make_ics([msgspec.structs.replace(MEETING, about="ä" * 500)], "", "Kalender Rina")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"METHOD" not in data
    assert "X-WR-CALNAME:Kalender Rina" in data.decode()


ODD = [
    "Evaluasi\x0bbanjir",
    "a\x00b\x0cc\x1cd\x1fe\x7f",
    "satu\r\ndua\rtiga\u2028empat",
    "\u202egpj\u2066x\u2069",
    "\ud800x",
    "漢字 😀 \t",
]


@pytest.mark.parametrize("text", ODD)
def test_whatever_is_in_a_text_the_file_is_legal(text: str) -> None:
    data = make_ics([msgspec.structs.replace(MEETING, title=text, place=text, about=text)], "", text)
    assert not [byte for byte in data if byte < 32 and byte not in b"\r\n\t"]
    (event,) = IcsCalendarStream.calendar_from_ics(data.decode()).events
    assert event.uid == MEETING.uid


def test_an_empty_feed_is_a_legal_calendar_and_says_when_to_come_again() -> None:
    data = make_ics([], "", "Kalender Rina")
    assert IcsCalendarStream.calendar_from_ics(data.decode()).events == []
    assert [part.name for part in Calendar.from_ical(data).subcomponents] == ["VTIMEZONE"]
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in data
    assert b"X-PUBLISHED-TTL:PT1H" in data
    assert b"REFRESH" not in make_ics([MEETING])
