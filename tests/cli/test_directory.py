"""The directory goes in and comes out whole, and a file with a fault changes nothing."""

import json
from pathlib import Path

from bot.cli.people import demo_file, to_toml
from bot.directory.file import DirectoryFile, PersonEntry, read_directory


def test_what_goes_in_comes_out(pendopo, place: Path):
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


def test_a_file_with_faults_names_them_all_and_changes_nothing(pendopo, place: Path):
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


def test_show_is_for_people_and_for_machines(pendopo):
    pendopo("directory", "import", str(demo_file()))
    lines = pendopo("directory", "show").out.splitlines()
    assert lines[0].split() == ["NAME", "POSTS", "ACCOUNTS"]
    assert lines[1] == "Rina Hidayat          Kadis PU       console:rina, simulator:rina"
    people = json.loads(pendopo("directory", "show", "--json").out)
    assert people[0] == {"name": "Rina Hidayat", "posts": ["Kadis PU"], "accounts": ["console:rina", "simulator:rina"]}
    assert len(json.loads(pendopo("directory", "export", "--json").out)["person"]) == 7


def test_nobody_is_said_and_not_shown_as_nothing(pendopo):
    pendopo("db", "upgrade")
    assert pendopo("directory", "show").out == "Nobody is in the directory yet: pendopo directory import FILE\n"


def test_names_with_anything_in_them_survive(tmp_path: Path):
    name = 'H. "Ujang" \\ Ma\'mun\tS.Sos.\x7f é 😀'
    (tmp_path / "odd.toml").write_text(to_toml(DirectoryFile(person=[PersonEntry(name, accounts=["console:u"])])))
    assert read_directory(tmp_path / "odd.toml").person[0].name == name
