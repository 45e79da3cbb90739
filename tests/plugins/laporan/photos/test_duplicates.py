"""Reports of the same thing are told of, and merged when the reporter says so."""

import pytest
from pendopo.model import Location
from pendopo.testing import Story
from pendopo.testing.pictures import make_exif, make_jpeg

from tests.plugins.laporan.readers import list_actions, list_photos, list_states

HERE, NEAR, FAR = Location(-6.885, 107.6136), Location(-6.8855, 107.6140), Location(-6.93, 107.60)


async def shared(story: Story, who: str, text: str, place: Location) -> None:
    actor = getattr(story, who)
    await actor.says("/laporan")
    await actor.says(text)
    await actor.says(place=place)


async def test_the_same_photo_is_recognised_and_merged_with_its_photos(story: Story) -> None:
    await story.lurah.says("/laporan banjir di RW 3", photos=[make_jpeg(1)])
    await story.advance(minutes=200)
    await story.camat.says("/laporan sampah hanyut", photos=[make_jpeg(1), make_jpeg(2)])
    await story.advance(seconds=5)
    story.camat.sees("Laporan #2 mirip #1", "Gabungkan?")
    await story.restart()
    await story.camat.presses("Gabungkan")
    assert await list_states(story) == ["menunggu", "digabung"]
    assert [report for report, _, _ in await list_photos(story)] == [1, 1, 1]
    story.camat.sees("Laporan #2 digabungkan ke #1")
    story.camat.sees("Laporan #1 bertambah dari Camat Coblong")
    assert {"laporan.gabung", "laporan.digabung"} <= set(await list_actions(story))


async def test_a_photo_saved_again_is_recognised(tale: Story) -> None:
    await tale.lurah.says("/laporan banjir", photos=[make_jpeg(5, (800, 600), quality=90)])
    await tale.advance(minutes=200)
    await tale.camat.says("/laporan genangan", photos=[make_jpeg(5, (800, 600), quality=40)])
    await tale.advance(seconds=5)
    tale.camat.sees("mirip #1")


async def test_near_by_and_of_the_same_kind_is_recognised(story: Story) -> None:
    await shared(story, "lurah", "banjir setinggi 40 cm", HERE)
    await story.advance(hours=3)
    await shared(story, "camat", "genangan air", NEAR)
    story.camat.sees("Laporan #2 mirip #1")
    await story.camat.presses("Bukan")
    assert await list_states(story) == ["menunggu", "menunggu"]
    story.camat.sees("laporan #2 tetap berdiri sendiri")


@pytest.mark.parametrize(("text", "place"), [("genangan air", FAR), ("pohon tumbang", NEAR)])
async def test_far_away_or_of_another_kind_is_another_thing(tale: Story, text: str, place: Location) -> None:
    await shared(tale, "lurah", "banjir setinggi 40 cm", HERE)
    await shared(tale, "camat", text, place)
    tale.camat.does_not_see("mirip")


async def test_a_place_that_only_the_photo_knows_counts(tale: Story) -> None:
    await shared(tale, "lurah", "banjir setinggi 40 cm", HERE)
    await tale.advance(hours=3)
    await tale.camat.says("/laporan genangan", photos=[make_jpeg(8, exif=make_exif((NEAR.latitude, NEAR.longitude)))])
    await tale.advance(seconds=5)
    tale.camat.sees("mirip #1")


async def test_days_later_it_is_another_thing(tale: Story) -> None:
    await shared(tale, "lurah", "banjir setinggi 40 cm", HERE)
    await tale.advance(hours=25)
    await shared(tale, "camat", "genangan air", NEAR)
    tale.camat.does_not_see("mirip")


async def test_two_working_bees_are_two(tale: Story) -> None:
    await tale.lurah.says("/laporan kerja bakti RW 03")
    await tale.lurah.says("/laporan kerja bakti RW 04")
    tale.lurah.does_not_see("mirip")


async def test_nobody_merges_the_report_of_another(tale: Story) -> None:
    await shared(tale, "lurah", "banjir setinggi 40 cm", HERE)
    await shared(tale, "camat", "genangan air", NEAR)
    card = tale.camat.sees("mirip")
    await tale.kadis.presses_token(card.buttons[0].token, card)
    assert await list_states(tale) == ["menunggu", "menunggu"]


@pytest.mark.parametrize("again", ["banjir setinggi lutut", "Banjir setinggi lutut!", "  banjir  setinggi, lutut."])
async def test_the_same_words_of_one_person_are_recognised_without_a_district(tale: Story, again: str) -> None:
    await tale.sekda.says("/laporan banjir setinggi lutut")
    await tale.advance(minutes=2)
    await tale.sekda.says(f"/laporan {again}")
    tale.sekda.sees("Laporan #2 mirip #1")


async def test_the_same_words_of_another_person_may_be_another_place(tale: Story) -> None:
    await tale.sekda.says("/laporan banjir setinggi lutut")
    await tale.kadis.says("/laporan banjir setinggi lutut")
    tale.kadis.does_not_see("mirip")


async def test_other_words_of_one_person_are_another_thing_without_a_district(tale: Story) -> None:
    await tale.sekda.says("/laporan banjir setinggi lutut")
    await tale.sekda.says("/laporan banjir setinggi dada")
    tale.sekda.does_not_see("mirip")
