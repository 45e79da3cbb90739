"""Follow-ups: given, reminded of, moved with a reason, done with proof."""

import pytest
from pendopo.testing import Story
from pendopo_rapat.models.followups import TindakLanjut

from tests.plugins.rapat.meeting import give_followup
from tests.plugins.rapat.town import list_actions


async def test_it_is_given_with_its_deadline_and_decision(story: Story) -> None:
    await give_followup(story)
    story.group.sees("Tindak lanjut #1", "Ganti pompa", "Kadis PU, paling lambat Kamis, 20 Agustus 2026, pukul 16.00 WIB")
    story.kadis.sees("Sekda memberi Anda tugas", "Ganti pompa")
    await story.kadis.says("/tl saya")
    story.kadis.sees("#1 Ganti pompa", "20/08/2026", "belum dikerjakan")
    await story.kadis.says("/tl 1")
    story.kadis.sees("Dari rapat #1, keputusan #1")
    assert "rapat.tl" in await list_actions(story)


async def test_who_and_until_when_are_asked_for_where_they_are_missing(story: Story) -> None:
    await give_followup(story, "/tl Ganti pompa")
    story.group.sees("Siapa yang mengerjakan?")
    await story.restart()
    await story.sekda.says("Kadis PU", group=True, to=story.group.last)
    story.group.sees("Sampai kapan?")
    await story.sekda.says("Jumat", group=True, to=story.group.last)
    story.group.sees("Ganti pompa", "Kadis PU, paling lambat Jumat, 14 Agustus 2026")


async def test_only_who_runs_the_meeting_gives_something_to_do(story: Story) -> None:
    await give_followup(story, "/agenda")
    await story.kadis.says("/tl Ganti pompa @Kadishub 20 Agustus", group=True)
    assert await story.stored.list_rows(TindakLanjut) == []
    await story.lurah.says("/tl Ganti pompa @Kadishub 20 Agustus", group=True)
    assert [row.oleh != row.siapa for row in await story.stored.list_rows(TindakLanjut)] == [True], "the notulis may"


async def test_all_that_is_late_is_shown_to_who_may_see_it(story: Story) -> None:
    await give_followup(story)
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


@pytest.mark.parametrize(("text", "says"), [("/tl Ganti pompa @Kadis PU kemarin", "sudah lewat"), ("/tl 99", "99")])
async def test_a_deadline_that_is_over_and_a_number_of_none_are_refused(story: Story, text: str, says: str) -> None:
    await give_followup(story, text)
    assert await story.stored.list_rows(TindakLanjut) == []


@pytest.mark.parametrize("deadline", ["Selasa, 20 Agustus 2026", "tgl 9", "20-22 Agustus kecuali Jumat"])
async def test_a_deadline_in_doubt_is_asked_about(story: Story, deadline: str) -> None:
    await give_followup(story, f"/tl Ganti pompa @Kadis PU {deadline}")
    assert await story.stored.list_rows(TindakLanjut) == []
    assert any(word in story.group.last.text for word in ("tidak cocok", "Waktu mana", "belum terpakai"))


async def test_a_deadline_that_ends_at_an_hour_is_that_hour(story: Story) -> None:
    await give_followup(story, "/tl Ganti pompa @Kadis PU sampai Jumat jam 10")
    story.group.sees("paling lambat Jumat, 14 Agustus 2026, pukul 10.00 WIB")
