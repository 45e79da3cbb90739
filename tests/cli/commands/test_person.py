"""`pendopo person`: photos are written out with everything else, and erased with it."""

import hashlib
import json
import re
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Pendopo

MINE, ANOTHER = b"foto saya", b"foto orang lain"
NOW = "2026-08-12 03:20:00.000000"
DIRECTORY = """
[[person]]
name = "Yuyun Wahyuni"
accounts = ["telegram:1"]
[[person]]
name = "Hendra Gunawan"
accounts = ["telegram:2"]
"""


@pytest.fixture
def photos(pendopo: Pendopo, place: Path) -> dict[bytes, Path]:
    """Two persons with a photo each."""
    (place / "directory.toml").write_text(DIRECTORY, encoding="utf-8")
    assert pendopo("db", "upgrade").code == 0
    assert pendopo("directory", "import", "directory.toml").code == 0
    found = {}
    with sqlite3.connect(place / "var" / "pendopo.db") as connection:
        for name, data in (("Yuyun Wahyuni", MINE), ("Hendra Gunawan", ANOTHER)):
            ((who,),) = connection.execute("SELECT id FROM person WHERE name = ?", (name,)).fetchall()
            sha256 = hashlib.sha256(data).hexdigest()
            found[data] = place / "var" / "blobs" / sha256[:2] / sha256
            found[data].parent.mkdir(parents=True, exist_ok=True)
            found[data].write_bytes(data)
            texts = "aplikasi, kunci, ref, jenis, nama, kapan, status, alasan, bagikan, mini, tipe, catatan, rupa"
            connection.execute(
                f"INSERT INTO laporan_foto (version, laporan, pengirim, coba, ukuran, asli, diterima, {texts}) "  # noqa: S608
                f"VALUES (1, 1, ?, 0, 0, ?, ?{', ?' * 13})",
                (who, sha256, NOW, *[""] * 13),
            )
    connection.close()
    return found


def test_an_export_copies_the_files_of_that_person_only(pendopo: Pendopo, place: Path, photos: dict[bytes, Path]) -> None:
    said = pendopo("person", "export", "Yuyun Wahyuni", "--files", "salinan")
    assert said.code == 0
    (row,) = json.loads(said.out)["laporan_foto"]
    copied = list((place / "salinan").iterdir())
    assert [path.name for path in copied] == [row["asli"]]
    assert copied[0].read_bytes() == MINE


def test_an_export_can_be_read_by_the_person_it_is_about(pendopo: Pendopo, photos: dict[bytes, Path]) -> None:
    page = pendopo("person", "export", "Yuyun Wahyuni", "--html").out
    assert re.findall(r"<h2>(.*?)</h2>", page)[:2] == ["Identitas (1)", "Akun (1)"]
    assert {"Ditautkan", "NIP", "Asli"} <= set(re.findall(r"<th>(.*?)</th>", page))
    assert "Hendra" not in page


def test_a_file_that_is_gone_is_named_and_the_rest_is_written(pendopo: Pendopo, photos: dict[bytes, Path]) -> None:
    photos[MINE].unlink()
    said = pendopo("person", "export", "Yuyun Wahyuni", "--files", "salinan")
    assert said.code == 0
    assert "is not there any more" in said.err
    assert json.loads(said.out)["laporan_foto"]


def test_erasing_takes_the_files_of_that_person_only(pendopo: Pendopo, photos: dict[bytes, Path]) -> None:
    said = pendopo("person", "erase", "Yuyun Wahyuni", "--yes", "--json")
    assert json.loads(said.out)["erased"]["file"] == 1
    assert not photos[MINE].exists()
    assert photos[ANOTHER].read_bytes() == ANOTHER


# -- `pendopo person signin`: a link for one person, once, told to nobody but whoever sits at the machine.

DIRECTORY_SIGNIN = '[[person]]\nname = "Yuyun Wahyuni"\naccounts = ["telegram:1"]\n'


@pytest.fixture
def people(pendopo: Pendopo, place: Path) -> None:
    (place / "directory.toml").write_text(DIRECTORY_SIGNIN, encoding="utf-8")
    assert pendopo("db", "upgrade").code == 0
    assert pendopo("directory", "import", "directory.toml").code == 0


@pytest.mark.usefixtures("people")
def test_a_link_is_printed_and_only_its_digest_kept(pendopo: Pendopo, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENDOPO_WEB__PUBLIC_URL", "https://kota.example/")
    said = pendopo("person", "signin", "Yuyun Wahyuni")
    assert said.code == 0
    site, _, secret = said.out.strip().rpartition("/masuk/")
    assert site == "https://kota.example"
    connection = sqlite3.connect(place / "var" / "pendopo.db")
    tickets = connection.execute("SELECT hash, kind FROM web_ticket").fetchall()
    noted = connection.execute("SELECT action, object FROM audit WHERE action LIKE 'web%'").fetchall()
    connection.close()
    assert tickets == [(hashlib.sha256(secret.encode()).hexdigest(), "cli")]
    assert noted == [("web.pintu_darurat", "person/1")]
    assert pendopo("audit", "verify").code == 0


@pytest.mark.usefixtures("people")
def test_nobody_is_signed_in_who_is_not_known(pendopo: Pendopo) -> None:
    assert "did you mean Yuyun Wahyuni?" in pendopo("person", "signin", "Yuyun Wahyunj").err
    assert "nobody's account" in pendopo("person", "signin", "telegram:99").err


@pytest.mark.usefixtures("people")
def test_without_an_address_there_is_no_link(pendopo: Pendopo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENDOPO_WEB__HOST", "0.0.0.0")  # noqa: S104  that is the point
    assert "web.public_url" in pendopo("person", "signin", "Yuyun Wahyuni").err
