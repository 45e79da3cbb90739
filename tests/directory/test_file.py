"""A directory file is checked whole: every fault is named, and a file with one is not taken at all."""

import random
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from pendopo.directory.file import check_file, read_directory
from pendopo.errors import DirectoryError
from pendopo.model import Employment, StaffStatus

from tests.oddities import dice, scratched

GOOD = """
[[unit]]
code = "kota"
name = "Kota"
[[unit]]
code = "pu"
name = "Dinas PU"
parent = "kota"
[[post]]
code = "sekda"
title = "Sekda"
unit = "kota"
roles = ["sekda"]
[[post]]
code = "kadis-pu"
title = "Kadis PU"
unit = "pu"
superior = "sekda"
roles = ["kepala_opd"]
[[person]]
name = "Rina"
nip = "1"
posts = ["kadis-pu"]
accounts = ["telegram:1"]
[[forum]]
name = "Forum"
chats = ["telegram:-100"]
members = ["sekda"]
"""


def faults(tmp_path: Path, text: str) -> str:
    path = tmp_path / "directory.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DirectoryError) as caught:
        read_directory(path)
    return str(caught.value)


def test_a_good_file_is_taken_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "directory.toml"
    path.write_text(GOOD, encoding="utf-8")
    file = read_directory(path)
    assert (file.person[0].name, file.post[1].superior, file.forum[0].members) == ("Rina", "sekda", ["sekda"])


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (('parent = "kota"', 'parent = "kotaa"'), "unit pu: parent 'kotaa' does not exist; did you mean 'kota'?"),
        (('unit = "pu"', 'unit = "po"'), "post kadis-pu: unit 'po' does not exist"),
        (('superior = "sekda"', 'superior = "sekdaa"'), "superior 'sekdaa' does not exist; did you mean 'sekda'?"),
        (('posts = ["kadis-pu"]', 'posts = ["kadis"]'), "person Rina: post 'kadis' does not exist"),
        (('superior = "sekda"', 'superior = "kadis-pu"'), "post kadis-pu is its own superior"),
        (('["telegram:1"]', '["1"]'), "account '1' is not kind:value"),
        (('["telegram:1"]', '["telegram:"]'), "account 'telegram:' is not kind:value"),
        (('["telegram:-100"]', '["-100"]'), "chat '-100' is not adapter:id"),
        (('["telegram:-100"]', '["telegram:-100", "telegram:-100"]'), "chat telegram:-100 appears twice"),
        (('members = ["sekda"]', 'members = ["sekde"]'), "role 'sekde' does not exist; did you mean 'sekda'?"),
        (('code = "kadis-pu"', 'code = "sekda"'), "post sekda appears twice"),
        (('code = "pu"', 'code = "kota"'), "unit kota appears twice"),
    ],
)
def test_a_fault_is_named_with_where_it_stands_and_what_may_be_meant(
    tmp_path: Path, change: tuple[str, str], fault: str
) -> None:
    assert change[0] in GOOD
    told = faults(tmp_path, GOOD.replace(*change, 1))
    assert fault in told
    assert "nothing was taken" in told


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    told = faults(tmp_path, GOOD.replace('unit = "pu"', 'unit = "x"').replace('posts = ["kadis-pu"]', 'posts = ["y"]'))
    assert told.count("\n  - ") == 2


def test_a_circle_of_superiors_is_told_as_a_circle(tmp_path: Path) -> None:
    told = faults(tmp_path, GOOD.replace('unit = "kota"\nroles', 'unit = "kota"\nsuperior = "kadis-pu"\nroles'))
    assert "sekda → kadis-pu → sekda" in told


@pytest.mark.parametrize("second", ['name = "Siti"\nnip = "2"', 'name = "Siti"\nnip = ""'])
def test_persons_whom_nothing_tells_apart_are_refused(tmp_path: Path, second: str) -> None:
    assert "person Siti appears twice: give each a nip" in faults(
        tmp_path, f'[[person]]\nname = "Siti"\n[[person]]\n{second}\n'
    )


def test_namesakes_with_a_nip_each_are_two_people(tmp_path: Path) -> None:
    (tmp_path / "d.toml").write_text('[[person]]\nname = "Siti"\nnip = "1"\n[[person]]\nname = "Siti"\nnip = "2"\n')
    assert len(read_directory(tmp_path / "d.toml").person) == 2


def test_one_account_or_nip_belongs_to_one_person(tmp_path: Path) -> None:
    told = faults(
        tmp_path, '[[person]]\nname="A"\nnip="1"\naccounts=["a:1"]\n[[person]]\nname="B"\nnip="1"\naccounts=["a:1"]\n'
    )
    assert "account a:1 appears twice" in told
    assert "nip 1 appears twice" in told


@pytest.mark.parametrize(
    "text", ["[[person]\n", "[[person]]\nnama = 'x'", "[[person]]\nname = 3", "person = 3", "[[orang]]\nname='x'"]
)
def test_what_is_no_directory_file_is_said_so_with_its_name(tmp_path: Path, text: str) -> None:
    assert "directory.toml" in faults(tmp_path, text)


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match="there is no directory file"):
        read_directory(tmp_path / "none.toml")


# -- whatever is in the file -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 5000 + "]" * 5000, "a = " + "9" * 5000, '[[unit]]\ncode = "a\\u0000"\nname = "b"']
)
def test_whatever_is_wrong_with_the_file_is_said_in_a_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "directory.toml"
    file.write_text(text)
    with pytest.raises(DirectoryError):
        read_directory(file)


def test_what_is_no_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match="directory"):
        read_directory(tmp_path)


EXAMPLE = (Path(__file__).parents[2] / "config" / "directory.example.toml").read_bytes()


@given(chance=dice)
def test_a_scratched_file_is_read_or_refused(chance: random.Random, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / "scratched-directory.toml"
    file.write_bytes(scratched(EXAMPLE, chance))
    with suppress(DirectoryError):
        assert check_file(read_directory(file)) == []


def test_accounts_are_brought_into_the_form_of_their_messenger_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "directory.toml"
    path.write_text('[[person]]\nname = "Rina"\naccounts = ["whatsapp:0812-2000-0003", "telegram_username:@Rina_H"]\n')
    assert read_directory(path).person[0].accounts == ["whatsapp:6281220000003", "telegram_username:rina_h"]
    path.write_text('[[person]]\nname = "Rina"\naccounts = ["telegram:@rina"]\n')
    with pytest.raises(DirectoryError, match="write telegram:1000000001"):
        read_directory(path)


def test_one_account_written_in_two_ways_is_one(tmp_path: Path) -> None:
    path = tmp_path / "directory.toml"
    written = ("whatsapp:081220000003", "whatsapp:6281220000003")
    path.write_text("".join(f'[[person]]\nname = "P {phone}"\naccounts = ["{phone}"]\n' for phone in written))
    with pytest.raises(DirectoryError, match="account whatsapp:6281220000003 appears twice"):
        read_directory(path)


def test_aliases_come_in_and_go_out_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "directory.toml"
    post = '[[post]]\ncode = "a"\ntitle = "Kadis PU"\naliases = ["Kadis PUTR"]\n'
    path.write_text(post + '[[person]]\nname = "Rina"\naliases = ["Ceu Rina"]\n')
    file = read_directory(path)
    assert (file.post[0].aliases, file.person[0].aliases) == (["Kadis PUTR"], ["Ceu Rina"])
    path.write_text('[[post]]\ncode = "a"\ntitle = "Kadis PU"\naliases = ["–"]\n')
    with pytest.raises(DirectoryError, match="the alias '–' holds no letter"):
        read_directory(path)


EMPLOYED = """[[person]]
name = "Rina"
status = "pns"
entered = 2000-03-01
rank = "Pembina (IV/a)"
leave_taken = { 2025 = 3, 2026 = 2.5 }
"""


def test_on_what_terms_somebody_works_comes_in_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "directory.toml"
    path.write_text(EMPLOYED)
    work = read_directory(path).person[0].employment
    assert work == Employment(StaffStatus.PNS, date(2000, 3, 1), "Pembina (IV/a)", {"2025": 3.0, "2026": 2.5})


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"pns"', '"asn"', "Invalid enum value 'asn'"),
        ("2000-03-01", '"Maret"', "entered"),
        ("2026 = 2.5", "26 = 2.5", "leave_taken 26 = 2.5 is not a year and its days"),
        ("2026 = 2.5", "2026 = -1", "leave_taken 2026 = -1 is not a year"),
        ("2026 = 2.5", "2026 = 2.3", "leave_taken 2026 = 2.3 is not a year"),
    ],
)
def test_terms_that_cannot_be_are_refused(tmp_path: Path, before: str, after: str, said: str) -> None:
    path = tmp_path / "directory.toml"
    path.write_text(EMPLOYED.replace(before, after))
    with pytest.raises(DirectoryError, match=said):
        read_directory(path)
