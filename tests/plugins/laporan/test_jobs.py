"""What happens by itself: stages that come late, nights that end, silence that counts as content."""

from pendopo.testing import Story
from pendopo_laporan.models import Laporan

from .readers import list_states, report_flood


async def test_the_clocks_run_in_working_days_and_tell_who_has_it_and_who_is_above(story: Story) -> None:
    await report_flood(story)  # Wednesday, 12 August; the 17th is a holiday
    await story.advance(days=4, hours=23)
    story.camat.does_not_see("melewati batas")
    await story.advance(days=1, hours=1)
    story.camat.sees("Laporan #1 melewati batas tanggapan pertama", "🔴 Menunggu · Camat Coblong")
    story.sekda.sees("melewati batas tanggapan pertama")
    await story.camat.says("/laporan proses 1")
    await story.advance(days=5)
    story.camat.does_not_see("melewati batas rencana")
    await story.advance(days=10)
    story.camat.sees("melewati batas penyelesaian")
    assert [row.telat for row in await story.stored.list_rows(Laporan)] == ["tanggap selesai"]


async def test_opening_it_again_is_no_neglect(story: Story) -> None:
    await report_flood(story)
    await story.camat.says("/laporan tutup 1 tanpa foto karena sudah malam")
    await story.advance(days=9)
    await story.lurah.says("/laporan buka 1 karena air naik lagi")
    await story.advance(days=1)
    assert [row.telat for row in await story.stored.list_rows(Laporan)] == [""]
    story.camat.does_not_see("melewati batas")


async def test_ten_working_days_of_silence_count_as_content(story: Story) -> None:
    await report_flood(story)
    await story.camat.says("/laporan tutup 1 tanpa foto karena sudah malam")
    await story.advance(days=13)
    assert await list_states(story) == ["selesai"]
    await story.advance(days=4)
    assert await list_states(story) == ["dinilai"]


async def test_what_is_told_at_night_makes_no_sound_or_waits_for_the_morning(story: Story) -> None:
    await story.advance(hours=12)  # 22.20
    await story.lurah.says("/laporan jalan rusak di Jl. Juanda")
    if story.messenger.profile == "telegram":
        assert story.camat.sees("Laporan untuk Anda", "#1").silent
        return
    story.camat.does_not_see("Laporan untuk Anda")
    await story.restart()
    await story.advance(hours=7, minutes=5)
    story.camat.does_not_see("Laporan untuk Anda")
    await story.advance(minutes=10)
    story.camat.sees("Laporan untuk Anda", "#1")
