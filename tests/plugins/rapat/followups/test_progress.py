"""What becomes of a follow-up: taken up, stuck, moved with a reason, given to another, done with proof."""

from pendopo.testing import Story

from tests.plugins.rapat.meeting import get_followup_status, give_followup
from tests.plugins.rapat.town import list_actions


async def test_without_proof_it_is_asked_for_and_can_follow(story: Story) -> None:
    await give_followup(story)
    await story.kadis.presses("Selesai")
    story.kadis.sees("Belum ada bukti", "/tl bukti 1")
    await story.kadis.says("/tl bukti 1")
    story.kadis.sees("Kirim foto atau berkasnya")
    await story.kadis.says("/tl bukti 1", photos=[b"\xff\xd8\xff pompa"])
    story.kadis.sees("Bukti tindak lanjut #1 disimpan (1)")


async def test_a_deadline_moves_only_forward_with_a_reason_and_that_is_counted(story: Story) -> None:
    await give_followup(story)
    await story.kadis.says("/tl mundur 1 18 Agustus karena sibuk")
    story.kadis.sees("Tenggat hanya dapat dimundurkan")
    await story.kadis.says("/batal")
    await story.kadis.says("/tl mundur 1 24 Agustus")
    story.kadis.sees("Apa alasannya?")
    await story.restart()
    await story.kadis.says("suku cadang belum datang")
    story.kadis.sees("Tenggat sudah dimundurkan 1 kali")
    story.sekda.sees("dimundurkan Kadis PU ke Senin, 24 Agustus 2026", "yang ke-1: suku cadang belum datang")
    await story.kadis.says("/tl mundur 1 28 Agustus karena lelang diulang")
    story.sekda.sees("yang ke-2: lelang diulang")
    await story.kadis.says("/tl riwayat 1")
    story.kadis.sees("20 Agustus 2026", "suku cadang belum datang", "lelang diulang")
    await story.advance(days=8)
    story.kadis.does_not_see("⏰ Tindak lanjut")
    await story.advance(days=6)
    story.kadis.sees("⏰ Tindak lanjut #1", "3 hari lagi")
    assert (await list_actions(story)).count("rapat.tl_mundur") == 2


async def test_it_is_taken_up_stuck_and_taken_up_again(story: Story) -> None:
    await give_followup(story)
    await story.kadis.presses("Dikerjakan")
    assert await get_followup_status(story) == "proses"
    await story.kadis.says("/tl hambat 1 karena menunggu lelang")
    story.sekda.sees("terhambat, kata Kadis PU: menunggu lelang")
    await story.kadis.says("/tl proses 1")
    await story.kadis.says("/tl selesai 1")
    await story.kadis.says("/tl proses 1")
    story.kadis.sees("Tindak lanjut #1 sudah selesai")
    await story.sekda.says("/tl buka 1 karena pompa belum menyala")
    assert await get_followup_status(story) == "proses"
    story.kadis.sees("dibuka lagi oleh Sekda: pompa belum menyala")
    await story.sekda.says("/tl batal 1 karena dikerjakan provinsi")
    assert await get_followup_status(story) == "dibatalkan"
    moves = ["tl_proses", "tl_hambat", "tl_proses", "tl_selesai", "tl_buka", "tl_batal"]
    assert [a for a in await list_actions(story) if a.removeprefix("rapat.") in moves] == [f"rapat.{move}" for move in moves]


async def test_it_is_given_to_somebody_else_by_who_gave_it_and_not_by_whose_it_is(story: Story) -> None:
    await give_followup(story)
    await story.kadis.says("/tl alih 1 Kadishub")
    assert await story.stored.list_audit_lines("rapat.tl_alih") == []
    await story.sekda.says("/tl alih 1 Kadishub")
    story.kadishub.sees("Sekda memberi Anda tugas", "Ganti pompa")
    story.kadis.sees("dialihkan kepada Kadishub")
    await story.kadis.says("/tl selesai 1")
    story.kadis.sees("Tindak lanjut #1 bukan tugas Anda")
