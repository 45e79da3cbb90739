"""A plugin in a distribution of its own: built, installed, and from then on like those that ship."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT, Said

EXAMPLE = Path(__file__).parent / "example_dist"


def ran(*words: str, cwd: Path, typed: str = "", **environ: str) -> Said:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=cwd,
        env=dict(os.environ, **environ),
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example as a wheel, installed beside what is installed; nothing is fetched."""
    folder = tmp_path_factory.mktemp("dist")
    shutil.copytree(EXAMPLE, folder / "src")
    offline = ("--no-deps", "--no-index", "-q", "--disable-pip-version-check")
    built = ran("-m", "pip", "wheel", "--no-build-isolation", *offline, "-w", "wheels", "./src", cwd=folder)
    assert built.code == 0, built.err
    (wheel,) = (folder / "wheels").glob("*.whl")
    installed = ran("-m", "pip", "install", *offline, "--target", "site", str(wheel), cwd=folder)
    assert installed.code == 0, installed.err
    return folder / "site"


@pytest.fixture
def pendopo_there(place: Path, site: Path):
    """The command line of an installation that has the example."""

    def run(*words: str, typed: str = "", **environ: str) -> Said:
        path = os.pathsep.join([str(ROOT), str(site)])
        return ran("-m", "bot", *words, cwd=place, typed=typed, PYTHONPATH=path, **environ)

    return run


def test_it_is_listed_with_its_distribution(pendopo_there) -> None:
    listed = pendopo_there("plugins", "list")
    assert listed.code == 0, listed.out
    assert ["apel", "ok", "/apel", "pendopo-apel:", "pendopo_apel:plugin"] in [line.split() for line in listed.out.splitlines()]


def test_it_is_migrated_and_answers(pendopo_there) -> None:
    assert pendopo_there("db", "upgrade").code == 0
    assert ["apel", "0001"] in [line.split()[:2] for line in pendopo_there("db", "current").out.splitlines()]
    for _ in range(2):
        said = pendopo_there("chat", typed="/apel\n/bantuan apel\n")
        assert "Kadis PU hadir. Sudah 1 orang." in said.out
        assert "catat bahwa Anda hadir" in said.out


def test_it_passes_the_suite_of_plugins(place: Path, site: Path) -> None:
    (place / "test_apel.py").write_text(
        "from bot.testing.conformance import PluginConformance\nfrom pendopo_apel import plugin\n\n\n"
        "class TestApel(PluginConformance, plugin=plugin):\n    pass\n"
    )
    path = os.pathsep.join([str(ROOT), str(site)])
    tried = ran("-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", "-c", os.devnull, cwd=place, PYTHONPATH=path)
    assert tried.code == 0, tried.out + tried.err
    assert "12 passed" in tried.out


def test_one_that_cannot_be_imported_is_named_and_the_others_work(pendopo_there, place: Path, site: Path) -> None:
    broken = place / "broken"
    shutil.copytree(site, broken)
    (broken / "pendopo_apel" / "__init__.py").write_text("import nothing_of_that_name\n")
    path = os.pathsep.join([str(ROOT), str(broken)])
    listed = ran("-m", "bot", "plugins", "list", cwd=place, PYTHONPATH=path)
    assert listed.code == 1
    assert any(line.split()[:2] == ["apel", "BROKEN"] and "nothing_of_that_name" in line for line in listed.out.splitlines())
    assert any(line.split()[:2] == ["izin", "ok"] for line in listed.out.splitlines())
