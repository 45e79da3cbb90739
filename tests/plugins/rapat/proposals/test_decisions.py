"""Decisions are numbered, never changed, and only put aside by a later one."""

import pytest
from pendopo.testing import Story
from pendopo_rapat.models.proposals import Keputusan

from tests.plugins.rapat.meeting import open_attended, open_meeting, propose
from tests.plugins.rapat.town import get_capacity, read_note
from tests.tampering import change_rows, remove_rows


async def test_what_was_agreed_to_becomes_a_decision_by_one_touch_of_who_leads_once(story: Story) -> None:
    await propose(story)
    await story.advance(minutes=66)
    agreed = story.group.sees("Disepakati")
    await story.kadis.presses("Jadikan keputusan", group=True, on=agreed)
    assert "hanya untuk pimpinan rapat #1: Sekda" in (story.kadis.toast or story.group.last.text)
    await story.sekda.presses("Jadikan keputusan", group=True, on=agreed)
    story.group.sees("Keputusan #1 oleh Sekda", "Beli dua pompa")
    await story.sekda.presses("Jadikan keputusan", group=True, on=agreed)
    assert [(row.isi, row.usul) for row in await story.stored.list_rows(Keputusan)] == [("Beli dua pompa", 1)]


async def test_who_leads_decides_and_nobody_else_and_not_without_a_quorum(story: Story) -> None:
    await open_meeting(story)
    await story.sekda.says("/putus Pompa diganti", group=True)
    story.group.sees("Kuorum belum tercapai: hadir 0 dari 4, perlu 3")
    for actor in (story.kadis, story.kadishub, story.camat):
        await actor.says("hadir", group=True)
    await story.kadis.says("/putus Pompa dijual", group=True)
    story.group.sees("hanya untuk pimpinan rapat #1: Sekda")
    await story.sekda.says("/putus Pompa diganti", group=True)
    story.group.sees("Keputusan #1 oleh Sekda", "Pompa diganti")
    assert [(row.isi, row.kapasitas) for row in await story.stored.list_rows(Keputusan)] == [("Pompa diganti", "Sekda")]
    assert await get_capacity(story, "rapat.putus") == "Sekda"


async def test_a_decision_is_put_aside_by_one_later_one_and_by_no_second(story: Story) -> None:
    await open_attended(story)
    await story.sekda.says("/putus Dua pompa", group=True)
    await story.sekda.says("/putus mengganti 1 Tiga pompa", group=True)
    await story.sekda.says("/putus ganti #1: Empat pompa", group=True)
    story.group.sees("Keputusan #1 sudah diganti keputusan #2")
    assert [(row.isi, row.mengganti) for row in await story.stored.list_rows(Keputusan)] == [
        ("Dua pompa", 0),
        ("Tiga pompa", 1),
    ]
    await story.kadis.says("/keputusan 1")
    story.kadis.sees("Dua pompa", "Sudah diganti keputusan #2: Tiga pompa")
    await story.walikota.says("/keputusan 2")
    story.walikota.sees("Tiga pompa", "Mengganti keputusan #1: Dua pompa")
    assert (await read_note(story, "rapat.putus"))["detail"]["mengganti"] == 1


async def test_a_decision_of_another_meeting_is_not_put_aside_by_who_does_not_lead_it(story: Story) -> None:
    await open_attended(story)
    await story.sekda.says("/putus Dua pompa", group=True)
    await story.walikota.says("/rapat Lain hari ini jam 13 di Aula undang Kadis PU")
    await story.walikota.presses("Undang")
    await story.advance(minutes=90)
    await story.walikota.says("/rapat mulai 2")
    await story.kadis.says("/hadir 2")
    await story.walikota.says("/putus mengganti 1 Tidak ada pompa")
    story.walikota.sees("Keputusan #1 bukan dari rapat ini")
    assert len(await story.stored.list_rows(Keputusan)) == 1


async def test_the_database_itself_changes_no_decision(story: Story) -> None:
    await open_attended(story)
    await story.sekda.says("/putus Dua pompa", group=True)
    for change in (
        change_rows(story.app.database, "rapat_keputusan", isi="x"),
        remove_rows(story.app.database, "rapat_keputusan"),
    ):
        with pytest.raises(Exception, match="a decision is never"):
            await change
    assert [row.isi for row in await story.stored.list_rows(Keputusan)] == ["Dua pompa"]
