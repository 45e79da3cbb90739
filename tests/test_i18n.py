"""Every sentence can be said in the reader's language, and never takes a person's words for markup."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pendopo import Day, Instant, phrase
from pendopo.errors import PluginError
from pendopo.i18n import LOCALES, Catalogues, find_fields, join_lines
from pendopo.model import Person, Phrase, TextRun

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def catalogues() -> Catalogues:
    made = Catalogues()
    made.add_folder(ROOT / "bot" / "pendopo" / "locale")
    for folder in sorted((ROOT / "plugins").glob("*/locale")):
        made.add_folder(folder, folder.parent.name.removeprefix("pendopo_"))
    return made


def test_a_plugin_that_writes_anothers_sentences_is_refused(tmp_path: Path) -> None:
    (tmp_path / "id.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "umum.galat"\nmsgstr "x"\n')
    with pytest.raises(PluginError, match=r"umum\.galat"):
        Catalogues().add_folder(tmp_path, "jahat")


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_can_be_said_whatever_its_arguments_are(catalogues: Catalogues, locale: str) -> None:
    values: list[Any] = [
        "teks",
        7,
        None,
        True,
        ["a", "b"],
        datetime(2026, 8, 12, tzinfo=UTC),
        Day(date(2026, 8, 13)),
        [phrase("umum.ya")],
    ]
    for key in catalogues._sentences[locale]:
        names = {name.split(".")[0] for name in find_fields(catalogues._sentences[locale][key])}
        for value in values:
            words = catalogues.render_text(phrase(key, **dict.fromkeys(names, value)), locale)
            assert words or value != "teks"
            assert "{" not in words
        assert catalogues.render_text(Phrase(key), locale) is not None


def test_marks_in_sentences_come_in_pairs(catalogues: Catalogues) -> None:
    for locale in LOCALES:
        for key in catalogues._sentences[locale]:
            bare = re.sub(r"\{[\w.]+\}", "", catalogues._sentences[locale][key])
            assert all(bare.count(mark) % 2 == 0 for mark in "*_`"), (locale, key)


def written(tmp_path: Path, sentence: str, english: str = "") -> Catalogues:
    for locale, text in (("id", sentence), ("en", english)):
        (tmp_path / f"{locale}.po").write_text(f'msgid ""\nmsgstr ""\n\nmsgid "uji.kata"\nmsgstr "{text}"\n', encoding="utf-8")
    made = Catalogues()
    made.add_folder(ROOT / "bot" / "pendopo" / "locale")
    made.add_folder(tmp_path, "uji")
    return made


def test_styles_are_spans_and_a_persons_words_are_only_words(tmp_path: Path) -> None:
    made = written(tmp_path, "*Judul* {isi} _akhir_ `kode`")
    assert made.render_runs(phrase("uji.kata", isi="*tebal* {nama} _x_")) == [
        TextRun("Judul", bold=True),
        TextRun(" *tebal* {nama} _x_ "),
        TextRun("akhir", italic=True),
        TextRun(" "),
        TextRun("kode", code=True),
    ]


def test_an_argument_takes_the_style_it_stands_in(tmp_path: Path) -> None:
    assert written(tmp_path, "*{isi}*").render_runs(phrase("uji.kata", isi="x")) == [TextRun("x", bold=True)]
    assert written(tmp_path, "*#{isi}* {isi}").render_runs(phrase("uji.kata", isi="x")) == [
        TextRun("#x", bold=True),
        TextRun(" x"),
    ]


def test_what_a_language_has_not_is_said_in_indonesian(tmp_path: Path) -> None:
    assert written(tmp_path, "halo").render_text(Phrase("uji.kata"), "en") == "halo"
    assert written(tmp_path, "halo", "hello").render_text(Phrase("uji.kata"), "en") == "hello"
    assert written(tmp_path, "halo").render_text(Phrase("uji.kata"), "su") == "halo"


def test_what_nobody_has_written_is_shown_as_itself(tmp_path: Path) -> None:
    assert Catalogues().render_text(Phrase("uji.tidak_ada*_{x}")) == "uji.tidak_ada*_{x}"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("x", "x"),
        (7, "7"),
        (None, ""),
        (True, "ya"),
        (["a", 2], "a, 2"),
        (Person(1, "Rina", "Kadis PU"), "Kadis PU"),
        (Person(1, "Rina"), "Rina"),
        (phrase("umum.tidak"), "tidak"),
        ([phrase("umum.ya"), phrase("umum.tidak")], "ya tidak"),
        (datetime(2026, 8, 12, 3, 20, tzinfo=UTC), "Rabu, 12 Agustus 2026, pukul 10.20 WIB"),
        (Day(date(2026, 8, 13)), "Kamis, 13 Agustus 2026"),
        (Instant(datetime(2026, 8, 12, 3, 20, tzinfo=UTC) + timedelta(hours=7)), "2026"),
    ],
)
def test_values_are_shown_as_people_write_them(tmp_path: Path, value: Any, shown: str) -> None:
    assert shown in written(tmp_path, "{isi}").render_text(phrase("uji.kata", isi=value))


def test_a_part_of_a_row_can_be_named(tmp_path: Path) -> None:
    made = written(tmp_path, "{izin.nomor} {izin.tidak_ada}{bukan.apa}")
    assert made.render_text(phrase("uji.kata", izin={"nomor": 5}, bukan="x")) == "5 "


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("Baik, {isi} dibatalkan.", "Baik, dibatalkan."),
        ("{isi} dibatalkan.", "dibatalkan."),
        ("Selesai. {isi} Bukti: 2.", "Selesai. Bukti: 2."),
        ("*Tercatat* {isi} sejak {isi} tadi", "Tercatat sejak tadi"),
        ("Nama:\\n{isi} tadi", "Nama:\ntadi"),
        ("sejak{isi} tadi", "sejak tadi"),
    ],
)
def test_an_argument_that_is_empty_leaves_no_second_space(tmp_path: Path, sentence: str, shown: str) -> None:
    assert written(tmp_path, sentence).render_text(phrase("uji.kata", isi="")) == shown


def test_spaces_that_somebody_wrote_are_theirs(tmp_path: Path) -> None:
    assert written(tmp_path, "Isi: {isi} tadi").render_text(phrase("uji.kata", isi="a  b ")) == "Isi: a  b  tadi"


def test_sentences_stand_on_lines_of_their_own() -> None:
    assert join_lines([[TextRun("a")], [], [TextRun("b"), TextRun("c")]]) == (
        TextRun("a"),
        TextRun("\n"),
        TextRun("b"),
        TextRun("c"),
    )


@pytest.mark.parametrize(
    ("sentence", "value", "said"),
    [
        ("Rp{n}", 1_500_000, "Rp1.500.000"),
        ("Rp{n}", Decimal("1500000.50"), "Rp1.500.000,50"),
        ("Rp{n}", Decimal(1500), "Rp1.500"),
        ("{n} km", 0.5, "0,5 km"),
        ("{n} km", 3.0, "3 km"),
        ("pada {n}", date(2026, 8, 17), "pada Senin, 17 Agustus 2026"),
        ("tahun {n}", 2026, "tahun 2026"),
        ("#{n}", 12_345, "#12345"),
        ("/izin {n}", 27, "/izin 27"),
        ("kode `{n}`", 123_456, "kode 123456"),
        ("{n}", "1500000", "1500000"),
        ("{n}", [1, 20_000], "1, 20.000"),
        ("{n}", True, "ya"),
    ],
)
def test_numbers_and_dates_are_written_as_the_reader_writes_them(tmp_path: Path, sentence: str, value: Any, said: str) -> None:
    assert written(tmp_path, sentence).render_text(phrase("uji.kata", n=value)) == said


def test_an_english_reader_has_commas_between_thousands(tmp_path: Path) -> None:
    made = written(tmp_path, "Rp{n}", "Rp{n}")
    assert made.render_text(phrase("uji.kata", n=Decimal("1500000.50")), "en") == "Rp1,500,000.50"
    assert made.render_text(phrase("uji.kata", n=0.5), "en") == "Rp0.5"
