"""The simulator's clock: its time in words, and the steps of its buttons."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
STEPS = {"15m": timedelta(minutes=15), "1h": timedelta(hours=1)}
"""The step of each button."""
MORNING = time(7, 0)
"""The time of the button *next morning*, in the people's zone."""


def day_in_words(at: datetime) -> str:
    """Kamis, 13 Agustus 2026"""
    return f"{DAYS[at.weekday()]}, {at.day} {MONTHS[at.month - 1]} {at.year}"


def hour_in_words(at: datetime) -> str:
    """09.00"""
    return f"{at:%H.%M}"


def zone_in_words(zone: ZoneInfo, at: datetime) -> str:
    """WIB, WITA, WIT, or the zone's own abbreviation outside Indonesia."""
    return ZONES.get(zone.key) or at.astimezone(zone).tzname() or zone.key


def resolve_step(name: str, now: datetime) -> timedelta:
    """Return the step of a button; `now` in the people's zone. Raises `KeyError` for an unknown button."""
    if name != "besok":
        return STEPS[name]
    morning = datetime.combine(now.date() + timedelta(days=1), MORNING, now.tzinfo)
    return morning - now
