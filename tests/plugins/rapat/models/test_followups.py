"""When somebody is reminded of a follow-up."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo import UserError
from pendopo_rapat.models.followups import MOVES, TindakLanjut, TindakStatus, get_next_reminder, tells_superior

ZONE = ZoneInfo("Asia/Jakarta")
DUE = datetime(2026, 8, 20, 16, tzinfo=ZONE)
CLOCK = time(8)


def at(day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(2026, 8, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize("state", MOVES)
@pytest.mark.parametrize("to", MOVES)
def test_it_moves_only_where_the_table_says(state: str, to: str) -> None:
    tindak = TindakLanjut(id=1, rapat=1, apa="x", siapa=1, oleh=1, tenggat=DUE, dibuat=DUE, status=state)
    if to in MOVES[state]:
        assert TindakLanjut.states.enter(tindak, to) == state
    else:
        with pytest.raises(UserError):
            TindakLanjut.states.enter(tindak, to)
        assert tindak.status == state


def test_what_was_dropped_stays_so_and_what_is_done_can_only_be_opened_again() -> None:
    assert MOVES[TindakStatus.DROPPED] == frozenset()
    assert {state for state, moves in MOVES.items() if TindakStatus.DROPPED in moves} == {"belum", "proses", "terhambat"}
    assert MOVES[TindakStatus.DONE] == {"proses"}


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (at(12), at(17)),  # three days before
        (at(17), at(19)),  # the day before
        (at(19), at(20)),  # that morning
        (at(20), at(21)),  # and then every day
        (at(21), at(22)),
        (at(28, 9), at(29)),
        (at(18), at(19)),  # given late, so three days before are over
        (at(20, 12), at(21)),
    ],
)
def test_three_days_one_day_that_morning_then_daily(now: datetime, then: datetime) -> None:
    assert get_next_reminder(DUE, now, CLOCK, ZONE) == then


def test_a_deadline_before_the_reminders_hour_is_reminded_of_the_day_before() -> None:
    early = at(20, 7)
    assert get_next_reminder(early, at(19, 8), CLOCK, ZONE) == at(21)
    assert get_next_reminder(early, at(18, 9), CLOCK, ZONE) == at(19)


@given(st.integers(0, 60 * 24 * 365), st.integers(-60 * 24 * 40, 60 * 24 * 40))
def test_a_reminder_is_always_to_come_and_never_two_in_a_day(due: int, minutes: int) -> None:
    deadline = datetime(2026, 1, 1, tzinfo=ZONE) + timedelta(minutes=due)
    first = get_next_reminder(deadline, deadline + timedelta(minutes=minutes), CLOCK, ZONE)
    second = get_next_reminder(deadline, first, CLOCK, ZONE)
    assert deadline + timedelta(minutes=minutes) < first < second
    assert second.date() > first.date()


def test_who_is_above_is_told_once_a_week_after_the_deadline() -> None:
    assert [days for days in range(3, -25, -1) if tells_superior(days)] == [-1, -8, -15, -22]
