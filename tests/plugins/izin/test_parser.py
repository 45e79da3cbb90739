"""A kind is asked for, never found: no word in a purpose grants, hides, lengthens or costs anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo.testing import Story
from pendopo_izin.models import Izin
from pendopo_izin.parser import Abroad, read_abroad, read_kind
from pendopo_izin.settings import ABROAD, KINDS, IzinOptions

OPTIONS = IzinOptions()
ASKED = {
    "sakit": """Sakit|sakit gigi|Sakit, demam|saya sakit|karena sakit|cuti sakit|demam dan flu|diare|berobat|opname|
        kontrol ke dokter|mohon izin sakit pak|sakit kepala|maaf saya lagi sakit""",
    "cuti": "cuti|Cuti tahunan|cuti ke Bali|cuti keluarga|mengambil cuti|saya cuti|cuti menghadiri wisuda anak",
    "cuti besar": "cuti besar|cuti haji|cuti besar haji",
    "cuti melahirkan": "cuti melahirkan|cuti bersalin anak kedua",
    "cuti alasan penting": "cuti alasan penting|cuti karena alasan penting|cuti menikah",
    "izin jam": "datang terlambat|pulang cepat|terlambat antar anak|keluar kantor ke bank",
}
MEANS_SOMETHING_ELSE = """stok opname gudang|opname stok gudang|sosialisasi berobat gratis di Dago|
berobat gratis, sosialisasi|rapat evaluasi cuti bersama|cuti bersama: rapat evaluasi|
tidak sakit, rapat biasa|menjenguk Pak Asep yang sakit|sakit hati warga dibahas|
RS Gigi dan Mulut: rapat sakit gigi anak sekolah|peninjauan demam berdarah|
rapat anggaran flu burung|bukan cuti, dinas|kunjungan ke Rumah Sakit Hasan Sadikin|
rakor penanganan diare|seminar cuti melahirkan ASN|
pembahasan laporan pegawai terlambat|undangan dari Klinik Sakit Gigi Sehat|
rakor kesakitan|cuti karena sakit""".replace("\n", "").split("|")


@pytest.mark.parametrize(("kind", "purpose"), [(k, each.strip()) for k, said in ASKED.items() for each in said.split("|")])
def test_a_kind_that_is_asked_for_is_read(kind: str, purpose: str) -> None:
    assert read_kind(purpose, KINDS).kind == kind


@pytest.mark.parametrize("purpose", MEANS_SOMETHING_ELSE)
def test_a_word_of_a_kind_in_another_purpose_is_at_most_a_guess(purpose: str) -> None:
    assert read_kind(purpose, KINDS).kind == ""


def test_what_may_be_meant_besides_is_a_guess() -> None:
    assert list(read_kind("menjenguk Pak Asep yang sakit", KINDS).guesses) == ["sakit"]
    assert list(read_kind("rakor Bappenas", KINDS).guesses) == []


@given(st.text(max_size=60), st.sampled_from([said for kind in KINDS.values() if kind.otomatis_hari for said in kind.kata]))
def test_no_words_beside_an_illness_let_it_pass(text: str, said: str) -> None:
    if any(letter.isalpha() for letter in text):
        assert KINDS.get(read_kind(f"{said} xq{text}", KINDS).kind, KINDS["dinas"]).otomatis_hari == 0


@pytest.mark.parametrize(
    ("purpose", "abroad"),
    [
        ("studi banding ke luar negeri", Abroad.YES),
        ("Dinas ke LN", Abroad.YES),
        ("rapat di Kementerian Luar Negeri", Abroad.NO),
        ("undangan Menteri Luar Negeri", Abroad.NO),
        ("Umrah bersama keluarga", Abroad.MAYBE),
        ("kunjungan ke Singapura", Abroad.MAYBE),
        ("kunjungan ke Cirebon", Abroad.NO),
        ("rapat negeri sipil", Abroad.NO),
    ],
)
def test_a_journey_abroad_is_said_or_asked_about(purpose: str, abroad: Abroad) -> None:
    assert read_abroad(purpose, OPTIONS.luar_negeri, ABROAD.replace("\n", " ").split(", ")) == abroad


@pytest.mark.parametrize("purpose", MEANS_SOMETHING_ELSE[:10])
async def test_nothing_passes_without_a_decision_by_a_word(purpose: str, story: Story) -> None:
    await story.kadis.says(f"/izin {purpose} 20 Agustus jam 9")
    await story.kadis.presses("Kirim")
    assert [row.status for row in await story.stored.list_rows(Izin)] == ["diajukan"]
    story.sekda.sees("meminta izin", purpose[1:20])


@pytest.mark.parametrize("text", ["/izin sakit", "/izin sakit hari ini", "/izin sakit gigi hari ini", "sakit hari ini"])
async def test_a_day_of_illness_is_a_notice(text: str, story: Story) -> None:
    await story.kadis.says(text)
    story.kadis.sees("Jenis: sakit", "Cukup diberitahukan", "Alasannya hanya dilihat atasan")
    await story.kadis.presses("Kirim")
    assert [row.status for row in await story.stored.list_rows(Izin)] in (["diberitahukan"], ["berjalan"])
    story.sekda.sees("Untuk diketahui")


async def test_a_guess_is_chosen_by_a_button_and_can_be_taken_back(story: Story) -> None:
    await story.kadis.says("/izin kontrol rutin sakit jantung 13 Agustus")
    story.kadis.does_not_see("Cukup diberitahukan")
    await story.kadis.presses("Jenis: sakit")
    story.kadis.sees("Cukup diberitahukan")
    await story.kadis.presses("Jenis: dinas")
    await story.kadis.presses("Kirim")
    assert [row.status for row in await story.stored.list_rows(Izin)] == ["diajukan"]


async def test_a_foreign_place_is_asked_about(story: Story) -> None:
    await story.kadis.says("/izin umrah 20 Agustus")
    story.kadis.sees("luar negeri")
    await story.kadis.presses("Di dalam negeri")
    await story.kadis.presses("Kirim")
    assert [row.luar_negeri for row in await story.stored.list_rows(Izin)] == [False]
