"""Asking for a time: yes, if need be, no; who is missing; fixed by who leads."""

import pytest
from pendopo.testing import PROFILES, Story
from pendopo_rapat.models.meetings import Jawaban, Opsi, Rapat

from tests.plugins.rapat.town import get_capacity, get_state, list_actions, read_note

ASK = "/rapat polling Evaluasi banjir Jumat jam 9; Jumat jam 13 sampai besok jam 12 undang Kadis PU, Kadishub, Camat Coblong"


async def ask_for_time(story: Story, text: str = ASK) -> None:
    await story.sekda.says(text, group=True)
    await story.sekda.presses("Tanyakan", group=True)
    await story.advance(seconds=5)


async def list_answers(story: Story) -> list[tuple[object, ...]]:
    """Who said what to which time, and whether their calendar said it for them."""
    times = {row.id: row.urut for row in await story.stored.list_rows(Opsi)}
    names = {row.id: row.name for row in await story.stored.list_table("person")}
    found = await story.stored.list_rows(Jawaban)
    return sorted((names[row.orang], times[row.opsi], row.jawab, row.otomatis) for row in found)


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


# -- What is said to the times of a poll: given, changed, and one of them fixed.


async def test_each_time_is_answered_by_a_touch_and_may_be_answered_anew(story: Story) -> None:
    await ask_for_time(story)
    first = story.kadis.sees("pilihan 1: Jumat, 14 Agustus 2026, pukul 09.00 WIB")
    second = story.kadis.sees("pilihan 2:")
    await story.kadis.presses("Bisa", on=first)
    story.kadis.sees("pilihan 1:", "Jawaban Anda: bisa")
    await story.restart()
    await story.kadis.says("bila perlu", to=second)
    await story.kadis.says("tidak", to=story.kadis.sees("pilihan 1:", "Jawaban Anda: bisa"))
    assert await list_answers(story) == [("Rina Hidayat", 1, "tidak", 0), ("Rina Hidayat", 2, "bila", 0)]
    assert (await list_actions(story)).count("rapat.pilih") == 3


async def test_all_are_answered_in_one_line_and_who_is_missing_is_shown(story: Story) -> None:
    await ask_for_time(story)
    await story.kadis.says("/rapat pilih 1 ya bila")
    story.kadis.sees("1. Jumat, 14 Agustus 2026, pukul 09.00 WIB: bisa", "bila perlu")
    await story.kadishub.says("/rapat pilih 1 ya")
    story.kadishub.sees("Beri satu jawaban untuk tiap waktu (2)")
    await story.advance(seconds=5)
    if PROFILES[story.messenger.profile].edit:
        shown = story.group.sees("Belum menjawab (2): Kadishub, Camat Coblong")
        assert "⭐ 1. Jumat, 14 Agustus 2026, pukul 09.00 WIB\n   bisa 1, bila perlu 0, tidak 0" in shown.text


async def test_who_is_away_then_has_answered_already_and_may_say_otherwise(story: Story) -> None:
    await story.kadis.says("/izin rakor Bappenas 14 Agustus jam 8-11")
    await story.kadis.presses("Kirim")
    await story.sekda.presses("Setujui")
    await ask_for_time(story)
    assert await list_answers(story) == [("Rina Hidayat", 1, "tidak", 1)]
    first = story.kadis.sees("pilihan 1:", "Bentrok", "Rakor Bappenas")
    story.kadis.sees("pilihan 2:")
    if PROFILES[story.messenger.profile].edit:
        story.group.sees("sedang izin: Kadis PU")
    await story.kadis.presses("Bisa", on=first)
    assert await list_answers(story) == [("Rina Hidayat", 1, "ya", 0)]


async def test_once_fixed_nothing_more_is_said_to_it(story: Story) -> None:
    await ask_for_time(story)
    first = story.kadis.sees("pilihan 1:")
    await story.kadis.says("/rapat tetapkan 1 1")
    story.kadis.sees("hanya untuk pimpinan rapat #1: Sekda")
    await story.sekda.says("/rapat tetapkan 1 9")
    story.sekda.sees("Tidak ada pilihan 9")
    await story.sekda.says("/batal")
    await story.sekda.says("/rapat tetapkan 1 1")
    await story.kadis.presses("Bisa", on=first)
    await story.sekda.says("/rapat tetapkan 1 2")
    assert await list_answers(story) == []
    story.sekda.sees("Rapat #1 diundangkan")
    assert (await list_actions(story)).count("rapat.tetapkan") == 1


async def test_who_is_not_asked_does_not_answer(story: Story) -> None:
    await ask_for_time(story)
    await story.lurah.says("/rapat pilih 1 ya ya")
    story.lurah.sees("Anda bukan peserta rapat #1")
    assert await list_answers(story) == []


async def test_an_option_with_two_times_is_refused_and_says_how_to_part_them(story: Story) -> None:
    await story.sekda.says("/rapat polling Evaluasi Jumat jam 9, atau Senin jam 8; Selasa jam 13 undang Kadis PU", group=True)
    story.group.sees("memuat lebih dari satu waktu", "titik koma")
    assert await story.stored.list_rows(Rapat) == []
