"""What happens by itself: receipts are asked for, and deadlines come near and pass."""

from pendopo.testing import Story

from .steps import hand_down


async def test_the_receipt_is_asked_for_again_in_office_hours(story: Story) -> None:
    await hand_down(story, "/disposisi Camat Coblong cek pompa")
    await story.advance(hours=4, minutes=1)
    story.camat.sees("Disposisi ini belum Anda nyatakan diterima")
    story.sekda.sees("Camat Coblong belum menyatakan menerima disposisi #1")
    before = len(story.camat.messages)
    await story.advance(days=3)
    assert len(story.camat.messages) == before, "once is enough"


async def test_both_are_told_when_a_deadline_comes_near_and_passes(story: Story) -> None:
    await hand_down(story, "/disposisi Camat Coblong cek pompa tanggal 19 Agustus")
    story.group.sees("🟢 #1")
    await story.camat.presses("Diterima")
    await story.advance(days=6)
    story.camat.sees("Tenggat disposisi ini sudah dekat", "🟡 Tenggat: Rabu, 19 Agustus 2026, pukul 16.00 WIB")
    await story.advance(days=1, hours=6)
    story.camat.sees("Tenggat disposisi ini sudah lewat", "🔴 Tenggat")
    story.sekda.sees("Tenggat disposisi #1 untuk Camat Coblong lewat")
    told = len(story.sekda.messages)
    await story.advance(days=1)
    assert len([shown for shown in story.camat.messages if "sudah lewat" in shown.text]) == 2
    assert len(story.sekda.messages) == told, "who gave it hears it once"
    await story.sekda.says("/disposisi tenggat 1 Senin depan")
    story.camat.sees("Tenggat disposisi ini diubah", "🟢 Tenggat: Senin, 24 Agustus 2026, pukul 16.00 WIB")
