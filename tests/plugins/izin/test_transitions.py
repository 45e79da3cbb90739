"""The way of an izin: several steps, questions back, reminders, escalation, expiry, change, and what follows."""

from pendopo.testing import Story

from .steps import list_states, send_izin


async def test_more_than_two_days_of_a_head_go_on_to_the_mayor(story: Story) -> None:
    await send_izin(story, "/izin rakor Bappenas 18 s.d. 21 Agustus")
    story.group.sees("Menunggu keputusan Sekda, lalu Wali Kota")
    await story.sekda.presses("Setujui")
    assert await list_states(story) == ["diajukan"]
    story.kadis.does_not_see("disetujui")
    story.walikota.sees("Kadis PU meminta izin")
    await story.walikota.presses("Setujui")
    assert await list_states(story) == ["disetujui"]
    story.kadis.sees("disetujui Wali Kota")


async def test_of_the_ill_one_day_needs_no_decision_and_the_superior_is_told(story: Story) -> None:
    await send_izin(story, "/izin sakit hari ini")
    assert await list_states(story) == ["diberitahukan"]
    await story.kadis.says("/izin saya")
    story.kadis.sees("#1", "diberitahukan")
    assert "disetujui" not in story.kadis.last.text + story.group.last.text
    story.sekda.sees("Untuk diketahui, Kadis PU izin", "Sakit")
    assert not story.sekda.last.buttons
    story.group.sees("Tercatat tanpa perlu keputusan")


async def test_the_next_one_above_may_decide_instead(story: Story) -> None:
    await send_izin(story, "/izin rakor Bappenas 14 Agustus jam 9")
    await story.advance(days=1)
    await story.walikota.presses("Setujui")
    assert await list_states(story) == ["disetujui"]
    await story.sekda.says("/setuju 1")
    story.sekda.sees("Izin #1 sudah disetujui")


async def test_attachments_go_to_who_decides_and_to_nobody_else(story: Story) -> None:
    await story.kadis.says("/izin rakor besok jam 9", group=True, photos=[b"\xff\xd8\xff surat"])
    await story.kadis.presses("Kirim", group=True)
    assert any(shown.text == "Lampiran izin #1" for shown in story.sekda.messages)
    story.group.does_not_see("Lampiran izin #1")
