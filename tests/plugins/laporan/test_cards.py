"""A card says with whom a report lies and since when."""

from pendopo.testing import Story

from .readers import report_flood


async def test_the_card_says_the_whole_way_with_whom_and_since_when(story: Story) -> None:
    await report_flood(story)
    await story.camat.says("/laporan koordinasi 1 PDAM")
    await story.advance(hours=3)
    await story.camat.says("/laporan proses 1 pompa menuju lokasi")
    await story.lurah.says("/laporan 1")
    shown = story.lurah.last.text
    assert "• 12/08 10.20 Menunggu · Camat Coblong (Lurah Dago)" in shown
    assert "• 12/08 10.20 Koordinasi · PDAM (Camat Coblong)" in shown
    assert "• 12/08 13.20 Proses · Camat Coblong (Camat Coblong) Catatan: pompa menuju lokasi" in shown
