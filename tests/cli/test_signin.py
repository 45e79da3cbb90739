"""`pendopo person signin`: a link for one person, once, told to nobody but whoever sits at the machine."""

import hashlib
import sqlite3
from pathlib import Path

import pytest

from .conftest import Pendopo

DIRECTORY = '[[person]]\nname = "Yuyun Wahyuni"\naccounts = ["telegram:1"]\n'


@pytest.fixture
def people(pendopo: Pendopo, place: Path) -> None:
    (place / "directory.toml").write_text(DIRECTORY, encoding="utf-8")
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
