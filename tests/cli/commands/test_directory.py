"""The directory goes in and comes out whole, and a file with a fault changes nothing."""

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pendopo.cli.bootstrap.directory_files import demo_file, to_toml
from pendopo.directory.file import DirectoryFile, PersonEntry, read_directory

from tests.cli.conftest import Pendopo


def test_what_goes_in_comes_out(pendopo: Pendopo, place: Path) -> None:
    taken = pendopo("directory", "import", str(demo_file()))
    assert (taken.code, taken.out.splitlines()[0]) == (0, "Taken: 7 persons, 7 posts, 7 units.")
    exported = pendopo("directory", "export")
    (place / "again.toml").write_text(exported.out)
    before, after = read_directory(demo_file()), read_directory(place / "again.toml")
    for kind in ("unit", "post", "person", "forum"):
        names = {entry.name if kind in ("person", "forum") else entry.code for entry in getattr(before, kind)}
        assert names == {entry.name if kind in ("person", "forum") else entry.code for entry in getattr(after, kind)}
    assert pendopo("directory", "import", "again.toml").code == 0
    assert pendopo("directory", "export").out == exported.out
    again = pendopo("directory", "import", "again.toml")
    assert again.out == "The directory says this already; nothing was changed.\n"


def test_a_file_with_faults_names_them_all_and_changes_nothing(pendopo: Pendopo, place: Path) -> None:
    pendopo("directory", "import", str(demo_file()))
    (place / "bad.toml").write_text(
        '[[person]]\nname = "Ani"\nposts = ["sekda"]\naccounts = ["ani"]\n'
        '[[post]]\ncode = "seksi"\ntitle = "S"\nsuperior = "seksa"'
    )
    said = pendopo("directory", "import", "bad.toml")
    assert said.code == 1
    assert "post seksi: superior 'seksa' does not exist" in said.err
    assert "person Ani: post 'sekda' does not exist" in said.err
    assert "Rina Hidayat" in pendopo("directory", "show").out


def test_show_is_for_people_and_for_machines(pendopo: Pendopo) -> None:
    pendopo("directory", "import", str(demo_file()))
    lines = pendopo("directory", "show").out.splitlines()
    assert lines[0].split() == ["NAME", "POSTS", "ACCOUNTS"]
    assert lines[1] == "Rina Hidayat          Kadis PU       console:rina, simulator:rina"
    people = json.loads(pendopo("directory", "show", "--json").out)
    assert people[0] == {"name": "Rina Hidayat", "posts": ["Kadis PU"], "accounts": ["console:rina", "simulator:rina"]}
    assert len(json.loads(pendopo("directory", "export", "--json").out)["person"]) == 7


def test_nobody_is_said_and_not_shown_as_nothing(pendopo: Pendopo) -> None:
    pendopo("db", "upgrade")
    assert pendopo("directory", "show").out == "Nobody is in the directory yet: pendopo directory import FILE\n"


def test_names_with_anything_in_them_survive(tmp_path: Path) -> None:
    name = 'H. "Ujang" \\ Ma\'mun\tS.Sos.\x7f é 😀'
    (tmp_path / "odd.toml").write_text(to_toml(DirectoryFile(person=[PersonEntry(name, accounts=["console:u"])])))
    assert read_directory(tmp_path / "odd.toml").person[0].name == name


PERIODS = """
[[term]]
person = "Agus Permana"
post = "kadis-kominfo"
since = 2026-01-01
until = 2099-12-31

[[mandate]]
kind = "plh"
post = "sekda"
person = "197503142000032001"
since = 2026-01-01
until = 2099-08-16
basis = "SP/123"
may = ["izin"]
"""


def test_terms_and_mandates_go_in_and_come_out(pendopo: Pendopo, place: Path) -> None:
    (place / "d.toml").write_text(demo_file().read_text() + PERIODS)
    assert pendopo("directory", "import", "d.toml").code == 0
    exported = pendopo("directory", "export").out
    (place / "again.toml").write_text(exported)
    again = read_directory(place / "again.toml")
    assert again.mandate == read_directory(place / "d.toml").mandate
    assert [(term.post, str(term.since), str(term.until)) for term in again.term] == [
        ("kadis-kominfo", "2026-01-01", "2099-12-31")
    ]
    assert pendopo("directory", "import", "again.toml").code == 0
    assert pendopo("directory", "export").out == exported


def test_diff_shows_what_would_come_go_and_change_and_changes_nothing(pendopo: Pendopo, place: Path) -> None:
    pendopo("directory", "import", str(demo_file()))
    before = pendopo("directory", "export").out
    text = demo_file().read_text().replace('title = "Kadishub"', 'title = "Kadis Hub"')
    text = text.replace('name = "Rina Hidayat"', 'name = "Rina Hidayat, S.T."') + PERIODS
    (place / "d.toml").write_text(text + '[[unit]]\ncode = "bkd"\nname = "BKD"\n')
    said = pendopo("directory", "diff", "d.toml")
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert said.code == 1
    assert "new unit bkd" in lines
    assert "changed post kadishub title: Kadishub → Kadis Hub" in lines
    assert "changed person 197503142000032001 name: Rina Hidayat → Rina Hidayat, S.T." in lines
    assert "new mandate plh sekda 197503142000032001 2026-01-01" in lines
    assert pendopo("directory", "export").out == before
    (place / "same.toml").write_text(before)
    assert pendopo("directory", "diff", "same.toml") == (0, "The directory says this already.\n", "")


def test_days_are_those_of_the_installations_zone(pendopo: Pendopo, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "d.toml").write_text(demo_file().read_text() + PERIODS)
    monkeypatch.setenv("PENDOPO_TIMEZONE", "Asia/Jayapura")
    pendopo("directory", "import", "d.toml")
    with closing(sqlite3.connect(place / "var" / "pendopo.db")) as database:
        ((since,),) = database.execute("SELECT since FROM mandate").fetchall()
    assert datetime.fromtimestamp(since / 1000, ZoneInfo("Asia/Jayapura")).isoformat() == "2026-01-01T00:00:00+09:00"
    assert "since = 2026-01-01" in pendopo("directory", "export").out
    assert pendopo("directory", "diff", "d.toml").out == "The directory says this already.\n"


def test_people_go_out_to_excel_and_come_back_the_same(pendopo: Pendopo, place: Path) -> None:
    pendopo("directory", "import", str(demo_file()))
    assert pendopo("directory", "export", "--xlsx", "orang.xlsx").out == "orang.xlsx: 7 persons.\n"
    made = pendopo("directory", "convert", "orang.xlsx")
    assert (made.code, made.err) == (0, "")
    (place / "orang.toml").write_text(made.out)
    assert pendopo("directory", "diff", "orang.toml").out == "The directory says this already.\n"
    assert pendopo("directory", "import", "orang.toml").code == 0


def test_a_table_that_would_take_access_from_many_is_refused(pendopo: Pendopo, place: Path) -> None:
    pendopo("directory", "import", str(demo_file()))
    (place / "pu.csv").write_text("Nama;NIP;Jabatan;Unit Kerja\nRina Hidayat;;Kadis PU;Dinas Pekerjaan Umum\n")
    said = pendopo("directory", "convert", "pu.csv")
    assert said.code == 1
    assert "6 of 7 people are not in pu.csv and would lose all access: " in said.err
    assert "name it with --unit" in said.err
    one = pendopo("directory", "convert", "pu.csv", "--unit", "pu")
    assert (one.code, one.err) == (0, "")
    (place / "pu.toml").write_text(one.out)
    assert "says this already" in pendopo("directory", "diff", "pu.toml").out
    really = pendopo("directory", "convert", "pu.csv", "--really")
    assert really.code == 0
    assert "Will lose access: " in really.err


def test_on_what_terms_people_work_goes_in_and_comes_out(pendopo: Pendopo, place: Path) -> None:
    work = 'status = "pppk"\nentered = 2024-03-01\nrank = "IX"\nleave_taken = { 2025 = 3, 2026 = 2.5 }\n'
    (place / "a.toml").write_text(f'[[person]]\nname = "Ani"\naccounts = ["console:a"]\n{work}')
    assert pendopo("directory", "import", "a.toml").code == 0
    (place / "b.toml").write_text(pendopo("directory", "export").out)
    before, after = read_directory(place / "a.toml"), read_directory(place / "b.toml")
    assert after.person[0].employment == before.person[0].employment
    (place / "c.toml").write_text((place / "a.toml").read_text().replace("pppk", "pns"))
    assert "status: pppk → pns" in pendopo("directory", "diff", "c.toml").out
