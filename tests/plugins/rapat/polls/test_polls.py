"""Asking for a time: yes, if need be, no; who is missing; fixed by who leads."""

import pytest
from pendopo.testing import Story
from pendopo_rapat.models.meetings import Rapat

from tests.plugins.rapat.town import get_capacity, get_state, list_actions, read_note

from .steps import ASK, ask_for_time, list_answers


async def test_it_is_read_back_and_asked_only_then(story: Story) -> None:
    await story.sekda.says(ASK, group=True)
    story.group.sees(
        "Rapat #1 · Evaluasi banjir",
        "1. Jumat, 14 Agustus 2026, pukul 09.00 WIB",
        "2. Jumat, 14 Agustus 2026, pukul 13.00 WIB",
        "Dijawab paling lambat Kamis, 13 Agustus 2026, pukul 12.00 WIB",
        "Diundang 3 orang",
    )
    assert story.kadis.messages == []
    await story.restart()
    await story.sekda.presses("Tanyakan", group=True)
    assert await get_state(story) == "polling"
    story.kadis.sees("Sekda mencari waktu untuk rapat #1 Evaluasi banjir")
    assert [a for a in await list_actions(story) if a in ("rapat.draf", "rapat.polling")] == ["rapat.draf", "rapat.polling"]
    assert await get_capacity(story, "rapat.polling") == "Sekda"


async def test_who_has_not_answered_is_reminded_before_the_deadline(story: Story) -> None:
    await ask_for_time(story)
    await story.kadis.says("/rapat pilih 1 ya ya")
    await story.advance(hours=20)
    story.camat.sees("Jawaban Anda untuk rapat #1 Evaluasi banjir masih ditunggu Sekda")
    story.kadis.does_not_see("masih ditunggu")
    await story.advance(hours=6)
    told = story.sekda.sees("Hasil pemilihan waktu", "Belum menjawab (2): Kadishub, Camat Coblong")
    await story.restart()
    await story.sekda.presses("Tetapkan 2", on=told)
    assert await get_state(story) == "diundang"
    story.kadis.sees("mengundang Anda rapat", "Jumat, 14 Agustus 2026, pukul 13.00 WIB")


async def test_when_everybody_has_answered_who_leads_is_told_at_once(story: Story) -> None:
    await ask_for_time(story)
    for actor in (story.kadis, story.kadishub, story.camat):
        story.sekda.does_not_see("Hasil pemilihan waktu")
        await actor.says("/rapat pilih 1 ya tidak")
        await story.advance(seconds=5)
    told = story.sekda.sees("Hasil pemilihan waktu", "bisa 3, bila perlu 0, tidak 0", "Semua sudah menjawab")
    await story.sekda.presses("Tetapkan 1", on=told)
    story.group.sees("Waktu ditetapkan: pilihan 1, oleh Sekda")
    assert (await read_note(story, "rapat.tetapkan"))["detail"]["pilihan"] == 1
    assert await get_capacity(story, "rapat.tetapkan") == "Sekda"
    assert {(row.key, row.kind) for row in await story.stored.list_calendar_entries()} == {("rapat/1", "meeting")}


async def test_a_time_that_is_changed_keeps_its_answers_and_who_gave_them_is_told(story: Story) -> None:
    await ask_for_time(story)
    await story.kadis.says("/rapat pilih 1 ya bila")
    await story.sekda.says("/rapat pilihan 1 2 Jumat jam 15")
    story.kadis.sees("Pilihan waktu rapat #1 Evaluasi banjir berubah")
    story.kadis.sees("pilihan 2: Jumat, 14 Agustus 2026, pukul 15.00 WIB")
    assert await list_answers(story) == [("Rina Hidayat", 1, "ya", 0), ("Rina Hidayat", 2, "bila", 0)]
    await story.sekda.says("/rapat pilihan 1 Senin jam 8")
    story.kadis.sees("pilihan 3: Senin, 17 Agustus 2026, pukul 08.00 WIB")
    await story.sekda.says("/rapat tetapkan 1 3")
    story.kadis.sees("mengundang Anda rapat", "Senin, 17 Agustus 2026, pukul 08.00 WIB")


async def test_called_off_while_it_is_asked_everybody_is_told_and_nobody_reminded(story: Story) -> None:
    await ask_for_time(story)
    await story.sekda.says("/rapat batal 1 karena tidak jadi")
    story.kadis.sees("Dibatalkan oleh Sekda. Alasan: tidak jadi")
    await story.advance(days=2)
    story.kadis.does_not_see("masih ditunggu")
    story.sekda.does_not_see("Hasil pemilihan waktu")


async def test_a_poll_is_shown_by_its_number_and_one_that_nobody_ends_lapses(story: Story) -> None:
    await ask_for_time(story)
    await story.kadis.says("/rapat pilih 1 ya tidak")
    await story.kadishub.says("/rapat 1")
    story.kadishub.sees("⭐ 1. Jumat, 14 Agustus 2026, pukul 09.00 WIB", "bisa 1", "Belum menjawab (2)")
    await story.advance(days=4)
    assert await get_state(story) == "terlewat"
    await story.kadis.says("/rapat pilih 1 ya ya")
    story.kadis.sees("Rapat #1 lewat tanpa dibuka")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("/rapat polling Evaluasi Jumat jam 9 undang Kadis PU", "dua sampai"),
        ("/rapat polling Evaluasi Jumat jam 9; kapan saja undang Kadis PU", "tidak memuat hari dan jam"),
        ("/rapat polling Evaluasi Jumat; Senin undang Kadis PU", "tidak memuat hari dan jam"),
    ],
)
async def test_what_is_no_choice_of_times_is_asked_again(story: Story, text: str, says: str) -> None:
    await story.sekda.says(text)
    story.sekda.sees(says)
    assert await story.stored.list_rows(Rapat) == []


async def test_a_span_keeps_its_own_end_and_the_deadline_is_half_way_where_none_is_said(story: Story) -> None:
    await story.sekda.says("/rapat polling Evaluasi Jumat jam 9 sampai jam 11; Senin jam 8 sampai jam 9 undang Kadis PU")
    story.sekda.sees("1. Jumat, 14 Agustus 2026, pukul 09.00–11.00 WIB", "2. Senin, 17 Agustus 2026, pukul 08.00–09.00 WIB")
    story.sekda.sees("Dijawab paling lambat Kamis, 13 Agustus 2026, pukul 09.40 WIB")
