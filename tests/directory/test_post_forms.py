"""The forms of the seed are one post each, and words are written in full."""

import pytest
from pendopo.directory.post_forms import (
    degrees_after,
    expand_word,
    find_role,
    list_forms,
    load_seed,
    normalise_words,
    strip_degrees,
)


@pytest.mark.parametrize("group", load_seed()["forms"]["posts"], ids=lambda group: str(group[0]))
def test_each_form_of_the_seed_leads_to_all_others(group: list[str]) -> None:
    forms = {normalise_words(name) for name in group}
    for name in group:
        assert forms <= {*list_forms(name, ""), normalise_words(name)}


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Kadinkes", "Kepala Dinas Kesehatan"),
        ("Kadis DLH", "Kepala Dinas Lingkungan Hidup"),
        ("Ka DLH", "Kepala Dinas Lingkungan Hidup"),
        ("Kaban Bapenda", "Kepala Badan Pendapatan Daerah"),
        ("Sekdishub", "Sekretaris Dinas Perhubungan"),
        ("Kasubag Umum & Kepegawaian", "Kepala Subbagian Umum dan Kepegawaian"),
        ("Walikota", "Wali Kota"),
        ("Irban II", "Inspektur Pembantu 2"),
        ("RW 05", "Ketua RW 5"),
        ("Kadis Kominfo", "Kepala Dinas Komunikasi dan Informatika"),
    ],
)
def test_a_short_form_is_the_full_one(short: str, full: str) -> None:
    assert normalise_words(short) == normalise_words(full)


@pytest.mark.parametrize("word", ["kabar", "kasur", "sekolah", "kasih", "karena", "seksi", "kapur"])
def test_an_ordinary_word_is_no_short_form(word: str) -> None:
    assert expand_word(word) == (word,)


@pytest.mark.parametrize(
    ("title", "role"),
    [("Kabid Jalan", "kepala bidang"), ("Camat Coblong", "camat"), ("Sekdis", "sekretaris dinas"), ("Wali Kota", ""), ("", "")],
)
def test_the_role_is_what_many_units_have(title: str, role: str) -> None:
    assert find_role(normalise_words(title)) == tuple(role.split())


def test_degrees_are_no_part_of_a_name() -> None:
    assert strip_degrees("Dedi Supriadi, S.STP., M.Si.") == "Dedi Supriadi"
    text = "Anhar Hadian, S.K.M., M.Kes., Kadishub"
    assert text[degrees_after(text, len("Anhar Hadian")) :].strip(" ,") == "Kadishub"
    assert strip_degrees("Kadis PU, Camat Coblong") == "Kadis PU, Camat Coblong"
