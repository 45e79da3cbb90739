"""Why somebody may or may not: the operator is told the rule, the capacity, and whom to ask."""

import json
from pathlib import Path

import pytest
from pendopo.cli.bootstrap.directory_files import demo_file

from tests.cli.conftest import Pendopo

MANDATE = """
[[mandate]]
kind = "plh"
post = "walikota"
person = "Yuyun Wahyuni"
since = 2020-01-01
basis = "SP/1"
may = ["uji"]
"""
PLUGIN = """
from pendopo import Context, Plugin
plugin = Plugin("uji", summary="Uji", policy="role:walikota")

@plugin.command("uji")
async def uji(ctx: Context) -> None:
    \"\"\"Do it.\"\"\"
"""


@pytest.fixture
def town(pendopo: Pendopo, place: Path) -> Path:
    (place / "d.toml").write_text(demo_file().read_text() + MANDATE)
    (place / "uji.py").write_text(PLUGIN)
    (place / "pendopo.toml").write_text('[plugins]\nenabled = ["uji", "kelola"]\nplugin_dirs = ["."]\n')
    pendopo("directory", "import", "d.toml")
    return place


def test_a_yes_names_the_rule_and_the_capacity(pendopo: Pendopo, town: Path) -> None:
    said = pendopo("policy", "explain", "Dewi Anggraeni", "/uji")
    assert (said.code, said.out) == (0, "YES   Dewi Anggraeni, uji.uji\nrule role:walikota\nas   Wali Kota\n")
    assert "as   Plh. Wali Kota" in pendopo("policy", "explain", "Yuyun Wahyuni", "uji.uji").out


def test_a_no_says_why_and_who_could(pendopo: Pendopo, town: Path) -> None:
    said = pendopo("policy", "explain", "simulator:rina", "uji.uji")
    assert said.code == 1
    assert said.out.startswith("NO   Rina Hidayat, uji.uji\n")
    assert "why  Ini hanya untuk Wali Kota." in said.out
    assert "ask  Dewi Anggraeni" in said.out
    told = json.loads(pendopo("policy", "explain", "rina hidayat", "/uji", "--json").out)
    assert (told["allowed"], told["rule"], told["ask"]) == (False, "role:walikota", ["Dewi Anggraeni", "Yuyun Wahyuni"])


def test_somebody_unknown_is_refused(pendopo: Pendopo, town: Path) -> None:
    assert pendopo("policy", "explain", "telegram:5", "/uji").out.startswith("NO   somebody unknown")


def test_a_rule_is_asked_about_the_very_thing(pendopo: Pendopo, town: Path) -> None:
    assert pendopo("policy", "explain", "Siti Nurhaliza Putri", "kelola.berhenti", "Kadishub").code == 0
    assert "why  Ini hanya untuk admin" in pendopo("policy", "explain", "Rina Hidayat", "kelola.berhenti", "Kadishub").out
    assert "why  Nomor 9 tidak ditemukan." in pendopo("policy", "explain", "Rina Hidayat", "kelola.cabut", "mandat/9").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("Dewy", "/uji"), "nobody in the directory is called 'Dewy'"),
        (("Rina Hidayat", "/uju"), "there is no action '/uju'; did you mean 'uji'?"),
        (("Rina Hidayat", "kelola.cabut", "kelola/x"), "decided by its nomor: say which one"),
        (("Rina Hidayat", "kelola.berhenti"), "decided by its jabatan: say which one"),
    ],
)
def test_a_question_without_an_answer_is_refused_in_a_sentence(
    pendopo: Pendopo, town: Path, words: tuple[str, ...], said: str
) -> None:
    told = pendopo("policy", "explain", *words)
    assert told.code == 1
    assert said in told.err
