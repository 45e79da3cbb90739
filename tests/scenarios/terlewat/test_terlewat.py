"""What somebody missed: on one screen, in their language, at their hours, and nothing when there is nothing."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from pendopo.testing import Story
from pendopo_akun import plugin as akun
from pendopo_izin import plugin as izin
from pendopo_laporan import plugin as laporan
from pendopo_rapat import plugin as rapat
from pendopo_terlewat import plugin as terlewat

WEDNESDAY = datetime(2026, 8, 12, 3, 20, tzinfo=UTC)
"""10.20 WIB"""


PLUGINS = [akun, izin, laporan, rapat, terlewat]


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    async with Story(PLUGINS, start=WEDNESDAY) as told:
        yield told


async def test_it_works_on_either_database(database_url: str) -> None:
    async with Story(PLUGINS, database=database_url, start=WEDNESDAY) as story:
        await asked(story)
        await story.sekda.says("/terlewat atur 07.00 11.10")
        await story.sekda.says("/terlewat")
        story.sekda.sees("Menunggu Anda (1)", "Izin #1 Kadis PU")
        await story.advance(minutes=51)
        assert await digests(story) == 3


async def asked(story: Story, text: str = "/izin besok jam 9 rapat koordinasi") -> None:
    await story.kadis.says(text)
    await story.kadis.presses("Kirim")


async def digests(story: Story) -> int:
    return sum("Ringkasan" in shown.text for shown in story.sekda.messages)


async def test_what_waits_and_what_is_urgent_comes_on_one_screen(story: Story) -> None:
    await asked(story)
    await story.lurah.says("/laporan kebakaran di Kel. Dago")
    await story.sekda.says("/terlewat")
    said = story.sekda.last.text
    assert "Menunggu Anda" in said
    assert "Izin #1 Kadis PU" in said
    assert "🚨 Darurat #1 Kebakaran" in said
    assert "1 laporan terbuka" in said
    assert len(said) <= 1500


async def test_with_very_much_it_is_still_one_screen_and_says_how_much_more_there_is(story: Story) -> None:
    for number in range(12):
        await asked(story, f"/izin besok jam {number + 8} rapat koordinasi yang sangat panjang sekali namanya {'x' * 60}")
    await story.sekda.says("/terlewat")
    assert "Menunggu Anda (12)" in story.sekda.last.text
    assert "… dan 6 lagi" in story.sekda.last.text
    assert len(story.sekda.last.text) <= 1500


async def test_whoever_missed_nothing_is_told_so(story: Story) -> None:
    await story.lurah.says("/terlewat")
    story.lurah.sees("Tidak ada yang Anda lewatkan")


async def test_news_is_told_once(story: Story) -> None:
    await story.lurah.says("/laporan kebakaran di Kel. Dago")
    await story.kadishub.says("/terlewat")
    story.kadishub.sees("Darurat #1")
    await story.advance(minutes=1)
    await story.kadishub.says("/terlewat")
    assert "Darurat" not in story.kadishub.last.text


async def test_in_a_group_it_is_answered_privately(story: Story) -> None:
    await asked(story)
    await story.sekda.says("halo")
    await story.sekda.says("/terlewat", group=True)
    story.group.sees("Saya jawab di percakapan pribadi")
    story.group.does_not_see("Izin #1 Kadis PU:")
    story.sekda.sees("Menunggu Anda", "Izin #1 Kadis PU")


async def test_it_comes_by_itself_in_the_afternoon_and_in_the_morning_of_working_days(story: Story) -> None:
    await asked(story, "/izin 21 Agustus jam 9 rapat koordinasi")
    await story.advance(hours=6, minutes=9)  # 16.29
    assert await digests(story) == 0
    await story.advance(minutes=2)
    assert await digests(story) == 1
    await story.advance(hours=14, minutes=28)  # 06.59 on Thursday
    assert await digests(story) == 1
    await story.advance(minutes=2)
    assert await digests(story) == 2
    await story.advance(days=1)  # Friday
    assert await digests(story) == 4
    await story.advance(days=2)  # over the weekend only the one of Friday afternoon
    assert await digests(story) == 5
    await story.advance(days=1)  # Monday 17 August is a holiday
    assert await digests(story) == 5


async def test_nothing_comes_when_there_is_nothing(story: Story) -> None:
    await story.lurah.says("halo")
    before = len(story.lurah.messages)
    await story.advance(days=2)
    assert len(story.lurah.messages) == before


async def test_everybody_chooses_their_hours(story: Story) -> None:
    await asked(story, "/izin 21 Agustus jam 9 rapat koordinasi")
    await story.sekda.says("/terlewat atur tidak 11.10")
    story.sekda.sees("Ringkasan Anda datang pukul 11.10")
    await story.advance(minutes=51)
    assert story.sekda.last.text.count("Menunggu Anda") == 1
    before = len(story.sekda.messages)
    await story.advance(hours=20)
    assert not any("Ringkasan ·" in shown.text for shown in story.sekda.messages[before:])


async def test_no_digest_comes_in_quiet_hours_but_when_they_end(story: Story) -> None:
    await asked(story, "/izin 21 Agustus jam 9 rapat koordinasi")
    await story.sekda.says("/terlewat tenang 16.00 17.15")
    await story.advance(hours=6, minutes=50)  # 17.10
    assert not any("Ringkasan ·" in shown.text for shown in story.sekda.messages)
    await story.advance(minutes=10)
    assert any("Ringkasan ·" in shown.text for shown in story.sekda.messages)


async def test_a_clock_that_is_none_is_asked_for_again(story: Story) -> None:
    await story.sekda.says("/terlewat atur 25.00 16.30")
    story.sekda.sees("bukan jam")


async def test_it_is_in_the_language_of_whom_it_is_for(story: Story) -> None:
    await asked(story, "/izin 21 Agustus jam 9 rapat koordinasi")
    await story.sekda.says("/bahasa su")
    await story.advance(hours=7)
    story.sekda.sees("Ringkesan", "Ngantosan Anjeun")


async def test_the_hours_are_chosen_on_the_dashboard_too(story: Story) -> None:
    page = await story.sekda.opens("/terlewat/atur")
    await page.submits_form("Simpan ringkasan", pagi="08:00", sore="", tenang_mulai="21:00", tenang_selesai="05:30")
    again = await story.sekda.opens("/terlewat/atur")
    again.sees("08:00", "21:00", "05:30")
    again.does_not_see("16:30")
