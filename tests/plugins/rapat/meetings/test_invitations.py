"""Invitations are answered, passed on, repeated, and reminded of."""

from pendopo.testing import Story

from tests.plugins.rapat.meeting import call_tomorrow
from tests.plugins.rapat.town import get_state, list_actions, read_note


async def test_an_invitation_is_answered_by_touch_word_or_number_and_may_be_answered_anew(story: Story) -> None:
    await call_tomorrow(story)
    await story.kadis.presses("Hadir nanti")
    story.kadis.sees("Anda akan hadir")
    await story.kadis.says("/rapat terima 1")
    invitation = story.kadishub.sees("mengundang Anda rapat")
    await story.kadishub.says("bisa", to=invitation)
    await story.camat.presses("Berhalangan…")
    story.camat.sees("Mengapa berhalangan?")
    await story.restart()
    await story.camat.says("dinas luar kota")
    story.camat.sees("Anda berhalangan (dinas luar kota)")
    story.sekda.sees("Camat Coblong berhalangan hadir di rapat #1: dinas luar kota")
    await story.sekda.says("/rapat 1")
    story.sekda.sees("Akan hadir (2): Kadis PU, Kadishub", "Berhalangan (1): Camat Coblong")
    assert len([a for a in await list_actions(story) if a == "rapat.jawab"]) == 3


async def test_somebody_is_sent_who_is_told_and_cannot_be_sent_by_two(story: Story) -> None:
    await call_tomorrow(story)
    await story.kadis.says("/rapat wakilkan 1 Lurah Dago")
    story.lurah.sees("Anda mewakili Kadis PU dalam rapat", "Penanganan sampah")
    await story.kadishub.says("/rapat wakilkan 1 Lurah Dago")
    story.kadishub.sees("Lurah Dago sudah mewakili Kadis PU")
    await story.kadishub.says("/rapat wakilkan 1 Camat Coblong")
    story.kadishub.sees("Camat Coblong sudah diundang sendiri")
    assert (await read_note(story, "rapat.wakilkan"))["detail"]["wakil"]


async def test_who_does_not_answer_is_told_once_more_and_before_it_begins_everybody_is(story: Story) -> None:
    await call_tomorrow(story)
    await story.kadis.presses("Hadir nanti")
    await story.advance(hours=4, minutes=1)
    story.camat.sees("belum Anda jawab", "Penanganan sampah")
    story.kadis.does_not_see("belum Anda jawab")
    await story.advance(hours=19, minutes=10)
    story.kadis.sees("Rapat segera dimulai", "Penanganan sampah")
    story.sekda.sees("Rapat #1: 2 undangan belum dijawab: Kadishub, Camat Coblong")
    assert [a for a in await list_actions(story) if a == "rapat.undang_ulang"] == ["rapat.undang_ulang"] * 2


async def test_a_meeting_nobody_opens_lapses(story: Story) -> None:
    await call_tomorrow(story)
    await story.advance(days=1, hours=14)
    assert await get_state(story) == "terlewat"
    assert (await list_actions(story))[-1] == "rapat.terlewat"
