"""What somebody missed: on one screen, in their language, at their hours, and nothing when there is nothing."""

import pytest
from pendopo.testing import Story

from .steps import PLUGINS, WEDNESDAY, send_izin


async def test_it_works_on_either_database(database_url: str) -> None:
    async with Story(PLUGINS, database=database_url, start=WEDNESDAY) as story:
        await send_izin(story)
        await story.sekda.says("/terlewat atur 07.00 11.10")
        await story.sekda.says("/terlewat")
        story.sekda.sees("Menunggu Anda (1)", "Izin #1 Kadis PU")
        await story.advance(minutes=51)
        assert await digests(story) == 3


async def digests(story: Story) -> int:
    return sum("Ringkasan" in shown.text for shown in story.sekda.messages)


async def test_what_waits_and_what_is_urgent_comes_on_one_screen(story: Story) -> None:
    await send_izin(story)
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
        await send_izin(story, f"/izin besok jam {number + 8} rapat koordinasi yang sangat panjang sekali namanya {'x' * 60}")
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
    await send_izin(story)
    await story.sekda.says("halo")
    await story.sekda.says("/terlewat", group=True)
    story.group.sees("Saya jawab di percakapan pribadi")
    story.group.does_not_see("Izin #1 Kadis PU:")
    story.sekda.sees("Menunggu Anda", "Izin #1 Kadis PU")


async def test_it_comes_by_itself_in_the_afternoon_and_in_the_morning_of_working_days(story: Story) -> None:
    await send_izin(story, "/izin 21 Agustus jam 9 rapat koordinasi")
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


async def test_it_is_in_the_language_of_whom_it_is_for(story: Story) -> None:
    await send_izin(story, "/izin 21 Agustus jam 9 rapat koordinasi")
    await story.sekda.says("/bahasa su")
    await story.advance(hours=7)
    story.sekda.sees("Ringkesan", "Ngantosan Anjeun")


@pytest.mark.parametrize("since", ["sejak Senin", "sejak tgl 10", "sejak Senin jam 7", "sejak kemarin"])
async def test_since_looks_back(story: Story, since: str) -> None:
    await send_izin(story)
    await story.sekda.says(f"/terlewat {since}")
    assert "rapat koordinasi" in story.sekda.last.text.lower()


async def test_an_all_clear_names_the_day_looked_back_to(story: Story) -> None:
    await story.sekda.says("/terlewat sejak Senin")
    assert story.sekda.last.text == "Tidak ada yang Anda lewatkan sejak Senin, 10 Agustus 2026."


async def test_nothing_can_have_been_missed_since_tomorrow(story: Story) -> None:
    await story.sekda.says("/terlewat sejak besok")
    assert "belum tiba" in story.sekda.last.text
