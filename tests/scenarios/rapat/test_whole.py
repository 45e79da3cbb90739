"""One meeting as thirty people live it, on two messengers, with a restart after every step."""

from io import BytesIO
from pathlib import Path

from icalendar import Calendar
from pendopo.testing import Story
from pendopo_rapat.models.followups import TindakLanjut
from pendopo_rapat.models.meetings import Peserta
from pendopo_rapat.models.minutes import Notulen
from pypdf import PdfReader

from tests.plugins.rapat.town import (
    BOTH,
    HEADS,
    ON_WA,
    get_head,
    get_state,
    list_actions,
    make_town,
    prepared,
    read_document,
    read_documents,
)


async def test_a_whole_meeting_of_thirty_people_on_mixed_messengers(tmp_path: Path, database_url: str) -> None:
    await prepared(database_url)
    async with make_town(tmp_path, database=database_url) as story:
        sekda = story.actor("sekda")
        await polled(story)
        await story.restart()
        await fixed(story)
        await story.restart()
        await answered_and_reminded(story)
        await story.restart()
        await opened(story)
        await story.restart()
        await attended(story)
        await story.restart()
        await decided(story)
        await story.restart()
        await followed(story)
        await story.restart()
        await closed(story)
        await story.restart()
        await sealed(story)
        assert await story.stored.list_inbox(state="dead") == []
        assert {row.state for row in await story.stored.list_deliveries()} == {"sent"}
        assert sekda.messages


async def polled(story: Story) -> None:
    sekda = story.actor("sekda")
    text = "/rapat polling Penanganan banjir di sini Jumat jam 9; Jumat jam 13; Senin jam 8 sampai besok jam 12 undang @grup"
    await sekda.says(text, group=True)
    story.group.sees("Rapat #1", "Penanganan banjir", "Diundang 30 orang")
    await sekda.presses("Tanyakan", group=True)
    assert await get_state(story) == "polling"
    for n in range(1, 27):
        await get_head(story, n).says(f"/rapat pilih 1 ya {'ya' if n % 2 else 'bila'} tidak")
    await story.advance(seconds=5)
    card = story.group.sees("Belum menjawab (4)")
    assert "Kadis 27, Kadis 28" in card.text
    assert "⭐ 1. Jumat, 14 Agustus 2026, pukul 09.00 WIB\n   bisa 26, bila perlu 0, tidak 0" in card.text


async def fixed(story: Story) -> None:
    sekda = story.actor("sekda")
    await story.advance(hours=20)
    get_head(story, 28).sees("Jawaban Anda untuk rapat #1", "masih ditunggu Sekda")
    await story.advance(hours=6)
    sekda.sees("Hasil pemilihan waktu", "bisa 26")
    await sekda.presses("Tetapkan 1")
    assert await get_state(story) == "diundang"
    story.group.sees("Waktu ditetapkan: pilihan 1, oleh Sekda")
    for n in (1, 3):
        get_head(story, n).sees("Sekda mengundang Anda rapat", "Jumat, 14 Agustus 2026, pukul 09.00 WIB")
        (event,) = Calendar.from_ical(read_documents(story, get_head(story, n), ".ics")[0]).walk("VEVENT")
        assert (event["UID"], event["SEQUENCE"]) == (f"rapat-1@{story.app.core.installation.id}.pendopo", 0)


async def answered_and_reminded(story: Story) -> None:
    for n in range(1, 28):
        if n != BOTH:
            await get_head(story, n).presses("Hadir nanti")
    await story.advance(hours=5)
    story.actor("k02", on="wa").sees("belum Anda jawab", "Penanganan banjir")
    get_head(story, 1).does_not_see("belum Anda jawab")
    await story.advance(hours=15, minutes=15)
    get_head(story, 1).sees("Rapat segera dimulai", "Penanganan banjir")
    sekda = story.actor("sekda")
    sekda.sees("Rapat #1:", "undangan belum dijawab", "Kadis 02")


async def opened(story: Story) -> None:
    sekda = story.actor("sekda")
    await sekda.says("/rapat notulis 1 Sekdis 01")
    await sekda.says("/rapat mulai 1", group=True)
    assert await get_state(story) == "berlangsung"
    story.group.sees("Dibuka pukul", "Hadir 0/30, kuorum 16 belum tercapai")


async def attended(story: Story) -> None:
    """Seventeen of thirty: the Sekda, thirteen on Telegram, two on WhatsApp, and one who is represented."""
    await story.actor("sekda").says("hadir", group=True)
    heads = [n for n in range(1, 29) if n not in ON_WA and n != BOTH]
    for n in heads[:13]:
        if n % 2:
            await get_head(story, n).says("hadir", group=True)
        else:
            await get_head(story, n).presses("Hadir")
        await get_head(story, n).says("hadir pak", group=True)
    for n in (3, 6):
        await get_head(story, n).presses("Hadir")
        await get_head(story, n).presses("Hadir")
    await story.advance(seconds=5)
    story.group.sees("Hadir 16/30, kuorum 16 ✔")
    await get_head(story, BOTH).says("/hadir diwakili Sekdis 02", group=True)
    await story.actor("s02").presses("Hadir")
    await story.advance(seconds=5)
    story.group.sees("Hadir 17/30, kuorum 16 ✔", "Mewakili: Sekdis 02 (Kadis 02)")
    await story.actor("sekda").says("/rapat 1")
    story.actor("sekda").sees("Hadir 17/30, kuorum 16 ✔")
    assert sum(1 for row in await story.stored.list_rows(Peserta) if row.hadir) == 17


async def decided(story: Story) -> None:
    sekda = story.actor("sekda")
    await get_head(story, 1).says("pompa di Gedebage mati sejak kemarin", group=True)
    await get_head(story, 4).says("/off ini jangan keluar", group=True)
    await get_head(story, 4).says("anggaran tinggal sedikit", group=True)
    await sekda.says("/putus Dua pompa dibeli tahun ini", group=True)
    await sekda.says("/putus Piket banjir dimulai besok", group=True)
    await sekda.says("/putus mengganti 1 Tiga pompa dibeli tahun ini", group=True)
    story.group.sees("Keputusan #3", "Tiga pompa", "Mengganti keputusan #1: Dua pompa dibeli tahun ini")
    await sekda.says("/keputusan 1")
    sekda.sees("Dua pompa dibeli", "Sudah diganti keputusan #3")


async def followed(story: Story) -> None:
    sekda = story.actor("sekda")
    for n in (1, 3, 4, 6):
        await sekda.says(f"/tl Siapkan laporan pompa {n} @{HEADS[n - 1]} 20 Agustus", group=True)
    await sekda.says("/tl Susun jadwal piket dari keputusan 2 @Kadis 05 tgl 18 Agustus", group=True)
    assert len(await story.stored.list_rows(TindakLanjut)) == 5
    assert [row.keputusan for row in await story.stored.list_rows(TindakLanjut)] == [3, 3, 3, 3, 2]
    get_head(story, 3).sees("Sekda memberi Anda tugas", "Siapkan laporan pompa 3", "Kamis, 20 Agustus 2026")


async def closed(story: Story) -> None:
    sekda = story.actor("sekda")
    await sekda.says("/rapat tutup", group=True)
    await story.advance(seconds=1)
    assert await get_state(story) == "ditutup"
    story.group.sees("Ditutup pukul", "Keputusan: 3. Tindak lanjut: 5.")
    story.actor("s01").sees("Draf notulen rapat #1 untuk Anda sunting", "pompa di Gedebage mati")
    await story.actor("s01").says("/notulen tambah 1 Kadis 01 melaporkan pompa Gedebage rusak")
    await story.actor("s01").says("/notulen hapus 1 1")


async def sealed(story: Story) -> None:
    sekda = story.actor("sekda")
    await sekda.says("/notulen 1")
    await sekda.presses("Sahkan")
    assert await get_state(story) == "disahkan"
    await story.advance(seconds=1)
    absent = get_head(story, 28)
    absent.sees("Anda tidak hadir di rapat #1")
    get_head(story, 1).does_not_see("Notulen rapat #1 yang sudah disahkan")
    await story.advance(minutes=6)
    get_head(story, 1).sees("Notulen rapat #1 yang sudah disahkan")
    story.group.sees("Notulen rapat #1", "Disahkan Sekda")
    pages = PdfReader(BytesIO(read_documents(story, absent, ".pdf")[-1])).pages
    text = " ".join(" ".join(page.extract_text().split()) for page in pages)
    for words in (
        "PEMERINTAH KOTA",
        "NOTULEN RAPAT",
        "Jumat, 14 Agustus 2026",
        "Hadir 17 dari 30 undangan; kuorum 16",
        "mewakili Kepala Cari",
        "Kadis 01 melaporkan pompa Gedebage rusak",
        "Tiga pompa dibeli tahun ini",
        "diganti #3",
        "Susun jadwal piket",
        "18/08/2026",
        "SHA-256",
    ):
        assert words in text, (words, text)
    assert "jangan keluar" not in text
    ((version, digest),) = [(row.versi, row.sidik) for row in await story.stored.list_rows(Notulen) if row.status == "disahkan"]
    assert version == 3
    assert digest in text.replace(" ", "")
    done = await list_actions(story)
    assert [a for a in done if a in MAIN] == MAIN
    assert read_document(story, absent.last)


MAIN = [
    "rapat.draf",
    "rapat.polling",
    "rapat.tetapkan",
    "rapat.buka",
    "rapat.kuorum",
    "rapat.putus",
    "rapat.putus",
    "rapat.putus",
    "rapat.tl",
    "rapat.tl",
    "rapat.tl",
    "rapat.tl",
    "rapat.tl",
    "rapat.tutup",
    "rapat.sahkan",
]
"""The arrows of the story, each one line of the audit log."""
