"""The way of an izin: several steps, questions back, reminders, escalation, expiry, change, and what follows."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pendopo.model import Document, Text
from pendopo.testing import Story
from pendopo.testing.messenger import ShownMessage
from pendopo_akun import plugin as akun
from pendopo_izin import plugin as izin
from pendopo_izin.models import Izin
from pypdf import PdfReader


@pytest.fixture
async def story(tmp_path: Path, profile: str) -> AsyncIterator[Story]:
    async with Story([izin], database=f"sqlite:///{tmp_path}/x.db", profile=profile) as told:
        yield told


async def asked(story: Story, text: str = "/izin rakor Bappenas besok jam 9") -> None:
    await story.kadis.says(text, group=True)
    await story.kadis.presses("Kirim", group=True)


async def states(story: Story) -> list[str]:
    return [row.status for row in await story.stored.list_rows(Izin)]


async def arrows(story: Story) -> list[str]:
    return [line.action for line in await story.stored.list_audit_lines("izin")]


def file(story: Story, shown: ShownMessage) -> bytes:
    assert isinstance(shown.content, Document)
    return story.app.core.blobs.path(shown.content.blob).read_bytes()


async def test_more_than_two_days_of_a_head_go_on_to_the_mayor(story: Story) -> None:
    await asked(story, "/izin rakor Bappenas 18 s.d. 21 Agustus")
    story.group.sees("Menunggu keputusan Sekda, lalu Wali Kota")
    await story.sekda.presses("Setujui")
    assert await states(story) == ["diajukan"]
    story.kadis.does_not_see("disetujui")
    story.walikota.sees("Kadis PU meminta izin")
    await story.walikota.presses("Setujui")
    assert await states(story) == ["disetujui"]
    story.kadis.sees("disetujui Wali Kota")


async def test_of_the_ill_one_day_needs_no_decision_and_the_superior_is_told(story: Story) -> None:
    await asked(story, "/izin sakit hari ini")
    assert await states(story) == ["disetujui"]
    story.sekda.sees("Untuk diketahui, Kadis PU izin", "Sakit")
    assert not story.sekda.last.buttons
    story.group.sees("Tercatat tanpa perlu keputusan")


async def test_a_question_back_is_answered_and_then_decided(story: Story) -> None:
    await asked(story)
    await story.sekda.presses("Tanya…")
    await story.sekda.says("siapa yang mendampingi?")
    assert await states(story) == ["ditanya"]
    story.kadis.sees("Sekda bertanya tentang izin #1", "siapa yang mendampingi?")
    await story.restart()
    await story.kadis.presses("Jawab…")
    await story.kadis.says("Sekdis")
    assert await states(story) == ["diajukan"]
    story.sekda.sees("Kadis PU menjawab", "Sekdis")
    await story.sekda.presses("Setujui")
    assert await states(story) == ["disetujui"]
    assert await arrows(story) == ["izin.draf", "izin.ajukan", "izin.tanya", "izin.jawab", "izin.setujui"]


async def test_who_does_not_answer_is_reminded_and_may_put_it_off(story: Story) -> None:
    await asked(story)
    await story.advance(hours=2, minutes=1)
    story.sekda.sees("Masih menunggu keputusan Anda, dari Kadis PU")
    before = len(story.sekda.messages)
    await story.sekda.presses("Nanti 1 jam")
    await story.advance(hours=1, minutes=1)
    reminders = [shown for shown in story.sekda.messages[before:] if "Masih menunggu" in shown.text]
    assert len(reminders) == 1
    await story.sekda.presses("Setujui", on=reminders[0])
    assert await states(story) == ["disetujui"]


async def test_what_stays_undecided_goes_to_the_next_one_above_and_expires_before_it_begins(story: Story) -> None:
    await asked(story, "/izin rakor Bappenas 14 Agustus jam 9")
    await story.advance(days=1)
    story.walikota.sees("Belum diputuskan di bawah Anda", "Kadis PU meminta izin")
    story.kadis.sees("diteruskan juga kepada Wali Kota")
    await story.advance(days=1)
    assert await states(story) == ["kedaluwarsa"]
    story.kadis.sees("kedaluwarsa tanpa keputusan", "belum diizinkan")
    await story.sekda.says("/setuju 1")
    story.sekda.sees("Izin #1 sudah kedaluwarsa")


async def test_the_next_one_above_may_decide_instead(story: Story) -> None:
    await asked(story, "/izin rakor Bappenas 14 Agustus jam 9")
    await story.advance(days=1)
    await story.walikota.presses("Setujui")
    assert await states(story) == ["disetujui"]
    await story.sekda.says("/setuju 1")
    story.sekda.sees("Izin #1 sudah disetujui")


async def test_by_number_and_with_a_reason(story: Story) -> None:
    await asked(story)
    await story.sekda.says("/tolak 1 karena ada rapat anggaran")
    assert await states(story) == ["ditolak"]
    story.kadis.sees("ditolak Sekda", "Alasan: ada rapat anggaran")
    await story.camat.says("/setuju 1")
    story.camat.sees("tidak sedang menunggu keputusan Anda")


async def test_nobody_decides_on_their_own(story: Story) -> None:
    await asked(story)
    await story.kadis.says("/setuju 1")
    story.kadis.sees("Izin sendiri tidak dapat diputuskan sendiri")
    assert await states(story) == ["diajukan"]


async def test_a_longer_time_is_decided_anew_and_a_shorter_one_stands(story: Story) -> None:
    await asked(story, "/izin rakor Bappenas 18-19 Agustus")
    await story.sekda.presses("Setujui")
    await story.kadis.says("/izin ubah 1 waktu 18 Agustus")
    assert await states(story) == ["disetujui"]
    story.sekda.sees("Kadis PU mempersingkat izin #1", "18 Agustus 2026")
    await story.kadis.says("/izin ubah 1 waktu 18-20 Agustus")
    assert await states(story) == ["diajukan"]
    await story.sekda.presses("Setujui")
    assert await states(story) == ["diajukan"], "three days of a head go on to the mayor"
    await story.walikota.presses("Setujui")
    assert await states(story) == ["disetujui"]


async def test_it_runs_ends_and_its_result_is_asked_for_once(story: Story) -> None:
    await asked(story)
    await story.sekda.presses("Setujui")
    await story.advance(hours=23)
    assert await states(story) == ["berjalan"]
    await story.camat.says("/izin siapa hari ini")
    story.camat.sees("Kadis PU: Rakor Bappenas")
    await story.advance(hours=3)
    assert await states(story) == ["selesai"]
    await story.kadis.presses("Tulis laporan…")
    await story.kadis.says("disepakati jadwal bersama")
    story.sekda.sees("Laporan hasil izin #1 dari Kadis PU", "disepakati jadwal bersama")
    assert await arrows(story) == ["izin.draf", "izin.ajukan", "izin.setujui", "izin.berjalan", "izin.selesai", "izin.hasil"]


async def test_why_somebody_is_ill_is_nobodys_business(story: Story) -> None:
    await asked(story, "/izin sakit gigi hari ini")
    await story.camat.says("/izin siapa hari ini")
    shown = story.camat.sees("Kadis PU: berhalangan").text
    assert "gigi" not in shown


async def test_who_else_is_away_is_shown_before_it_is_sent(story: Story) -> None:
    await asked(story)
    await story.sekda.presses("Setujui")
    await story.kadishub.says("/izin rakor kementerian besok jam 10")
    story.kadishub.sees("Pada waktu itu juga pergi: Kadis PU", "Kirim?")


async def test_leave_counts_working_days(story: Story) -> None:
    await story.kadis.says("/izin cuti 14 s.d. 18 Agustus")
    story.kadis.sees("Sisa jatah cuti setelah ini: 10 hari kerja")
    await story.kadis.says("/izin saldo")
    story.kadis.sees("cuti: 12 dari 12 hari kerja")


async def test_an_invitation_is_enough(story: Story) -> None:
    lines = ["Undangan", "Hari/Tanggal : Kamis, 13 Agustus 2026", "Waktu : 09.00 WIB s.d. selesai", "Tempat : Bappenas"]
    invitation = "\n".join([*lines, "Acara : Rakor Banjir"])
    await story.camat.says(invitation, group=True)
    (heard,) = await story.stored.list_inbox(lane="memory:forum")
    quoted = ShownMessage(id=heard.native_id, chat="forum", content=Text())  # a message of a person
    await story.kadis.says("/izin", group=True, to=quoted)
    story.group.sees("Rakor Banjir di Bappenas", "Kamis, 13 Agustus 2026", "Kirim?")


async def test_attachments_go_to_who_decides_and_to_nobody_else(story: Story) -> None:
    await story.kadis.says("/izin rakor besok jam 9", group=True, photos=[b"\xff\xd8\xff surat"])
    await story.kadis.presses("Kirim", group=True)
    assert any(shown.text == "Lampiran izin #1" for shown in story.sekda.messages)
    story.group.does_not_see("Lampiran izin #1")


async def test_papers_a_letter_a_calendar_and_recaps(story: Story) -> None:
    await asked(story, "/izin =HYPERLINK rakor besok jam 9")
    await story.kadis.says("/izin surat 1")
    story.kadis.sees("belum disetujui")
    await story.sekda.presses("Setujui")
    await story.kadis.says("/izin surat 1")
    text = PdfReader(BytesIO(file(story, story.kadis.last))).pages[0].extract_text()
    assert "DRAF SURAT TUGAS" in text
    assert "Rina Hidayat" in text
    await story.kadis.says("/izin kalender 1")
    assert b"UID:izin-1@pendopo" in file(story, story.kadis.last)
    await story.sekda.says("/rekap izin bulan ini")
    story.sekda.sees("Rekap izin", "Pemerintah Kota: 1 izin, 1 hari disetujui")
    await story.sekda.says("/rekap izin bulan ini excel")
    book = load_workbook(BytesIO(file(story, story.sekda.last)))
    assert [cell.value for cell in book.worksheets[0][2]] == ["Pemerintah Kota", 1, 1, 1]
    assert book.worksheets[1]["E2"].data_type == "s"
    await story.sekda.says("/rekap izin bulan ini pdf")
    assert "Pemerintah Kota" in PdfReader(BytesIO(file(story, story.sekda.last))).pages[0].extract_text()
    await story.camat.says("/izin surat 1")


async def test_a_letter_is_in_indonesian_whatever_its_asker_reads(tmp_path: Path) -> None:
    async with Story([izin, akun], database=f"sqlite:///{tmp_path}/x.db") as story:
        await story.kadis.says("/bahasa en")
        await asked(story)
        await story.sekda.presses("Setujui")
        await story.kadis.says("/izin surat 1")
        story.kadis.sees("The draft letter for izin #1.")
        text = PdfReader(BytesIO(file(story, story.kadis.last))).pages[0].extract_text()
        assert all(words in text for words in ("DRAF SURAT TUGAS", "Untuk", "pukul 09.00"))


TWO_UNITS = (
    """
[[unit]]
code = "pu"
name = "Dinas PU"
[[unit]]
code = "hub"
name = "Dishub"
[[post]]
code = "sekda"
title = "Sekda"
roles = ["sekda"]
"""
    + "".join(
        f'''
[[post]]
code = "kadis-{unit}"
title = "Kadis {unit}"
unit = "{unit}"
superior = "sekda"
roles = ["kepala_opd"]
[[person]]
name = "Kepala {unit}"
posts = ["kadis-{unit}"]
accounts = ["memory:{unit}"]
'''
        for unit in ("pu", "hub")
    )
    + '[[person]]\nname = "Bambang"\nposts = ["sekda"]\naccounts = ["memory:bambang"]\n'
)


async def test_what_is_anothers_is_not_shown(tmp_path: Path) -> None:
    async with Story([izin], database=f"sqlite:///{tmp_path}/y.db", directory=TWO_UNITS) as story:
        pu, hub = story.actor("pu"), story.actor("hub")
        await pu.says("/izin rakor Bappenas besok jam 9")
        await pu.presses("Kirim")
        await hub.says("/izin 1")
        assert hub.last.text == "Izin #1 hanya dapat dilihat yang bersangkutan."
        await hub.says("/rekap izin bulan ini")
        hub.does_not_see("Dinas PU")
        await pu.says("/izin 1")
        pu.sees("Rakor Bappenas", "Keadaan: menunggu")
        await story.actor("bambang").says("/izin 1")
        assert [choice.title for choice in story.actor("bambang").sees("Putuskan izin #1").buttons] == [
            "Setujui",
            "Tolak…",
            "Tanya…",
        ]
