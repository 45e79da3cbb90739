"""Calendar files (RFC 5545): an appointment keeps its UID for ever, and every change raises its SEQUENCE."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from icalendar import Event, Timezone


class Appointment(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar entry. `start` and `end` are instants with a zone, or days (`end` is then the day after the last)."""

    uid: str
    title: str
    start: datetime | date
    end: datetime | date
    made_at: datetime
    sequence: int = 0
    place: str = ""
    about: str = ""
    cancelled: bool = False


MIME = "text/calendar"
REFRESH = timedelta(hours=1)
"""How often a subscribed feed is read anew."""
EMPTY_ZONE = "Asia/Jakarta"
"""An empty calendar is not legal (RFC 5545, 3.4), so one without entries holds a time zone."""
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def make_ics(
    appointments: Sequence[Appointment], method: Literal["PUBLISH", "CANCEL", ""] = "PUBLISH", name: str = ""
) -> bytes:
    """Makes a calendar file with the time zones it needs; `method` "" is for a subscribed feed."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Pendopo//ID")
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    else:
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    if name:
        calendar.add("x-wr-calname", " ".join(_make_legal(name).split()))
    for appointment in appointments:
        calendar.add_component(_make_event(appointment))
    for zone in sorted(calendar.get_missing_tzids()) if appointments else [EMPTY_ZONE]:
        calendar.add_component(_make_zone(zone))
    return bytes(calendar.to_ical())


@cache
def _make_zone(name: str) -> "Timezone":
    """Returns a zone with its history, which takes a tenth of a second to find out."""
    from icalendar import Timezone

    return Timezone.from_tzid(name)


def _make_event(appointment: Appointment) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", "".join(_make_legal(appointment.uid).split()))
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.made_at)
    event.add("dtstart", appointment.start)
    event.add("dtend", appointment.end)
    event.add("summary", _make_legal(appointment.title))
    if appointment.place:
        event.add("location", _make_legal(appointment.place))
    if appointment.about:
        event.add("description", _make_legal(appointment.about))
    event.add("status", "CANCELLED" if appointment.cancelled else "CONFIRMED")
    return event


def _make_legal(text: str) -> str:
    """Returns a text with no character that a calendar file may not hold; what parts lines is a line break."""
    return _ILLEGAL.sub("", re.sub("\r\n?|[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]", "\n", text))
