"""The doctor says of each thing whether it is right, and what to do where it is not."""

import json
import shutil
import socket
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.conftest import Pendopo


@pytest.fixture(autouse=True)
def _free_port(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.setenv("PENDOPO_WEB__PORT", "0")


def list_problems(pendopo: Pendopo) -> dict[str, str]:
    said = pendopo("doctor", "--json")
    findings = {finding["what"]: finding["said"] for finding in json.loads(said.out) if not finding["ok"]}
    assert said.code == (1 if findings else 0)
    return findings


def test_a_new_installation_is_fine_and_nothing_is_made_by_looking(pendopo: Pendopo, place: Path) -> None:
    said = pendopo("doctor")
    assert said.code == 0
    assert [line.split()[0] for line in said.out.splitlines()] == ["ok"] * 12
    assert list(place.iterdir()) == []


def test_one_that_has_run_is_fine(pendopo: Pendopo) -> None:
    pendopo("db", "upgrade")
    said = pendopo("doctor")
    assert said.code == 0
    assert "ok    database       var/pendopo.db, up to date and writable" in said.out


def test_a_bad_configuration_is_the_only_thing_to_say(pendopo: Pendopo, place: Path) -> None:
    (place / "pendopo.toml").write_text("prot = 1")
    said = pendopo("doctor")
    assert (said.code, said.out.splitlines()) == (
        1,
        ["WRONG configuration  pendopo.toml: prot is no setting; did you mean web.port?"],
    )


def test_everything_that_is_wrong_is_said_at_once(pendopo: Pendopo, place: Path, plugin_dir: Path) -> None:
    (plugin_dir / "rusak.py").write_text("1/0")
    (place / "bad.toml").write_text('[[post]]\ncode = "a"\ntitle = "A"\nunit = "x"')
    (place / "file").write_text("")
    (place / "pendopo.toml").write_text(
        'data_dir = "file"\n[directory]\nfile = "bad.toml"\n[web]\nhost = "192.0.2.1"\n'
        '[adapters.waha]\nbase_url = "x"\napi_key = "k"'
    )
    found = list_problems(pendopo)
    assert set(found) == {"secrets", "messengers", "waha", "plugins", "directory", "data folder", "port"}
    assert "rusak: ZeroDivisionError" in found["plugins"]
    assert "unit 'x' does not exist" in found["directory"]


def test_tables_that_are_behind_name_the_verb_that_helps(pendopo: Pendopo, place: Path) -> None:
    (place / "var").mkdir()
    (place / "var" / "pendopo.db").write_bytes(b"")
    assert "run `pendopo db upgrade`" in list_problems(pendopo)["database"]


def test_a_file_that_is_no_database_is_said(pendopo: Pendopo, place: Path) -> None:
    (place / "var").mkdir()
    (place / "var" / "pendopo.db").write_bytes(b"no database" * 100)
    assert "not a database" in list_problems(pendopo)["database"]


def test_a_full_disk_is_said(pendopo: Pendopo, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(3_000_000))
    assert "only 3 MB are free" in list_problems(pendopo)["data folder"]


def test_a_port_that_somebody_else_has_is_said(pendopo: Pendopo, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PENDOPO_WEB__PORT", str(port))
        monkeypatch.setattr("pendopo.cli.commands.doctor.is_pendopo", lambda host, port: False)
        assert "stop what listens there, or set web.port" in list_problems(pendopo)["port"]
        monkeypatch.setattr("pendopo.cli.commands.doctor.is_pendopo", lambda host, port: True)
        assert list_problems(pendopo) == {}


def test_a_plugins_secret_in_a_file_that_others_may_read_is_said(pendopo: Pendopo, peta: Path) -> None:
    peta.chmod(0o644)
    assert list_problems(pendopo) == {"secrets": "pendopo.toml holds secrets and others may read it: chmod 600 pendopo.toml"}
    peta.chmod(0o600)
    assert list_problems(pendopo) == {}


def test_what_a_plugin_does_not_call_secret_may_be_read(pendopo: Pendopo, peta: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUNCI_PETA", "kunci-peta-rahasia")
    peta.write_text('[plugin.peta]\nkunci = { env = "KUNCI_PETA" }\nkota = "Cimahi"')
    peta.chmod(0o644)
    assert list_problems(pendopo) == {}
