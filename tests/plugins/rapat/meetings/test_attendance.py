"""A meeting goes on: who is there, for whom, how late, and whether they are enough."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo.testing import PROFILES, Story
from pendopo_rapat.models.meetings import Peserta
from pendopo_rapat.models.minutes import Notulen

from tests.plugins.rapat.meeting import call_meeting, open_attended, open_meeting
from tests.plugins.rapat.town import get_capacity, get_state, list_actions, read_note


async def test_opening_asks_everybody_whether_they_are_there(story: Story) -> None:
    await open_meeting(story)
    assert await get_state(story) == "berlangsung"
    story.group.sees("Dibuka pukul 10.55, pimpinan Sekda", "Hadir 0/4, kuorum 3 belum tercapai", "dicatat untuk notulen")
    story.kadis.sees("Rapat sudah dibuka", "Evaluasi banjir")
    assert await get_capacity(story, "rapat.buka") == "Sekda"


@pytest.mark.parametrize("how", ["word", "command", "number", "private"])
async def test_one_is_there_by_word_by_touch_by_command_or_privately(story: Story, how: str) -> None:
    await open_meeting(story)
    if how == "word":
        await story.kadis.says("Hadir pak", group=True)
    elif how == "command":
        await story.kadis.says("/hadir", group=True)
    elif how == "number":
        await story.kadis.presses("Hadir", group=True)
    else:
        await story.kadis.presses("Hadir")
        story.kadis.sees("Tercatat hadir pukul 10.55")
    await story.advance(seconds=5)
    assert [(row.hadir, row.telat) for row in await story.stored.list_rows(Peserta) if row.hadir] == [("hadir", 0)]
    if PROFILES[story.messenger.profile].edit:
        story.group.sees("Hadir 1/4, kuorum 3 belum tercapai", "Hadir: Kadis PU")


async def test_who_says_it_ten_times_is_there_once(story: Story) -> None:
    await open_meeting(story)
    card = story.kadis.sees("Rapat sudah dibuka")
    for _ in range(3):
        await story.kadis.says("hadir", group=True)
        await story.kadis.says("hadir", to=card)
        await story.kadis.presses("Hadir", group=True)
        await story.kadis.says("/hadir")
    assert sum(1 for row in await story.stored.list_rows(Peserta) if row.hadir) == 1
    assert (await list_actions(story)).count("rapat.hadir") == 1


async def test_the_quorum_is_told_once_when_it_is_reached(story: Story) -> None:
    await open_attended(story)
    reached = [shown for shown in story.group.messages if shown.text.endswith("Hadir 3/4, kuorum 3 ✔")]
    assert len(reached) == 1
    await story.restart()
    await story.lurah.says("hadir", group=True)
    await story.advance(seconds=5)
    again = [shown for shown in story.group.messages if shown.text.endswith("kuorum 3 ✔")]
    assert len(again) == 1
    await story.sekda.says("/rapat 1")
    story.sekda.sees("Hadir 4/4, kuorum 3 ✔", "Lurah Dago")


async def test_who_comes_late_is_marked_with_the_minutes(story: Story) -> None:
    await open_meeting(story)
    await story.advance(minutes=25)
    await story.kadis.says("hadir", group=True)
    await story.advance(seconds=5)
    await story.sekda.says("/rapat 1")
    story.sekda.sees("Terlambat: Kadis PU 20’")
    assert (await read_note(story, "rapat.hadir"))["detail"]["telat"] == 20


async def test_a_guest_is_welcome_and_counts_for_nothing(story: Story) -> None:
    await open_meeting(story)
    await story.walikota.says("hadir", group=True)
    await story.sekda.says("/rapat 1")
    story.sekda.sees("Hadir 0/4", "Tamu: Wali Kota")


async def test_a_stranger_is_not_there(story: Story) -> None:
    await open_meeting(story)
    await story.stranger.says("hadir", group=True)
    assert len(await story.stored.list_rows(Peserta)) == 4


REPRESENTED = """
[[unit]]
code = "kota"
name = "Kota"
""" + "".join(
    f'[[post]]\ncode = "{code}"\ntitle = "{title}"\nunit = "kota"\n{above}roles = ["{role}"]\n'
    f'[[person]]\nname = "{name}"\nposts = ["{code}"]\naccounts = ["memory:{code}"]\n'
    for code, title, above, role, name in (
        ("sekda", "Sekda", "", "sekda", "Bambang"),
        ("kadis", "Kadis PU", 'superior = "sekda"\n', "kepala_opd", "Rina"),
        ("kadishub", "Kadishub", 'superior = "sekda"\n', "kepala_opd", "Agus"),
        ("sekdis", "Sekdis PU", 'superior = "kadis"\n', "sekdis", "Tini"),
        ("kabid", "Kabid PU", 'superior = "kadis"\n', "kabid", "Dodi"),
    )
)
TWO = "/rapat Evaluasi hari ini jam 11 di sini undang Kadis PU, Kadishub"


@pytest.fixture
async def represented(tmp_path: Path, profile: str) -> AsyncIterator[Story]:
    from pendopo_rapat import plugin as rapat

    async with Story([rapat], database=f"sqlite:///{tmp_path}/r.db", profile=profile, directory=REPRESENTED) as told:
        await open_meeting(told, TWO)
        yield told


async def test_who_was_sent_counts_when_they_say_that_they_are_there(represented: Story) -> None:
    story, sekdis = represented, represented.actor("sekdis")
    await story.kadis.says("/hadir diwakili Sekdis PU", group=True)
    story.group.sees("Sekdis PU mewakili Anda; dihitung hadir setelah ia menyatakan hadir")
    sekdis.sees("Anda mewakili Kadis PU dalam rapat")
    assert [row.hadir for row in await story.stored.list_rows(Peserta) if row.wakil] == [""]
    await story.restart()
    await sekdis.presses("Hadir")
    await story.sekda.says("/rapat 1")
    story.sekda.sees("Hadir 1/2", "Mewakili: Sekdis PU (Kadis PU)")


@pytest.mark.parametrize("text", ["/hadir mewakili Kadis PU", "hadir wakil Kadis PU", "/hadir wakil Kadis PU"])
async def test_who_comes_for_another_names_them_and_they_are_told(represented: Story, text: str) -> None:
    story, sekdis = represented, represented.actor("sekdis")
    await sekdis.says(text, group=True)
    story.kadis.sees("Sekdis PU menyatakan hadir mewakili Anda di rapat #1")
    await story.sekda.says("/rapat 1")
    story.sekda.sees("Hadir 1/2", "Mewakili: Sekdis PU (Kadis PU)")
    await story.actor("kabid").says(text, group=True)
    story.group.sees("Kadis PU sudah diwakili Sekdis PU")


async def test_nobody_takes_two_places_and_who_is_invited_takes_their_own(represented: Story) -> None:
    story, sekdis = represented, represented.actor("sekdis")
    await sekdis.says("/hadir mewakili Kadis PU", group=True)
    await sekdis.says("/hadir mewakili Kadishub", group=True)
    await story.kadishub.says("/hadir mewakili Kadis PU", group=True)
    story.group.sees("Anda sudah diundang sendiri")
    await story.kadis.says("hadir", group=True)
    await story.advance(seconds=5)
    await story.sekda.says("/rapat 1")
    shown = story.sekda.sees("Hadir 1/2")
    assert "Mewakili" not in shown.text, "who came in person needs nobody to stand in"


async def test_who_is_not_invited_cannot_be_represented(represented: Story) -> None:
    story = represented
    await story.actor("kabid").says("/hadir mewakili Sekdis PU", group=True)
    story.group.sees("Sekdis PU tidak diundang ke rapat #1")
    await story.actor("kabid").says("/hadir mewakili Siapa Saja", group=True)
    story.group.sees("tidak ada dalam direktori")


async def test_it_is_not_opened_long_before_its_time_nor_twice_in_one_chat(story: Story) -> None:
    await call_meeting(story, "/rapat Evaluasi besok jam 11 di sini undang Kadis PU")
    await story.sekda.says("/rapat mulai 1", group=True)
    story.group.sees("baru dapat dibuka tiga jam sebelum waktunya")
    await story.sekda.says("/rapat Satu hari ini jam 11 di sini undang Kadis PU", group=True)
    await story.sekda.presses("Undang", group=True)
    await story.sekda.says("/rapat Dua hari ini jam 11 di sini undang Kadis PU", group=True)
    await story.sekda.presses("Undang", group=True)
    await story.sekda.says("/rapat mulai 2", group=True)
    await story.sekda.says("/rapat mulai 3", group=True)
    story.group.sees("masih ada rapat yang berlangsung")
    assert [await get_state(story, n) for n in (1, 2, 3)] == ["diundang", "berlangsung", "diundang"]


async def test_a_meeting_elsewhere_is_attended_privately_and_records_nothing(story: Story) -> None:
    await story.sekda.says("/rapat Anggaran hari ini jam 11 di Aula undang Kadis PU, Kadishub")
    await story.sekda.presses("Undang")
    await story.advance(minutes=40)
    await story.sekda.says("/rapat mulai 1")
    await story.kadis.presses("Hadir")
    await story.kadishub.says("/hadir 1")
    await story.advance(seconds=5)
    story.sekda.sees("Hadir 2/2, kuorum 2 ✔")
    story.sekda.does_not_see("dicatat untuk notulen")
    await story.sekda.says("/putus Anggaran dipotong")
    story.sekda.sees("Keputusan #1", "Anggaran dipotong")
    await story.sekda.says("/rapat tutup")
    await story.advance(seconds=1)
    assert await get_state(story) == "ditutup"


async def test_a_forgotten_meeting_is_reminded_of_and_closed_by_a_touch(story: Story) -> None:
    await open_attended(story)
    await story.advance(hours=2, minutes=45)
    story.sekda.sees("Rapat ini masih terbuka")
    await story.restart()
    await story.sekda.presses("Tutup rapat")
    await story.advance(seconds=1)
    assert await get_state(story) == "ditutup"
    await story.kadis.says("hadir", group=True)
    assert (await list_actions(story)).count("rapat.hadir") == 3


@pytest.mark.parametrize(
    ("text", "remark"),
    [("hadir via zoom", "daring"), ("/hadir telat 10 menit", "terlambat 10 menit"), ("Hadir lengkap pak", "lengkap")],
)
async def test_what_they_say_of_their_presence_stands_on_the_card_and_in_the_minutes(
    story: Story, text: str, remark: str
) -> None:
    await open_meeting(story)
    await story.kadis.says(text, group=True)
    await story.advance(seconds=30)
    if story.messenger.profile != "whatsapp":  # where a card can be changed
        story.group.sees("Hadir: Kadis PU", f"Keterangan: Kadis PU {remark}")
    await story.sekda.says("/rapat tutup", group=True)
    await story.advance(seconds=1)
    version = (await story.stored.list_rows(Notulen))[-1]
    assert [line.tanda for line in version.content.hadir] == [remark]


async def test_who_only_says_present_has_no_remark(story: Story) -> None:
    await open_meeting(story)
    await story.kadis.says("hadir pak", group=True)
    await story.advance(seconds=30)
    story.group.does_not_see("Keterangan")
