"""Sentences wait in the outbox with plain arguments."""

from datetime import UTC, datetime

import pytest
from pendopo import Button, Document, Instant, Location, Photo, RouteName, TimeRange, phrase
from pendopo.errors import PluginError
from pendopo.plugin.phrases import encode_value


def test_arguments_of_a_sentence_are_plain_data() -> None:
    from datetime import date
    from decimal import Decimal
    from enum import Enum

    class Warna(Enum):
        MERAH = "merah"

    assert encode_value(datetime(2026, 8, 12, tzinfo=UTC)) == {"type": "datetime", "at": "2026-08-12T00:00:00+00:00"}
    assert encode_value([date(2026, 8, 12), Decimal("1.50"), Warna.MERAH, {"a": (1, None)}]) == [
        {"type": "Day", "on": "2026-08-12"},
        {"type": "decimal", "value": "1.50"},
        "merah",
        {"a": [1, None]},
    ]
    assert encode_value({"a": [date(2026, 8, 12), Decimal("1.50")]}, plain=True) == {"a": ["2026-08-12", "1.50"]}


NAIVE = datetime(2026, 8, 17, 9, tzinfo=UTC).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("value", "cure"),
    [
        (Photo("0" * 64), "photo=, document= or file="),
        (Document("0" * 64, "a.xlsx"), "photo=, document= or file="),
        ([Photo("0" * 64)], "photo=, document= or file="),
        (Location(-6.9, 107.6), "name what of it is to be read"),
        ([Button("umum.ya", RouteName("uji.ya"))], r"buttons=\["),
        (object(), "object"),
    ],
)
def test_what_has_no_words_is_no_argument_of_a_sentence(value: object, cure: str) -> None:
    with pytest.raises(PluginError, match=rf"^isi= of the sentence uji\.kirim: .*{cure}"):
        phrase("uji.kirim", isi=value)


@pytest.mark.parametrize("naive", [NAIVE, Instant(NAIVE), TimeRange(NAIVE), {"mulai": NAIVE}, [NAIVE]])
def test_a_time_without_a_zone_is_no_argument_of_a_sentence(naive: object) -> None:
    with pytest.raises(PluginError, match=r"mulai= of .* uji\.x: 2026-08-17 09:00 is a time without a zone: say ctx\.at"):
        phrase("uji.x", mulai=naive)


async def test_what_was_not_awaited_is_said() -> None:
    async def nama() -> str:
        return "Rina"

    with pytest.raises(PluginError, match=r"nama\(\) was not awaited"):
        phrase("uji.halo", nama=nama())


def test_a_sentence_may_have_arguments_that_are_named_as_those_of_python() -> None:
    assert phrase("uji.halo", key=1, chat="a", person="b", sent="c").args == {"key": 1, "chat": "a", "person": "b", "sent": "c"}
