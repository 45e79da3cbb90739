"""Asking for an izin: from what somebody says to a draft that shows everything, and on to who decides."""

from datetime import timedelta

import pytest
from pendopo.model import Text
from pendopo.testing import Story
from pendopo.testing.messenger import ShownMessage
from pendopo_izin.models import Izin, Status


async def test_nobody_but_the_one_who_asked_sends_the_draft(story: Story) -> None:
    await story.kadis.says("/izin rakor besok jam 9", group=True)
    draft = story.group.last
    await story.camat.presses("Kirim", group=True, on=draft)
    assert (story.camat.toast or story.group.last.text) == "Pilihan ini bukan untuk Anda."
    assert story.sekda.messages == []


async def test_a_draft_thrown_away_reaches_nobody(story: Story) -> None:
    await story.kadis.says("/izin rakor besok jam 9", group=True)
    await story.kadis.presses("Batal", group=True)
    assert "Draf dibuang" in story.group.last.text
    assert story.sekda.messages == []


async def test_who_has_nobody_above_is_told_so(story: Story) -> None:
    await story.walikota.says("/izin rakor besok jam 9")
    assert "tidak mempunyai atasan" in story.walikota.last.text


async def test_a_time_that_is_over_is_asked_again_and_the_purpose_is_kept(story: Story) -> None:
    await story.kadis.says("/izin rapat tanggal 1 Agustus 2026 jam 9")
    assert "sudah lewat" in story.kadis.last.text
    await story.kadis.says("besok jam 9")
    story.kadis.sees("Izin #1", "Rapat", "Kamis, 13 Agustus 2026", "Kirim?")


async def test_being_ill_today_is_no_thing_of_the_past(story: Story) -> None:
    await story.kadis.says("/izin sakit hari ini")
    story.kadis.sees("Izin #1", "Sakit", "Rabu, 12 Agustus 2026")


async def test_what_is_missing_is_asked_for(story: Story) -> None:
    await story.kadis.says("/izin")
    assert story.kadis.last.text.startswith("Untuk kapan?")
    await story.kadis.says("besok jam 9")
    assert story.kadis.last.text == "Untuk keperluan apa?"
    await story.kadis.says("rakor")
    story.kadis.sees("Rakor", "Kamis, 13 Agustus 2026")


@pytest.mark.parametrize(
    "text", ["izin sakit hari ini", "/IZIN sakit hari ini", "/ijin sakit hari ini", "／izin sakit hari ini"]
)
async def test_people_write_it_as_they_like(story: Story, text: str) -> None:
    await story.kadis.says(text)
    story.kadis.sees("Izin #1", "Sakit")


async def test_izin_saya_begins_a_sentence_too(story: Story) -> None:
    await story.kadis.says("/izin saya sakit hari ini")
    story.kadis.sees("Izin #1", "Saya sakit")


async def test_an_invitation_is_enough(story: Story) -> None:
    lines = ["Undangan", "Hari/Tanggal : Kamis, 13 Agustus 2026", "Waktu : 09.00 WIB s.d. selesai", "Tempat : Bappenas"]
    invitation = "\n".join([*lines, "Acara : Rakor Banjir"])
    await story.camat.says(invitation, group=True)
    (heard,) = await story.stored.list_inbox(lane="memory:forum")
    quoted = ShownMessage(id=heard.native_id, chat="forum", content=Text())  # a message of a person
    await story.kadis.says("/izin", group=True, to=quoted)
    story.group.sees("Rakor Banjir di Bappenas", "Kamis, 13 Agustus 2026", "Kirim?")


# -- Times as officials type them: what is in doubt is asked, with what may be meant.


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("/izin tgl 20 dinas 3 hari ke Bali", ["Kamis, 20 Agustus 2026", "20–22 Agustus 2026"]),
        ("/izin besok dinas 2 hari ke Garut", ["Kamis, 13 Agustus 2026", "13–14 Agustus 2026"]),
        ("/izin dinas tgl 9", ["Rabu, 9 September 2026", "Minggu, 9 Agustus 2026"]),
        ("/izin rapat Selasa, 24 Agustus 2026 jam 9", ["Senin, 24 Agustus", "Selasa, 25 Agustus", "pukul 09.00"]),
        ("/izin setengah hari lusa ambil rapor", ["Setengah hari yang mana?", "07.30–12.00", "12.00–16.30"]),
        ("/izin cuti 1/2 hari 24 Agustus", ["Setengah hari yang mana?", "07.30–12.00", "12.00–16.00"]),
        ("/izin Jumat ambil rapor setengah hari", ["Setengah hari yang mana?", "07.30–12.00", "12.00–16.30"]),
        ("/izin setengah hari 10 Februari 2027 ambil rapor", ["Setengah hari yang mana?", "08.00–12.00", "12.00–15.00"]),
        ("/izin cuti 2 jam besok", ["“2 jam” belum terpakai", "Kamis, 13 Agustus 2026"]),
        ("/izin 10 s.d. 11 Agustus dinas", ["10–11 Agustus 2027", "10–11 Agustus 2026"]),
    ],
)
async def test_a_time_in_doubt_is_asked_before_anything_is_drafted(story: Story, text: str, offered: list[str]) -> None:
    await story.kadis.says(text)
    shown = read_all(story.kadis.last)
    assert all(option in shown for option in offered), shown
    assert "Kirim?" not in shown


def read_all(message: ShownMessage) -> str:
    """The text and the buttons of a message."""
    return "\n".join([message.text, *(str(choice.label.args.get("teks", "")) for choice in message.buttons)])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/izin mulai tgl 25 dinas 3 hari ke Semarang", "25–27 Agustus 2026"),
        ("/izin 18 Agustus bimtek selama 4 hari di Cirebon", "18–21 Agustus 2026"),
        ("/izin bimtek Kamis/27 Agustus 2026 jam 08.30", "Kamis, 27 Agustus 2026, pukul 08.30 WIB"),
        ("/izin bimtek Jumat, 28 Agustus 2026/13.00 WIB", "Jumat, 28 Agustus 2026, pukul 13.00 WIB"),
        ("/izin Kamis dan Jumat, 27 dan 28 Agustus 2026 bimtek", "27–28 Agustus 2026"),
        ("/izin cuti tgl 7,8,9 sep", "7–9 September 2026"),
        ("/izin kontrol gigi, setengah hari mulai 13.30, tgl 21", "Jumat, 21 Agustus 2026, pukul 13.30–16.30 WIB"),  # a Friday
        ("/izin mengurus SIM Senin depan, setengah hari sesudah pukul 12.00", "Senin, 17 Agustus 2026, pukul 12.00–16.00 WIB"),
        ("/izin besok pagi sampai siang ke bank", "Kamis, 13 Agustus 2026, pukul 08.00–12.00 WIB"),
        ("/izin ke bank setengah hari mulai 13.00 tgl 20", "Kamis, 20 Agustus 2026, pukul 13.00–16.00 WIB"),
        ("/izin ke bank setengah hari mulai 13.00 tgl 10 Februari 2027", "pukul 13.00–15.00 WIB"),  # Ramadan
        ("/izin ke bank setengah hari mulai 13.00 tgl 12 Februari 2027", "pukul 13.00–15.30 WIB"),
    ],
)
async def test_what_was_said_of_time_is_in_the_draft(story: Story, text: str, shown: str) -> None:
    await story.kadis.says(text)
    story.kadis.sees(shown, "Kirim?")


async def test_an_open_izin_ends_with_the_office_hours(story: Story) -> None:
    await story.kadis.says("/izin besok mulai jam 13.00 ke bank")
    story.kadis.sees("pukul 13.00 WIB s.d. selesai")
    (row,) = await story.stored.list_rows(Izin)
    assert row.selesai - row.mulai == timedelta(hours=3)


@pytest.mark.parametrize("text", ["/izin sakit kemarin", "/izin kemarin sakit", "/izin sakit sejak Senin"])
async def test_an_illness_of_the_last_days_can_be_entered(story: Story, text: str) -> None:
    await story.kadis.says(text)
    story.kadis.sees("Izin #1", "Sakit", "Kirim?")


@pytest.mark.parametrize("text", ["/izin dinas kemarin", "/izin sakit 1 Agustus 2026"])
async def test_what_is_long_over_or_no_illness_cannot(story: Story, text: str) -> None:
    await story.kadis.says(text)
    assert "sudah lewat" in story.kadis.last.text


async def test_a_notice_with_two_times_is_asked_about_and_the_new_one_comes_first(story: Story) -> None:
    notice = "Rakor stunting batal Selasa 18 Agustus pukul 10.00, diganti Kamis 20 Agustus pukul 15.00 di Balai Kota"
    await story.camat.says(notice, group=True)
    (heard,) = await story.stored.list_inbox(lane="memory:forum")
    await story.kadis.says("/izin", group=True, to=ShownMessage(id=heard.native_id, chat="forum", content=Text()))
    shown = read_all(story.group.last)
    assert shown.index("Kamis, 20 Agustus 2026, pukul 15.00") < shown.index("Selasa, 18 Agustus 2026, pukul 10.00")
    assert "Kirim?" not in shown


async def test_a_quoted_weekday_that_does_not_fit_its_date_is_asked_about(story: Story) -> None:
    await story.camat.says("Rapat Selasa, 20 Agustus 2026 pukul 09.00 di Aula", group=True)
    (heard,) = await story.stored.list_inbox(lane="memory:forum")
    await story.kadis.says("/izin", group=True, to=ShownMessage(id=heard.native_id, chat="forum", content=Text()))
    assert "tidak cocok" in story.group.last.text


async def test_holidays_within_a_leave_are_named(story: Story) -> None:
    await story.kadis.says("/izin cuti 24-26 Agustus")
    story.kadis.sees("Selasa, 25 Agustus 2026 hari libur: Maulid Nabi Muhammad", "Kirim?")


async def test_a_leave_without_holidays_names_none(story: Story) -> None:
    await story.kadis.says("/izin cuti 19-20 Agustus")
    assert "hari libur" not in story.kadis.last.text


async def test_an_illness_that_is_over_is_noted_and_done(story: Story) -> None:
    await story.kadis.says("/izin sakit kemarin")
    await story.kadis.presses("Kirim")
    await story.advance(minutes=5)
    (row,) = await story.stored.list_rows(Izin)
    assert row.status in (Status.APPROVED, Status.RUNNING, Status.DONE)


async def test_a_longer_illness_that_is_over_waits_for_its_decision(story: Story) -> None:
    await story.kadis.says("/izin sakit 9 Agustus 2026 s.d. 11 Agustus 2026")
    await story.kadis.presses("Kirim")
    await story.advance(hours=5)
    (row,) = await story.stored.list_rows(Izin)
    assert row.status == Status.ASKED
    await story.sekda.presses("Setujui")
    await story.advance(minutes=5)
    (row,) = await story.stored.list_rows(Izin)
    assert row.status in (Status.APPROVED, Status.RUNNING, Status.DONE)


async def test_the_last_day_to_decide_is_the_one_before(story: Story) -> None:
    await story.kadis.says("/izin dinas ke Bali 20-22 Agustus")
    await story.kadis.presses("Kirim")
    assert "Batas: Rabu, 19 Agustus 2026" in story.kadis.last.text
    assert "00.00" not in story.kadis.last.text
