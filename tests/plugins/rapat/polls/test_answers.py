"""What is said to the times of a poll: given, changed, and one of them fixed."""

from pendopo.testing import PROFILES, Story

from tests.plugins.rapat.town import list_actions

from .steps import ask_for_time, list_answers


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
