"""What the rules forbid is not sent, and what they ask for is said to who asks and who decides."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pendopo.testing import Story
from pendopo_izin.models import Izin

from .staff import grant, staffed

PNS = 'status = "pns"\nentered = 2000-03-01'
ZONE = ZoneInfo("Asia/Jakarta")


async def list_labels(story: Story) -> list[str]:
    return [str(choice.label.key) for choice in story.kadis.last.buttons]


@pytest.mark.parametrize(
    ("work", "text", "said"),
    [
        ('status = "pppk"', "/izin cuti besar 1-30 September", "cuti besar tidak ada untuk pegawai PPPK"),
        ('status = "pppk"', "/izin cuti alasan penting 1-3 September", "cuti alasan penting tidak ada untuk pegawai PPPK"),
        ('status = "cpns"', "/izin cuti besar 1-30 September", "cuti besar tidak ada untuk pegawai CPNS"),
        ('status = "lainnya"', "/izin cuti besar 1-30 September", "cuti besar tidak ada untuk pegawai non-ASN"),
        (PNS, "/izin cltn 1-30 September", "diajukan dengan surat lewat BKPSDM"),
        (
            PNS,
            "/izin cuti besar 1 September s.d. 1 Desember 2026",
            "paling lama 3 bulan, jadi paling lambat sampai Senin, 30 November",
        ),
        (PNS, "/izin cuti alasan penting 1 September s.d. 1 Oktober 2026", "paling lama 1 bulan"),
        (PNS, "/izin cuti melahirkan 1 September s.d. 15 Desember 2026", "paling lama 3 bulan"),
        (PNS, "/izin pulang cepat besok", "memerlukan jamnya"),
    ],
)
async def test_what_there_is_not_cannot_be_sent(work: str, text: str, said: str) -> None:
    async with staffed(work) as story:
        await story.kadis.says(text)
        story.kadis.sees("⛔", said)
        assert "izin.tombol.kirim" not in await list_labels(story)
        assert "Kirim?" not in story.kadis.last.text


@pytest.mark.parametrize(
    ("work", "text"),
    [
        (PNS, "/izin cuti besar 1 September s.d. 30 November 2026"),
        ('status = "cpns"', "/izin cuti alasan penting 1-3 September"),
        ('status = "pppk"', "/izin cuti 1-3 September"),
        ("", "/izin cuti besar 1-30 September"),
        (PNS, "/izin pulang cepat besok jam 14"),
        ('status = "pppk"', "/izin dinas ke Garut 1-3 September"),
    ],
)
async def test_what_there_is_can_be_sent(work: str, text: str) -> None:
    async with staffed(work) as story:
        await story.kadis.says(text)
        story.kadis.sees("Kirim?")
        assert "⛔" not in story.kadis.last.text


async def test_a_change_of_time_cannot_go_beyond_the_limit() -> None:
    async with staffed(PNS) as story:
        await grant(story, "/izin cuti alasan penting 1-20 September")
        await story.kadis.says("/izin ubah 1 waktu 1 September s.d. 15 Oktober 2026")
        story.kadis.sees("paling lama 1 bulan")
        (row,) = await story.stored.list_rows(Izin)
        assert (row.status, row.hari) == ("disetujui", 20)


@pytest.mark.parametrize(
    ("work", "text", "said"),
    [
        (
            'status = "pns"\nentered = 2026-03-01',
            "/izin cuti 1-3 September",
            "masa kerja 1 tahun 0 bulan; pada hari itu masa kerja baru 0 tahun 6 bulan",
        ),
        ('status = "pns"\nentered = 2023-03-01', "/izin cuti besar 1-30 September", "masa kerja 5 tahun 0 bulan"),
        (PNS, "/izin cuti besar 1-30 September", "Lama: 30 hari kalender"),
        (PNS, "/izin cuti 24-26 Agustus", "Lama: 2 hari kerja"),
        (PNS, "/izin cuti 20 Agustus jam 07.30-12.00", "Lama: ½ hari kerja"),
        (PNS, "/izin cuti 22-23 Agustus", "Tidak ada hari kerja di dalamnya"),
        (PNS, "/izin sakit 12-13 Agustus", "Belum ada surat keterangan dokter. Kirim dengan /izin lampirkan 1"),
        (PNS, "/izin cuti melahirkan 1-30 September", "Belum ada surat keterangan dokter atau bidan"),
    ],
)
async def test_who_asks_and_who_decides_reads_what_to_mind(work: str, text: str, said: str) -> None:
    async with staffed(work) as story:
        await story.kadis.says(text)
        assert said in story.kadis.last.text.replace("`", "")
        await story.kadis.presses("Kirim")
        assert said in story.sekda.last.text.replace("`", "")


async def test_papers_are_kept_and_reach_who_decides() -> None:
    async with staffed(PNS) as story:
        await story.kadis.says("/izin sakit 12-13 Agustus")
        await story.kadis.presses("Kirim")
        await story.kadis.says("/izin lampirkan 1")
        assert "Kirim foto atau berkasnya" in story.kadis.last.text
        await story.kadis.says("", photos=[b"\xff\xd8\xff surat"])
        story.kadis.sees("1 lampiran dicatat")
        assert any(shown.text == "Lampiran izin #1" for shown in story.sekda.messages)
        await story.kadis.says("/izin lampirkan 1", photos=[b"\xff\xd8\xff lagi"])
        assert len([shown for shown in story.sekda.messages if shown.text == "Lampiran izin #1"]) == 2
        await story.camat.says("/izin lampirkan 1", photos=[b"\xff\xd8\xff x"])
        story.camat.sees("bukan milik Anda")


async def test_with_its_papers_none_are_missing() -> None:
    async with staffed(PNS) as story:
        await story.kadis.says("/izin sakit 12-13 Agustus", photos=[b"\xff\xd8\xff surat"])
        assert "Belum ada surat" not in story.kadis.last.text


@pytest.mark.parametrize(
    ("work", "shown"),
    [
        (f"{PNS}\nleave_taken = {{ 2025 = 4 }}", "cuti: 18 dari 18 hari kerja"),
        (f"{PNS}\nleave_taken = {{ 2024 = 0, 2025 = 0 }}", "cuti: 24 dari 24 hari kerja"),
        (f"{PNS}\nleave_taken = {{ 2025 = 9, 2026 = 2.5 }}", "cuti: 12½ dari 15 hari kerja"),
        ('status = "pppk"\nentered = 2022-03-01\nleave_taken = { 2025 = 0 }', "cuti: 12 dari 12 hari kerja"),
        ('status = "pns"\nentered = 2026-03-01', "cuti: 0 dari 0 hari kerja"),
    ],
)
async def test_the_balance_knows_the_status_the_service_and_the_years_before(work: str, shown: str) -> None:
    async with staffed(work) as story:
        await story.kadis.says("/izin saldo")
        story.kadis.sees(shown)
        assert "Perkiraan" not in story.kadis.last.text


async def test_without_status_or_entry_the_balance_is_an_estimate() -> None:
    async with staffed("") as story:
        await story.kadis.says("/izin saldo")
        story.kadis.sees("cuti: 12 dari 12 hari kerja", "Perkiraan")


async def test_days_of_a_year_that_is_over_are_carried(tmp_path: object) -> None:
    async with staffed(PNS, datetime(2026, 12, 1, 9, tzinfo=ZONE)) as story:
        await grant(story, "/izin cuti 7-16 Desember")
        await story.advance(days=40)
        await story.kadis.says("/izin saldo")
        story.kadis.sees("tahun 2027", "cuti: 16 dari 16 hari kerja")


async def test_in_the_year_of_a_great_leave_there_is_no_annual_leave() -> None:
    async with staffed(PNS) as story:
        await grant(story, "/izin cuti besar 1-30 September")
        await story.kadis.says("/izin cuti 5-6 Oktober")
        story.kadis.sees("terlampaui 2 hari kerja", "sudah ada cuti besar")
        await story.kadis.says("/izin saldo")
        story.kadis.sees("cuti: 0 dari 0", "sudah ada cuti besar")


async def test_other_kinds_spend_no_annual_leave() -> None:
    async with staffed(PNS) as story:
        for text in (
            "/izin cuti alasan penting 1-3 September",
            "/izin dinas ke Garut 7-8 September",
            "/izin sakit 12-13 Agustus",
        ):
            await grant(story, text)
        await story.kadis.says("/izin saldo")
        story.kadis.sees("cuti: 12 dari 12 hari kerja")
