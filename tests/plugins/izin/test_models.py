"""The rules that live on an izin."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pendopo import ApproximateTime, DateRange, Day, Duration, Instant, Person, TimeRange, UserError, When
from pendopo_izin.models import MOVES, NO, YES, Izin, Putusan, Status

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
        (TimeRange(LATER, LATER + timedelta(hours=1)), LATER),
        (Day(date(2026, 8, 12)), datetime(2026, 8, 12, tzinfo=ZONE)),
        (DateRange(date(2026, 8, 14), date(2026, 8, 16)), datetime(2026, 8, 14, tzinfo=ZONE)),
    ],
)
def test_it_begins_when_its_time_begins(waktu: When, mulai: datetime) -> None:
    assert draft(waktu).mulai == mulai


@pytest.mark.parametrize("waktu", [Instant(NOW - timedelta(minutes=1)), Day(date(2026, 8, 11))])
def test_a_time_that_is_over_is_refused(waktu: When) -> None:
    with pytest.raises(UserError) as caught:
        draft(waktu)
    assert (caught.value.key, caught.value.param) == ("izin.waktu_lewat", "waktu")


def test_a_length_alone_is_no_time() -> None:
    with pytest.raises(UserError) as caught:
        draft(Duration(timedelta(days=3)))
    assert caught.value.key == "izin.waktu_tanpa_hari"


def test_about_noon_is_a_time() -> None:
    assert draft(ApproximateTime(LATER, LATER + timedelta(hours=2))).mulai is not None


STATES = tuple(MOVES)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("to", STATES)
def test_it_moves_only_where_the_table_says(state: str, to: str) -> None:
    izin = draft(Instant(LATER))
    izin.status = state
    if to in MOVES[state]:
        assert Izin.states.enter(izin, to) == state
        assert izin.status == to
    else:
        with pytest.raises(UserError) as caught:
            Izin.states.enter(izin, to)
        assert (caught.value.key, izin.status) == ("izin.sudah", state)


def test_what_is_over_stays_over() -> None:
    assert {state for state, moves in MOVES.items() if not moves} == {
        Status.REFUSED,
        Status.EXPIRED,
        Status.WITHDRAWN,
        Status.DONE,
        Status.CANCELLED,
    }


def test_nothing_is_approved_that_was_not_put_to_anybody() -> None:
    assert {state for state, moves in MOVES.items() if Status.APPROVED in moves} == {Status.ASKED, Status.QUERIED}


@pytest.mark.parametrize(
    ("waktu", "grown"),
    [
        (TimeRange(LATER + timedelta(minutes=10), LATER + timedelta(hours=1)), False),
        (TimeRange(LATER, LATER + timedelta(hours=3)), True),
        (TimeRange(LATER + timedelta(hours=1), LATER + timedelta(hours=3)), True),
        (Day(date(2026, 8, 12)), True),
    ],
)
def test_a_time_that_reaches_further_has_grown(waktu: When, grown: bool) -> None:
    izin = draft(TimeRange(LATER, LATER + timedelta(hours=2)))
    assert izin.set_time(waktu, NOW.astimezone(UTC), ZONE) is grown


def test_a_decision_is_made_once() -> None:
    putusan = Putusan(izin=1, ronde=1, langkah=0, aturan="superior", diminta=2)
    putusan.settle(YES, SEKDA, "Sekda", NOW)
    with pytest.raises(UserError):
        putusan.settle(NO, SEKDA, "Sekda", NOW)
    assert putusan.hasil == YES
