"""The catalogues themselves: every sentence is there in every language, says the same, and somebody speaks it."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from pendopo import Plugin
from pendopo.cli.discovery.plugins import find_plugins
from pendopo.config import DEFAULT_PLUGINS, PluginSettings
from pendopo.i18n import LOCALES, SOURCE, find_fields, read_po

PLUGINS = find_plugins(PluginSettings(enabled=list(DEFAULT_PLUGINS))).plugins
ROOT = Path(__file__).parent.parent
FOLDERS = {"": ROOT / "bot" / "pendopo" / "locale"} | {
    folder.parent.name.removeprefix("pendopo_"): folder
    for folder in sorted((ROOT / "plugins").glob("*/locale"))
    if (folder / "id.po").is_file()
}
OTHERS = [locale for locale in LOCALES if locale != SOURCE]
CORE = {"umum", "tanya", "waktu", "gerbang", "tombol", "berkas", "web", "direktori", "sistem", "gate", "data"}
KEY = re.compile(r"([a-z]+)(\.[a-z0-9_]+)+")
NOT_SPOKEN = {"_record", "_audit", "audit", "AuditEntry", "move", "change_state"}
"""What these take looks like a key, and is the name of an action in the audit log."""
BUTTON, ROW = 20, 24
"""So many characters WhatsApp shows of a button's title, and of a row's where there are more than three."""
ASKED = {"gerbang.ini_saya", "umum.ya_kirim", "umum.batalkan"}
"""Titles of buttons besides those whose keys say `tombol`."""
BY_NAME = re.compile(r"^kalimat\.|\.pembuka\.|\.(bantuan|arg|tanya|aksi)\.|\.kata$")
TYPED = re.compile(r"\.kata$|\.pembuka\.|^kalimat\.")
"""Words that people type, in whatever way they do; not what the bot says."""
"""Keys that are put together of the names of routes, of their arguments, of actions and of buttons."""
SAME = {
    "en": "abstain agenda disposisi izin kecamatan kelurahan laporan m nip no plugin unit",
    "su": """abstain agenda akun alur aplikasi arahan asal asli atasan audit baris bentrok berkas biasa buka bukti butir
        cabut darurat dasar data dicabut diganti dijabat dikirim diputus disposisi ditarik ditolak draf galeri hadir
        hasil izin jabatan jam jenis jumlah kode koordinasi kosong kuorum lampiran lanjut laporan lewat log lokasi
        lowong m mandat menit mundur nip no notulis operasi pdf per pilih pilihan plh plugin pribadi rapat rencana
        rincian status surat tamu tanggal tarik tempat terbuka tindak tindakan tingkat tolak tugas tunjuk tutup unit
        usul waktu wilayah""",
}
"""Words that a language has in common with Indonesian: a sentence of others that is the same is one nobody has translated."""
AVOIDED = {
    "id": "obrolan chat ngobrol dulu ijin nomer silahkan disini disana diatas dibawah diantara dimana kemana anda jaman resiko",
    "en": "obrolan percakapan",
    "su": "chat percakapan anjeun atawa can tulis bisa tidak untuk yang dan dari kepada dengan sudah belum gawé surélék",
}
"""Words for which these sentences have another: one thing has one name, and Sundanese is polite."""
ARGUMENT = re.compile(r"\{[\w.]+\}")
CODE = re.compile(r"`[^`]*`|\*[^*]*\*|(?<!\w)/[a-z]+(?: [a-z]+)*")


@cache
def sentences(owner: str, locale: str) -> Mapping[str, str]:
    path = FOLDERS[owner] / f"{locale}.po"
    return read_po(path) if path.is_file() else {}


@cache
def written(locale: str = SOURCE) -> dict[str, str]:
    return {key: text for owner in FOLDERS for key, text in sentences(owner, locale).items()}


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text))


# -- every language has every sentence ----------------------------------------------------------------------------------


@pytest.mark.parametrize("owner", FOLDERS)
@pytest.mark.parametrize("locale", OTHERS)
def test_every_language_has_every_sentence_and_no_other(owner: str, locale: str) -> None:
    """`read_po` leaves out what is empty, so an empty sentence is a missing one."""
    assert list(sentences(owner, locale)) == list(sentences(owner, SOURCE)), "the same keys in the same order"


@pytest.mark.parametrize("owner", FOLDERS)
@pytest.mark.parametrize("locale", LOCALES)
def test_no_sentence_is_empty_or_written_twice(owner: str, locale: str) -> None:
    lines = (FOLDERS[owner] / f"{locale}.po").read_text(encoding="utf-8").splitlines()
    keys = [line for line in lines if line.startswith("msgid ") and line != 'msgid ""']
    assert keys == [f'msgid "{key}"' for key in sentences(owner, locale)]


@pytest.mark.parametrize("owner", FOLDERS)
@pytest.mark.parametrize("locale", OTHERS)
def test_sentences_name_the_same_arguments_in_every_language(owner: str, locale: str) -> None:
    source, other = sentences(owner, SOURCE), sentences(owner, locale)
    assert [key for key in source if find_fields(source[key]) != find_fields(other.get(key, ""))] == []


@pytest.mark.parametrize("owner", FOLDERS)
@pytest.mark.parametrize("locale", OTHERS)
def test_sentences_name_the_same_commands_in_every_language(owner: str, locale: str) -> None:
    """A command is called the same whatever language somebody reads."""
    named = re.compile(r"(?<![\w/])/[a-z]+")
    source, other = sentences(owner, SOURCE), sentences(owner, locale)
    assert [key for key in source if set(named.findall(source[key])) != set(named.findall(other.get(key, "")))] == []


def untranslated(locale: str, source: str, other: str) -> bool:
    bare = words(CODE.sub("", ARGUMENT.sub("", source)).lower())
    return source == other and not bare <= set(SAME[locale].split())


@pytest.mark.parametrize("owner", FOLDERS)
@pytest.mark.parametrize("locale", OTHERS)
def test_no_sentence_is_left_in_indonesian(owner: str, locale: str) -> None:
    source, other = sentences(owner, SOURCE), sentences(owner, locale)
    assert [key for key in source if untranslated(locale, source[key], other.get(key, ""))] == []


def test_a_sentence_that_is_left_in_indonesian_is_found() -> None:
    assert untranslated("su", "Tidak ada yang menunggu {siapa}.", "Tidak ada yang menunggu {siapa}.")
    assert not untranslated("su", "Rapat #{nomor}", "Rapat #{nomor}")
    assert not untranslated("su", "Siapa?", "Saha?")


# -- how they are written -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", LOCALES)
def test_titles_of_buttons_are_short_enough_for_whatsapp(locale: str) -> None:
    titles = {key: text for key, text in written(locale).items() if ".tombol." in key and not key.endswith(".kata")}
    titles |= {key: written(locale)[key] for key in ASKED}
    assert len(titles) > 60
    assert {key: text for key, text in titles.items() if len(ARGUMENT.sub("12345", text)) > BUTTON} == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_one_thing_has_one_name(locale: str) -> None:
    avoided = set(AVOIDED[locale].split())
    found = {key: words(CODE.sub("", ARGUMENT.sub("", text))) & avoided for key, text in written(locale).items()}
    assert {key: bad for key, bad in found.items() if bad and not TYPED.search(key)} == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_sentences_are_set_as_print_is(locale: str) -> None:
    """No two spaces within a line, no space before a stop, and quotation marks that open and close."""
    wrong = re.compile(r'(?<=[^\s])  +(?=\S)| [.,;:?!](?=\s|$)|"|\.\.\.')
    assert {key: text for key, text in written(locale).items() if wrong.search(text)} == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_lines_of_help_are_set_alike(locale: str) -> None:
    """They stand one below the other: none begins with a capital, and none ends with a full stop."""
    lines = {key: text for key, text in written(locale).items() if ".bantuan." in key}
    assert len(lines) > 100
    assert [key for key, text in lines.items() if text.endswith(".") or not text[0].islower()] == []


# -- and spoken ---------------------------------------------------------------------------------------------------------


def _names_routes(target: ast.AST) -> bool:
    """Whether it is constants in capitals that get a value: names of routes."""
    names = target.elts if isinstance(target, ast.Tuple) else [target]
    return all(isinstance(name, ast.Name) and name.id.isupper() for name in names)


def _pattern(node: ast.JoinedStr) -> str:
    parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[a-z0-9_]+" for part in node.values)
    return "".join(parts)


def _spoken(path: Path) -> Iterator[ast.AST]:
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Assign) and not isinstance(node.value, ast.Dict) and all(map(_names_routes, node.targets)):
            continue
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in NOT_SPOKEN:
            continue
        if isinstance(node, ast.keyword) and node.arg == "words" and isinstance(node.value, ast.Constant):
            yield ast.JoinedStr(
                [ast.Constant(f"{node.value.value!s}."), ast.Name("status")]
            )  # a state machine's: the state follows
            continue
        yield node
        if not isinstance(node, ast.JoinedStr):
            waiting += ast.iter_child_nodes(node)


def spoken(path: Path) -> Iterator[str]:
    """All keys of sentences that a module names whole."""
    for node in _spoken(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = KEY.fullmatch(node.value)
            if found and found[1] in CORE | set(FOLDERS):
                yield node.value


def put_together(path: Path) -> Iterator[str]:
    """Patterns of the keys that a module puts together: f"izin.status.{izin.status}"."""
    for node in _spoken(path):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            begin = re.match(r"([a-z]+)\.", str(node.values[0].value))
            if begin and begin[1] in CORE | set(FOLDERS):
                yield _pattern(node)


MODULES = [
    path
    for top in ("bot", "plugins")
    for path in sorted((ROOT / top).rglob("*.py"))
    if "migrations" not in path.parts and path.parent.name not in ("telegram", "waha", "whatsapp_cloud")
]


def test_every_sentence_the_code_speaks_is_written() -> None:
    assert {(path.name, key) for path in MODULES for key in spoken(path) if key not in written()} == set()


def test_every_key_the_code_puts_together_can_be_one() -> None:
    patterns = {(path.name, pattern) for path in MODULES for pattern in put_together(path)}
    assert len(patterns) > 40
    assert {each for each in patterns if not any(re.fullmatch(each[1], key) for key in written())} == set()


def test_every_sentence_is_spoken_somewhere() -> None:
    """What nobody says any more is not left to be translated."""
    whole = {key for path in MODULES for key in spoken(path)}
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "bot" / "pendopo" / "web" / "templates").rglob("*.html")]
    whole |= {key for page in pages for key in re.findall(r'"(web\.[a-z_.]+)"', page)}
    parts = re.compile("|".join(sorted({pattern for path in MODULES for pattern in put_together(path)})))
    silent = (key for key in written() if key not in whole and not BY_NAME.search(key) and not parts.fullmatch(key))
    assert list(silent) == []


def test_the_look_for_keys_finds_them() -> None:
    paths = list((ROOT / "plugins" / "pendopo_izin").glob("*.py"))
    found = {key for path in paths for key in spoken(path)}
    assert {"izin.tanpa_atasan", "izin.tanya.waktu", "izin.tombol.kirim", "izin.bukan_pemohon", "izin.kabar_setuju"} <= found
    assert r"izin\.status\.[a-z0-9_]+" in {pattern for path in paths for pattern in put_together(path)}


@pytest.mark.parametrize("owner", [owner for owner in FOLDERS if owner])
def test_a_plugins_keys_begin_with_its_name(owner: str) -> None:
    assert all(key.startswith(f"{owner}.") for key in sentences(owner, SOURCE))


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)
def test_help_is_in_the_persons_language(plugin: Plugin) -> None:
    """What stands behind a command and its arguments is written for developers; people read the catalogue."""
    wanted: set[str] = set()
    for route in (route for route in plugin.list_routes() if route.words and not route.hidden):
        wanted.add(f"{plugin.name}.bantuan.{route.name.partition('.')[2]}")
        wanted |= {f"{plugin.name}.arg.{param.name}" for param in route.params}
    assert sorted(wanted - set(sentences(plugin.name, SOURCE))) == []


def test_every_action_of_the_audit_log_has_words() -> None:
    """The audit viewer and the feed say what was done as people say it."""
    said = re.compile(r'ctx\.audit\(\s*"([a-z]+)\.([a-z_]+)"')
    found = {match for path in (ROOT / "plugins").rglob("*.py") for match in said.findall(path.read_text(encoding="utf-8"))}
    assert len(found) > 60
    assert sorted(f"{owner}.{name}" for owner, name in found if f"{owner}.aksi.{name}" not in written()) == []
