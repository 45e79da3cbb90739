"""The command line in a folder of its own: in this process where that tells enough, else as a real process."""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from pendopo.cli import main
from pendopo.cli.bootstrap.directory_files import demo_file
from pendopo.config import Settings
from pendopo.store import open_database
from pendopo.store.queries.audit import AuditEntry, append_entry

ROOT = Path(__file__).parent.parent.parent
SOURCES = os.pathsep.join(str(ROOT / folder) for folder in ("", "bot", "plugins"))
"""Where a process of its own finds this very source tree."""


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
            env=dict(os.environ, PYTHONPATH=SOURCES, **environ),
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


PHOTO = b"a photo"


NAME = hashlib.sha256(PHOTO).hexdigest()


def write_audit_lines(url: str) -> None:
    """Leave some lines in the audit log."""

    async def write() -> None:
        database = open_database(url)
        for number in range(3):
            await database.write(partial(append_entry, entry=AuditEntry("coba", f"coba/{number}"), now_ms=number))
        await database.close()

    asyncio.run(write())


@pytest.fixture
def full(pendopo: Pendopo, place: Path) -> Path:
    """An installation with people and a file."""
    pendopo("directory", "import", str(demo_file()))
    write_audit_lines("sqlite:///var/pendopo.db")
    blob = place / "var" / "blobs" / NAME[:2] / NAME
    blob.parent.mkdir(parents=True)
    blob.write_bytes(PHOTO)
    arrived = place / "var" / "arrivals" / NAME[:2] / NAME
    arrived.parent.mkdir(parents=True)
    arrived.write_bytes(PHOTO)
    (place / "var" / "blobs" / ".part-x").write_bytes(b"half")
    return place


@pytest.fixture
def full_postgres(pendopo: Pendopo, place: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same on PostgreSQL."""
    monkeypatch.setenv("PENDOPO_DATABASE__URL", postgres_url)
    pendopo("db", "upgrade")
    pendopo("directory", "import", str(demo_file()))
    write_audit_lines(postgres_url)
    return place


def read_audit_head(pendopo: Pendopo) -> str:
    return str(json.loads(pendopo("audit", "verify", "--json").out)["head"])


def make_settings(**values: object) -> Settings:
    return Settings.model_validate(values)
