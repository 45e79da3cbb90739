"""Sentences that begin a command without naming it, and those that only sound like it."""

from pathlib import Path

import pendopo
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo.engine.routing.openings import LOOKED_AT, Openings
from pendopo.engine.routing.router import Router
from pendopo.i18n import Catalogues
from pendopo_ingatkan import plugin as ingatkan
from pendopo_izin import plugin as izin
from pendopo_laporan import plugin as laporan
from pendopo_rapat import plugin as rapat

PLUGINS = [izin, laporan, ingatkan, rapat]


def build_openings() -> Openings:
    catalogues = Catalogues()
    catalogues.add_folder(Path(pendopo.__file__).parent / "locale")
    for plugin in PLUGINS:
        catalogues.add_folder(plugin.path / "locale", plugin.name)
    return Openings(Router(PLUGINS), catalogues)


OPENINGS = build_openings()
BEGUN = {
    "Selamat pagi, saya minta izin Senin depan ke Cirebon": ("izin.ajukan", "Senin depan ke Cirebon"),
    "Assalamualaikum pak, mohon izin besok kontrol ke dokter": ("izin.ajukan", "besok kontrol ke dokter"),
    "Ass wr wb. Ijin pak besok tidak masuk": ("izin.ajukan", "pak besok tidak masuk"),
    "Punten kang, bade izin enjing": ("izin.ajukan", "enjing"),
    "saya mengajukan cuti 20-22 Agustus": ("izin.ajukan", "cuti 20-22 Agustus"),
    "cuti tanggal 20": ("izin.ajukan", "cuti tanggal 20"),
    "sakit hari ini": ("izin.ajukan", "sakit hari ini"),
    "mau lapor, pohon tumbang menutup jalan di Dago": ("laporan.lapor", "pohon tumbang menutup jalan di Dago"),
    "izin melaporkan, pohon tumbang di Dago": ("laporan.lapor", "pohon tumbang di Dago"),
    "Mohon izin melaporkan: kerja bakti RW 03": ("laporan.lapor", "kerja bakti RW 03"),
    "banjir di Jl. Gedebage 40 cm": ("laporan.lapor", "banjir di Jl. Gedebage 40 cm"),
    "Pak, ada longsor di Cidadap": ("laporan.lapor", "longsor di Cidadap"),
    "tolong ingatkan saya Jumat jam 2 kirim neraca": ("ingatkan.pasang", "Jumat jam 2 kirim neraca"),
    "mohon diingatkan besok jam 9 apel": ("ingatkan.pasang", "besok jam 9 apel"),
    "tolong buatkan rapat evaluasi besok jam 9": ("rapat.rapat", "evaluasi besok jam 9"),
}
NOT_BEGUN = """izin menyampaikan, besok rapatnya pindah ke Aula Timur|izin bertanya pak|
mohon izin menambahkan|ijin share info|izin copas|halo|tes|besok jam 9 di mana|
siapa yang hadir|saya setuju|rapatnya jadi besok|kemarin banjir sudah surut|
tadi pagi saya izin|anggaran cuti belum turun|terima kasih pak|tidak ada izin|
surat izin usaha sudah terbit|usul saya dibahas|wilayah aman terkendali|
Pak Sekda sedang sakit|izin pamit|mohon izin menyimak|izin info lokasi""".replace("\n", "").split("|")


@pytest.mark.parametrize("text", list(BEGUN))
def test_a_sentence_begins_its_command(text: str) -> None:
    found = OPENINGS.find_command(text)
    assert found is not None
    assert (found[0].name, found[1]) == BEGUN[text]


@pytest.mark.parametrize("text", NOT_BEGUN)
def test_what_only_sounds_like_it_begins_nothing(text: str) -> None:
    assert OPENINGS.find_command(text) is None


def test_a_word_of_saying_behind_the_commands_word_is_courtesy() -> None:
    assert OPENINGS.is_courtesy("izin menyampaikan, besok libur")
    assert not OPENINGS.is_courtesy("izin besok libur")


@pytest.mark.parametrize("text", ["terima kasih pak", "Nuhun", "🙏🙏", "makasih bu"])
def test_thanks_are_thanks(text: str) -> None:
    assert OPENINGS.is_polite_only(text)
    assert OPENINGS.is_thanks(text)


@pytest.mark.parametrize("text", ["siap", "👍", "terima kasih, izin saya batal", "ok"])
def test_what_may_be_more_than_thanks_is_not(text: str) -> None:
    assert not OPENINGS.is_polite_only(text)


@given(st.text(max_size=400))
def test_any_text_is_read_and_what_is_given_on_is_its_end(text: str) -> None:
    found = OPENINGS.find_command(text)
    assert found is None or text.endswith(found[1])


def test_only_the_start_of_a_text_is_looked_at() -> None:
    assert OPENINGS.find_command("pak " * LOOKED_AT + "izin besok") is None
