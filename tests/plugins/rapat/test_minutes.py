"""Minutes: drafted at once, edited by who writes them, approved by who leads, and frozen for everybody afterwards."""

import hashlib
from io import BytesIO

import msgspec
import pytest
from pendopo.testing import Story
from pendopo_rapat.documents import MinutesPaper
from pendopo_rapat.models.meetings import Rapat
from pendopo_rapat.models.minutes import Notulen
from pypdf import PdfReader

from tests.plugins.rapat.meeting import approve_minutes, close_meeting, open_attended, open_meeting
from tests.plugins.rapat.meetings.test_notes import PICTURE
from tests.plugins.rapat.town import get_capacity, get_state, list_actions, read_documents, read_note
from tests.tampering import change_rows


async def content(story: Story) -> dict[str, object]:
    newest = max(await story.stored.list_rows(Notulen), key=lambda row: row.versi)
    return msgspec.json.decode(newest.isi, type=dict)


async def test_the_draft_is_there_at_once_and_is_put_to_who_writes_and_who_approves(story: Story) -> None:
    await close_meeting(story)
    story.lurah.sees("Draf notulen rapat #1 untuk Anda sunting", "tiga pompa rusak")
    story.sekda.sees(
        "Draf notulen rapat #1 menunggu pengesahan Anda", "Pompa diganti bulan ini", "Ganti pompa · Rina Hidayat (Kadis PU)"
    )
    isi = await content(story)
    assert isi["hadir"] == [
        {"apa": f"{name}", "waktu": "10.55"}
        for name in ("Rina Hidayat (Kadis PU)", "Agus Permana (Kadishub)", "Hendra Gunawan (Camat Coblong)")
    ]
    assert isi["tanpa"] == ["Yuyun Wahyuni (Lurah Dago)"]
    assert isi["kuorum"] == "Hadir 3 dari 4 undangan; kuorum 3."
    assert (isi["pimpinan"], isi["notulis"]) == ("Bambang Suryana (Sekda)", "Yuyun Wahyuni (Lurah Dago)")
    assert (await read_note(story, "rapat.notulen"))["detail"]["sidik"]


async def test_who_was_excused_is_told_apart_from_who_just_did_not_come(story: Story) -> None:
    await open_meeting(story)
    await story.kadis.says("/rapat berhalangan 1 karena sakit gigi")
    await story.kadishub.says("/izin rakor kementerian hari ini jam 11")
    await story.kadishub.presses("Kirim")
    await story.sekda.presses("Setujui")
    await story.sekda.says("/rapat tutup", group=True)
    await story.advance(seconds=1)
    isi = await content(story)
    assert isi["izin"] == ["Rina Hidayat (Kadis PU): sakit gigi", "Agus Permana (Kadishub): izin atau dinas luar"]
    assert isi["tanpa"] == ["Hendra Gunawan (Camat Coblong)", "Yuyun Wahyuni (Lurah Dago)"]


async def test_who_writes_them_edits_line_by_line_and_every_version_stays(story: Story) -> None:
    await close_meeting(story)
    await story.lurah.says("/notulen ubah 1 1 Kadis PU melaporkan tiga pompa rusak")
    story.lurah.sees("Versi 2", "1. Kadis PU melaporkan tiga pompa rusak")
    await story.restart()
    await story.lurah.says("/notulen tambah 1 Camat meminta pompa cadangan")
    await story.lurah.says("/notulen penutup 1 Rapat ditutup dengan doa")
    await story.lurah.says("/notulen hapus 1 1")
    isi = await content(story)
    assert isi["pembahasan"] == ["Camat meminta pompa cadangan"]
    assert isi["penutup"] == "Rapat ditutup dengan doa"
    assert [(row.versi, row.status) for row in await story.stored.list_rows(Notulen)] == [
        *((n, "diganti") for n in range(1, 5)),
        (5, "draf"),
    ]
    await story.lurah.says("/notulen ubah 1 7 x")
    story.lurah.sees("Tidak ada baris 7")
    assert (await list_actions(story)).count("rapat.notulen") == 5
    assert await get_capacity(story, "rapat.notulen") == "notulis"


async def test_photos_can_be_added_and_come_onto_the_paper(story: Story) -> None:
    await close_meeting(story)
    await story.lurah.says("/notulen tambah 1", photos=[PICTURE])
    await story.sekda.says("/notulen sahkan 1")
    await story.advance(seconds=1)
    (paper,) = read_documents(story, story.lurah, ".pdf")
    pages = PdfReader(BytesIO(paper)).pages
    assert sum(len(page.images) for page in pages) == 1
    assert "Dokumentasi" in "".join(page.extract_text() for page in pages)


@pytest.mark.parametrize("text", ["/notulen ubah 1 1 x", "/notulen tambah 1 x", "/notulen hapus 1 1", "/notulen penutup 1 x"])
async def test_nobody_else_edits_them(story: Story, text: str) -> None:
    await close_meeting(story)
    for actor in (story.kadis, story.walikota):
        await actor.says(text)
        actor.sees("disunting notulis (Lurah Dago) atau pimpinan")
    assert len(await story.stored.list_rows(Notulen)) == 1


async def frozen(story: Story) -> list[tuple[object, ...]]:
    """Everything there is of the minutes, by which a change would be seen."""
    tables = [await story.stored.list_table(name) for name in ("rapat_notulen", "rapat_keputusan")]
    return [tuple(row) for table in tables for row in table]


AFTER = [
    "/notulen ubah 1 1 Semua pompa baik",
    "/notulen tambah 1 Semua pompa baik",
    "/notulen hapus 1 1",
    "/notulen penutup 1 x",
    "/notulen sahkan 1",
    "/rapat ubah 1 besok jam 10",
    "/rapat batal 1 karena salah",
    "/rapat mulai 1",
    "/rapat tutup 1",
    "/rapat undang 1 Wali Kota",
    "/rapat notulis 1 Camat Coblong",
    "/rapat pimpinan 1 Wali Kota",
    "/agenda tambah 1 Butir susulan",
    "/agenda lanjut 1",
    "/usul 1 Susulan",
    "/putus 1 Keputusan susulan",
    "/putus 1 mengganti 1 Keputusan susulan",
    "/tl 1 Tugas susulan @Kadis PU 28 Agustus",
    "/hadir 1",
    "/hadir 1 diwakili Wali Kota",
    "/rapat berhalangan 1 karena lupa",
    "/rapat wakilkan 1 Wali Kota",
    "/off",
]


async def test_no_words_of_anybody_change_approved_minutes(story: Story) -> None:
    await approve_minutes(story)
    before = await frozen(story)
    for text in AFTER:
        for actor in (story.sekda, story.lurah, story.kadis):
            await actor.says(text)
            await actor.says(text, group=True)
            await actor.says("/batal")
        assert await frozen(story) == before, text
        assert await get_state(story) == "disahkan", text
    story.lurah.sees("Notulen rapat #1 tidak dapat diubah")
    await story.advance(hours=30)
    assert await frozen(story) == before
    assert await story.stored.list_inbox(state="dead") == [], "each was refused in a sentence"


async def test_no_touch_of_an_old_button_changes_them(story: Story) -> None:
    await open_attended(story)
    walls = (story.group, story.sekda, story.kadis, story.lurah)
    await closed_with_everything(story)
    old = [(wall, shown, choice.token) for wall in walls for shown in wall.messages for choice in shown.buttons]
    await story.sekda.presses("Sahkan")
    before = await frozen(story)
    for wall, shown, token in old:
        for actor in (story.sekda, story.kadis, story.lurah):
            await actor.presses_token(token, shown, group=wall is story.group)
    await story.advance(hours=1)
    assert await frozen(story) == before


async def closed_with_everything(story: Story) -> None:
    await story.sekda.says("/usul Beli pompa", group=True)
    await story.sekda.says("/putus Pompa diganti", group=True)
    await story.sekda.says("/tl Ganti pompa @Kadis PU 20 Agustus", group=True)
    await story.sekda.says("/usul tutup 1", group=True)
    await story.advance(seconds=1)
    await story.sekda.says("/rapat tutup", group=True)
    await story.advance(seconds=1)


async def test_what_comes_later_changes_them_as_little(story: Story) -> None:
    """A follow-up that is done, a message that is corrected, a person who leaves."""
    await approve_minutes(story)
    before = await frozen(story)
    await story.kadis.says("/tl selesai 1 sudah")
    await story.kadis.says("/tl mundur 1 28 Agustus karena lupa")
    await story.sekda.says("/tl batal 1 karena x")
    assert await frozen(story) == before
    from pendopo.engine.operations import personal_data

    rina = next(p for p in story.app.core.people.persons.values() if p.name == "Rina Hidayat")
    await personal_data.erase_person(story.app.core, rina)
    assert await frozen(story) == before
    await story.camat.says("/notulen 1")
    story.camat.sees("Pompa diganti bulan ini", "Disahkan Sekda")


async def test_a_meeting_that_is_not_closed_has_no_minutes(story: Story) -> None:
    await open_meeting(story)
    await story.sekda.says("/notulen 1")
    story.sekda.sees("belum mempunyai notulen")
    await story.sekda.says("/notulen sahkan 1")
    story.sekda.sees("tidak dapat diubah: rapat berlangsung")


# -- Approved minutes are frozen, made into a paper and sent.


async def test_nobody_else_approves_them_and_what_was_read_is_what_is_approved(story: Story) -> None:
    await close_meeting(story)
    draft = story.sekda.sees("menunggu pengesahan Anda")
    await story.lurah.says("/notulen sahkan 1")
    story.lurah.sees("hanya untuk pimpinan rapat #1: Sekda")
    await story.lurah.says("/notulen ubah 1 1 Semua pompa baik")
    await story.sekda.presses("Sahkan", on=draft)
    assert "sudah diubah menjadi versi 2" in (story.sekda.toast or story.sekda.last.text)
    assert await get_state(story) == "ditutup"
    await story.sekda.says("/notulen 1")
    story.sekda.sees("Versi 2", "Semua pompa baik", "Belum disahkan")
    await story.sekda.presses("Sahkan", on=story.sekda.last)
    assert [row.versi for row in await story.stored.list_rows(Notulen) if row.status == "disahkan"] == [2]


async def test_approved_they_have_a_hash_a_version_a_capacity_and_a_paper(story: Story) -> None:
    await approve_minutes(story)
    (final,) = [row for row in await story.stored.list_rows(Notulen) if row.status == "disahkan"]
    (rapat,) = await story.stored.list_rows(Rapat)
    digest, berkas = final.sidik, rapat.naskah
    assert digest == hashlib.sha256(f"1\n{final.versi}\n{final.isi}".encode()).hexdigest()
    assert final.kapasitas == "Sekda"
    story.sekda.sees("Disahkan Sekda", f"SHA-256 {digest}")
    paper = story.app.core.blobs.path(berkas).read_bytes()
    assert hashlib.sha256(paper).hexdigest() == berkas
    text = " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages).split())
    assert "tiga pompa rusak" in text
    assert digest in text.replace(" ", "")
    sealed, made = await read_note(story, "rapat.sahkan"), await read_note(story, "rapat.notulen_naskah")
    assert (sealed["detail"]["sidik"], made["detail"]["sidik"], made["detail"]["berkas"]) == (digest, digest, berkas)
    assert await get_capacity(story, "rapat.sahkan") == "Sekda"


async def test_who_was_absent_reads_them_first(story: Story) -> None:
    await approve_minutes(story)
    await story.advance(minutes=4)
    assert len(read_documents(story, story.lurah, ".pdf")) == 1
    assert read_documents(story, story.kadis, ".pdf") == []
    story.group.does_not_see("sudah disahkan;")
    await story.restart()
    await story.advance(minutes=6)
    assert len(read_documents(story, story.kadis, ".pdf")) == 1
    assert read_documents(story, story.kadis, ".pdf") == read_documents(story, story.lurah, ".pdf")[:1]
    story.group.sees("Notulen rapat #1 Evaluasi banjir sudah disahkan", "SHA-256")


async def test_a_draft_whose_words_were_changed_behind_the_bot_is_not_approved(story: Story) -> None:
    await close_meeting(story)
    for row in await story.stored.list_rows(Notulen):
        await change_rows(story.app.database, "rapat_notulen", {"id": row.id}, isi=row.isi.replace("tiga pompa", "nol pompa"))
    await story.sekda.presses("Sahkan")
    assert "tidak cocok dengan sidiknya" in (story.sekda.toast or story.sekda.last.text)
    assert await get_state(story) == "ditutup"


async def test_a_leader_who_has_left_leaves_minutes_that_their_successor_approves(story: Story) -> None:
    await open_attended(story)
    await story.lurah.says("/rapat tutup", group=True)
    await change_rows(story.app.database, "person", {"name": "Bambang Suryana"}, active=0)
    await change_rows(story.app.database, "holding", {"post": "walikota"}, post="sekda")
    await story.app.core.directory.load(story.clock.now())
    await story.advance(seconds=1)
    story.group.sees("Draf notulen rapat #1 menunggu pengesahan")
    await story.walikota.says("/notulen sahkan 1")
    assert await get_state(story) == "disahkan"
    assert await get_capacity(story, "rapat.sahkan") == "Sekda"


# -- The paper never stops the approval.


def break_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: MinutesPaper) -> bytes:
        raise ValueError("The row with index 0 is too high")

    monkeypatch.setattr(MinutesPaper, "render_pdf", fail)


async def test_minutes_are_approved_although_their_paper_fails(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    break_paper(monkeypatch)
    await approve_minutes(story)
    story.sekda.sees("Disahkan Sekda", "PDF-nya sedang dibuat")
    await story.lurah.says("/notulen 1")
    story.lurah.sees("Disahkan Sekda", "PDF-nya sedang dibuat")
    monkeypatch.undo()
    await story.advance(minutes=2)
    assert len(read_documents(story, story.lurah, ".pdf")) == 1, "the absent have it at the next try"
    await story.advance(minutes=6)
    assert len(read_documents(story, story.kadis, ".pdf")) == 1
    assert await story.stored.list_inbox(state="dead") == []


async def test_of_a_paper_that_keeps_failing_leader_and_notary_are_told_once(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_paper(monkeypatch)
    await approve_minutes(story)
    await story.advance(hours=3)
    for actor in (story.sekda, story.lurah):
        actor.sees("Notulen rapat #1 Evaluasi banjir sudah disahkan, tetapi PDF-nya belum berhasil dibuat")
    story.lurah.sees("Anda tidak hadir di rapat #1", "tiga pompa rusak")
    story.kadis.sees("Notulen rapat #1 yang sudah disahkan", "tiga pompa rusak")
    before = len(story.sekda.messages)
    await story.advance(hours=25)
    assert len([shown for shown in story.sekda.messages[before:] if "belum berhasil" in shown.text]) == 0
    assert await story.stored.list_inbox(state="dead") == []
    monkeypatch.undo()
    await story.sekda.presses("Buat PDF sekarang")
    story.sekda.sees("PDF notulen rapat #1 sudah selesai")
    assert len(read_documents(story, story.sekda, ".pdf")) == 1


async def test_a_paper_made_by_hand_goes_to_the_others_too(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    break_paper(monkeypatch)
    await approve_minutes(story)
    await story.lurah.says("/notulen 1")
    await story.lurah.presses("Buat PDF sekarang")
    story.lurah.sees("PDF notulen rapat #1 belum berhasil dibuat")
    monkeypatch.undo()
    await story.lurah.says("/notulen 1")
    await story.lurah.presses("Buat PDF sekarang")
    story.lurah.sees("PDF notulen rapat #1 sudah selesai")
    await story.advance(minutes=7)
    assert len(read_documents(story, story.kadis, ".pdf")) == 1


async def test_a_picture_that_is_gone_leaves_a_mark_in_the_paper(story: Story) -> None:
    await close_meeting(story)
    await story.lurah.says("/notulen tambah 1", photos=[PICTURE])
    (photo,) = max(await story.stored.list_rows(Notulen), key=lambda row: row.versi).content.foto
    story.app.core.blobs.path(photo.blob).unlink()
    await story.sekda.says("/notulen sahkan 1")
    await story.advance(seconds=1)
    (paper,) = read_documents(story, story.lurah, ".pdf")
    assert "[…]" in "".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages)
