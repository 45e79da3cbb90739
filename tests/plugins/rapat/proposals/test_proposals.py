"""Proposals: by silence, by an open vote, by a secret one; and the decisions that come of them."""

import pytest
from pendopo.testing import Story
from pendopo.testing.messenger import ShownMessage
from pendopo_rapat.models.proposals import Usul

from tests.plugins.rapat.meeting import get_proposal_status, open_attended, open_meeting, propose
from tests.plugins.rapat.town import get_state
from tests.tampering import remove_rows


def card(story: Story, actor: str) -> ShownMessage:
    return story.actor(actor).sees("Usul #1")


async def test_whoever_says_nothing_until_the_deadline_agrees(story: Story) -> None:
    await propose(story)
    story.group.sees(
        "Usul #1 dari Kadis PU", "Beli dua pompa", "Tidak keberatan sampai Rabu, 12 Agustus 2026, pukul 12.00 WIB = setuju"
    )
    story.lurah.sees("Usul #1", "Beli dua pompa")
    await story.lurah.presses("Abstain")
    await story.kadishub.presses("Setuju", group=True, on=story.group.sees("Usul #1", "Tidak keberatan"))
    await story.restart()
    await story.advance(minutes=64)
    assert await get_proposal_status(story) == "berjalan"
    await story.advance(minutes=1)
    assert await get_proposal_status(story) == "disepakati"
    told = story.group.sees("Disepakati. Setuju 1, keberatan 0, abstain 1, diam 2; kuorum 3")
    assert "Setuju: Kadishub" in told.text
    assert "Abstain: Lurah Dago" in told.text
    assert "Diam (= setuju): Kadis PU, Camat Coblong" in told.text


async def test_one_objection_with_its_reason_ends_it(story: Story) -> None:
    await propose(story)
    await story.lurah.presses("Keberatan…")
    story.lurah.sees("Apa keberatannya?")
    await story.restart()
    await story.lurah.says("belum ada anggaran")
    story.lurah.sees("Suara Anda: tidak setuju")
    await story.advance(minutes=66)
    assert await get_proposal_status(story) == "ditolak"
    story.group.sees("Tidak disepakati", "Tidak setuju: Lurah Dago (belum ada anggaran)")


async def test_silence_of_whom_nothing_reached_is_no_consent(story: Story) -> None:
    await open_meeting(story)
    await story.kadis.says("hadir", group=True)
    story.messenger.private_chat = lambda account: None
    for chat in await story.stored.list_table("chat"):
        if chat.person:
            await remove_rows(story.app.database, "chat", person=chat.person)
    await story.kadis.says("/usul Beli dua pompa sampai jam 12", group=True)
    await story.advance(hours=2)
    assert await get_proposal_status(story) == "ditolak"
    story.group.sees("Tidak disepakati", "Tidak terjangkau, jadi tidak dihitung: Kadishub, Camat Coblong, Lurah Dago")


async def test_before_the_deadline_nothing_is_agreed_by_silence_and_the_meeting_does_not_close(story: Story) -> None:
    await propose(story)
    await story.sekda.says("/rapat tutup", group=True)
    await story.advance(seconds=1)
    story.group.sees("Masih ada usul yang berjalan (#1)")
    assert await get_state(story) == "berlangsung"
    await story.sekda.says("/usul tutup 1", group=True)
    await story.advance(seconds=1)
    assert await get_proposal_status(story) == "ditarik"
    await story.advance(hours=2)
    assert await get_proposal_status(story) == "ditarik"
    await story.sekda.says("/rapat tutup", group=True)
    await story.advance(seconds=1)
    assert await get_state(story) == "ditutup"


@pytest.mark.parametrize("text", ["/usul", "/usul sampai jam 12"])
async def test_a_proposal_says_something(story: Story, text: str) -> None:
    await open_attended(story)
    await story.kadis.says(text, group=True)
    assert await story.stored.list_rows(Usul) == []


async def test_a_deadline_that_is_over_is_refused(story: Story) -> None:
    await open_attended(story)
    await story.kadis.says("/usul Beli pompa sampai kemarin jam 9", group=True)
    assert await story.stored.list_rows(Usul) == []


async def test_a_deadline_in_doubt_is_asked_about_before_anybody_can_be_silent(story: Story) -> None:
    await propose(story, "/usul Beli dua pompa sampai tgl 9")
    assert await story.stored.list_rows(Usul) == []
    story.group.sees("Waktu mana yang dimaksud?")
