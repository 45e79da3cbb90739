"""How long to wait before something is tried again."""

from pendopo.model import pick_delay


def test_the_delay_grows_with_the_failures_and_the_last_one_repeats() -> None:
    assert [pick_delay((1, 5, 30), failures) for failures in range(5)] == [1, 5, 30, 30, 30]
