"""Every sentence exists in Indonesian, says the same in English, and never takes a person's words for markup."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import Day, Instant, Plugin, say
from bot.cli.finding import find
from bot.config import DEFAULT_PLUGINS, PluginSettings
from bot.errors import PluginError
from bot.i18n import LOCALES, Catalogues, fields, join, read_po
from bot.model import Person, Said, Span

PLUGINS = find(PluginSettings(enabled=list(DEFAULT_PLUGINS))).plugins
ROOT = Path(__file__).parent.parent
FOLDERS = {"": ROOT / "bot" / "locale"} | {
    folder.parent.name: folder for folder in sorted((ROOT / "plugins").glob("*/locale")) if (folder / "id.po").is_file()
}
CORE = {"umum", "tanya", "waktu", "gerbang", "tombol", "berkas", "web"}
KEY = re.compile(r"([a-z]+)(\.[a-z_]+)+")
NOT_SPOKEN = {"_record", "audit", "Entry", "move"}
"""What these take looks like a key, and is the name of an action in the audit log."""


@pytest.fixture(scope="module")
def catalogues() -> Catalogues:
    made = Catalogues()
    for owner, folder in FOLDERS.items():
        made.add(folder, owner)
    return made


def _names_routes(target: ast.AST) -> bool:
    """Whether it is constants in capitals that get a value: names of routes."""
    names = target.elts if isinstance(target, ast.Tuple) else [target]
    return all(isinstance(name, ast.Name) and name.id.isupper() for name in names)


def spoken(path: Path) -> Iterator[str]:
    """All keys of sentences that a module names whole."""
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.JoinedStr):
            continue
        if isinstance(node, ast.Assign) and all(_names_routes(target) for target in node.targets):
            continue
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in NOT_SPOKEN:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = KEY.fullmatch(node.value)
            if found and found[1] in CORE | set(FOLDERS):
                yield node.value
        waiting += ast.iter_child_nodes(node)


MODULES = [
    path
    for top in ("bot", "plugins")
    for path in sorted((ROOT / top).rglob("*.py"))
    if "migrations" not in path.parts and path.parent.name not in ("telegram", "waha", "whatsapp_cloud")
]


def test_every_sentence_the_code_speaks_is_written(catalogues: Catalogues) -> None:
    missing = {(path.name, key) for path in MODULES for key in spoken(path) if not catalogues.has(key)}
    assert not missing


def test_the_look_for_keys_finds_them() -> None:
    found = {key for path in (ROOT / "plugins" / "izin").glob("*.py") for key in spoken(path)}
    assert {"izin.tanpa_atasan", "izin.tanya.waktu", "izin.tombol.kirim", "izin.bukan_pemohon", "izin.kabar_setuju"} <= found


@pytest.mark.parametrize("owner", FOLDERS)
@pytest.mark.parametrize("locale", ["id", "en"])
def test_indonesian_and_english_are_complete_and_name_the_same_arguments(owner: str, locale: str) -> None:
    source, other = (read_po(FOLDERS[owner] / f"{name}.po") for name in ("id", locale))
    assert set(source) == set(other)
    differing = {key for key in source if not key.endswith(".kata") and fields(source[key]) != fields(other[key])}
    assert not differing


@pytest.mark.parametrize("owner", FOLDERS)
def test_sundanese_says_nothing_that_indonesian_does_not(owner: str) -> None:
    path = FOLDERS[owner] / "su.po"
    if path.is_file():
        source, other = read_po(FOLDERS[owner] / "id.po"), read_po(path)
        assert set(other) <= set(source)
        assert all(fields(other[key]) == fields(source[key]) for key in other if not key.endswith(".kata"))


@pytest.mark.parametrize("owner", [owner for owner in FOLDERS if owner])
def test_a_plugins_keys_begin_with_its_name(owner: str) -> None:
    assert all(key.startswith(f"{owner}.") for key in read_po(FOLDERS[owner] / "id.po"))


def test_a_plugin_that_writes_anothers_sentences_is_refused(tmp_path: Path) -> None:
    (tmp_path / "id.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "umum.galat"\nmsgstr "x"\n')
    with pytest.raises(PluginError, match=r"umum\.galat"):
        Catalogues().add(tmp_path, "jahat")


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
        [say("umum.ya")],
    ]
    for key in catalogues.keys(locale):
        names = {name.split(".")[0] for name in fields(catalogues._sentences[locale][key])}
        for value in values:
            words = catalogues.words(say(key, **dict.fromkeys(names, value)), locale)
            assert words or value != "teks"
            assert "{" not in words
        assert catalogues.words(Said(key), locale) is not None


def test_marks_in_sentences_come_in_pairs(catalogues: Catalogues) -> None:
    for locale in LOCALES:
        for key in catalogues.keys(locale):
            bare = re.sub(r"\{[\w.]+\}", "", catalogues._sentences[locale][key])
            assert all(bare.count(mark) % 2 == 0 for mark in "*_`"), (locale, key)


def written(tmp_path: Path, sentence: str, english: str = "") -> Catalogues:
    for locale, text in (("id", sentence), ("en", english)):
        (tmp_path / f"{locale}.po").write_text(f'msgid ""\nmsgstr ""\n\nmsgid "uji.kata"\nmsgstr "{text}"\n', encoding="utf-8")
    made = Catalogues()
    made.add(ROOT / "bot" / "locale")
    made.add(tmp_path, "uji")
    return made


def test_styles_are_spans_and_a_persons_words_are_only_words(tmp_path: Path) -> None:
    made = written(tmp_path, "*Judul* {isi} _akhir_ `kode`")
    assert made.spans(say("uji.kata", isi="*tebal* {nama} _x_")) == [
        Span("Judul", bold=True),
        Span(" *tebal* {nama} _x_ "),
        Span("akhir", italic=True),
        Span(" "),
        Span("kode", code=True),
    ]


def test_an_argument_takes_the_style_it_stands_in(tmp_path: Path) -> None:
    assert written(tmp_path, "*{isi}*").spans(say("uji.kata", isi="x")) == [Span("x", bold=True)]
    assert written(tmp_path, "*#{isi}* {isi}").spans(say("uji.kata", isi="x")) == [Span("#x", bold=True), Span(" x")]


def test_what_a_language_has_not_is_said_in_indonesian(tmp_path: Path) -> None:
    assert written(tmp_path, "halo").words(Said("uji.kata"), "en") == "halo"
    assert written(tmp_path, "halo", "hello").words(Said("uji.kata"), "en") == "hello"
    assert written(tmp_path, "halo").words(Said("uji.kata"), "su") == "halo"


def test_what_nobody_has_written_is_shown_as_itself(tmp_path: Path) -> None:
    assert Catalogues().words(Said("uji.tidak_ada*_{x}")) == "uji.tidak_ada*_{x}"


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
        (say("umum.tidak"), "tidak"),
        ([say("umum.ya"), say("umum.tidak")], "ya tidak"),
        (datetime(2026, 8, 12, 3, 20, tzinfo=UTC), "Rabu, 12 Agustus 2026, pukul 10.20 WIB"),
        (Day(date(2026, 8, 13)), "Kamis, 13 Agustus 2026"),
        (Instant(datetime(2026, 8, 12, 3, 20, tzinfo=UTC) + timedelta(hours=7)), "2026"),
    ],
)
def test_values_are_shown_as_people_write_them(tmp_path: Path, value: Any, shown: str) -> None:
    assert shown in written(tmp_path, "{isi}").words(say("uji.kata", isi=value))


def test_a_part_of_a_row_can_be_named(tmp_path: Path) -> None:
    made = written(tmp_path, "{izin.nomor} {izin.tidak_ada}{bukan.apa}")
    assert made.words(say("uji.kata", izin={"nomor": 5}, bukan="x")) == "5 "


def test_sentences_stand_on_lines_of_their_own() -> None:
    assert join([[Span("a")], [], [Span("b"), Span("c")]]) == (Span("a"), Span("\n"), Span("b"), Span("c"))


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)
def test_help_is_in_the_persons_language(plugin: Plugin) -> None:
    """What stands behind a command and its arguments is written for developers; people read the catalogue."""
    catalogues = Catalogues()
    catalogues.add(plugin.home / "locale", plugin.name)
    wanted: set[str] = set()
    for route in (route for route in plugin.routes() if route.words and not route.hidden):
        wanted.add(f"{plugin.name}.bantuan.{route.name.partition('.')[2]}")
        wanted |= {f"{plugin.name}.arg.{param.name}" for param in route.params}
    assert sorted(key for key in wanted if not catalogues.has(key)) == []


OF_PAGES = re.compile(r"^(web|terlewat)\.|\.(hal|aksi)\.|^akun\.(masuk|keluar|bahasa|hal)_")
"""Sentences of the dashboard and of the digests, which are there in all three languages."""


@pytest.mark.parametrize("owner", FOLDERS)
def test_the_dashboard_speaks_sundanese_too(owner: str) -> None:
    path = FOLDERS[owner] / "su.po"
    source = {key for key in read_po(FOLDERS[owner] / "id.po") if OF_PAGES.search(key)}
    assert source <= set(read_po(path) if path.is_file() else {})


def test_every_action_of_the_audit_log_has_words(catalogues: Catalogues) -> None:
    """The audit viewer and the feed say what was done as people say it."""
    said = re.compile(r'ctx\.audit\(\s*"([a-z]+)\.([a-z_]+)"')
    found = {match for path in (ROOT / "plugins").rglob("*.py") for match in said.findall(path.read_text(encoding="utf-8"))}
    assert len(found) > 60
    assert sorted(f"{owner}.{name}" for owner, name in found if not catalogues.has(f"{owner}.aksi.{name}")) == []
