"""The command line in a folder of its own: in this process where that tells enough, else as a real process."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from pendopo.cli import main

ROOT = Path(__file__).parent.parent.parent


class Said(NamedTuple):
    """What a verb came to."""

    code: int
    out: str
    err: str


Pendopo = Callable[..., Said]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, with nothing configured."""
    for name in [name for name in os.environ if name.startswith("PENDOPO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)  # what must be told at once has to be flushed
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def pendopo(place: Path, capsys: pytest.CaptureFixture[str]) -> Pendopo:
    """Run a verb in this process."""

    def run(*words: str) -> Said:
        code = main(words)
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return run


@pytest.fixture
def process(place: Path) -> Pendopo:
    """Run a verb as a process, with lines on its standard input."""

    def run(*words: str, typed: str = "", **environ: str) -> Said:
        ran = subprocess.run(
            [sys.executable, "-m", "pendopo", *words],
            cwd=place,
            env=dict(os.environ, PYTHONPATH=str(ROOT), **environ),
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Said(ran.returncode, ran.stdout, ran.stderr)

    return run


@pytest.fixture
def plugin_dir(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own plugins, which is in use."""
    folder = place / "my_plugins"
    folder.mkdir()
    monkeypatch.setenv("PENDOPO_PLUGINS__PLUGIN_DIRS", str(folder))
    return folder


KUNCI = "kunci-peta-rahasia"
PETA = """
from pendopo import Context, Options, Plugin
from pendopo.config import Secret
import structlog

log = structlog.get_logger()


class Aturan(Options):
    kunci: Secret
    cadangan: dict[str, Secret] = {}
    kota: str = "Bandung"


plugin = Plugin("peta", summary="Peta kota", options=Aturan)


@plugin.startup()
async def mulai(ctx: Context) -> None:
    aturan = ctx.options(Aturan)
    log.warning("asked", event_name="asked", kota=aturan.kota, about=[{"key": aturan.kunci.get_secret_value()}])
    raise RuntimeError(f"https://peta/?key={aturan.kunci.get_secret_value()} refused")
"""


@pytest.fixture
def peta(place: Path, plugin_dir: Path) -> Path:
    """A plugin of one's own that has a secret among its options, and tells it in an error; the configuration that gives it."""
    (plugin_dir / "peta.py").write_text(PETA)
    file = place / "pendopo.toml"
    file.write_text(f'[plugin.peta]\nkunci = "{KUNCI}"\nkota = "Cimahi"\ncadangan = {{ dua = "kunci-kedua-kota" }}\n')
    return file
