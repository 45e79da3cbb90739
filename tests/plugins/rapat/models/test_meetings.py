"""The rules that live on a meeting and on who takes part."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo import Chat, Day, Duration, Instant, Person, TimeRange, UserError, When
from pendopo_rapat.models.meetings import (
    MAYBE,
    MOVES,
    NO,
    PRESENT,
    REPRESENTED,
    YES,
    Jawaban,
    Opsi,
    Peserta,
    Rapat,
    RapatStatus,
    group_answers,
    rank_options,
    resolve_bounds,
    tally_attendance,
)

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 8, 12, 10, 20, tzinfo=ZONE)
HOUR = timedelta(hours=1)


def draft() -> Rapat:
    return Rapat.draft(Person(1, "Rina"), " penanganan sampah, ", Chat("memory", "forum"), NOW)


def test_a_title_is_tidied() -> None:
    assert draft().judul == "Penanganan sampah"


@pytest.mark.parametrize("state", MOVES)
@pytest.mark.parametrize("to", MOVES)
def test_it_moves_only_where_the_table_says(state: str, to: str) -> None:
    rapat = draft()
    rapat.status = state
    if to in MOVES[state]:
        assert Rapat.states.enter(rapat, to) == state
        assert rapat.status == to
    else:
        with pytest.raises(UserError) as caught:
            Rapat.states.enter(rapat, to)
        assert (caught.value.key, rapat.status) == ("rapat.sudah", state)


def test_what_is_over_stays_over_and_only_closed_ones_are_approved() -> None:
    assert {state for state, moves in MOVES.items() if not moves} == {
        RapatStatus.APPROVED,
        RapatStatus.CANCELLED,
        RapatStatus.LAPSED,
    }
    assert {state for state, moves in MOVES.items() if RapatStatus.APPROVED in moves} == {RapatStatus.CLOSED}
    assert {state for state, moves in MOVES.items() if RapatStatus.OPEN in moves} == {RapatStatus.CALLED}
    assert RapatStatus.CANCELLED not in MOVES[RapatStatus.OPEN], "what takes place cannot be called off"


@pytest.mark.parametrize(
    ("waktu", "end"), [(Instant(NOW + HOUR), 3), (TimeRange(NOW + HOUR, NOW + 2 * HOUR), 2), (TimeRange(NOW + HOUR, None), 3)]
)
def test_how_long_it_lasts_is_said_or_usual(waktu: When, end: int) -> None:
    assert resolve_bounds(waktu, 2 * HOUR) == (NOW + HOUR, NOW + end * HOUR)


@pytest.mark.parametrize("waktu", [Day(date(2026, 8, 13)), Duration(HOUR)])
def test_a_time_without_a_clock_is_asked_again(waktu: When) -> None:
    with pytest.raises(UserError) as caught:
        draft().set_time(waktu, NOW, HOUR)
    assert (caught.value.key, caught.value.param) == ("rapat.jam_berapa", "waktu")


def test_a_time_that_is_over_is_refused() -> None:
    with pytest.raises(UserError) as caught:
        draft().set_time(Instant(NOW), NOW, HOUR)
    assert caught.value.key == "rapat.waktu_lewat"


def places(present: int, invited: int, guests: int = 0) -> list[Peserta]:
    come = [Peserta(rapat=1, orang=n, hadir=PRESENT if n < present else "") for n in range(invited)]
    return come + [Peserta(rapat=1, orang=1000 + n, diundang=False, hadir=PRESENT) for n in range(guests)]


@pytest.mark.parametrize(
    ("invited", "kuorum", "percent", "needed"),
    [
        (30, 0, 50, 16),
        (29, 0, 50, 15),
        (2, 0, 50, 2),
        (1, 0, 50, 1),
        (30, 20, 50, 20),
        (30, 0, 66, 20),
        (3, 9, 50, 3),
        (0, 0, 50, 1),
    ],
)
def test_a_quorum_is_more_than_half_unless_said_otherwise(invited: int, kuorum: int, percent: int, needed: int) -> None:
    assert tally_attendance(places(0, invited), kuorum, percent).perlu == needed


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 9))
def test_guests_never_make_a_quorum(present: int, invited: int, guests: int) -> None:
    count = tally_attendance(places(present, invited, guests), 0, 50)
    assert count == tally_attendance(places(present, invited), 0, 50)
    assert count.enough == (min(present, invited) >= count.perlu)
    assert not tally_attendance(places(0, invited, guests), 0, 50).enough


def test_who_comes_late_is_late_only_after_the_grace() -> None:
    for minutes, late in ((0, 0), (15, 0), (16, 16), (90, 90)):
        place = Peserta(rapat=1, orang=1)
        assert place.record_attendance(PRESENT, NOW + timedelta(minutes=minutes), NOW, timedelta(minutes=15), "memory:forum")
        assert place.telat == late


def test_who_is_there_is_there_once_and_in_person_counts_more_than_by_another() -> None:
    place = Peserta(rapat=1, orang=1)
    assert place.record_attendance(REPRESENTED, NOW, NOW, HOUR, "x")
    assert not place.record_attendance(REPRESENTED, NOW + HOUR, NOW, HOUR, "x")
    assert place.record_attendance(PRESENT, NOW + HOUR, NOW, HOUR, "x")
    assert not place.record_attendance(REPRESENTED, NOW + HOUR, NOW, HOUR, "x")
    assert place.hadir == PRESENT


# -- What is said to the times of a poll, counted.

NOW_POLLS = datetime(2026, 8, 12, tzinfo=UTC)


def option(n: int) -> Opsi:
    return Opsi(id=n, rapat=1, urut=n, mulai=NOW_POLLS + timedelta(hours=n), selesai=NOW_POLLS + timedelta(hours=n + 1))


def answers(given_: list[tuple[int, str]]) -> list[Jawaban]:
    return [Jawaban(rapat=1, opsi=opsi, orang=n, jawab=jawab, pada=NOW_POLLS) for n, (opsi, jawab) in enumerate(given_)]


said = st.lists(st.tuples(st.integers(1, 4), st.sampled_from([YES, MAYBE, NO])), max_size=60)


def test_who_can_counts_before_who_could_and_then_the_earlier_one() -> None:
    options = [option(1), option(2), option(3)]
    ranked = rank_options(options, answers([(1, MAYBE), (1, MAYBE), (1, MAYBE), (2, YES), (3, YES), (3, MAYBE)]))
    assert [o.urut for o in ranked] == [3, 2, 1]
    assert [o.urut for o in rank_options(options, [])] == [1, 2, 3]


@given(said)
def test_every_answer_is_counted_once(given_: list[tuple[int, str]]) -> None:
    counts = [group_answers(answers(given_), n) for n in range(1, 5)]
    assert sum(len(people) for count in counts for people in count.values()) == len(given_)


@given(said)
def test_no_time_that_fewer_can_is_put_first(given_: list[tuple[int, str]]) -> None:
    everything = answers(given_)
    ranked = rank_options([option(n) for n in range(1, 5)], everything)
    can = [len(group_answers(everything, o.id or 0)[YES]) for o in ranked]
    assert can == sorted(can, reverse=True)
