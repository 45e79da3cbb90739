"""The rules that live on an izin."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import Around, Day, DaySpan, Duration, Instant, Person, Span, UserError, When
from plugins.izin.models import APPROVED, ASKED, REFUSED, WITHDRAWN, Izin

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 8, 12, 10, 20, tzinfo=ZONE)
RINA, SEKDA = Person(1, "Rina"), Person(2, "Bambang")


def draft(waktu: When) -> Izin:
    return Izin.draft(RINA, SEKDA, waktu, "rakor", NOW.astimezone(UTC), ZONE)


LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("waktu", "mulai"),
    [
        (Instant(LATER), LATER),
        (Span(LATER, LATER + timedelta(hours=1)), LATER),
        (Day(date(2026, 8, 12)), datetime(2026, 8, 12, tzinfo=ZONE)),
        (DaySpan(date(2026, 8, 14), date(2026, 8, 16)), datetime(2026, 8, 14, tzinfo=ZONE)),
    ],
)
def test_it_begins_when_its_time_begins(waktu: When, mulai: datetime) -> None:
    assert draft(waktu).mulai == mulai


@pytest.mark.parametrize("waktu", [Instant(NOW - timedelta(minutes=1)), Day(date(2026, 8, 11))])
def test_a_time_that_is_over_is_refused(waktu: When) -> None:
    with pytest.raises(UserError) as caught:
        draft(waktu)
    assert (caught.value.key, caught.value.about) == ("izin.waktu_lewat", "waktu")


def test_a_length_alone_is_no_time() -> None:
    with pytest.raises(UserError) as caught:
        draft(Duration(timedelta(days=3)))
    assert caught.value.key == "izin.waktu_tanpa_hari"


def test_about_noon_is_a_time() -> None:
    assert draft(Around(LATER, LATER + timedelta(hours=2))).mulai is not None


@pytest.mark.parametrize(("approved", "status"), [(True, APPROVED), (False, REFUSED)])
def test_it_is_decided_once(approved: bool, status: str) -> None:
    izin = draft(Instant(LATER))
    izin.submit()
    assert izin.status == ASKED
    izin.decide(approved, NOW)
    assert izin.status == status
    for again in (lambda: izin.decide(True, NOW), lambda: izin.decide(False, NOW), izin.submit, izin.withdraw):
        with pytest.raises(UserError):
            again()
    assert izin.status == status


def test_a_draft_cannot_be_decided_and_what_is_taken_back_cannot_be_sent() -> None:
    izin = draft(Instant(LATER))
    with pytest.raises(UserError):
        izin.decide(True, NOW)
    izin.withdraw()
    assert izin.status == WITHDRAWN
    with pytest.raises(UserError):
        izin.submit()
