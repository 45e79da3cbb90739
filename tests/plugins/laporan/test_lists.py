"""Lists, the map, the gallery, archives and recaps."""

from io import BytesIO

import pytest
from pendopo.model import Location
from pendopo.testing import Story
from PIL import Image

from .readers import list_pictures, read_file, report_three

HERE = Location(-6.885, 107.6136)


async def test_open_reports_near_a_place(story: Story) -> None:
    await report_three(story)
    await story.kadis.says("/laporan dekat")
    story.kadis.sees("Bagikan lokasi")
    await story.kadis.says(place=Location(-6.886, 107.614))
    story.kadis.sees("Laporan terbuka di dekat lokasi itu", "120 m: ", "#1")
    story.kadis.does_not_see("#3 Jalan rusak · Kel")
    await story.kadis.says("/laporan dekat")
    await story.kadis.says(place=Location(-7.5, 108.0))
    story.kadis.sees("Tidak ada laporan terbuka dalam 2 km")


async def test_the_map_is_a_picture_with_a_list(story: Story) -> None:
    await report_three(story)
    for text in ("/peta", "/peta 1", "/peta Coblong bulan ini", "/peta bencana"):
        await story.kadis.says(text)
        shown = story.kadis.sees("Peta 1 laporan", "#1 Banjir")
        with Image.open(BytesIO(read_file(story, shown))) as image:
            assert image.format == "PNG"
    await story.kadis.says("/peta Cijawura")
    story.kadis.sees("Tidak ada laporan berlokasi")


@pytest.mark.parametrize("text", ["/laporan 99", "/galeri 99", "/peta 99", "/galeri unduh 99", "/laporan tutup 99"])
async def test_a_number_that_is_none_is_told(tale: Story, text: str) -> None:
    await tale.sekda.says(text)
    tale.sekda.sees("99")
    assert not list_pictures(tale.sekda.messages)
