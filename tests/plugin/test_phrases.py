"""Sentences wait in the outbox with plain arguments."""

from pendopo.plugin.phrases import encode_value


def test_arguments_of_a_sentence_are_plain_data() -> None:
    from datetime import UTC, date, datetime
    from decimal import Decimal
    from enum import Enum

    class Warna(Enum):
        MERAH = "merah"

    assert encode_value(datetime(2026, 8, 12, tzinfo=UTC)) == {"type": "datetime", "at": "2026-08-12T00:00:00+00:00"}
    assert encode_value([date(2026, 8, 12), Decimal("1.50"), Warna.MERAH, {"a": (1, None)}]) == [
        "2026-08-12",
        "1.50",
        "merah",
        {"a": [1, None]},
    ]
