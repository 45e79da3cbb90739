"""Approved minutes are frozen, made into a paper and sent."""

import hashlib
from io import BytesIO

from pendopo.testing import Story
from pendopo_rapat.models.minutes import Notulen
from pypdf import PdfReader

from tests.plugins.rapat.meeting import approve_minutes, close_meeting, open_attended
from tests.plugins.rapat.town import get_capacity, get_state, read_documents, read_note
from tests.tampering import change_rows


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
    digest, berkas = final.sidik, final.berkas
    assert digest == hashlib.sha256(f"1\n{final.versi}\n{final.isi}".encode()).hexdigest()
    assert final.kapasitas == "Sekda"
    story.sekda.sees("Disahkan Sekda", f"SHA-256 {digest}")
    paper = story.app.core.blobs.path(berkas).read_bytes()
    assert hashlib.sha256(paper).hexdigest() == berkas
    text = " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages).split())
    assert "tiga pompa rusak" in text
    assert digest in text.replace(" ", "")
    sealed = await read_note(story, "rapat.sahkan")
    assert (sealed["detail"]["sidik"], sealed["detail"]["berkas"]) == (digest, berkas)
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
