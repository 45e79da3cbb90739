"""Names as people say them find the person, and what is no name, or somebody else's, finds nobody."""

import pytest

from .town import PEOPLE, find_holder

SURE = {
    # titles
    "Ibu Kadis PU": "kadispu",
    "Bu Camat Lengkong": "camat-l",
    "Pak Camat Coblong": "camat-c",
    "Bpk. Kadishub": "kadishub",
    "Yth. Bapak Kadis PU": "kadispu",
    "Bapak/Ibu Camat Coblong": "camat-c",
    "Kang Kadishub": "kadishub",
    "Teh Lurah Dago": "lurah-d",
    "Ceu Yuyun": "lurah-d",
    "Aa Hendra": "camat-c",
    "dr. Anhar": "kadinkes",
    "H. Bambang Suryana": "sekda",
    "Hj. Lina Marlina": "camat-l",
    "@Kadis PU": "kadispu",
    # in full and in short
    "Kepala Dinas PU": "kadispu",
    "Kepala Dinas Pekerjaan Umum": "kadispu",
    "KadisPU": "kadispu",
    "Ka DPU": "kadispu",
    "Kadis PUPR": "kadispu",
    "Kadinkes": "kadinkes",
    "kadiskes": "kadinkes",
    "Kadis Kes": "kadinkes",
    "Kadis Kesehatan": "kadinkes",
    "Kepala Dinkes": "kadinkes",
    "Ka. Dinkes": "kadinkes",
    "Kepala Dinas Perhubungan": "kadishub",
    "Kadis Hub": "kadishub",
    "Kadis Perhubungan": "kadishub",
    "Kadis SDABM": "kadisda",
    "Kadis DSDABM": "kadisda",
    "Kadis SDA & Bina Marga": "kadisda",
    "Kadis Bina Marga": "kadisda",
    "Sekretaris Daerah": "sekda",
    "Sekkot": "sekda",
    "Walikota": "walikota",
    "walkot": "walikota",
    "Pak Wali": "walikota",
    "Wawali": "wakil",
    "Pak Wakil": "wakil",
    "Wakil Walikota": "wakil",
    "Asda II": "asda2",
    "Asisten 2": "asda2",
    "Asda Ekbang": "asda2",
    "Sekdinkes": "sekdinkes",
    "Sekdis Kesehatan": "sekdinkes",
    "Sekretaris Dinas Pekerjaan Umum": "sekdispu",
    "Sekdis PU": "sekdispu",
    "Kabid Yankes": "yankes",
    "Kabid Pelayanan Kesehatan": "yankes",
    "Sekcam Coblong": "sekcam-c",
    "Sekretaris Kecamatan Lengkong": "sekcam-l",
    "CAMAT COBLONG": "camat-c",
    "camat  coblong": "camat-c",
    # names
    "Rina Hidayat": "kadispu",
    "Bu Rina": "kadispu",
    "rina": "kadispu",
    "Ibu Siti": "sekdispu",
    "Pak Bambang": "sekda",
    "Bambang Suryana": "sekda",
    "Ir. H. Bambang Suryana, M.T.": "sekda",
    "Anhar Hadian, S.K.M., M.Kes.": "kadinkes",
    "Pak Suryana": "sekda",
    # aliases of the directory
    "Kepala PUTR": "kadispu",
    "Pak Coblong": "camat-c",
    "Kang Agoy": "kadishub",
}
NOBODY = (
    "rapat anggaran",
    "bahan ajar kesehatan",
    "Pak Xaverius",
    "indah sekali pagi ini",
    "cahya lampu padam",
    "agenda pimpinan",
    "Dinas Kesehatan",
    "PU",
    "Camat",
    "Sekdis",
    "ajudan Bu Camat Coblong",
    "mantan Kadis PU",
    "istri Pak Wali Kota",
    "kantor Camat Coblong",
    "Kadis Kesehatan Provinsi Jawa Barat",
    "Kadishub Prov. Jabar",
    "Plh. Sekda",
    "Pak Agus",
    "wakil Camat Coblong",
    "seluruh jajaran",
    "Kasi",
    "kepala pusing",
    "ka",
    "dan",
    "",
    "besok jam 9",
)
"""No name, somebody else's, or one of several."""


@pytest.mark.parametrize(("said", "code"), SURE.items())
def test_a_post_or_a_name_said_otherwise_finds_the_person(said: str, code: str) -> None:
    found = PEOPLE.person_finder.find_whole(said)
    assert found is not None
    assert found.sure
    assert found.values[0] == find_holder(code)
    named, left = PEOPLE.named_in(f"{said}, kirim data besok") if " " in said else (find_holder(code), ", kirim data besok")
    assert (named, left) == (find_holder(code), ", kirim data besok")


@pytest.mark.parametrize("said", NOBODY)
def test_what_is_no_name_or_not_surely_one_persons_finds_nobody(said: str) -> None:
    assert PEOPLE.named_in(said) == (None, said)
    assert PEOPLE.person_opening(said) == (None, said)


OWN = {
    ("kadispu", "Sekdis"): "sekdispu",
    ("kadinkes", "Sekdis"): "sekdinkes",
    ("yankes", "Kadis"): "kadinkes",
    ("yankes", "Pak Sekdis"): "sekdinkes",
    ("camat-l", "Sekcam"): "sekcam-l",
    ("camat-c", "Pak Sekcam"): "sekcam-c",
    ("lurah-d", "Camat"): "camat-c",
    ("lurah-m", "Bu Camat"): "camat-l",
    ("camat-l", "Lurah"): "lurah-m",
    ("lurah-d", "Sekcam untuk mewakili"): "sekcam-c",
}
NOT_OWN = {
    ("kadishub", "Sekdis"),
    ("camat-c", "Lurah"),
    ("sekda", "Camat"),
    ("lurah-d", "Camat Lembang"),
    ("lurah-d", "Camat Lengkongg"),
}


@pytest.mark.parametrize(("who", "said"), OWN)
def test_a_post_without_its_unit_is_that_of_the_speakers_own(who: str, said: str) -> None:
    assert PEOPLE.named_in(said, find_holder(who))[0] == find_holder(OWN[who, said])


@pytest.mark.parametrize(("who", "said"), sorted(NOT_OWN))
def test_a_post_of_no_or_of_several_units_near_is_asked_for(who: str, said: str) -> None:
    assert PEOPLE.named_in(said, find_holder(who)) == (None, said)


def test_the_ajudan_and_the_plt_are_found_by_the_post_they_serve() -> None:
    assert PEOPLE.named_in("ajudan Sekda")[0] == PEOPLE.persons[90]
    assert PEOPLE.named_in("Adc Pak Sekda")[0] is None
    assert PEOPLE.named_in("Kalak BPBD")[0] == PEOPLE.named_in("Plt. Kalak BPBD")[0] == PEOPLE.persons[91]


def test_the_first_name_counts_not_the_longest() -> None:
    assert PEOPLE.named_in("Kadishub bantu Camat Coblong") == (find_holder("kadishub"), "bantu Camat Coblong")
    assert PEOPLE.named_in("27 Lurah Dago pasang karung")[1] == "27 pasang karung"


MEANT = {
    "Kadinkez": ["kadinkes"],
    "Camat Lengkog": ["camat-l"],
    "Camat Cobolng": ["camat-c"],
    "kadishubb": ["kadishub"],
    "Rinna Hidayat": ["kadispu"],
    "Dinas PU": ["kadispu"],
    "Dishub": ["kadishub"],
    "Pak Agus": ["sekdinkes", "kadishub"],
    "kepala perhubungan": ["kadishub"],
    "Mantan Kadis PU": ["kadispu"],
}


@pytest.mark.parametrize(("said", "codes"), MEANT.items())
def test_what_is_misspelt_or_ambiguous_is_offered_by_real_closeness(said: str, codes: list[str]) -> None:
    assert PEOPLE.persons_like(said, len(codes)) == [find_holder(code) for code in codes]


@pytest.mark.parametrize("said", ["Sekdis", "Sekban", "Kasi Xyz", "Pak Xaverius", "rapat", "stok opname gudang"])
def test_what_is_near_to_nothing_offers_nobody(said: str) -> None:
    assert find_holder("sekda") not in PEOPLE.persons_like(said, speaker=find_holder("kadishub"))


def test_of_two_with_one_name_the_nearer_is_offered_first() -> None:
    assert PEOPLE.persons_like("Pak Agus", speaker=find_holder("kadishub"))[0] == find_holder("kadishub")
    assert PEOPLE.persons_like("Pak Agus", speaker=find_holder("kadinkes"))[0] == find_holder("sekdinkes")
