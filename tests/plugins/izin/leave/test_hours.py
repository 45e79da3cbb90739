"""Coming late, leaving early and going out have the hours that people mean, and cost no leave."""

import pytest
from pendopo.testing import Story
from pendopo_izin.models import Izin


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/izin datang terlambat besok jam 9", "pukul 07.30–09.00"),
        ("/izin telat besok jam 08.15", "pukul 07.30–08.15"),
        ("/izin terlambat besok jam 10 mengantar anak", "pukul 07.30–10.00"),
        ("/izin pulang cepat besok jam 14", "pukul 14.00–16.00"),
        ("/izin pulang awal besok jam 15.00", "pukul 15.00–16.00"),
        ("/izin pulang cepat Jumat jam 15.00", "pukul 15.00–16.30"),  # offices close later on a Friday
        ("/izin keluar kantor besok jam 10-12", "pukul 10.00–12.00"),
    ],
)
async def test_the_hours_are_those_that_are_missed(story: Story, text: str, shown: str) -> None:
    await story.kadis.says(text)
    story.kadis.sees("Jenis: izin jam", shown, "Kirim?")
    assert "Sisa jatah" not in story.kadis.last.text


@pytest.mark.parametrize("text", ["/izin datang terlambat besok", "/izin pulang cepat 13-14 Agustus"])
async def test_without_hours_they_are_asked_for(story: Story, text: str) -> None:
    await story.kadis.says(text)
    assert "memerlukan jamnya" in story.kadis.last.text


async def test_other_izin_with_one_clock_stay_as_they_are(story: Story) -> None:
    await story.kadis.says("/izin rakor besok jam 9")
    (row,) = await story.stored.list_rows(Izin)
    assert (row.selesai - row.mulai).total_seconds() == 2 * 3600


async def test_an_open_izin_on_a_friday_ends_when_offices_close_then(story: Story) -> None:
    await story.kadis.says("/izin Jumat mulai jam 13.00 ke bank")
    (row,) = await story.stored.list_rows(Izin)
    assert (row.selesai - row.mulai).total_seconds() == 3.5 * 3600
