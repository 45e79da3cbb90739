"""Calling a meeting, answering, changing and calling it off, on every kind of messenger."""

import pytest
from icalendar import Calendar
from pendopo.model import Document
from pendopo.testing import Story
from pendopo_rapat.models.meetings import Rapat

from tests.plugins.rapat.town import arrows, capacity, files, note, state
from tests.tampering import add_rows

CALL = "/rapat Penanganan sampah besok jam 10 di Balai Kota undang Kadis PU, Kadishub dan Camat Coblong"


async def called(story: Story, text: str = CALL) -> None:
    await story.sekda.says(text)
    await story.sekda.presses("Undang")


async def test_a_draft_is_read_back_and_nobody_is_invited_before_it_is_sent(story: Story) -> None:
    await story.sekda.says(CALL)
    story.sekda.sees(
        "Rapat #1 · Penanganan sampah", "Kamis, 13 Agustus 2026, pukul 10.00 WIB", "Tempat: Balai Kota", "Diundang 3 orang"
    )
    assert story.kadis.messages == []
    assert await state(story) == "draf"
    await story.restart()
    await story.sekda.presses("Undang")
    assert await state(story) == "diundang"
    story.sekda.sees("Undangan terkirim kepada 3 orang")
    for actor in (story.kadis, story.kadishub, story.camat):
        actor.sees("Sekda mengundang Anda rapat", "Penanganan sampah", "Balai Kota")
    assert await arrows(story) == ["rapat.draf", "rapat.undangkan", *["rapat.undang"] * 3]
    assert await capacity(story, "rapat.undangkan") == "Sekda"


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
    await story.sekda.says(CALL)
    await story.sekda.presses("Batal")
    assert await state(story) == "dibatalkan"
    assert story.kadis.messages == []


async def test_an_invitation_is_answered_by_touch_word_or_number_and_may_be_answered_anew(story: Story) -> None:
    await called(story)
    await story.kadis.presses("Hadir nanti")
    story.kadis.sees("Anda akan hadir")
    await story.kadis.says("/rapat terima 1")
    invitation = story.kadishub.sees("mengundang Anda rapat")
    await story.kadishub.says("bisa", to=invitation)
    await story.camat.presses("Berhalangan…")
    story.camat.sees("Mengapa berhalangan?")
    await story.restart()
    await story.camat.says("dinas luar kota")
    story.camat.sees("Anda berhalangan (dinas luar kota)")
    story.sekda.sees("Camat Coblong berhalangan hadir di rapat #1: dinas luar kota")
    await story.sekda.says("/rapat 1")
    story.sekda.sees("Akan hadir (2): Kadis PU, Kadishub", "Berhalangan (1): Camat Coblong")
    assert len([a for a in await arrows(story) if a == "rapat.jawab"]) == 3


async def test_somebody_is_sent_who_is_told_and_cannot_be_sent_by_two(story: Story) -> None:
    await called(story)
    await story.kadis.says("/rapat wakilkan 1 Lurah Dago")
    story.lurah.sees("Anda mewakili Kadis PU dalam rapat", "Penanganan sampah")
    await story.kadishub.says("/rapat wakilkan 1 Lurah Dago")
    story.kadishub.sees("Lurah Dago sudah mewakili Kadis PU")
    await story.kadishub.says("/rapat wakilkan 1 Camat Coblong")
    story.kadishub.sees("Camat Coblong sudah diundang sendiri")
    assert (await note(story, "rapat.wakilkan"))["detail"]["wakil"]


async def test_who_does_not_answer_is_told_once_more_and_before_it_begins_everybody_is(story: Story) -> None:
    await called(story)
    await story.kadis.presses("Hadir nanti")
    await story.advance(hours=4, minutes=1)
    story.camat.sees("belum Anda jawab", "Penanganan sampah")
    story.kadis.does_not_see("belum Anda jawab")
    await story.advance(hours=19, minutes=10)
    story.kadis.sees("Rapat segera dimulai", "Penanganan sampah")
    story.sekda.sees("Rapat #1: 2 undangan belum dijawab: Kadishub, Camat Coblong")
    assert [a for a in await arrows(story) if a == "rapat.undang_ulang"] == ["rapat.undang_ulang"] * 2


async def test_a_meeting_that_moves_takes_its_reminders_and_calendars_along(story: Story) -> None:
    await called(story)
    await story.sekda.says("/rapat ubah 1 lusa jam 13 di Aula Barat")
    story.kadis.sees("Rapat diubah oleh Sekda", "Jumat, 14 Agustus 2026, pukul 13.00 WIB", "Aula Barat")
    await story.advance(hours=23, minutes=30)
    story.kadis.does_not_see("Rapat segera dimulai")
    await story.advance(days=1, hours=2, minutes=41)
    story.kadis.sees("Rapat segera dimulai", "Aula Barat")
    sent = [Calendar.from_ical(data) for data in files(story, story.kadis, ".ics")]
    events = [(event.uid, event.sequence, f"{event.start:%H}") for each in sent for event in each.events]
    assert events == [("rapat-1@pendopo", 0, "10"), ("rapat-1@pendopo", 1, "13")]


async def test_a_meeting_called_off_leaves_every_calendar(story: Story) -> None:
    await called(story)
    await story.sekda.says("/rapat batal 1")
    story.sekda.sees("Apa alasannya?")
    await story.sekda.says("pimpinan dinas luar")
    story.kadis.sees("Dibatalkan oleh Sekda. Alasan: pimpinan dinas luar")
    cancelled = files(story, story.kadis, ".ics")[-1]
    (event,) = Calendar.from_ical(cancelled).walk("VEVENT")
    assert b"METHOD:CANCEL" in cancelled
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("rapat-1@pendopo", 1, "CANCELLED")
    assert await story.stored.list_calendar_entries() == []
    await story.advance(days=2)
    story.kadis.does_not_see("Rapat segera dimulai")
    await story.sekda.says("/rapat mulai 1")
    story.sekda.sees("Rapat #1 dibatalkan")


async def test_a_meeting_nobody_opens_lapses(story: Story) -> None:
    await called(story)
    await story.advance(days=1, hours=14)
    assert await state(story) == "terlewat"
    assert (await arrows(story))[-1] == "rapat.terlewat"


async def test_only_who_runs_it_changes_it(story: Story) -> None:
    await called(story)
    for text in ("/rapat batal 1 karena malas", "/rapat ubah 1 lusa jam 9", "/rapat mulai 1", "/rapat undang 1 Lurah Dago"):
        await story.kadis.says(text)
        story.kadis.sees("Pimpinan: Sekda")
    assert await state(story) == "diundang"
    await story.lurah.says("/rapat 1")
    story.lurah.sees("Anda bukan peserta rapat #1")
    story.lurah.does_not_see("sampah")


async def test_a_plh_leads_in_the_name_of_the_post(story: Story) -> None:
    await called(story)
    camat = story.app.core.people.named_in("Camat Coblong")[0]
    assert camat is not None
    mandate = {"kind": "plh", "post": "sekda", "person": camat.id, "since": 0, "until": 0, "basis": "SP/1", "may": "[]"}
    await add_rows(story.app.database, "mandate", [mandate])
    await story.app.core.directory.load(story.clock.now())
    await story.advance(hours=22)
    await story.camat.says("/rapat mulai 1")
    assert await state(story) == "berlangsung"
    assert await capacity(story, "rapat.buka") == "Plh. Sekda"


async def test_izin_sees_the_meeting_and_the_meeting_sees_the_izin(story: Story) -> None:
    await called(story)
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


async def test_more_people_are_invited_later_and_told(story: Story) -> None:
    await called(story)
    await story.sekda.says("/rapat undang 1 Lurah Dago, Kadis PU")
    story.lurah.sees("mengundang Anda rapat", "Penanganan sampah")
    assert len([s for s in story.kadis.messages if "mengundang Anda" in s.text]) == 1
    await story.sekda.says("/rapat notulis 1 Kadis PU")
    story.kadis.sees("Anda notulis rapat #1")
    await story.sekda.says("/rapat pimpinan 1 Wali Kota")
    story.walikota.sees("Anda memimpin rapat #1")
    await story.sekda.says("/rapat pimpinan 1 Sekda")
    story.sekda.sees("hanya untuk pimpinan rapat #1: Wali Kota")
    assert {"rapat.notulis", "rapat.pimpinan"} <= set(await arrows(story))


async def test_my_meetings_are_listed_and_one_can_be_put_into_a_calendar(story: Story) -> None:
    await story.kadis.says("/rapat")
    story.kadis.sees("tidak mempunyai rapat yang akan datang")
    await called(story)
    await story.kadis.says("/rapat")
    story.kadis.sees("#1 Penanganan sampah", "diundangkan")
    await story.lurah.says("/rapat")
    story.lurah.does_not_see("#1")
    await story.kadis.says("/rapat kalender 1")
    assert isinstance(story.kadis.last.content, Document)
    assert {row.state for row in await story.stored.list_deliveries()} == {"sent"}
