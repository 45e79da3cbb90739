"""The letter that grants leave says what its form asks for, and who signs it in whose name."""

from io import BytesIO

import pytest
from pendopo.config import Settings
from pendopo.testing import Story
from pypdf import PdfReader

from tests.plugins.izin.steps import read_document

from .staff import grant, staffed

PNS = 'nip = "197503142000032001"\nstatus = "pns"\nentered = 2000-03-01\nrank = "Pembina (IV/a)"'


async def read_letter(story: Story, who: str = "kadis") -> str:
    await story.actor(who).says("/izin surat 1")
    pages = PdfReader(BytesIO(read_document(story, story.actor(who).last))).pages
    return " ".join("\n".join(page.extract_text() for page in pages).split())


async def test_leave_is_granted_in_the_form_of_the_rules() -> None:
    async with staffed(PNS) as story:
        await grant(story, "/izin cuti 19-21 Agustus")
        text = await read_letter(story)
        for words in (
            "DRAF SURAT IZIN CUTI TAHUNAN",
            "Diberikan cuti tahunan kepada",
            "Rina Hidayat",
            "197503142000032001",
            "Pembina (IV/a)",
            "Kadis PU",
            "selama 3 hari kerja, terhitung mulai Rabu, 19 Agustus 2026 sampai dengan Jumat, 21 Agustus 2026",
            "menyerahkan pekerjaannya kepada atasan langsungnya",
            "Sisa cuti tahunan 2026: 9 hari kerja",
            "Wali Kota, Dewi Anggraeni",
        ):
            assert words in text, text
        assert "a.n." not in text
        assert "SURAT TUGAS" not in text


async def test_others_grant_in_the_name_of_the_mayor() -> None:
    async with staffed(
        PNS, settings=Settings.model_validate({"plugin": {"izin": {"dasar_delegasi": "Kepwal 1/2026"}}})
    ) as story:
        await story.lurah.says("/izin cuti 19-21 Agustus")
        await story.lurah.presses("Kirim")
        await story.camat.says("/setuju 1")
        text = await read_letter(story, "lurah")
        assert "a.n. Wali Kota Camat Coblong, Hendra Gunawan" in text
        assert "Pendelegasian wewenang: Kepwal 1/2026" in text


@pytest.mark.parametrize(
    ("asked", "title", "length"),
    [
        ("/izin cuti besar 1-30 September", "SURAT IZIN CUTI BESAR", "selama 30 hari,"),
        ("/izin cuti alasan penting 1-3 September", "SURAT IZIN CUTI ALASAN PENTING", "selama 3 hari,"),
        ("/izin cuti melahirkan 1-30 September", "SURAT IZIN CUTI MELAHIRKAN", "selama 30 hari,"),
    ],
)
async def test_each_kind_of_leave_has_its_letter(asked: str, title: str, length: str) -> None:
    async with staffed(PNS) as story:
        await grant(story, asked)
        text = await read_letter(story)
        assert title in text
        assert length in text


@pytest.mark.parametrize("asked", ["/izin sakit besok", "/izin pulang cepat besok jam 14"])
async def test_a_notice_and_an_hour_have_no_letter(asked: str) -> None:
    async with staffed(PNS) as story:
        await grant(story, asked)
        await story.kadis.says("/izin surat 1")
        assert "tidak memakai surat" in story.kadis.last.text


async def test_an_assignment_stays_one() -> None:
    async with staffed(PNS) as story:
        await grant(story, "/izin dinas ke Garut 19 Agustus")
        text = await read_letter(story)
        assert "DRAF SURAT TUGAS" in text
        assert "197503142000032001" in text
