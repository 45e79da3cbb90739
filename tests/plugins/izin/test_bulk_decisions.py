"""Several izin at once: one read-back, one reminder."""

import pytest
from pendopo.testing import Story
from pendopo_izin.bulk_decisions import read_numbers

from .steps import list_states

DAYS = ("18", "19", "20")


async def send_three(story: Story) -> None:
    for day in DAYS:
        await story.kadis.says(f"/izin rakor tanggal {day} Agustus jam 9")
        await story.kadis.presses("Kirim")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("4, 5, 6", [4, 5, 6]),
        ("4 5 6", [4, 5, 6]),
        ("4 dan 6", [4, 6]),
        ("no 4,5 & #6 pak", [4, 5, 6]),
        ("4, 4, 5", [4, 5]),
        ("izin 4 jeung 5 🙏", [4, 5]),
        ("nomor 4; 5; dan 6.", [4, 5, 6]),
        ("4", []),
        ("4 2 hari saja", []),
        ("4, 5 tapi 5 tanpa mobil", []),
        ("4 5 September", []),
        ("4 dan 5?", []),
        ("", []),
    ],
)
def test_only_a_list_of_numbers_is_several(text: str, numbers: list[int]) -> None:
    assert read_numbers(text) == numbers


@pytest.mark.parametrize("text", ["/setuju 1, 2, 3", "/acc 1 2 3", "setuju 1, 2 dan 3", "acc 1 dan 2 3 pak", "/acc 3,2,1"])
async def test_several_are_read_back_once_and_then_decided(story: Story, text: str) -> None:
    await send_three(story)
    await story.sekda.says(text)
    story.sekda.sees("Setujui semua ini?", "#1 Kadis PU", "#2 Kadis PU", "#3 Kadis PU")
    assert await list_states(story) == ["diajukan"] * 3
    await story.sekda.presses("Setujui 3 izin")
    assert await list_states(story) == ["disetujui"] * 3
    story.sekda.sees("Anda menyetujui #")
    assert sum("disetujui Sekda" in shown.text for shown in story.kadis.messages) == 3


async def test_what_cannot_be_decided_is_named_and_the_rest_goes_on(story: Story) -> None:
    await send_three(story)
    await story.sekda.says("/tolak 2 karena bentrok")
    await story.sekda.says("/setuju 1, 2, 99")
    story.sekda.sees("#1 Kadis PU", "#2 tidak ikut", "#99 tidak ikut")
    await story.sekda.presses("Setujui 1 izin")
    assert await list_states(story) == ["disetujui", "ditolak", "diajukan"]


async def test_what_is_decided_between_read_back_and_yes_is_not_decided_twice(story: Story) -> None:
    await send_three(story)
    await story.sekda.says("/setuju 1 2")
    await story.kadis.says("/izin batal 1")
    await story.sekda.presses("Setujui 2 izin")
    assert await list_states(story) == ["ditarik", "disetujui", "diajukan"]
    story.sekda.sees("Anda menyetujui #2", "#1 tidak ikut")


async def test_not_yet_leaves_all_as_it_was(story: Story) -> None:
    await send_three(story)
    await story.sekda.says("/setuju 1 2")
    await story.sekda.presses("Belum")
    story.sekda.sees("Belum diputuskan")
    assert await list_states(story) == ["diajukan"] * 3


@pytest.mark.parametrize("text", ["/setuju 1, 2 tapi 2 tanpa mobil", "/setuju 1 dan 2 kalau hujan", "/acc 1, 2 maks 2 hari"])
async def test_a_note_for_several_decides_none(story: Story, text: str) -> None:
    await send_three(story)
    await story.sekda.says(text)
    story.sekda.sees("satu per satu")
    assert await list_states(story) == ["diajukan"] * 3


async def test_nobody_approves_what_does_not_wait_for_them(story: Story) -> None:
    await send_three(story)
    await story.camat.says("/setuju 1, 2, 3")
    story.camat.sees("#1 tidak ikut", "#2 tidak ikut", "#3 tidak ikut")
    story.camat.does_not_see("Setujui semua ini?")


async def test_one_number_and_one_with_a_note_are_as_before(story: Story) -> None:
    await send_three(story)
    await story.sekda.says("/setuju 1")
    await story.sekda.says("/setuju 2 2 hari saja")
    assert await list_states(story) == ["disetujui", "diajukan", "diajukan"]
    story.sekda.sees("2 hari saja")
    await story.sekda.says("/setuju")
    story.sekda.sees("Izin nomor berapa?")
    await story.sekda.says("3")
    assert await list_states(story) == ["disetujui", "diajukan", "disetujui"]


async def test_many_that_wait_are_one_reminder_with_a_list_and_buttons(story: Story) -> None:
    await send_three(story)
    await story.advance(hours=2, minutes=2)
    reminders = [shown for shown in story.sekda.messages if "menunggu keputusan Anda" in shown.text]
    assert len(reminders) == 1
    story.sekda.sees("3 izin masih menunggu keputusan Anda", "#1", "#2", "#3", "/setuju")
    await story.sekda.presses("Lihat #2")
    story.sekda.sees("Izin #2")
    await story.sekda.presses("Setujui semua…", on=reminders[0])
    await story.sekda.presses("Setujui 3 izin")
    assert await list_states(story) == ["disetujui"] * 3


async def test_a_list_says_how_many_more_there_are(story: Story) -> None:
    for day in range(18, 30):
        await story.kadis.says(f"/izin rakor tanggal {day} Agustus jam 9")
        await story.kadis.presses("Kirim")
    for who, command in ((story.sekda, "/izin tunggu"), (story.kadis, "/izin saya")):
        await who.says(command)
        assert "Masih ada 2 lagi." in who.last.text
