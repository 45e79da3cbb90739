"""Every phrase of the table is read as people mean it, and what was assumed is said."""

import json
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from pendopo.when import (
    ApproximateTime,
    DateRange,
    Day,
    Duration,
    Instant,
    Reading,
    Recurrence,
    RelativeTime,
    TimeRange,
    When,
    WhenError,
    parse,
)
from pendopo.when.recurrence import upcoming

HERE = Path(__file__).parent
TABLE = json.loads((HERE / "phrases.json").read_text(encoding="utf-8"))
CASES = TABLE["cases"]


def means(kind: str, said: Any, value: When, now: datetime) -> bool:
    """Whether `value` is what the table says."""
    match kind, value:
        case "instant", Instant(at):
            return at == datetime.fromisoformat(said)
        case "date", Day(on):
            return on == date.fromisoformat(said)
        case "date_range", DateRange(start, end):
            return (start.isoformat(), end.isoformat()) == (said["start"], said["end"])
        case "interval", TimeRange(start, end):
            return [start.isoformat(), end and end.isoformat()] == [said["start"], said["end"]]
        case "window", ApproximateTime(start, end) | TimeRange(start, end):
            return datetime.fromisoformat(said["start"]) <= start <= (end or start) <= datetime.fromisoformat(said["end"])
        case "window", Instant(at):
            return datetime.fromisoformat(said["start"]) <= at <= datetime.fromisoformat(said["end"])
        case "duration", Duration():
            return bool(value.iso == said)
        case "offset", RelativeTime(anchor):
            return [anchor, value.iso] == [said["anchor"], said["offset"]]
        case "recurrence", Recurrence():
            following = [at.isoformat() for at in islice(upcoming(value, now), 3)]
            return all(at.startswith(wanted) for at, wanted in zip(following, said["next"], strict=True))
    return False


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.get('now', '')[:16]} {case['text']}".strip())
def test_a_phrase_is_read_as_meant(case: dict[str, Any]) -> None:
    now = datetime.fromisoformat(case.get("now", TABLE["now"]))
    reading = parse(case["text"], now)
    if case["kind"] == "none":
        assert reading is None
    elif case["kind"] == "error":
        assert isinstance(reading, WhenError)
        assert type(reading).__name__ == case["value"]
    else:
        assert isinstance(reading, Reading)
        wanted = [case["value"], *case.get("also", [])]
        assert any(means(case["kind"], said, reading.value, now) for said in wanted), reading
        assert reading.sure == case.get("sure", reading.sure), reading


def test_the_table_is_large_enough_to_mean_something() -> None:
    kinds = [case["kind"] for case in CASES]
    assert len(kinds) >= 180
    assert kinds.count("none") >= 40


@pytest.mark.parametrize("case", [case for case in CASES if case["kind"] == "window"], ids=lambda case: case["text"])
def test_an_approximate_time_says_that_it_is_one(case: dict[str, Any]) -> None:
    reading = parse(case["text"], datetime.fromisoformat(case.get("now", TABLE["now"])))
    assert isinstance(reading, Reading)
    assert reading.assumed
