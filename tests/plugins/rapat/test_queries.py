"""What one may see of meetings and follow-ups is found by a bounded number of queries."""

from pendopo.testing import Story

from tests.plugins.counting import queries

from .meeting import give_followup


async def test_what_one_may_see_is_found_by_as_many_queries_however_much_it_is(story: Story) -> None:
    await give_followup(story)
    counts = []
    for day in range(25, 29):
        await story.sekda.says(f"/tl Susun jadwal @Lurah Dago {day} Agustus", group=True)
        with queries(story) as made:
            await story.camat.says("/tl semua")
        counts.append(len(made))
    story.camat.sees("#2 Susun jadwal", "#5 Susun jadwal")
    assert len(set(counts)) == 1
