"""Lists of people as they are said: names, groups and units, and all that is not clear at once."""

import pytest
from pendopo.directory.person_lists import (
    PersonListReader,
    UnclearName,
    drop_name,
    find_name_end,
    label_person,
    replace_name,
)
from pendopo.model import Person

from .town import PEOPLE, find_holder

READER = PersonListReader(PEOPLE, find_holder("kadinkes"))
LISTS = {
    "Kadis PU, Kadinkes dan semua camat": "kadispu kadinkes camat-c camat-l",
    "para camat": "camat-c camat-l",
    "para camat dan lurah": "camat-c camat-l lurah-d lurah-s lurah-m",
    "semua lurah Coblong": "lurah-d lurah-s",
    "semua lurah se-Kecamatan Lengkong": "lurah-m",
    "seluruh kadis": "kadispu kadinkes kadishub kadisda",
    "semua camat kecuali Camat Coblong": "camat-l",
    "semua camat, kecuali Coblong, Kadis PU": "camat-l kadispu",
    "Kadis SDA dan Bina Marga dan Kadishub": "kadisda kadishub",
    "1. Kadis PU\n2. Kadishub\n3. Bu Camat Lengkong": "kadispu kadishub camat-l",
    "- Kadis PU\n- Kadishub": "kadispu kadishub",
    "dr. Hj. Anhar Hadian, S.K.M., M.Kes., Kadishub (Pak Agus)": "kadinkes kadishub",
    "Kadis PU; Kadishub & Pak Sekda": "kadispu kadishub sekda",
    "seluruh jajaran Dinas Kesehatan": "kadinkes sekdinkes yankes",
    "Sekdis, Kabid Yankes": "sekdinkes yankes",
    "Kadis PU, kadis pu, Bu Rina": "kadispu",
    "": "",
}
UNCLEAR = {
    "Kadinkez, Pak Agus dan Camat Lengkong": ("camat-l", {"Kadinkez": "kadinkes", "Pak Agus": "sekdinkes kadishub"}),
    "Kadis PU beserta jajaran": ("kadispu", {"jajaran": ""}),
    "camat, Kadishub": ("kadishub", {"camat": "camat-c camat-l"}),
    "semua camat kecuali Pak Xaver": ("", {"semua camat kecuali Pak Xaver": "camat-c camat-l"}),
    "Pak Xaver, Bu Zulaikha": ("", {"Pak Xaver": "", "Bu Zulaikha": ""}),
}


@pytest.mark.parametrize(("said", "codes"), LISTS.items())
def test_a_list_is_read_whole(said: str, codes: str) -> None:
    listed = READER.read_list(said)
    assert not listed.unclear
    assert listed.persons == [find_holder(code) for code in codes.split()]


@pytest.mark.parametrize("said", UNCLEAR)
def test_all_names_that_are_not_clear_are_told_at_once(said: str) -> None:
    sure, faults = UNCLEAR[said]
    listed = READER.read_list(said)
    assert listed.persons == [find_holder(code) for code in sure.split()]
    assert {name.said: list(name.choices) for name in listed.unclear} == {
        part: [find_holder(code) for code in codes.split()] for part, codes in faults.items()
    }
    assert all(said[name.start : name.end] == name.said for name in listed.unclear)


OPENINGS = {
    "Kadis PU, Kadishub cek lokasi": ("kadispu kadishub", "cek lokasi"),
    "semua camat cek drainase": ("camat-c camat-l", "cek drainase"),
    "semua lurah Coblong bersihkan saluran": ("lurah-d lurah-s", "bersihkan saluran"),
    "Kadis PU dan Kadinkes: tindak lanjuti": ("kadispu kadinkes", "tindak lanjuti"),
    "Sekdis, Kadis PU, hadiri dan laporkan": ("sekdinkes kadispu", "hadiri dan laporkan"),
    "Kadis PU, cek dan laporkan": ("kadispu", "cek dan laporkan"),
    "tindak lanjuti segera": ("", "tindak lanjuti segera"),
}


@pytest.mark.parametrize("said", OPENINGS)
def test_receivers_open_a_text_and_the_rest_is_kept(said: str) -> None:
    codes, left = OPENINGS[said]
    listed, rest = READER.read_opening(said)
    assert (listed.persons, list(listed.unclear)) == ([find_holder(code) for code in codes.split()], [])
    assert rest == left


def test_a_misspelt_receiver_is_told_and_no_part_of_the_task() -> None:
    listed, rest = READER.read_opening("Kadis PU, Kadishb cek lokasi")
    assert [name.said for name in listed.unclear] == ["Kadishb"]
    assert rest == "cek lokasi"


def test_words_of_the_callers_own_go_before_names() -> None:
    own = PersonListReader(PEOPLE, None, lambda said: [find_holder("sekda")] if said == "grup" else None)
    assert own.read_list("grup, Kadis PU").persons == [find_holder("sekda"), find_holder("kadispu")]


def test_a_choice_keeps_the_rest_of_the_list() -> None:
    text = "Kadishb dan Pak Xen"
    first = READER.read_list(text).unclear[0]
    chosen = replace_name(text, first, find_holder("kadishub"))
    listed = READER.read_list(chosen)
    assert (listed.persons, [name.said for name in listed.unclear]) == ([find_holder("kadishub")], ["Pak Xen"])
    assert READER.read_list(drop_name(chosen, listed.unclear[0])).persons == [find_holder("kadishub")]
    assert drop_name(text, first) == "Pak Xen"


def test_a_name_nobody_has_ends_before_the_task() -> None:
    assert find_name_end("Pak Xaver untuk rapat") == len("Pak Xaver")
    assert find_name_end("rapat besok") == 0


def test_two_of_one_post_are_told_apart_by_name() -> None:
    one, other = Person(1, "Agus", "Staf"), Person(2, "Asep", "Staf")
    assert label_person(one, [one, other]) == "Staf (Agus)"
    assert label_person(one, [one]) == "Staf"


def test_a_long_list_takes_time_in_proportion() -> None:
    listed = READER.read_list(", ".join(["semua camat", "Kadis PU dan Pak Xaver dan Kadishub"] * 300))
    assert len(listed.unclear) == 300
    assert isinstance(listed.unclear[0], UnclearName)
