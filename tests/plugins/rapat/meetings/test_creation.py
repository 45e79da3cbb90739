"""Calling a meeting, answering, changing and calling it off, on every kind of messenger."""

import pytest
from pendopo.model import Text
from pendopo.testing import Story
from pendopo.testing.messenger import ShownMessage
from pendopo_rapat.models.meetings import Rapat

from tests.plugins.rapat.meeting import CALL_TOMORROW, call_tomorrow
from tests.plugins.rapat.town import get_capacity, get_state, list_actions


async def test_a_draft_is_read_back_and_nobody_is_invited_before_it_is_sent(story: Story) -> None:
    await story.sekda.says(CALL_TOMORROW)
    story.sekda.sees(
        "Rapat #1 · Penanganan sampah", "Kamis, 13 Agustus 2026, pukul 10.00 WIB", "Tempat: Balai Kota", "Diundang 3 orang"
    )
    assert story.kadis.messages == []
    assert await get_state(story) == "draf"
    await story.restart()
    await story.sekda.presses("Undang")
    assert await get_state(story) == "diundang"
    story.sekda.sees("Undangan terkirim kepada 3 orang")
    for actor in (story.kadis, story.kadishub, story.camat):
        actor.sees("Sekda mengundang Anda rapat", "Penanganan sampah", "Balai Kota")
    assert await list_actions(story) == ["rapat.draf", "rapat.undangkan", *["rapat.undang"] * 3]
    assert await get_capacity(story, "rapat.undangkan") == "Sekda"


async def test_what_was_not_said_is_asked_for_one_by_one(story: Story) -> None:
    await story.sekda.says("/rapat Anggaran")
    story.sekda.sees("Kapan?")
    await story.restart()
    await story.sekda.says("besok jam 10")
    story.sekda.sees("Siapa yang diundang?")
    await story.sekda.says("Kadis PU, Lurah Dago")
    story.sekda.sees("Anggaran", "Kamis, 13 Agustus 2026, pukul 10.00 WIB", "Kadis PU, Lurah Dago")


async def test_a_name_nobody_has_is_asked_about_and_nothing_is_kept(story: Story) -> None:
    await story.sekda.says("/rapat Anggaran besok jam 10 undang Kadis Purba")
    story.sekda.sees("tidak ada dalam direktori")
    assert await story.stored.list_rows(Rapat) == []


@pytest.mark.parametrize(("text", "says"), [("tgl 20", "pukul berapa?"), ("kemarin jam 9", "sudah lewat")])
async def test_a_time_that_cannot_be_used_is_asked_again(story: Story, text: str, says: str) -> None:
    await story.sekda.says(f"/rapat Anggaran {text} undang Kadis PU")
    story.sekda.sees(says)
    assert await story.stored.list_rows(Rapat) == []


async def test_a_draft_thrown_away_reaches_nobody(story: Story) -> None:
    await story.sekda.says(CALL_TOMORROW)
    await story.sekda.presses("Batal")
    assert await get_state(story) == "dibatalkan"
    assert story.kadis.messages == []


async def test_izin_sees_the_meeting_and_the_meeting_sees_the_izin(story: Story) -> None:
    await call_tomorrow(story)
    await story.kadis.says("/izin rakor Bappenas besok jam 9")
    story.kadis.sees(
        "⚠ Bentrok: Rapat #1 Penanganan sampah; Anda wajib hadir (Kamis, 13 Agustus 2026, pukul 10.00 WIB)", "Kirim?"
    )
    await story.kadis.presses("Kirim")
    await story.sekda.presses("Setujui")
    await story.walikota.says("/rapat Anggaran besok jam 10 undang Kadis PU, Sekda")
    story.walikota.sees("Sedang izin pada waktu itu: Kadis PU", "Ada rapat lain pada waktu itu: Kadis PU")
    await story.sekda.says("/rapat ubah 1 lusa jam 13")
    await story.kadishub.says("/izin rakor kementerian besok jam 10")
    story.kadishub.does_not_see("Anda wajib hadir")


async def test_a_meeting_on_a_holiday_says_so_before_anybody_is_invited(story: Story) -> None:
    await story.sekda.says("/rapat Rakor Banjir 25 Agustus jam 9 undang Kadis PU")
    story.sekda.sees("Selasa, 25 Agustus 2026 hari libur: Maulid Nabi Muhammad", "Undangan belum dikirim")


async def test_a_meeting_on_a_working_day_speaks_of_no_holiday(story: Story) -> None:
    await story.sekda.says("/rapat Rakor Banjir 26 Agustus jam 9 undang Kadis PU")
    assert "hari libur" not in story.sekda.sees("Undangan belum dikirim").text


@pytest.mark.parametrize("time", ["tgl 7,8 September jam 9", "Selasa, 24 Agustus 2026 jam 9", "besok jam 13-15 selama 3 jam"])
async def test_a_time_in_doubt_is_asked_before_a_meeting_is_drafted(story: Story, time: str) -> None:
    await story.sekda.says(f"/rapat Rakor {time} undang Kadis PU")
    assert await story.stored.list_rows(Rapat) == []
    assert any(word in story.sekda.last.text for word in ("Waktu mana", "tidak cocok", "belum terpakai"))


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        ("Kamis/27 Agustus 2026 jam 08.30", "Kamis, 27 Agustus 2026, pukul 08.30 WIB"),
        ("Jumat, 28 Agustus 2026/13.00 WIB", "Jumat, 28 Agustus 2026, pukul 13.00 WIB"),
        ("14 Agust jam 9", "Jumat, 14 Agustus 2026, pukul 09.00 WIB"),
    ],
)
async def test_the_time_of_an_invitation_is_read_as_offices_write_it(story: Story, time: str, shown: str) -> None:
    await story.sekda.says(f"/rapat Evaluasi {time} undang Kadishub")
    story.sekda.sees("Evaluasi", shown, "Undangan belum dikirim")


async def test_a_quoted_notice_gives_the_time_and_two_times_are_asked_about(story: Story) -> None:
    notice = "Rakor stunting batal Selasa 18 Agustus pukul 10.00, diganti Kamis 20 Agustus pukul 15.00 di Balai Kota"
    await story.camat.says(notice, group=True)
    heard = (await story.stored.list_inbox(lane="memory:forum"))[-1]
    await story.sekda.says("/rapat", group=True, to=ShownMessage(id=heard.native_id, chat="forum", content=Text()))
    story.group.sees("Waktu mana yang dimaksud?")
    assert await story.stored.list_rows(Rapat) == []


async def test_a_quoted_message_without_a_time_is_no_notice(story: Story) -> None:
    await story.camat.says("selamat pagi semuanya", group=True)
    heard = (await story.stored.list_inbox(lane="memory:forum"))[-1]
    await story.sekda.says("/rapat", group=True, to=ShownMessage(id=heard.native_id, chat="forum", content=Text()))
    story.group.sees("tidak mempunyai rapat yang akan datang")
