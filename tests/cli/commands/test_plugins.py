"""A new plugin works as it is written: its test passes, and a bot uses it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pendopo.cli.commands.plugins import FILES

from tests.cli.conftest import SOURCES, Pendopo

ROOT = Path(__file__).parents[3]


def tried(place: Path, *more: str, **environ: str) -> str:
    """What pytest says of a generated plugin, in a process of its own that knows nothing of our settings."""
    options = ["-q", "-p", "no:cacheprovider", "-c", "none.ini", "--rootdir=.", "-W", "error", *more]
    (place / "none.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "my_plugins/sapa"],
        cwd=place,
        env=dict(os.environ, PYTHONPATH=SOURCES, **environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_its_own_test_passes(pendopo: Pendopo, place: Path) -> None:
    said = pendopo("new", "plugin", "sapa")
    assert said.code == 0
    assert 'plugin_dirs = ["my_plugins"]' in said.out
    assert "Run its test: pytest my_plugins/sapa" in said.out
    assert "15 passed" in tried(place)


@pytest.mark.postgres
def test_its_own_test_passes_on_postgres(pendopo: Pendopo, place: Path, postgres_server: str) -> None:
    pendopo("new", "plugin", "sapa")
    options = ("-p", "tests.conftest", "--database", "postgres")
    assert "15 passed" in tried(place, *options, PENDOPO_TEST_POSTGRES=postgres_server)


def test_its_own_test_sees_a_table_that_was_forgotten(pendopo: Pendopo, place: Path) -> None:
    pendopo("new", "plugin", "sapa")
    code = place / "my_plugins" / "sapa" / "__init__.py"
    code.write_text(code.read_text().replace("    oleh: int", "    kapan: int\n    oleh: int"))
    with pytest.raises(AssertionError, match=r"the database lacks column sapa_salam\.kapan"):
        tried(place)


@pytest.mark.parametrize("name", ["sapa", "salam"])
def test_the_tools_are_content_with_it(pendopo: Pendopo, place: Path, name: str) -> None:
    """By the rules of this house, which are stricter than most."""
    pendopo("new", "plugin", name)
    rules = ["--config", str(ROOT / "pyproject.toml")]
    cache = ["--cache-dir", str(ROOT / ".mypy_cache" / "generated")]
    for tool in (
        ["ruff", "check", "--no-cache", "--ignore", "S101", *rules],
        ["ruff", "format", "--check", "--no-cache", *rules],
        ["mypy", "--strict", "--follow-imports", "silent", "--config-file", os.devnull, *cache],
    ):
        ran = subprocess.run(
            [sys.executable, "-m", *tool, f"my_plugins/{name}"],
            env=dict(os.environ, MYPYPATH=str(ROOT)),
            cwd=place,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_its_migration_is_used(pendopo: Pendopo, plugin_dir: Path) -> None:
    pendopo("new", "plugin", "sapa")
    assert pendopo("db", "upgrade").code == 0
    current = pendopo("db", "current")
    assert any(line.split()[:2] == ["sapa", "0001"] for line in current.out.splitlines()), current.out


def test_it_is_small_and_whole(pendopo: Pendopo, place: Path) -> None:
    pendopo("new", "plugin", "sapa", "--dir", "mine")
    home = place / "mine" / "sapa"
    assert sorted(path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()) == sorted(
        name.format(name="sapa") for name in FILES
    )
    code = (home / "__init__.py").read_text()
    assert "$" not in code
    assert len([line for line in code.splitlines() if line]) <= 25


def test_a_bot_uses_it(pendopo: Pendopo, plugin_dir: Path, process: Pendopo) -> None:
    said = pendopo("new", "plugin", "sapa")
    assert "It is in use from the next start on." in said.out
    listed = pendopo("plugins", "list")
    assert listed.code == 0
    assert any(line.split()[:3] == ["sapa", "ok", "/sapa"] for line in listed.out.splitlines())
    chat = process("chat", typed="/sapa halo semua\n1\n/bantuan\n")
    assert "Kadis PU menyapa: halo semua" in chat.out
    assert "Kadis PU membalas. Sudah 1 kali dibalas." in chat.out
    assert "Sapa" in chat.out.split("/bantuan\n")[1]


@pytest.mark.parametrize(
    "name",
    [
        "Sapa",
        "sapa kota",
        "1sapa",
        "../sapa",
        "class",
        "izin",
        "",
        "_sapa",
        "test_sapa",
        "umum",
        "batal",
        "plh",
        "json",
        "calendar",
    ],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_is_written(pendopo: Pendopo, place: Path, name: str) -> None:
    said = pendopo("new", "plugin", name)
    assert said.code == 1
    assert list(place.iterdir()) == []


def test_nothing_is_overwritten(pendopo: Pendopo, place: Path) -> None:
    pendopo("new", "plugin", "sapa")
    (place / "my_plugins" / "sapa" / "__init__.py").write_text("mine")
    said = pendopo("new", "plugin", "sapa")
    assert said.err == "pendopo: my_plugins/sapa exists already; nothing was written\n"
    assert (place / "my_plugins" / "sapa" / "__init__.py").read_text() == "mine"


def test_a_sentence_that_is_not_written_is_named_with_its_place(pendopo: Pendopo, place: Path, plugin_dir: Path) -> None:
    pendopo("new", "plugin", "sapa")
    assert pendopo("plugins", "check") == (0, "nothing is wrong in the code of the plugins\n", "")
    code = place / "my_plugins" / "sapa" / "__init__.py"
    code.write_text(code.read_text().replace("sapa.salam", "sapa.salm").replace("kali=", "kalo="))
    said = pendopo("plugins", "check")
    assert said.code == 1
    places = [line.split("/sapa/")[1] for line in said.out.splitlines()]
    assert places == [
        "__init__.py:24: there is no sentence 'sapa.salm'; did you mean 'sapa.salam'?",
        "__init__.py:32: sapa.dibalas has no {kalo}; did you mean 'kali'?",
        "__init__.py:32: sapa.dibalas wants {kali}, which is not given",
    ]
