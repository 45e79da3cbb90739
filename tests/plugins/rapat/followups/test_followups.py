"""Follow-ups: given, reminded of, moved with a reason, done with proof."""

import pytest
from pendopo.model import Photo
from pendopo.testing import Story
from pendopo_rapat.models.followups import TindakLanjut

from tests.plugins.counting import queries
from tests.plugins.rapat.meeting import attended
from tests.plugins.rapat.town import arrows, note


async def given(story: Story, text: str = "/tl Ganti pompa @Kadis PU 20 Agustus") -> None:
    await attended(story)
    await story.sekda.says("/putus Pompa diganti", group=True)
    await story.sekda.says(text, group=True)


async def status(story: Story) -> str:
    return (await story.stored.list_rows(TindakLanjut))[0].status


async def test_it_is_given_with_its_deadline_and_decision(story: Story) -> None:
    await given(story)
    story.group.sees("Tindak lanjut #1", "Ganti pompa", "Kadis PU, paling lambat Kamis, 20 Agustus 2026, pukul 16.00 WIB")
    story.kadis.sees("Sekda memberi Anda tugas", "Ganti pompa")
    await story.kadis.says("/tl saya")
    story.kadis.sees("#1 Ganti pompa", "20/08/2026", "belum dikerjakan")
    await story.kadis.says("/tl 1")
    story.kadis.sees("Dari rapat #1, keputusan #1")
    assert "rapat.tl" in await arrows(story)


async def test_who_and_until_when_are_asked_for_where_they_are_missing(story: Story) -> None:
    await given(story, "/tl Ganti pompa")
    story.group.sees("Siapa yang mengerjakan?")
    await story.restart()
    await story.sekda.says("Kadis PU", group=True, to=story.group.last)
    story.group.sees("Sampai kapan?")
    await story.sekda.says("Jumat", group=True, to=story.group.last)
    story.group.sees("Ganti pompa", "Kadis PU, paling lambat Jumat, 14 Agustus 2026")


async def test_only_who_runs_the_meeting_gives_something_to_do(story: Story) -> None:
    await given(story, "/agenda")
    await story.kadis.says("/tl Ganti pompa @Kadishub 20 Agustus", group=True)
    assert await story.stored.list_rows(TindakLanjut) == []
    await story.lurah.says("/tl Ganti pompa @Kadishub 20 Agustus", group=True)
    assert [row.oleh != row.siapa for row in await story.stored.list_rows(TindakLanjut)] == [True], "the notulis may"


async def test_it_is_reminded_of_three_days_one_day_and_the_morning_before_then_daily_and_weekly_to_the_superior(
    story: Story,
) -> None:
    await given(story)
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
    await given(story)
    await story.kadis.says("/tl selesai 1 pompa terpasang", photos=[b"\xff\xd8\xff pompa"])
    story.sekda.sees("Tindak lanjut #1 (Ganti pompa) diselesaikan Kadis PU", "pompa terpasang", "Bukti: 1")
    assert await status(story) == "selesai"
    await story.sekda.says("/tl 1")
    assert isinstance(story.sekda.last.content, Photo)
    await story.advance(days=12)
    story.kadis.does_not_see("⏰ Tindak lanjut")
    assert (await note(story, "rapat.tl_selesai"))["detail"]["bukti"]


async def test_without_proof_it_is_asked_for_and_can_follow(story: Story) -> None:
    await given(story)
    await story.kadis.presses("Selesai")
    story.kadis.sees("Belum ada bukti", "/tl bukti 1")
    await story.kadis.says("/tl bukti 1")
    story.kadis.sees("Kirim foto atau berkasnya")
    await story.kadis.says("/tl bukti 1", photos=[b"\xff\xd8\xff pompa"])
    story.kadis.sees("Bukti tindak lanjut #1 disimpan (1)")


async def test_a_deadline_moves_only_forward_with_a_reason_and_that_is_counted(story: Story) -> None:
    await given(story)
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
    assert (await arrows(story)).count("rapat.tl_mundur") == 2


async def test_it_is_taken_up_stuck_and_taken_up_again(story: Story) -> None:
    await given(story)
    await story.kadis.presses("Dikerjakan")
    assert await status(story) == "proses"
    await story.kadis.says("/tl hambat 1 karena menunggu lelang")
    story.sekda.sees("terhambat, kata Kadis PU: menunggu lelang")
    await story.kadis.says("/tl proses 1")
    await story.kadis.says("/tl selesai 1")
    await story.kadis.says("/tl proses 1")
    story.kadis.sees("Tindak lanjut #1 sudah selesai")
    await story.sekda.says("/tl buka 1 karena pompa belum menyala")
    assert await status(story) == "proses"
    story.kadis.sees("dibuka lagi oleh Sekda: pompa belum menyala")
    await story.sekda.says("/tl batal 1 karena dikerjakan provinsi")
    assert await status(story) == "dibatalkan"
    moves = ["tl_proses", "tl_hambat", "tl_proses", "tl_selesai", "tl_buka", "tl_batal"]
    assert [a for a in await arrows(story) if a.removeprefix("rapat.") in moves] == [f"rapat.{move}" for move in moves]


async def test_it_is_given_to_somebody_else_by_who_gave_it_and_not_by_whose_it_is(story: Story) -> None:
    await given(story)
    await story.kadis.says("/tl alih 1 Kadishub")
    assert await story.stored.list_audit_lines("rapat.tl_alih") == []
    await story.sekda.says("/tl alih 1 Kadishub")
    story.kadishub.sees("Sekda memberi Anda tugas", "Ganti pompa")
    story.kadis.sees("dialihkan kepada Kadishub")
    await story.kadis.says("/tl selesai 1")
    story.kadis.sees("Tindak lanjut #1 bukan tugas Anda")


async def test_what_one_may_see_is_found_by_as_many_queries_however_much_it_is(story: Story) -> None:
    await given(story)
    counts = []
    for day in range(25, 29):
        await story.sekda.says(f"/tl Susun jadwal @Lurah Dago {day} Agustus", group=True)
        with queries(story) as made:
            await story.camat.says("/tl semua")
        counts.append(len(made))
    story.camat.sees("#2 Susun jadwal", "#5 Susun jadwal")
    assert len(set(counts)) == 1


async def test_all_that_is_late_is_shown_to_who_may_see_it(story: Story) -> None:
    await given(story)
    await story.sekda.says("/tl Susun jadwal @Lurah Dago 25 Agustus", group=True)
    await story.advance(days=10)
    await story.sekda.says("/tl semua lewat")
    late = story.sekda.sees("lewat tenggat", "🔴 #1 Ganti pompa")
    assert "#2" not in late.text
    await story.sekda.says("/tl semua")
    story.sekda.sees("#1 Ganti pompa", "#2 Susun jadwal")
    await story.camat.says("/tl semua")
    below = story.camat.sees("#2 Susun jadwal · Lurah Dago")
    assert "#1" not in below.text
    await story.kadishub.says("/tl semua")
    story.kadishub.sees("Tidak ada tindak lanjut yang belum selesai")
    await story.kadishub.says("/tl 1")
    story.kadishub.sees("Ganti pompa")  # who took part in the meeting may see what came of it


async def test_it_is_taken_back_within_a_minute(story: Story) -> None:
    await given(story)
    await story.sekda.presses("Urungkan", group=True)
    assert await status(story) == "dibatalkan"
    story.kadis.sees("Tindak lanjut #1 (Ganti pompa) diurungkan")
    await story.advance(days=10)
    story.kadis.does_not_see("⏰ Tindak lanjut")


@pytest.mark.parametrize(("text", "says"), [("/tl Ganti pompa @Kadis PU kemarin", "sudah lewat"), ("/tl 99", "99")])
async def test_what_cannot_be_is_refused(story: Story, text: str, says: str) -> None:
    await given(story, text)
    assert await story.stored.list_rows(TindakLanjut) == []
