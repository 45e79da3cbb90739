"""A thing is named by its plugin and number, in a line or on a card."""

import pytest
from pendopo_disposisi.item_references import ItemRef, find_references, parse_reference


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
