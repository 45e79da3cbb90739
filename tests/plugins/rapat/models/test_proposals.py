"""What a vote comes to."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo import UserError
from pendopo_rapat.models.proposals import (
    ABSTAIN,
    AGAINST,
    FOR,
    MOVES,
    OPENLY,
    SECRETLY,
    SILENCE,
    Usul,
    UsulStatus,
    VoteCount,
    compute_verdict,
    count_votes,
)

votes = st.lists(st.sampled_from([FOR, AGAINST, ABSTAIN]), max_size=40)


@pytest.mark.parametrize("state", MOVES)
@pytest.mark.parametrize("to", MOVES)
def test_it_moves_only_where_the_table_says(state: str, to: str) -> None:
    usul = Usul(id=7, rapat=1, isi="x", oleh=1, cara=OPENLY, status=state, dibuat=datetime(2026, 8, 12, tzinfo=UTC))
    if to in MOVES[state]:
        assert Usul.states.enter(usul, to) == state
    else:
        with pytest.raises(UserError):
            Usul.states.enter(usul, to)
        assert usul.status == state


def test_what_was_counted_stays_so() -> None:
    assert {state for state, moves in MOVES.items() if moves} == {UsulStatus.RUNNING, UsulStatus.COUNTING}
    assert {state for state, moves in MOVES.items() if UsulStatus.AGREED in moves} == {UsulStatus.COUNTING}


@pytest.mark.parametrize(
    ("cara", "result", "needed", "comes_to"),
    [
        (OPENLY, VoteCount(9, 7, 0), 16, UsulStatus.AGREED),
        (OPENLY, VoteCount(8, 8, 0), 16, UsulStatus.REJECTED),
        (OPENLY, VoteCount(15, 0, 0), 16, UsulStatus.REJECTED),
        (OPENLY, VoteCount(1, 0, 15), 16, UsulStatus.AGREED),
        (SECRETLY, VoteCount(0, 0, 16), 16, UsulStatus.REJECTED),
        (SILENCE, VoteCount(2, 0, 1, 13), 16, UsulStatus.AGREED),
        (SILENCE, VoteCount(2, 1, 0, 27), 16, UsulStatus.REJECTED),
        (SILENCE, VoteCount(2, 0, 1, 12), 16, UsulStatus.REJECTED),
        (SILENCE, VoteCount(0, 0, 16, 0), 16, UsulStatus.REJECTED),
    ],
)
def test_a_tie_agrees_to_nothing_and_one_objection_ends_silence(
    cara: str, result: VoteCount, needed: int, comes_to: str
) -> None:
    assert compute_verdict(cara, result, needed) == comes_to


@given(votes, st.integers(0, 40), st.integers(1, 40), st.sampled_from([OPENLY, SECRETLY, SILENCE]))
def test_nothing_is_agreed_without_a_quorum_or_against_the_majority(
    given_: list[str], silent: int, needed: int, cara: str
) -> None:
    result = count_votes(given_, silent if cara == SILENCE else 0)
    assert result.given == len(given_) + (silent if cara == SILENCE else 0)
    if compute_verdict(cara, result, needed) == UsulStatus.AGREED:
        assert result.given >= needed
        assert result.setuju + result.diam > result.tolak
        assert cara != SILENCE or result.tolak == 0


@given(votes, st.randoms())
def test_the_order_of_votes_does_not_matter(given_: list[str], dice: random.Random) -> None:
    shuffled = list(given_)
    dice.shuffle(shuffled)
    assert count_votes(shuffled) == count_votes(given_)
