"""The states of a report, and which follow which."""

from pendopo_laporan.models import MOVES


def test_every_state_can_be_reached_and_what_is_over_stays_over() -> None:
    reached = {"menunggu", "tercatat"}
    for _ in MOVES:
        reached |= {to for state in reached for to in MOVES[state]}
    assert reached == set(MOVES)
    assert not MOVES["digabung"]
    assert not MOVES["ditarik"]
