"""What spans more than one moment."""

from datetime import datetime

from pendopo.when import InThePastError, NoSuchDateError, Reading, parse


def test_a_meeting_still_running_is_not_over(now: datetime) -> None:
    assert isinstance(parse("hari ini 08.00-12.00", now), Reading)
    assert isinstance(parse("hari ini 08.00-10.00", now), InThePastError)


def test_a_span_that_ends_before_it_begins_is_refused(now: datetime) -> None:
    assert isinstance(parse("besok sampai kemarin", now), NoSuchDateError)
