"""Stories of /disposisi: down the line, receipts and answers back up, on each capability profile, over restarts."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo.engine.operations.personal_data import erase_person, list_person_files
from pendopo.testing import Story
from pendopo_disposisi import plugin as disposisi
from pendopo_disposisi.models import Disposisi
from pendopo_izin import plugin as izin


@pytest.fixture
async def story(tmp_path: Path, profile: str) -> AsyncIterator[Story]:
    async with Story([izin, disposisi], database=f"sqlite:///{tmp_path}/x.db", profile=profile) as told:
        yield told


async def states(story: Story) -> list[str]:
    return [row.status for row in await story.stored.list_rows(Disposisi)]


async def arrows(story: Story) -> list[tuple[str, str]]:
    """The lines of the audit log: what happened, and in what capacity."""
    return [(line.action, line.capacity) for line in await story.stored.list_audit_lines("disposisi")]


async def given(story: Story, text: str = "/disposisi Camat Coblong cek pompa sebelum Jumat") -> None:
    await story.sekda.says(text, group=True)


async def test_from_the_order_to_its_end(story: Story) -> None:
    await given(story)
    story.group.sees("Disposisi dikirim", "🟡 #1 Sekda → Camat Coblong: Cek pompa", "belum diterima")
    story.camat.sees("Disposisi #1", "Sekda → Camat Coblong", "Cek pompa", "Tenggat: Kamis, 13 Agustus 2026, pukul 16.00 WIB")
    await story.restart()
    await story.camat.presses("Diterima")
    assert await states(story) == ["diterima"]
    await story.restart()
    await story.camat.presses("Jawab…")
    await story.camat.says("pompa menyala")
    assert await states(story) == ["dijawab"]
    story.sekda.sees("Camat Coblong menjawab disposisi #1: pompa menyala")
    await story.restart()
    await story.sekda.presses("Selesai")
    assert await states(story) == ["selesai"]
    story.camat.sees("Sekda menerima jawaban Anda: disposisi #1 selesai")
    before = len(story.camat.messages), len(story.sekda.messages)
    await story.advance(days=7)
    assert (len(story.camat.messages), len(story.sekda.messages)) == before
    assert [action for action, _ in await arrows(story)] == [
        "disposisi.beri",
        "disposisi.terima",
        "disposisi.jawab",
        "disposisi.selesai",
    ]
    assert dict(await arrows(story))["disposisi.beri"] == "Sekda"


async def test_an_izin_is_handed_down_by_its_number(story: Story) -> None:
    await story.kadis.says("/izin rakor Bappenas besok jam 9")
    await story.kadis.presses("Kirim")
    await story.sekda.says("/disposisi izin 1 Kadishub dampingi besok")
    story.kadishub.sees(
        "Disposisi #1", "Izin #1 Kadis PU: Rakor Bappenas", "Dampingi", "Kamis, 13 Agustus 2026, pukul 16.00 WIB"
    )
    await story.sekda.says("/disposisi pohon izin 1")
    story.sekda.sees("Izin #1 Kadis PU", "#1 Sekda → Kadishub")
    await story.camat.says("/disposisi pohon izin 1")
    story.camat.sees("Tidak ada disposisi atas nomor 1")


async def test_the_button_on_an_izin_that_waits_for_a_decision(story: Story) -> None:
    await story.kadis.says("/izin rakor Bappenas besok jam 9")
    await story.kadis.presses("Kirim")
    await story.sekda.presses("Disposisi…")
    await story.sekda.says("Kadishub siapkan bahan")
    story.kadishub.sees("Disposisi #1", "Izin #1 Kadis PU: Rakor Bappenas", "Siapkan bahan")
    await story.sekda.presses("Setujui")
    story.kadis.sees("disetujui Sekda")


async def test_of_an_illness_nothing_is_handed_on(story: Story) -> None:
    await story.kadis.says("/izin sakit 3 hari")
    await story.kadis.presses("Kirim")
    await story.sekda.says("/disposisi izin 1 Kadishub gantikan")
    story.sekda.sees("Tidak ada urusan bernomor 1 yang boleh Anda lihat")


async def test_further_down_and_the_answer_climbs_back(story: Story) -> None:
    await given(story)
    await story.camat.presses("Teruskan…")
    await story.camat.says("Lurah Dago cek di lapangan besok jam 8")
    assert await states(story) == ["diterima", "dikirim"], "who hands on has received it"
    story.lurah.sees("Disposisi #2", "Camat Coblong → Lurah Dago", "Cek di lapangan", "Kamis, 13 Agustus 2026, pukul 08.00 WIB")
    await story.lurah.says("/disposisi jawab 2 pompa rusak, butuh suku cadang")
    story.camat.sees("Lurah Dago menjawab disposisi #2: pompa rusak, butuh suku cadang")
    await story.restart()
    await story.camat.presses("Teruskan ke atas")
    assert await states(story) == ["dijawab", "selesai"]
    story.sekda.sees("Camat Coblong menjawab disposisi #1: Lurah Dago: pompa rusak, butuh suku cadang")
    story.lurah.sees("Camat Coblong menerima jawaban Anda")
    await story.sekda.says("/disposisi pohon disposisi 1")
    tree = story.sekda.last.text
    assert "☑️ #1 Sekda → Camat Coblong" in tree
    assert "└ ✅ #2 Camat Coblong → Lurah Dago" in tree


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("kadis", "/disposisi Sekda cek pompa"),
        ("kadis", "/disposisi Kadishub cek pompa"),
        ("kadis", "/disposisi Lurah Dago cek pompa"),
        ("sekda", "/disposisi Wali Kota cek pompa"),
        ("sekda", "/disposisi Sekda cek pompa"),
        ("sekda", "/disposisi Camat Coblong, Wali Kota cek pompa"),
    ],
)
async def test_only_down_the_line(story: Story, who: str, text: str) -> None:
    await story.actor(who).says(text)
    story.actor(who).sees("bukan bawahan Anda")
    assert await states(story) == []


async def test_to_several_at_once_and_one_is_taken_back(story: Story) -> None:
    await given(story, "/disposisi Kadis PU, Kadishub dan Camat Coblong siapkan data besok")
    story.group.sees("#1 Sekda → Kadis PU", "#2 Sekda → Kadishub", "#3 Sekda → Camat Coblong")
    await story.kadishub.presses("Diterima")
    await story.sekda.presses("Tarik #2", group=True)
    assert await states(story) == ["dikirim", "ditarik", "dikirim"]
    story.kadishub.sees("Sekda menarik disposisi #2")
    await story.kadishub.says("/disposisi jawab 2 siap")
    story.kadishub.sees("Disposisi #2 sudah ditarik. Tidak ada yang diubah.")


async def test_what_is_taken_back_is_taken_back_from_everybody_below(story: Story) -> None:
    await given(story)
    await story.camat.presses("Teruskan…")
    await story.camat.says("Lurah Dago cek di lapangan")
    await story.sekda.says("/disposisi tarik 1")
    assert await states(story) == ["ditarik", "ditarik"]
    story.lurah.sees("Camat Coblong menarik disposisi #2")
    before = len(story.lurah.messages)
    await story.advance(days=5)
    assert len(story.lurah.messages) == before


async def test_an_answer_that_is_not_enough_goes_back(story: Story) -> None:
    await given(story)
    await story.camat.says("/disposisi jawab 1 beres")
    assert await states(story) == ["dijawab"]
    await story.sekda.presses("Kembalikan…")
    await story.sekda.says("fotonya belum ada")
    assert await states(story) == ["diterima"]
    story.camat.sees("Sekda mengembalikan jawaban Anda: fotonya belum ada", "Disposisi #1")
    await story.camat.says("/disposisi jawab 1 ini fotonya", photos=[PHOTO])
    story.sekda.sees("Camat Coblong menjawab disposisi #1: ini fotonya")
    assert any(shown.content.__class__.__name__ == "Photo" for shown in story.sekda.messages)
    await story.sekda.says("/disposisi selesai 1")
    assert await states(story) == ["selesai"]


async def test_the_receipt_is_asked_for_again_in_office_hours(story: Story) -> None:
    await given(story, "/disposisi Camat Coblong cek pompa")
    await story.advance(hours=4, minutes=1)
    story.camat.sees("Disposisi ini belum Anda nyatakan diterima")
    story.sekda.sees("Camat Coblong belum menyatakan menerima disposisi #1")
    before = len(story.camat.messages)
    await story.advance(days=3)
    assert len(story.camat.messages) == before, "once is enough"


async def test_the_colours_of_a_deadline(story: Story) -> None:
    await given(story, "/disposisi Camat Coblong cek pompa tanggal 19 Agustus")
    story.group.sees("🟢 #1")
    await story.camat.presses("Diterima")
    await story.advance(days=6)
    story.camat.sees("Tenggat disposisi ini sudah dekat", "🟡 Tenggat: Rabu, 19 Agustus 2026, pukul 16.00 WIB")
    await story.advance(days=1, hours=6)
    story.camat.sees("Tenggat disposisi ini sudah lewat", "🔴 Tenggat")
    story.sekda.sees("Tenggat disposisi #1 untuk Camat Coblong lewat")
    told = len(story.sekda.messages)
    await story.advance(days=1)
    assert len([shown for shown in story.camat.messages if "sudah lewat" in shown.text]) == 2
    assert len(story.sekda.messages) == told, "who gave it hears it once"
    await story.sekda.says("/disposisi tenggat 1 Senin depan")
    story.camat.sees("Tenggat disposisi ini diubah", "🟢 Tenggat: Senin, 24 Agustus 2026, pukul 16.00 WIB")


async def test_as_an_answer_to_a_message(story: Story) -> None:
    await story.kadis.says("/izin rakor Bappenas besok jam 9", group=True)
    await story.kadis.presses("Kirim", group=True)
    await story.sekda.says("/disposisi Kadishub dampingi", group=True, to=story.group.last)
    story.kadishub.sees("Disposisi #1", "Izin #1 Kadis PU: Rakor Bappenas")


async def test_a_photographed_letter(story: Story) -> None:
    await story.sekda.says("/disposisi Kadis PU hadiri dan laporkan", photos=[PHOTO])
    story.kadis.sees("Disposisi #1", "Surat #1", "Hadiri dan laporkan")
    assert story.kadis.messages[-1].content.__class__.__name__ == "Photo"


async def test_before_tomorrow_said_after_office_hours_is_until_the_offices_open(story: Story) -> None:
    await story.advance(days=1, hours=7)  # Thursday, 17.20
    await given(story, "/disposisi Camat Coblong cek pompa sebelum Jumat")
    story.camat.sees("Disposisi #1", "Tenggat: Jumat, 14 Agustus 2026, pukul 07.30 WIB")


async def test_what_is_left_unsaid_is_asked_for(story: Story) -> None:
    await story.sekda.says("/disposisi")
    story.sekda.sees("Kepada siapa, apa yang harus dikerjakan")
    await story.sekda.says("tolong segera")
    story.sekda.sees("Kepada siapa? Tulis nama atau jabatannya")
    await story.sekda.says("Camat Coblong")
    story.camat.sees("Disposisi #1", "Tolong segera")


async def test_what_was_erased_leaves_the_rest_readable(story: Story) -> None:
    await story.sekda.says("/disposisi Kadis PU hadiri dan laporkan", photos=[PHOTO])
    await story.kadis.says("/disposisi jawab 1 sudah hadir", photos=[PHOTO])
    rina = story.app.core.people.by_alias(["memory:kadis"])
    assert rina is not None
    assert set(await list_person_files(story.app.core, rina)) == {hashlib.sha256(PHOTO).hexdigest()}
    await erase_person(story.app.core, rina)
    await story.sekda.says("/disposisi lihat 1")
    story.sekda.sees("Disposisi #1", "Hadiri dan laporkan")
    await story.sekda.presses("Kembalikan…")
    await story.sekda.says("fotonya hilang")
    assert await states(story) == ["diterima"]


async def test_lists(story: Story) -> None:
    await story.camat.says("/disposisi saya")
    story.camat.sees("Tidak ada disposisi yang menunggu Anda")
    await given(story)
    await given(story, "/disposisi Camat Coblong rapikan berkas")
    await story.camat.says("/disposisi saya")
    assert story.camat.last.text.index("Cek pompa") < story.camat.last.text.index("Rapikan berkas"), "deadlines first"
    await story.sekda.says("/disposisi keluar")
    story.sekda.sees("Disposisi dari Anda yang belum selesai", "Cek pompa", "Rapikan berkas")
    await story.camat.says("/disposisi lihat 1")
    story.camat.sees("Disposisi #1", "Keadaan: belum diterima")
    await story.kadis.says("/disposisi lihat 1")
    story.kadis.sees("Disposisi #1 hanya dapat dilihat yang bersangkutan")


async def test_nobody_else_answers_or_ends_it(story: Story) -> None:
    await given(story)
    await story.kadis.says("/disposisi jawab 1 sudah")
    story.kadis.sees("Disposisi #1 bukan untuk Anda")
    await story.camat.says("/disposisi selesai 1")
    story.camat.sees("Disposisi #1 bukan dari Anda")
    assert await states(story) == ["dikirim"]


PHOTO = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
