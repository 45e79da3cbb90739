"""The table of a personnel office becomes a directory, and what only the directory knows stays."""

from pathlib import Path
from typing import Any

import pytest
from pendopo.directory.file import DirectoryFile, PersonEntry, PostEntry, UnitEntry, check_file
from pendopo.directory.spreadsheet import Sheet
from pendopo.directory.staff_table import StaffMap, convert_sheets, list_leaving, list_without_superior, read_map
from pendopo.errors import DirectoryError

RINA, HENDRA, EKO = "197001011995031001", "198204232006042003", "199012302015011002"
HEAD = ["No", "NAMA PEGAWAI", "NIP ", "Jabatan", "Unit Kerja", "No. HP"]


def base() -> DirectoryFile:
    return DirectoryFile(
        unit=[UnitEntry("kota", "Pemerintah Kota"), UnitEntry("pu", "Dinas Pekerjaan Umum", "kota"), UnitEntry("dago", "Dago")],
        post=[
            PostEntry("walikota", "Wali Kota", "kota", roles=["walikota"]),
            PostEntry("kadis-pu", "Kepala Dinas", "pu", "walikota", ["kepala_opd"]),
            PostEntry("lurah-dago", "Lurah", "dago", "walikota", ["lurah"]),
        ],
        person=[
            PersonEntry("Rina", RINA, ["kadis-pu"], ["telegram:1"], "su", ["Bu Rina"]),
            PersonEntry("Yuyun", "", ["lurah-dago"], ["telegram:2"]),
        ],
    )


def table(*rows: list[Any]) -> list[Sheet]:
    return [Sheet("SIMPEG", [["PEMERINTAH KOTA"], [], HEAD, *rows])]


def faults(*rows: list[Any]) -> str:
    with pytest.raises(DirectoryError) as caught:
        convert_sheets(table(*rows), StaffMap(), base())
    return str(caught.value)


def test_people_keep_their_accounts_language_and_names_and_posts_their_roles() -> None:
    made = convert_sheets(
        table(
            [1, "Rina Hidayat, S.T.", "19700101 199503 1 001", "KEPALA DINAS", "Dinas Pekerjaan  Umum", None],
            [2, "Hendra", HENDRA, "Kepala Bidang Jalan", "Dinas Pekerjaan Umum", 81220000003],
            [3, "Yuyun", None, "Lurah", "Dago", "-"],
        ),
        StaffMap(roles={"Kepala Bidang *": ["kabid"]}, superiors={"Kepala Bidang *": "Kepala Dinas"}),
        base(),
    )
    rina, hendra, yuyun = made.person
    assert rina == PersonEntry("Rina Hidayat, S.T.", RINA, ["kadis-pu"], ["telegram:1"], "su", ["Bu Rina"])
    assert hendra.accounts == ["whatsapp:6281220000003"]
    assert yuyun == base().person[1]
    assert made.post[:3] == base().post
    assert made.post[3] == PostEntry(
        "kepala-bidang-jalan-pu", "Kepala Bidang Jalan", "pu", superior="kadis-pu", roles=["kabid"]
    )
    assert made.unit == base().unit
    assert check_file(made) == []
    assert (list_leaving(made, base()), list_without_superior(made, base())) == ([], [])


def test_somebody_has_several_posts_and_a_unit_that_is_new_gets_a_code() -> None:
    made = convert_sheets(
        table(
            [1, "Rina", RINA, "Kepala Dinas", "Dinas Pekerjaan Umum"],
            [2, "Rina", RINA, "Ketua Satgas Banjir", "BPBD Kota"],
            [3, "Eko", EKO, "", ""],
        ),
        StaffMap(units={"BPBD Kota": "bpbd"}),
        base(),
    )
    assert [person.posts for person in made.person] == [["kadis-pu", "ketua-satgas-banjir-bpbd"], []]
    assert made.unit[-1] == UnitEntry("bpbd", "BPBD Kota")
    assert list_without_superior(made, base()) == ["Ketua Satgas Banjir"]
    assert list_leaving(made, base()) == ["Yuyun"]


def test_with_a_unit_nobody_outside_of_it_is_touched() -> None:
    directory = base()
    directory.person.append(PersonEntry("Eko", EKO, ["kadis-pu", "lurah-dago"]))
    made = convert_sheets(table([1, "Hendra", HENDRA, "Kepala Dinas", "Dinas Pekerjaan Umum"]), StaffMap(), directory, "pu")
    assert {person.name: person.posts for person in made.person} == {
        "Hendra": ["kadis-pu"],
        "Yuyun": ["lurah-dago"],
        "Eko": ["lurah-dago"],
    }
    assert list_leaving(made, directory) == ["Rina"]
    with pytest.raises(DirectoryError, match="unit 'pau' does not exist"):
        convert_sheets(table([1, "Hendra", HENDRA, "Kepala Dinas", "PU"]), StaffMap(), directory, "pau")


def test_all_faults_are_said_at_once_by_their_cell() -> None:
    said = faults(
        [1, "Rina", 1.97001011995031e17, "Kepala Dinas", "Dinas Pekerjaan Umum"],
        [2, "Hendra", "19820423", "Kepala Bidang", "Dinas Pekerjaan Umum"],
        [3, "Eko", "199013302015011002", "Staf", "Dinas Pekerjaan Umum"],
        [4, "Ani", None, "Staf", None],
        [5, "Budi", None, "Staf", "Dago", "12"],
    )
    assert (
        "SIMPEG, row 4: the NIP is stored as a number, of which Excel keeps 15 digits: give the column the format *text*"
        in said
    )
    assert "SIMPEG, row 5: '19820423' is no NIP" in said
    assert "SIMPEG, row 6: '199013302015011002' is no NIP" in said
    assert "SIMPEG, row 7: it has no unit" in said
    assert "SIMPEG, row 8: whatsapp '12' is no phone number" in said


def test_one_nip_is_one_person() -> None:
    said = faults([1, "Rina", RINA, "Kepala Dinas", "Dago"], [2, "Hendra", RINA, "Lurah", "Dago"])
    assert f"row 5: NIP {RINA} is that of Rina, and here of Hendra" in said


def test_a_table_without_headings_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match=r"Lembar1: no row names the columns of name, post, unit: name them"):
        convert_sheets([Sheet("Lembar1", [["a", "b"], ["c", "d"]])], StaffMap(), base())
    (tmp_path / "map.toml").write_text('[columns]\nname = ["A"]\npost = ["B"]\nunit = ["C"]\n')
    made = convert_sheets([Sheet("x", [["A", "B", "C"], ["Rina", "Lurah", "Dago"]])], read_map(tmp_path / "map.toml"), base())
    assert made.person[0].posts == ["lurah-dago"]
    (tmp_path / "bad.toml").write_text('[columns]\nnama = ["A"]\n')
    with pytest.raises(DirectoryError, match="nama is none of name, nip, post"):
        read_map(tmp_path / "bad.toml")


def test_empty_sheets_and_those_not_named_are_passed_over() -> None:
    sheets = [Sheet("Kosong", [[], [None]]), *table([1, "Rina", RINA, "Kepala Dinas", "Dago"]), Sheet("Catatan", [["x"]])]
    made = convert_sheets(sheets, StaffMap(sheets=["SIMPEG", "Kosong"]), base())
    assert len(made.person) == 1
    with pytest.raises(DirectoryError, match="no sheet has rows"):
        convert_sheets(sheets, StaffMap(sheets=["Kosong"]), base())
