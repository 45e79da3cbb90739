"""Handing on: of what, to whom and what to do, in the words of one line."""

import pytest
from pendopo.testing import Story

from tests.scenarios.disposisi.test_story import PHOTO

from .steps import hand_down, list_states


async def test_an_izin_is_handed_down_by_its_number(story: Story) -> None:
    await story.kadis.says("/izin rakor Bappenas besok jam 9")
    await story.kadis.presses("Kirim")
    await story.sekda.says("/disposisi izin 1 Kadishub dampingi besok")
    story.kadishub.sees(
        "Disposisi #1", "Izin #1 Kadis PU: Rakor Bappenas", "Dampingi", "Kamis, 13 Agustus 2026, pukul 16.00 WIB"
    )
    await story.sekda.says("/disposisi pohon izin 1")
    story.sekda.sees("Izin #1 Kadis PU", "#1 Sekda → Kadishub")
    await story.camat.says("/disposisi pohon izin 1")
    story.camat.sees("Tidak ada disposisi atas nomor 1")


async def test_of_an_illness_nothing_is_handed_on(story: Story) -> None:
    await story.kadis.says("/izin sakit 3 hari")
    await story.kadis.presses("Kirim")
    await story.sekda.says("/disposisi izin 1 Kadishub gantikan")
    story.sekda.sees("Tidak ada urusan bernomor 1 yang boleh Anda lihat")


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("kadis", "/disposisi Sekda cek pompa"),
        ("kadis", "/disposisi Kadishub cek pompa"),
        ("kadis", "/disposisi Lurah Dago cek pompa"),
        ("sekda", "/disposisi Wali Kota cek pompa"),
        ("sekda", "/disposisi Sekda cek pompa"),
        ("sekda", "/disposisi Camat Coblong, Wali Kota cek pompa"),
    ],
)
async def test_only_down_the_line(story: Story, who: str, text: str) -> None:
    await story.actor(who).says(text)
    story.actor(who).sees("bukan bawahan Anda")
    assert await list_states(story) == []


async def test_to_several_at_once_and_one_is_taken_back(story: Story) -> None:
    await hand_down(story, "/disposisi Kadis PU, Kadishub dan Camat Coblong siapkan data besok")
    story.group.sees("#1 Sekda → Kadis PU", "#2 Sekda → Kadishub", "#3 Sekda → Camat Coblong")
    await story.kadishub.presses("Diterima")
    await story.sekda.presses("Tarik #2", group=True)
    assert await list_states(story) == ["dikirim", "ditarik", "dikirim"]
    story.kadishub.sees("Sekda menarik disposisi #2")
    await story.kadishub.says("/disposisi jawab 2 siap")
    story.kadishub.sees("Disposisi #2 sudah ditarik. Tidak ada yang diubah.")


async def test_a_quoted_message_is_what_is_handed_on(story: Story) -> None:
    await story.kadis.says("/izin rakor Bappenas besok jam 9", group=True)
    await story.kadis.presses("Kirim", group=True)
    await story.sekda.says("/disposisi Kadishub dampingi", group=True, to=story.group.last)
    story.kadishub.sees("Disposisi #1", "Izin #1 Kadis PU: Rakor Bappenas")


async def test_a_photographed_letter_is_handed_on_as_a_letter(story: Story) -> None:
    await story.sekda.says("/disposisi Kadis PU hadiri dan laporkan", photos=[PHOTO])
    story.kadis.sees("Disposisi #1", "Surat #1", "Hadiri dan laporkan")
    assert story.kadis.messages[-1].content.__class__.__name__ == "Photo"


async def test_what_is_left_unsaid_is_asked_for(story: Story) -> None:
    await story.sekda.says("/disposisi")
    story.sekda.sees("Kepada siapa, apa yang harus dikerjakan")
    await story.sekda.says("tolong segera")
    story.sekda.sees("Kepada siapa? Tulis nama atau jabatannya")
    await story.sekda.says("Camat Coblong")
    story.camat.sees("Disposisi #1", "Tolong segera")


@pytest.mark.parametrize("deadline", ["Selasa, 20 Agustus 2026", "tgl 9", "20-22 Agustus kecuali Jumat"])
async def test_a_deadline_in_doubt_is_asked_about_on_the_way_down_too(story: Story, deadline: str) -> None:
    await hand_down(story)
    await story.camat.presses("Teruskan…")
    await story.camat.says(f"Lurah Dago cek pompa {deadline}")
    assert any(word in story.camat.last.text for word in ("tidak cocok", "Waktu mana", "belum terpakai"))
