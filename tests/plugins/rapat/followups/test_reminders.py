"""Follow-ups are reminded of until they are done."""

from pendopo.model import Photo
from pendopo.testing import Story

from tests.plugins.rapat.meeting import get_followup_status, give_followup
from tests.plugins.rapat.town import read_note


async def test_it_is_reminded_of_three_days_one_day_and_the_morning_before_then_daily_and_weekly_to_the_superior(
    story: Story,
) -> None:
    await give_followup(story)
    await story.advance(days=4, hours=20)  # the 17th, 06.55
    story.kadis.does_not_see("⏰ Tindak lanjut")
    seen = list[tuple[int, int]]()
    for _ in range(14):
        before = len(story.kadis.messages), len(story.sekda.messages)
        if len(seen) == 5:
            await story.restart()
        await story.advance(days=1)
        mine = [s.text for s in story.kadis.messages[before[0] :] if "⏰ Tindak lanjut" in s.text]
        above = [s.text for s in story.sekda.messages[before[1] :] if "⏰ Tindak lanjut" in s.text]
        seen.append((len(mine), len(above)))
    assert seen == [(1, 0), (0, 0), (1, 0), (1, 0), (1, 1), *[(1, 0)] * 6, (1, 1), (1, 0), (1, 0)]
    story.kadis.sees("Tindak lanjut #1: Ganti pompa", "lewat 10 hari")
    story.sekda.sees("Penanggung jawab: Kadis PU", "lewat 8 hari", "mundur 0 kali")


async def test_what_is_done_is_reminded_of_no_more_and_who_gave_it_is_told(story: Story) -> None:
    await give_followup(story)
    await story.kadis.says("/tl selesai 1 pompa terpasang", photos=[b"\xff\xd8\xff pompa"])
    story.sekda.sees("Tindak lanjut #1 (Ganti pompa) diselesaikan Kadis PU", "pompa terpasang", "Bukti: 1")
    assert await get_followup_status(story) == "selesai"
    await story.sekda.says("/tl 1")
    assert isinstance(story.sekda.last.content, Photo)
    await story.advance(days=12)
    story.kadis.does_not_see("⏰ Tindak lanjut")
    assert (await read_note(story, "rapat.tl_selesai"))["detail"]["bukti"]
