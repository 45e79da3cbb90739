"""A secret report: groups and lists know nothing of it, and who reads it is written down."""

from pendopo.testing import Story
from pendopo.testing.pictures import make_jpeg
from pendopo_laporan.models import Laporan

from tests.plugins.laporan.readers import list_actions, list_pictures, list_states


async def test_no_group_learns_of_it(story: Story) -> None:
    await story.lurah.says("/laporan rahasia pungli di pasar", photos=[make_jpeg(1)])
    await story.advance(seconds=5)
    assert [row.rahasia for row in await story.stored.list_rows(Laporan)] == [True]
    assert story.group.messages == []
    story.camat.sees("Laporan untuk Anda", "Rahasia")
    assert list_pictures(story.camat.messages)


async def test_told_in_a_group_by_mistake_the_rest_is_private(story: Story) -> None:
    await story.lurah.says("/laporan rahasia pungli di pasar", group=True, photos=[make_jpeg(1)])
    await story.advance(seconds=5)
    story.group.sees("Laporan #1 diterima; selanjutnya secara pribadi")
    story.group.does_not_see("pungli")
    assert not list_pictures(story.group.messages)
    story.lurah.sees("#1", "ungli")


async def test_only_whom_it_concerns_read_it_and_each_reading_is_written_down(story: Story) -> None:
    await story.lurah.says("/laporan rahasia pungli di pasar", photos=[make_jpeg(1)])
    await story.advance(seconds=5)
    for text in ("/laporan 1", "/galeri 1", "/galeri unduh 1", "/peta 1", "/laporan berkas 1"):
        await story.kadis.says(text)
        story.kadis.does_not_see("pungli")
        assert not list_pictures(story.kadis.messages)
    assert "laporan.lihat_rahasia" not in await list_actions(story)
    await story.sekda.says("/laporan 1", group=True)
    story.sekda.sees("Pungli di pasar")
    story.group.does_not_see("ungli")
    await story.camat.says("/galeri 1")
    assert (await list_actions(story)).count("laporan.lihat_rahasia") == 2


async def test_it_stands_in_no_list_of_others_and_in_no_recap_in_words(tale: Story) -> None:
    await tale.lurah.says("/laporan rahasia banjir uang di pasar")
    for text in ("/galeri banjir", "/peta banjir", "/rekap laporan bulan ini"):
        await tale.kadis.says(text)
        await tale.sekda.says(text)
    for who in (tale.kadis, tale.sekda):
        who.does_not_see("uang")
    await tale.lurah.says("/laporan saya", group=True)
    tale.group.does_not_see("uang")


async def test_it_is_not_said_to_resemble_another(tale: Story) -> None:
    await tale.lurah.says("/laporan rahasia banjir uang", photos=[make_jpeg(1)])
    await tale.advance(seconds=5)
    await tale.camat.says("/laporan banjir uang", photos=[make_jpeg(1)])
    await tale.advance(seconds=5)
    tale.camat.does_not_see("mirip")
    assert await list_states(tale) == ["menunggu", "menunggu"]
