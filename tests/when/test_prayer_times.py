"""Prayer times agree with the published ones of Bandung to two minutes."""

from datetime import date

import pytest
from pendopo.when.prayer_times import Place, prayer_times


@pytest.mark.parametrize(
    ("name", "clock"), [("subuh", "04:39"), ("zuhur", "11:55"), ("asar", "15:16"), ("magrib", "17:51"), ("isya", "19:02")]
)
def test_bandung_on_12_august(name: str, clock: str) -> None:
    hour, minute = map(int, clock.split(":"))
    assert abs(prayer_times(date(2026, 8, 12))[name] - (hour * 60 + minute)) <= 2


@pytest.mark.parametrize("month", range(1, 13))
def test_they_follow_each_other_all_year(month: int) -> None:
    times = prayer_times(date(2026, month, 15))
    order = [times[name] for name in ("subuh", "zuhur", "asar", "magrib", "isya")]
    assert order == sorted(order)


def test_another_place_has_other_times() -> None:
    jayapura = Place(latitude=-2.53, longitude=140.72, offset=9)
    assert prayer_times(date(2026, 8, 12), jayapura) != prayer_times(date(2026, 8, 12))
