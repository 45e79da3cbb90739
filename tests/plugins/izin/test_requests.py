"""Asking for an izin: from what somebody says to a draft that shows everything, and on to who decides."""

import pytest
from pendopo.model import Text
from pendopo.testing import Story
from pendopo.testing.messenger import ShownMessage


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
