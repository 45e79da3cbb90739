"""The state machine of a disposisi, its colours, and how a line is read."""

from datetime import UTC, datetime, timedelta

import pytest
from pendopo import Item, Person, UserError, phrase
from pendopo_disposisi.item_references import ItemRef, find_references, parse_reference
from pendopo_disposisi.models import MOVES, Disposisi, Status

NOW = datetime(2026, 8, 12, 3, 20, tzinfo=UTC)
SEKDA, CAMAT = Person(1, "Bambang", "Sekda"), Person(2, "Hendra", "Camat")


def disposisi(status: str = Status.SENT) -> Disposisi:
    made = Disposisi.for_item(Item("izin/27", phrase("x")), SEKDA, CAMAT, "cek pompa", NOW)
    made.id, made.status = 12, status
    return made


@pytest.mark.parametrize("status", MOVES)
@pytest.mark.parametrize("to", MOVES)
def test_it_goes_only_where_it_may(status: str, to: str) -> None:
    one = disposisi(status)
    if to in MOVES[status]:
        assert one.enter_state(to, NOW) == status
        assert one.status == to
    else:
        with pytest.raises(UserError, match=r"disposisi\.sudah"):
            one.enter_state(to, NOW)
        assert one.status == status


@pytest.mark.parametrize(
    ("status", "left", "colour"),
    [
        (Status.SENT, None, "⚪"),
        (Status.SENT, timedelta(days=3), "🟢"),
        (Status.RECEIVED, timedelta(days=2) - timedelta(seconds=1), "🟡"),
        (Status.RECEIVED, timedelta(seconds=-1), "🔴"),
        (Status.ANSWERED, timedelta(seconds=-1), "☑️"),
        (Status.CLOSED, timedelta(seconds=-1), "✅"),
        (Status.RECALLED, None, "✖️"),
    ],
)
def test_its_colour(status: str, left: timedelta | None, colour: str) -> None:
    one = disposisi(status)
    one.tenggat = NOW + left if left is not None else None
    assert one.get_colour(NOW) == colour


@pytest.mark.parametrize(
    ("text", "ref", "rest"),
    [
        ("311 Kadis PU cek", ItemRef(311), "Kadis PU cek"),
        ("#311 Kadis PU cek", ItemRef(311), "Kadis PU cek"),
        ("izin 27 Kadis PU cek", ItemRef(27, "izin"), "Kadis PU cek"),
        ("Ijin no. 27: Kadis PU cek", ItemRef(27, "izin"), "Kadis PU cek"),
        ("laporan #311, Kadis PU cek", ItemRef(311, "laporan"), "Kadis PU cek"),
        ("Kadis PU cek RW 03", ItemRef(), "Kadis PU cek RW 03"),
        ("Kadis PU cek jam 10.30", ItemRef(), "Kadis PU cek jam 10.30"),
        ("", ItemRef(), ""),
    ],
)
def test_the_item_a_line_begins_with(text: str, ref: ItemRef, rest: str) -> None:
    assert parse_reference(text) == (ref, rest)


def test_the_items_a_card_speaks_of() -> None:
    assert list(find_references("Izin #27 · Kadis PU\n⚠ bentrok: Rapat #12")) == [ItemRef(27, "izin"), ItemRef(12, "rapat")]
