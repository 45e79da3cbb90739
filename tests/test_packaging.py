"""What is built and installed: the wheel and the sdist hold what they must, and every tool finds `pendopo` afterwards."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.sqlite
ROOT = Path(__file__).parent.parent
ROOTS = (ROOT / "bot", ROOT / "plugins")
AUTHOR = '''
from typing import assert_type

from pendopo import Context, Plugin

plugin = Plugin("apel", summary="Apel", policy="known")


@plugin.command("apel")
async def apel(ctx: Context) -> None:
    """Be there."""
    assert_type(await ctx.quoted_text(), str)
    ctx.there_is_no_such_thing()  # WRONG
'''
"""A plugin of somebody else, with one mistake that only who knows the types of `pendopo` can find."""
TYPE_CHECKERS = {"mypy": ("--strict", "--no-error-summary", "--python-executable"), "basedpyright": ("--pythonpath",)}


def run(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program as somebody would who never heard of this folder."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PENDOPO", "MYPY"))}
    return subprocess.run(list(map(str, words)), cwd=cwd, env=environ, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist."""
    folder = tmp_path_factory.mktemp("built")
    ran = run(sys.executable, "-m", "hatchling", "build", "-d", folder, cwd=ROOT)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """The interpreter of an environment that has what Pendopo needs, and not Pendopo itself."""
    venv.create(tmp_path / "environment", symlinks=True)
    (site,) = (tmp_path / "environment").glob("lib/python*/site-packages")
    # A path file names a folder, and path files within that folder count for nothing: so an editable install is not seen.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return tmp_path / "environment" / "bin" / "python"


def install(python: Path, *what: str | Path) -> None:
    """Install into an environment, with nothing fetched."""
    offline = ("--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check", "-q")
    ran = run(sys.executable, "-m", "pip", "--python", python, "install", *offline, *what, cwd=python.parent)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_wheel_holds_the_packages_whole_with_their_licences_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    about = f"{wheel.name.partition('-py3')[0]}.dist-info"
    sources = {
        path.relative_to(root).as_posix()
        for root in ROOTS
        for path in root.glob("pendopo*/**/*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if not name.startswith(about)} == sources
    assert f"{about}/licenses/LICENSE" in names
    for pattern in (
        "pendopo/py.typed",
        "pendopo/locale/id.po",
        "pendopo/store/migrations/0001_core.py",
        "pendopo/cli/commands/templates/plugin.txt",
        "pendopo/web/templates/simulator.html",
        "pendopo/web/static/dashboard.css",
        "pendopo/web/static/vendor/LICENSE.htmx.txt",
        "pendopo/web/static/vendor/LICENSE.pico.txt",
        "pendopo/paper/fonts/DejaVuSans.ttf",
        "pendopo/paper/fonts/LICENSE.dejavu.txt",
        "pendopo/paper/fonts/LICENSE.noto.txt",
        "pendopo/paper/fonts/NotoSansSundanese-Regular.ttf",
        "pendopo_izin/locale/su.po",
        "pendopo_izin/migrations/0001_izin.py",
    ):
        assert pattern in names


def test_the_sdist_holds_what_one_needs_to_test_it_and_to_pass_it_on(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {name.partition("/")[0] for name in names} == {
        *("bot", "plugins", "tests", "config", "docs", "pyproject.toml", "PKG-INFO", ".gitignore"),
        *("README.md", "LICENSE", "CHANGELOG.md", "AGENTS.md"),
    }
    assert {
        "bot/pendopo/paper/fonts/LICENSE.dejavu.txt",
        "config/constraints.txt",
        "config/mkdocs.yml",
        "docs/licences.md",
        "tests/adapters/telegram/LICENSE.bot_api",
        "tests/test_packaging.py",
    } <= names
    assert not [name for name in names if name.endswith((".pyc", ".db", ".log")) or "__pycache__" in name]


def test_it_runs_beside_a_distribution_that_brings_bot_and_plugins(wheel: Path, python: Path, tmp_path: Path) -> None:
    other = tmp_path / "somebodys-1.0-py3-none-any.whl"
    files = {"bot.py": "WHOSE = 'mine'\n", "plugins/__init__.py": "WHOSE = 'mine'\n"}
    about = {
        "METADATA": "Metadata-Version: 2.1\nName: somebodys\nVersion: 1.0\n",
        "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files |= {f"somebodys-1.0.dist-info/{name}": text for name, text in about.items()}
    with zipfile.ZipFile(other, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr("somebodys-1.0.dist-info/RECORD", "".join(f"{name},,\n" for name in files))
    install(python, wheel, other)
    whose = run(python, "-c", "import bot, plugins, pendopo; print(bot.WHOSE, plugins.WHOSE, pendopo.__file__)", cwd=tmp_path)
    assert whose.stdout.startswith(f"mine mine {python.parent.parent}"), whose.stdout + whose.stderr
    listed = run(python, "-m", "pendopo", "plugins", "list", cwd=tmp_path)
    assert listed.returncode == 0, listed.stdout + listed.stderr
    states = dict(line.split()[:2] for line in listed.stdout.splitlines() if line.split()[1:2] in (["ok"], ["BROKEN"]))
    shipped = ("akun", "bantuan", "disposisi", "ingatkan", "izin", "kelola", "laporan", "rapat", "terlewat")
    assert states == dict.fromkeys(shipped, "ok")


@pytest.mark.parametrize("checker", TYPE_CHECKERS)
def test_type_checkers_find_it_from_any_folder_after_an_editable_install(checker: str, python: Path, tmp_path: Path) -> None:
    program = shutil.which(checker, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if program is None:
        pytest.skip(f"{checker} is not installed: install the [test] extra")
    install(python, "-e", ROOT)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    (elsewhere / "author.py").write_text(AUTHOR)
    wrong = AUTHOR.splitlines().index("    ctx.there_is_no_such_thing()  # WRONG") + 1
    ran = run(program, *TYPE_CHECKERS[checker], python, "author.py", cwd=elsewhere)
    complaints = [line for line in ran.stdout.splitlines() if "author.py:" in line]
    assert complaints, ran.stdout + ran.stderr
    assert [line for line in complaints if f"author.py:{wrong}:" not in line or "there_is_no_such_thing" not in line] == []
