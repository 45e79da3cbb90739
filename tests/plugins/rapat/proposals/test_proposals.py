"""Proposals: by silence, by an open vote, by a secret one; and the decisions that come of them."""

import pytest
from pendopo.testing import Story
from pendopo.testing.messenger import ShownMessage
from pendopo_rapat.models.proposals import Keputusan, Kertas, Suara, Usul

from tests.plugins.rapat.meeting import attended, opened
from tests.plugins.rapat.town import arrows, capacity, note, state
from tests.tampering import change_rows, remove_rows


async def proposed(story: Story, text: str = "/usul Beli dua pompa sampai jam 12") -> None:
    await attended(story)
    await story.kadis.says(text, group=True)


def card(story: Story, actor: str) -> ShownMessage:
    return story.actor(actor).sees("Usul #1")


async def status(story: Story) -> str:
    return (await story.stored.list_rows(Usul))[0].status


async def test_whoever_says_nothing_until_the_deadline_agrees(story: Story) -> None:
    await proposed(story)
    story.group.sees(
        "Usul #1 dari Kadis PU", "Beli dua pompa", "Tidak keberatan sampai Rabu, 12 Agustus 2026, pukul 12.00 WIB = setuju"
    )
    story.lurah.sees("Usul #1", "Beli dua pompa")
    await story.lurah.presses("Abstain")
    await story.kadishub.presses("Setuju", group=True, on=story.group.sees("Usul #1", "Tidak keberatan"))
    await story.restart()
    await story.advance(minutes=64)
    assert await status(story) == "berjalan"
    await story.advance(minutes=1)
    assert await status(story) == "disepakati"
    told = story.group.sees("Disepakati. Setuju 1, keberatan 0, abstain 1, diam 2; kuorum 3")
    assert "Setuju: Kadishub" in told.text
    assert "Abstain: Lurah Dago" in told.text
    assert "Diam (= setuju): Kadis PU, Camat Coblong" in told.text


async def test_one_objection_with_its_reason_ends_it(story: Story) -> None:
    await proposed(story)
    await story.lurah.presses("Keberatan…")
    story.lurah.sees("Apa keberatannya?")
    await story.restart()
    await story.lurah.says("belum ada anggaran")
    story.lurah.sees("Suara Anda: tidak setuju")
    await story.advance(minutes=66)
    assert await status(story) == "ditolak"
    story.group.sees("Tidak disepakati", "Tidak setuju: Lurah Dago (belum ada anggaran)")


async def test_silence_of_whom_nothing_reached_is_no_consent(story: Story) -> None:
    await opened(story)
    await story.kadis.says("hadir", group=True)
    story.messenger.private_chat = lambda account: None
    for chat in await story.stored.list_table("chat"):
        if chat.person:
            await remove_rows(story.app.database, "chat", person=chat.person)
    await story.kadis.says("/usul Beli dua pompa sampai jam 12", group=True)
    await story.advance(hours=2)
    assert await status(story) == "ditolak"
    story.group.sees("Tidak disepakati", "Tidak terjangkau, jadi tidak dihitung: Kadishub, Camat Coblong, Lurah Dago")


async def test_before_the_deadline_nothing_is_agreed_by_silence_and_the_meeting_does_not_close(story: Story) -> None:
    await proposed(story)
    await story.sekda.says("/rapat tutup", group=True)
    await story.advance(seconds=1)
    story.group.sees("Masih ada usul yang berjalan (#1)")
    assert await state(story) == "berlangsung"
    await story.sekda.says("/usul tutup 1", group=True)
    await story.advance(seconds=1)
    assert await status(story) == "ditarik"
    await story.advance(hours=2)
    assert await status(story) == "ditarik"
    await story.sekda.says("/rapat tutup", group=True)
    await story.advance(seconds=1)
    assert await state(story) == "ditutup"


async def test_an_open_vote_may_be_changed_until_it_is_counted(story: Story) -> None:
    await proposed(story, "/usul Piket dua regu")
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
    assert await status(story) == "disepakati"
    story.group.sees(
        "Disepakati. Setuju 2, keberatan 1, abstain 0", "Setuju: Kadis PU, Kadishub", "Tidak setuju: Camat Coblong"
    )
    if tokens:
        await story.camat.presses_token(tokens[0], vote, group=True)
    assert [row.jawab for row in await story.stored.list_rows(Suara)] == ["setuju", "setuju", "tolak"]
    assert (await arrows(story)).count("rapat.suara") == 4


async def test_without_a_quorum_of_votes_nothing_is_agreed(story: Story) -> None:
    await proposed(story, "/usul Piket dua regu")
    vote = story.group.sees("Pemungutan suara terbuka")
    await story.kadis.presses("Setuju", group=True, on=vote)
    await story.sekda.says("/usul tutup 1", group=True)
    await story.advance(seconds=1)
    assert await status(story) == "ditolak"


async def test_a_secret_vote_tells_nobody_who_said_what(story: Story) -> None:
    await proposed(story, "/usul rahasia Ketua panitia Ibu Rina")
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
    await proposed(story, "/usul rahasia Ketua panitia Ibu Rina")
    for actor in (story.kadis, story.kadishub, story.camat):
        await actor.presses("Setuju")
    voters, papers = await story.stored.list_rows(Suara), await story.stored.list_rows(Kertas)
    assert [row.id for row in voters] == [1, 2, 3]
    assert not {row.id for row in papers} & {1, 2, 3}


async def test_a_proposal_is_taken_back_within_a_minute(story: Story) -> None:
    await proposed(story)
    await story.kadis.presses("Urungkan", group=True)
    assert await status(story) == "ditarik"
    await story.advance(hours=2)
    assert await status(story) == "ditarik"
    story.group.does_not_see("Disepakati")


@pytest.mark.parametrize("text", ["/usul", "/usul sampai jam 12"])
async def test_a_proposal_says_something(story: Story, text: str) -> None:
    await attended(story)
    await story.kadis.says(text, group=True)
    assert await story.stored.list_rows(Usul) == []


async def test_a_deadline_that_is_over_is_refused(story: Story) -> None:
    await attended(story)
    await story.kadis.says("/usul Beli pompa sampai kemarin jam 9", group=True)
    assert await story.stored.list_rows(Usul) == []


async def test_what_was_agreed_to_becomes_a_decision_by_one_touch_of_who_leads_once(story: Story) -> None:
    await proposed(story)
    await story.advance(minutes=66)
    agreed = story.group.sees("Disepakati")
    await story.kadis.presses("Jadikan keputusan", group=True, on=agreed)
    assert "hanya untuk pimpinan rapat #1: Sekda" in (story.kadis.toast or story.group.last.text)
    await story.sekda.presses("Jadikan keputusan", group=True, on=agreed)
    story.group.sees("Keputusan #1 oleh Sekda", "Beli dua pompa")
    await story.sekda.presses("Jadikan keputusan", group=True, on=agreed)
    assert [(row.isi, row.usul) for row in await story.stored.list_rows(Keputusan)] == [("Beli dua pompa", 1)]


async def test_who_leads_decides_and_nobody_else_and_not_without_a_quorum(story: Story) -> None:
    await opened(story)
    await story.sekda.says("/putus Pompa diganti", group=True)
    story.group.sees("Kuorum belum tercapai: hadir 0 dari 4, perlu 3")
    for actor in (story.kadis, story.kadishub, story.camat):
        await actor.says("hadir", group=True)
    await story.kadis.says("/putus Pompa dijual", group=True)
    story.group.sees("hanya untuk pimpinan rapat #1: Sekda")
    await story.sekda.says("/putus Pompa diganti", group=True)
    story.group.sees("Keputusan #1 oleh Sekda", "Pompa diganti")
    assert [(row.isi, row.kapasitas) for row in await story.stored.list_rows(Keputusan)] == [("Pompa diganti", "Sekda")]
    assert await capacity(story, "rapat.putus") == "Sekda"


async def test_a_decision_is_put_aside_by_one_later_one_and_by_no_second(story: Story) -> None:
    await attended(story)
    await story.sekda.says("/putus Dua pompa", group=True)
    await story.sekda.says("/putus mengganti 1 Tiga pompa", group=True)
    await story.sekda.says("/putus ganti #1: Empat pompa", group=True)
    story.group.sees("Keputusan #1 sudah diganti keputusan #2")
    assert [(row.isi, row.mengganti) for row in await story.stored.list_rows(Keputusan)] == [
        ("Dua pompa", 0),
        ("Tiga pompa", 1),
    ]
    await story.kadis.says("/keputusan 1")
    story.kadis.sees("Dua pompa", "Sudah diganti keputusan #2: Tiga pompa")
    await story.walikota.says("/keputusan 2")
    story.walikota.sees("Tiga pompa", "Mengganti keputusan #1: Dua pompa")
    assert (await note(story, "rapat.putus"))["detail"]["mengganti"] == 1


async def test_a_decision_of_another_meeting_is_not_put_aside_by_who_does_not_lead_it(story: Story) -> None:
    await attended(story)
    await story.sekda.says("/putus Dua pompa", group=True)
    await story.walikota.says("/rapat Lain hari ini jam 13 di Aula undang Kadis PU")
    await story.walikota.presses("Undang")
    await story.advance(minutes=90)
    await story.walikota.says("/rapat mulai 2")
    await story.kadis.says("/hadir 2")
    await story.walikota.says("/putus mengganti 1 Tidak ada pompa")
    story.walikota.sees("Keputusan #1 bukan dari rapat ini")
    assert len(await story.stored.list_rows(Keputusan)) == 1


async def test_the_database_itself_changes_no_decision(story: Story) -> None:
    await attended(story)
    await story.sekda.says("/putus Dua pompa", group=True)
    for change in (
        change_rows(story.app.database, "rapat_keputusan", isi="x"),
        remove_rows(story.app.database, "rapat_keputusan"),
    ):
        with pytest.raises(Exception, match="a decision is never"):
            await change
    assert [row.isi for row in await story.stored.list_rows(Keputusan)] == ["Dua pompa"]
