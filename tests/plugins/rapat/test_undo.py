"""What was just put into a group can be taken back for a minute."""

from pendopo.testing import Story
from pendopo_rapat.models.minutes import Butir

from .meeting import call_meeting, get_followup_status, get_proposal_status, give_followup, propose


async def test_an_item_is_taken_back_within_a_minute_by_who_put_it(story: Story) -> None:
    await call_meeting(story)
    await story.kadis.says("/agenda tambah 1 Salah ketik", group=True)
    await story.kadis.presses("Urungkan", group=True)
    assert await story.stored.list_rows(Butir) == []
    await story.kadis.says("/agenda tambah 1 Benar", group=True)
    added = story.group.sees("Butir 1 rapat #1: Benar")
    await story.advance(seconds=61)
    await story.kadis.presses("Urungkan", group=True, on=added)
    assert "Sudah lewat satu menit" in (story.kadis.toast or story.group.last.text)
    assert [row.isi for row in await story.stored.list_rows(Butir)] == ["Benar"]


async def test_a_proposal_is_taken_back_within_a_minute(story: Story) -> None:
    await propose(story)
    await story.kadis.presses("Urungkan", group=True)
    assert await get_proposal_status(story) == "ditarik"
    await story.advance(hours=2)
    assert await get_proposal_status(story) == "ditarik"
    story.group.does_not_see("Disepakati")


async def test_it_is_taken_back_within_a_minute(story: Story) -> None:
    await give_followup(story)
    await story.sekda.presses("Urungkan", group=True)
    assert await get_followup_status(story) == "dibatalkan"
    story.kadis.sees("Tindak lanjut #1 (Ganti pompa) diurungkan")
    await story.advance(days=10)
    story.kadis.does_not_see("⏰ Tindak lanjut")
