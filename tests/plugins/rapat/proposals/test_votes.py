"""Votes are counted as they were last said, and secret ones tell nobody who said what."""

from pendopo.testing import Story
from pendopo_rapat.models.proposals import Kertas, Suara

from tests.plugins.rapat.meeting import get_proposal_status, propose
from tests.plugins.rapat.town import list_actions


async def test_an_open_vote_may_be_changed_until_it_is_counted(story: Story) -> None:
    await propose(story, "/usul Piket dua regu")
    vote = story.group.sees("Pemungutan suara terbuka")
    tokens = [choice.token for choice in vote.buttons]
    await story.kadis.presses("Setuju", group=True, on=vote)
    await story.kadishub.presses("Tidak setuju", group=True, on=vote)
    await story.kadishub.presses("Setuju", group=True, on=vote)
    await story.camat.presses("Tidak setuju", group=True, on=vote)
    await story.lurah.presses("Setuju", group=True, on=vote)
    assert "Yang bersuara hanya yang hadir" in (story.lurah.toast or story.group.last.text)
    await story.sekda.says("/usul tutup 1", group=True)
    await story.advance(seconds=1)
    assert await get_proposal_status(story) == "disepakati"
    story.group.sees(
        "Disepakati. Setuju 2, keberatan 1, abstain 0", "Setuju: Kadis PU, Kadishub", "Tidak setuju: Camat Coblong"
    )
    if tokens:
        await story.camat.presses_token(tokens[0], vote, group=True)
    assert [row.jawab for row in await story.stored.list_rows(Suara)] == ["setuju", "setuju", "tolak"]
    assert (await list_actions(story)).count("rapat.suara") == 4


async def test_without_a_quorum_of_votes_nothing_is_agreed(story: Story) -> None:
    await propose(story, "/usul Piket dua regu")
    vote = story.group.sees("Pemungutan suara terbuka")
    await story.kadis.presses("Setuju", group=True, on=vote)
    await story.sekda.says("/usul tutup 1", group=True)
    await story.advance(seconds=1)
    assert await get_proposal_status(story) == "ditolak"


async def test_a_secret_vote_tells_nobody_who_said_what(story: Story) -> None:
    await propose(story, "/usul rahasia Ketua panitia Ibu Rina")
    assert [choice.title for choice in story.group.sees("Pemungutan suara rahasia").buttons] in ([], ["Urungkan"])
    for actor, answer in ((story.kadis, "Setuju"), (story.kadishub, "Tidak setuju"), (story.camat, "Setuju")):
        await actor.presses(answer)
        actor.sees("Suara Anda sudah masuk, tanpa nama")
    await story.kadis.says("/usul daftar 1")
    await story.kadis.presses("Tidak setuju", on=story.kadis.last)
    assert "sudah memberikan suara" in (story.kadis.toast or story.kadis.last.text)
    await story.sekda.says("/usul tutup 1", group=True)
    await story.advance(seconds=1)
    told = story.group.sees("Disepakati. Setuju 2, keberatan 1")
    assert "Kadis" not in told.text.split("\n", 2)[2]
    assert {row.jawab for row in await story.stored.list_rows(Suara)} == {""}
    assert sorted(row.jawab for row in await story.stored.list_rows(Kertas)) == ["setuju", "setuju", "tolak"]
    spoken = await story.stored.list_audit_lines("rapat.suara")
    assert len(spoken) == 3
    assert not any("setuju" in str(line.body) or "tolak" in str(line.body) for line in spoken)


async def test_the_papers_of_a_secret_vote_lie_in_no_order(story: Story) -> None:
    await propose(story, "/usul rahasia Ketua panitia Ibu Rina")
    for actor in (story.kadis, story.kadishub, story.camat):
        await actor.presses("Setuju")
    voters, papers = await story.stored.list_rows(Suara), await story.stored.list_rows(Kertas)
    assert [row.id for row in voters] == [1, 2, 3]
    assert not {row.id for row in papers} & {1, 2, 3}
