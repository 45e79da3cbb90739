"""What is mine and what waits for me."""

from pendopo.testing import Story

from tests.plugins.counting import queries

from .steps import put_to_sekda


async def test_what_waits_is_found_by_as_many_queries_however_much_it_is(story: Story) -> None:
    counts = []
    for day in range(18, 23):
        await story.kadis.says(f"/izin rakor {day} Agustus jam 9")
        await story.kadis.presses("Kirim")
        with queries(story) as made:
            await story.sekda.says("/izin tunggu")
        counts.append(len(made))
    assert "#5" in story.sekda.last.text
    assert len(set(counts)) == 1


async def test_lists_show_what_is_mine_and_what_waits_for_me(story: Story) -> None:
    await story.kadis.says("/izin saya")
    assert "belum pernah" in story.kadis.last.text
    await story.sekda.says("/izin tunggu")
    assert "Tidak ada izin yang menunggu" in story.sekda.last.text
    await put_to_sekda(story)
    await story.kadis.says("/izin saya")
    story.kadis.sees("Izin Anda:", "#1", "Rakor Bappenas", "menunggu")
    await story.sekda.says("/izin tunggu")
    story.sekda.sees("Menunggu keputusan Anda", "#1", "Kadis PU")
    await story.camat.says("/izin saya")
    story.camat.does_not_see("Bappenas")
