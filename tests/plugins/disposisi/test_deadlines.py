"""What was said of a deadline means the end of office hours."""

from pendopo.testing import Story

from .steps import hand_down


async def test_before_tomorrow_said_after_office_hours_is_until_the_offices_open(story: Story) -> None:
    await story.advance(days=1, hours=7)  # Thursday, 17.20
    await hand_down(story, "/disposisi Camat Coblong cek pompa sebelum Jumat")
    story.camat.sees("Disposisi #1", "Tenggat: Jumat, 14 Agustus 2026, pukul 07.30 WIB")
