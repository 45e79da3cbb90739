"""Before a meeting: a reminder that goes with something in a calendar moves with it, and goes with it when it is called off."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo import Context, Instant, Plugin, RestOfText, phrase
from pendopo.testing import Story
from pendopo_ingatkan import plugin as ingatkan

rapat = Plugin("rapat", summary="Rapat untuk uji", policy="known")


@rapat.command("rapat")
async def adakan(ctx: Context, nomor: int, waktu: Instant, judul: RestOfText) -> None:
    """Put a meeting into the calendars of the two who are invited, or move it."""
    invited = [ctx.person, *ctx.people.with_role("kepala_opd", ctx.now)]
    end = waktu.at.replace(hour=waktu.at.hour + 1)
    ctx.calendar.put_entry(
        f"{nomor}", "meeting", invited, waktu.at, end, phrase("umum.pilihan", teks=f"Rapat #{nomor} {judul}")
    )


@rapat.command("rapatbatal")
async def batalkan(ctx: Context, nomor: int) -> None:
    """Take a meeting out of the calendars."""
    ctx.calendar.remove_entry(f"{nomor}")


@pytest.fixture
async def story(tmp_path: Path, profile: str) -> AsyncIterator[Story]:
    async with Story([ingatkan, rapat], database=f"sqlite:///{tmp_path}/x.db", profile=profile) as told:
        yield told


async def test_so_long_before_a_meeting_it_comes(story: Story) -> None:
    await story.sekda.says("/rapat 12 besok jam 10 Penanganan Sampah")
    await story.kadis.says("/ingatkan 15 menit sebelum rapat 12 bawa data")
    story.kadis.sees(
        "Bawa data", "Kamis, 13 Agustus 2026, pukul 09.45 WIB", "15 menit sebelum Rapat #12 Penanganan Sampah; ikut"
    )
    await story.advance(hours=23)
    assert "⏰ Pengingat #1" not in story.kadis.last.text.split("\n")[0] or "untuk Anda" in story.kadis.last.text
    await story.advance(minutes=25)
    assert story.kadis.last.text.startswith("⏰ Pengingat #1\nBawa data")


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("15 menit sebelum rapat #12", "Kamis, 13 Agustus 2026, pukul 09.45 WIB"),
        ("1 jam sebelum rapat no 12", "Kamis, 13 Agustus 2026, pukul 09.00 WIB"),
        ("10 menit setelah rapat 12", "Kamis, 13 Agustus 2026, pukul 10.10 WIB"),
        ("15 menit sebelum rapat", "Kamis, 13 Agustus 2026, pukul 09.45 WIB"),
    ],
)
async def test_a_meeting_is_named_by_its_number_or_its_title(story: Story, said: str, at: str) -> None:
    await story.sekda.says("/rapat 12 besok jam 10 Penanganan Sampah")
    await story.kadis.says(f"/ingatkan saya {said}")
    story.kadis.sees("Rapat #12 Penanganan Sampah", at)


async def test_the_day_before_at_a_clock(story: Story) -> None:
    await story.sekda.says("/rapat 12 Jumat jam 10 Penanganan Sampah")
    await story.kadis.says("/ingatkan H-1 rapat 12 jam 8 bawa data")
    story.kadis.sees("Bawa data", "Kamis, 13 Agustus 2026, pukul 08.00 WIB")


async def test_it_moves_with_the_meeting_also_after_a_restart(story: Story) -> None:
    await story.sekda.says("/rapat 12 besok jam 10 Penanganan Sampah")
    await story.kadis.says("/ingatkan 15 menit sebelum rapat 12 bawa data")
    await story.restart()
    await story.sekda.says("/rapat 12 besok jam 14 Penanganan Sampah")
    await story.advance(seconds=1)
    before = len(story.kadis.messages)
    await story.advance(days=1)
    assert len(story.kadis.messages) == before
    await story.kadis.says("/ingatkan daftar")
    story.kadis.sees("Kamis, 13 Agustus 2026, pukul 13.45 WIB")
    await story.advance(hours=4)
    assert story.kadis.last.text.startswith("⏰ Pengingat #1\nBawa data")


async def test_what_has_come_comes_again_for_a_meeting_put_off(story: Story) -> None:
    await story.sekda.says("/rapat 12 besok jam 10 Penanganan Sampah")
    await story.kadis.says("/ingatkan 15 menit sebelum rapat 12 bawa data")
    await story.advance(hours=23, minutes=26)
    assert story.kadis.last.text.startswith("⏰ Pengingat #1\nBawa data")
    await story.sekda.says("/rapat 12 lusa jam 10 Penanganan Sampah")
    await story.advance(seconds=1)
    before = len(story.kadis.messages)
    await story.advance(days=2, hours=1)
    assert "⏰ Pengingat #1\nBawa data" in "".join(shown.text for shown in story.kadis.messages[before:])


async def test_a_meeting_pulled_nearer_than_the_distance_is_told_at_once(story: Story) -> None:
    await story.sekda.says("/rapat 12 besok jam 10 Penanganan Sampah")
    await story.kadis.says("/ingatkan 1 jam sebelum rapat 12 bawa data")
    await story.sekda.says("/rapat 12 hari ini jam 11 Penanganan Sampah")
    await story.advance(seconds=1)
    assert story.kadis.last.text.startswith("⏰ Pengingat #1\nBawa data")


async def test_with_a_meeting_called_off_it_is_gone_and_that_is_said(story: Story) -> None:
    await story.sekda.says("/rapat 12 besok jam 10 Penanganan Sampah")
    await story.kadis.says("/ingatkan 15 menit sebelum rapat 12 bawa data")
    await story.sekda.says("/rapatbatal 12")
    await story.advance(seconds=1)
    story.kadis.sees("Pengingat #1 (Bawa data) dihapus, karena Rapat #12 Penanganan Sampah dibatalkan")
    before = len(story.kadis.messages)
    await story.advance(days=2)
    assert len(story.kadis.messages) == before


async def test_one_that_is_given_another_time_stays_when_the_meeting_moves(story: Story) -> None:
    await story.sekda.says("/rapat 12 besok jam 10 Penanganan Sampah")
    await story.kadis.says("/ingatkan 15 menit sebelum rapat 12 bawa data")
    await story.kadis.presses("Ubah waktu")
    await story.kadis.says("besok jam 8")
    await story.sekda.says("/rapatbatal 12")
    await story.advance(seconds=1)
    await story.kadis.says("/ingatkan daftar")
    story.kadis.sees("Kamis, 13 Agustus 2026, pukul 08.00 WIB")


async def test_of_a_meeting_of_others_nothing_is_learnt(story: Story) -> None:
    await story.sekda.says("/rapat 12 besok jam 10 Penanganan Sampah")
    await story.camat.says("/ingatkan 15 menit sebelum rapat 12 bawa data")
    story.camat.sees("rapat 12 tidak ada di kalender Anda")
    await story.camat.says("besok jam 9")
    story.camat.sees("Pengingat #1", "Bawa data")


async def test_the_group_is_reminded_before_a_meeting(story: Story) -> None:
    await story.sekda.says("/rapat 12 besok jam 10 Penanganan Sampah")
    await story.sekda.says("/ingatkan grup 15 menit sebelum rapat 12", group=True)
    await story.advance(hours=23, minutes=26)
    assert "Rapat #12 Penanganan Sampah" in story.group.last.text
