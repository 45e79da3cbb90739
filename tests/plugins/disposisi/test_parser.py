"""What the words of a disposisi say: the thing it is about, and until when."""

import pytest
from pendopo.testing import Story
from pendopo_disposisi.parser import ItemRef, find_references, parse_reference

from .steps import hand_down


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
def test_a_line_may_begin_with_the_thing_it_is_about(text: str, ref: ItemRef, rest: str) -> None:
    assert parse_reference(text) == (ref, rest)


def test_all_things_that_a_card_names_are_found() -> None:
    assert list(find_references("Izin #27 · Kadis PU\n⚠ bentrok: Rapat #12")) == [ItemRef(27, "izin"), ItemRef(12, "rapat")]


# -- What was said of a deadline means the end of office hours.


async def test_before_tomorrow_said_after_office_hours_is_until_the_offices_open(story: Story) -> None:
    await story.advance(days=1, hours=7)  # Thursday, 17.20
    await hand_down(story, "/disposisi Camat Coblong cek pompa sebelum Jumat")
    story.camat.sees("Disposisi #1", "Tenggat: Jumat, 14 Agustus 2026, pukul 07.30 WIB")


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("Jumat", "Jumat, 14 Agustus 2026, pukul 16.30 WIB"),  # offices close later on a Friday
        ("20 Agustus", "Kamis, 20 Agustus 2026, pukul 16.00 WIB"),
        ("10 Februari 2027", "Rabu, 10 Februari 2027, pukul 15.00 WIB"),  # Ramadan
    ],
)
async def test_a_day_ends_when_offices_close_on_it(story: Story, said: str, until: str) -> None:
    await hand_down(story, f"/disposisi Camat Coblong cek pompa {said}")
    story.camat.sees("Disposisi #1", f"Tenggat: {until}")
