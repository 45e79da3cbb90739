"""A card shows what stands in the way of an izin."""

from pendopo.testing import Story

from .steps import send_izin


async def test_who_else_is_away_is_shown_before_it_is_sent(story: Story) -> None:
    await send_izin(story)
    await story.sekda.presses("Setujui")
    await story.kadishub.says("/izin rakor kementerian besok jam 10")
    story.kadishub.sees("Pada waktu itu juga pergi: Kadis PU", "Kirim?")


async def test_leave_counts_working_days(story: Story) -> None:
    await story.kadis.says("/izin cuti 14 s.d. 18 Agustus")
    story.kadis.sees("Sisa jatah cuti setelah ini: 10 hari kerja")
    await story.kadis.says("/izin saldo")
    story.kadis.sees("cuti: 12 dari 12 hari kerja")
