"""Whoever decides on leave may call back from it; the days that were not taken stay with who had them."""

import pytest
from pendopo.testing import Story

from tests.plugins.izin.steps import list_states


async def grant_leave(story: Story, text: str = "/izin cuti 13-14 Agustus dan 18-21 Agustus") -> None:
    await story.kadis.says(text)
    await story.kadis.presses("Kirim")
    await story.sekda.says("/setuju 1")
    await story.walikota.says("/setuju 1")


@pytest.mark.parametrize(
    ("hours", "left"),
    [
        (0, "12"),  # it has not begun
        (20, "12"),  # before the offices open on its first day
        (23, "11½"),
        (27, "11"),
        (6 * 24 - 2, "9½"),  # in the morning of Tuesday the 18th, after a Thursday and a Friday
    ],
)
async def test_days_that_were_not_taken_are_given_back(story: Story, hours: int, left: str) -> None:
    await grant_leave(story, "/izin cuti 13-21 Agustus")
    await story.advance(hours=hours)
    await story.walikota.says("/izin panggil 1 karena tanggap darurat banjir")
    assert await list_states(story) == ["dipanggil"]
    story.kadis.sees("Wali Kota memanggil Anda kembali dari izin #1", "tanggap darurat banjir", "tetap milik Anda")
    story.sekda.sees("Kadis PU dipanggil kembali dari izin #1")
    await story.kadis.says("/izin saldo")
    story.kadis.sees(f"cuti: {left} dari 12 hari kerja")
    await story.kadis.says("/izin siapa 21 Agustus")
    assert "Kadis PU" not in story.kadis.last.text


async def test_the_superior_who_advised_may_call_back_and_is_asked_why(story: Story) -> None:
    await grant_leave(story, "/izin cuti 13-21 Agustus")
    await story.sekda.says("/izin panggil 1")
    assert "Untuk kepentingan dinas apa?" in story.sekda.last.text
    await story.sekda.says("tanggap darurat")
    assert await list_states(story) == ["dipanggil"]


async def test_nobody_else_calls_back(story: Story) -> None:
    await grant_leave(story, "/izin cuti 13-21 Agustus")
    for who in (story.camat, story.kadishub, story.kadis):
        await who.says("/izin panggil 1 karena perlu")
        who.sees("Hanya yang memutuskan izin #1")
    assert await list_states(story) == ["disetujui"]


@pytest.mark.parametrize("text", ["/izin sakit 12-14 Agustus", "/izin cuti melahirkan 13 Agustus s.d. 12 Oktober"])
async def test_from_illness_and_birth_nobody_is_called_back(story: Story, text: str) -> None:
    await grant_leave(story, text)
    await story.sekda.says("/izin panggil 1 karena perlu")
    assert "tidak dapat dipanggil kembali" in story.sekda.last.text


async def test_what_is_not_granted_is_not_called_back(story: Story) -> None:
    await story.kadis.says("/izin cuti 13-21 Agustus")
    await story.kadis.presses("Kirim")
    await story.sekda.says("/izin panggil 1 karena perlu")
    assert "menunggu" in story.sekda.last.text


async def test_leave_that_is_broken_off_keeps_the_days_it_took(story: Story) -> None:
    await grant_leave(story, "/izin cuti 13-21 Agustus")
    await story.advance(hours=5 * 24 + 22)  # Tuesday the 18th, 08.20
    await story.kadis.says("/izin batal 1 karena sudah selesai")
    await story.kadis.says("/izin saldo")
    story.kadis.sees("cuti: 9½ dari 12 hari kerja")
