"""What is said to the times of a poll, counted."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from pendopo_rapat.models.meetings import MAYBE, NO, YES, Jawaban, Opsi, group_answers, rank_options

NOW = datetime(2026, 8, 12, tzinfo=UTC)


def option(n: int) -> Opsi:
    return Opsi(id=n, rapat=1, urut=n, mulai=NOW + timedelta(hours=n), selesai=NOW + timedelta(hours=n + 1))


def answers(given_: list[tuple[int, str]]) -> list[Jawaban]:
    return [Jawaban(rapat=1, opsi=opsi, orang=n, jawab=jawab, pada=NOW) for n, (opsi, jawab) in enumerate(given_)]


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
