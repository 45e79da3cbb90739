"""JSON of strangers: what is missing or of another shape is not there, and nothing of it raises."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pendopo.adapters.foreign_json import (
    UnreadableError,
    find_value,
    get_degrees,
    get_int,
    get_list,
    get_number,
    get_object,
    get_objects,
    get_text,
    get_time,
    parse_object,
    require_time,
)

STRANGE: tuple[Any, ...] = (None, True, 7, 1.5, "x", [], [1], {}, {"a": []}, {"a": {"b": None}})


@pytest.mark.parametrize("value", STRANGE)
def test_a_path_that_leads_nowhere_finds_nothing(value: Any) -> None:
    assert find_value(value, "a", "b", "c") is None
    assert get_object(value, "a", "b") == {}
    assert get_list(value, "a", "b") == get_objects(value, "a", "b") == []
    assert get_text(value, "a", "b") == ""
    assert [read(value, "a", "b") for read in (get_int, get_number, get_time)] == [None] * 3


def test_a_text_may_come_as_a_whole_number_and_holds_no_nul() -> None:
    assert get_text({"a": {"b": "x\0y"}}, "a", "b") == "xy"
    assert get_text({"a": 12}, "a") == "12"
    assert get_text({"a": True}, "a") == get_text({"a": 1.5}, "a") == ""


def test_a_number_may_come_as_text_and_is_finite() -> None:
    assert get_number({"a": "-6.9"}, "a") == -6.9
    assert [get_number({"a": value}, "a") for value in (True, "nan", "1e999", 10**400, "enam")] == [None] * 5
    assert get_int({"a": True}, "a") is get_int({"a": "6"}, "a") is None


@pytest.mark.parametrize(
    ("latitude", "longitude", "found"),
    [(-6.9, 107.6, (-6.9, 107.6)), ("-6.9", "107.6", (-6.9, 107.6)), (91, 0, None), (0, -181, None), (0, None, None)],
)
def test_a_place_is_one_on_earth(latitude: object, longitude: object, found: object) -> None:
    assert get_degrees({"at": {"latitude": latitude, "longitude": longitude}}, "at") == found


@pytest.mark.parametrize("written", [1_750_000_000, "1750000000", 1_750_000_000_000])
def test_a_time_is_in_seconds_or_milliseconds(written: object) -> None:
    assert require_time({"at": written}, "at") == datetime(2025, 6, 15, 15, 6, 40, tzinfo=UTC)


@pytest.mark.parametrize("written", [None, 0, -1, "kemarin", 10**30])
def test_what_is_no_time_is_named(written: object) -> None:
    with pytest.raises(UnreadableError, match=r"^at is "):
        require_time({"at": written}, "at")


def test_half_a_surrogate_pair_is_mended_in_keys_too() -> None:
    assert parse_object(b'{"\\ud83d": ["\\udc00 a", "\\ud83d\\ude00"]}') == {"\ufffd": ["\ufffd a", "😀"]}


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"a": NaN}', b'{"a": "\xff"}', b'{"a":' * 10_000])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  any of JSON's own will do
        parse_object(body)
