"""Calendar files (RFC 5545): an appointment keeps its UID for ever, and every change raises its SEQUENCE."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from icalendar import Event


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
    if name:
        calendar.add("x-wr-calname", name)
    for appointment in appointments:
        calendar.add_component(_make_event(appointment))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _make_event(appointment: Appointment) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.made_at)
    event.add("dtstart", appointment.start)
    event.add("dtend", appointment.end)
    event.add("summary", appointment.title)
    if appointment.place:
        event.add("location", appointment.place)
    if appointment.about:
        event.add("description", appointment.about)
    event.add("status", "CANCELLED" if appointment.cancelled else "CONFIRMED")
    return event
