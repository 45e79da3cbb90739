"""Two clocks that belong together share their part of the day, and the second comes after the first."""

import pytest
from pendopo.when.grammar.expression import Endpoint
from pendopo.when.grammar.nodes import ClockNode
from pendopo.when.resolve.clock_spans import find_next_turn, span_minutes


def clock(hour: int, part: str | None = None, exact: bool = False) -> ClockNode:
    return ClockNode(hour, 0, hour, part, exact)


@pytest.mark.parametrize(
    ("first", "last", "hours"),
    [
        (clock(9), clock(11), (9, 11)),
        (clock(10), clock(2), (10, 14)),
        (clock(1), clock(3, "sore"), (13, 15)),
        (clock(9), clock(3, "sore"), (9, 15)),
        (clock(20, exact=True), clock(2, exact=True), (20, 26)),
    ],
)
def test_the_second_clock_is_after_the_first(first: ClockNode, last: ClockNode, hours: tuple[int, int]) -> None:
    start, end, _ = span_minutes(Endpoint(), first, last)
    assert (start // 60, end // 60) == hours


def test_the_next_turn_of_a_hand_is_after_the_start() -> None:
    assert find_next_turn(13 * 60, clock(3), None) == 15 * 60
    assert find_next_turn(16 * 60, clock(3), None) == 27 * 60
