"""A new plugin works as it is written: its test passes, and a bot uses it."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.scaffold import FILES


def test_its_own_test_passes(pendopo, place: Path):
    said = pendopo("new", "plugin", "sapa")
    assert said.code == 0
    assert 'plugin_dirs = ["my_plugins"]' in said.out
    assert "Run its test: pytest my_plugins/sapa" in said.out
    options = ["-q", "-p", "no:cacheprovider", "-c", "none.ini", "--rootdir=.", "-W", "error"]
    (place / "none.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "my_plugins/sapa"], cwd=place, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 passed" in ran.stdout


def test_it_is_small_and_whole(pendopo, place: Path):
    pendopo("new", "plugin", "sapa", "--dir", "mine")
    home = place / "mine" / "sapa"
    assert sorted(path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()) == sorted(
        name.format(name="sapa") for name in FILES
    )
    code = (home / "__init__.py").read_text()
    assert "$" not in code
    assert len([line for line in code.splitlines() if line]) <= 25


def test_a_bot_uses_it(pendopo, plugin_dir: Path, process):
    said = pendopo("new", "plugin", "sapa")
    assert "It is in use from the next start on." in said.out
    listed = pendopo("plugins", "list")
    assert listed.code == 0
    assert any(line.split()[:3] == ["sapa", "ok", "/sapa"] for line in listed.out.splitlines())
    chat = process("chat", typed="/sapa halo semua\n1\n/bantuan\n")
    assert "Kadis PU menyapa: halo semua" in chat.out
    assert "Kadis PU membalas. Sudah 1 kali dibalas." in chat.out
    assert "/sapa" in chat.out.split("/bantuan\n")[1]


@pytest.mark.parametrize("name", ["Sapa", "sapa kota", "1sapa", "../sapa", "class", "izin", ""])
def test_a_name_that_cannot_be_is_refused_and_nothing_is_written(pendopo, place: Path, name: str):
    said = pendopo("new", "plugin", name)
    assert said.code == 1
    assert list(place.iterdir()) == []


def test_nothing_is_overwritten(pendopo, place: Path):
    pendopo("new", "plugin", "sapa")
    (place / "my_plugins" / "sapa" / "__init__.py").write_text("mine")
    said = pendopo("new", "plugin", "sapa")
    assert said.err == "pendopo: my_plugins/sapa exists already; nothing was written\n"
    assert (place / "my_plugins" / "sapa" / "__init__.py").read_text() == "mine"
