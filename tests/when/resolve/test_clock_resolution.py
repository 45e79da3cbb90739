"""A bare hour is read by the rules, and a doubtful one says so."""

import pytest
from pendopo.when.grammar.nodes import ClockNode
from pendopo.when.resolve.clock_resolution import resolve_clock
from pendopo.when.values import NoSuchDateError


@pytest.mark.parametrize(
    ("hour", "part", "read"),
    [
        (9, None, 9), (3, None, 15), (6, None, 18), (7, None, 7), (12, None, 12), (3, "pagi", 3), (12, "siang", 12),
        (1, "siang", 13), (11, "siang", 11), (4, "sore", 16), (7, "malam", 19),
        (12, "malam", 24), (2, "dini", 2), (9, "pm", 21), (12, "am", 0),
    ],
)  # fmt: skip
def test_the_part_of_the_day_decides_the_hour(hour: int, part: str | None, read: int) -> None:
    assert resolve_clock(ClockNode(hour, 0, hour, part)).minutes == read * 60


@pytest.mark.parametrize("hour", range(1, 7))
def test_a_bare_small_hour_is_assumed_to_be_after_noon(hour: int) -> None:
    reading = resolve_clock(ClockNode(hour, 0, hour))
    assert reading.assumed == ("afternoon",)
    assert reading.others == (hour * 60,)


def test_the_24_hour_style_assumes_nothing() -> None:
    assert resolve_clock(ClockNode(5, 30, 5, exact=True)).assumed == ()


@pytest.mark.parametrize(("hour", "part"), [(14, "pagi"), (14, "malam"), (0, "siang"), (20, "sore")])
def test_an_hour_that_contradicts_its_part_of_the_day_is_refused(hour: int, part: str) -> None:
    with pytest.raises(NoSuchDateError):
        resolve_clock(ClockNode(hour, 0, hour, part))
