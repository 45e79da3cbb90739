"""A plugin and an adapter, each in a distribution of its own: built, installed, and from then on like those that ship."""

import hashlib
import hmac
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands.test_run import get
from tests.cli.conftest import ROOT, SOURCES, Pendopo, Said
from tests.docs.blocks import blocks_of

EXAMPLE = Path(__file__).parents[2] / "cli" / "example_dist"
PAGE = ROOT / "docs" / "adapters.md"
"""Its files are the distribution of an adapter, and the fake of its gateway."""
SECRET = "rahasia-gateway"


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
    """The examples as wheels, installed beside what is installed; nothing is fetched."""
    folder = tmp_path_factory.mktemp("dist")
    shutil.copytree(EXAMPLE, folder / "src")
    for block in blocks_of(PAGE):
        if block.title:
            path = folder / "sms" / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.body, encoding="utf-8")
    offline = ("--no-deps", "--no-index", "-q", "--disable-pip-version-check")
    built = ran("-m", "pip", "wheel", "--no-build-isolation", *offline, "-w", "wheels", "./src", "./sms", cwd=folder)
    assert built.code == 0, built.err
    wheels = [str(wheel) for wheel in (folder / "wheels").glob("*.whl")]
    installed = ran("-m", "pip", "install", *offline, "--target", "site", *wheels, cwd=folder)
    assert installed.code == 0, installed.err
    return folder / "site"


@pytest.fixture
def pendopo_there(place: Path, site: Path) -> Pendopo:
    """The command line of an installation that has the example."""

    def run(*words: str, typed: str = "", **environ: str) -> Said:
        path = os.pathsep.join([SOURCES, str(site)])
        return ran("-m", "pendopo", *words, cwd=place, typed=typed, PYTHONPATH=path, **environ)

    return run


def test_it_is_listed_with_its_distribution(pendopo_there: Pendopo) -> None:
    listed = pendopo_there("plugins", "list")
    assert listed.code == 0, listed.out
    assert ["apel", "ok", "/apel", "pendopo-apel:", "pendopo_apel:plugin"] in [line.split() for line in listed.out.splitlines()]


def test_it_is_migrated_and_answers(pendopo_there: Pendopo) -> None:
    assert pendopo_there("db", "upgrade").code == 0
    assert ["apel", "0001"] in [line.split()[:2] for line in pendopo_there("db", "current").out.splitlines()]
    for _ in range(2):
        said = pendopo_there("chat", typed="/apel\n/bantuan apel\n")
        assert "Kadis PU hadir. Sudah 1 orang." in said.out
        assert "catat bahwa Anda hadir" in said.out


def test_it_passes_the_suite_of_plugins(place: Path, site: Path) -> None:
    (place / "test_apel.py").write_text(
        "from pendopo.testing.conformance import PluginConformance\nfrom pendopo_apel import plugin\n\n\n"
        "class TestApel(PluginConformance, plugin=plugin):\n    pass\n"
    )
    path = os.pathsep.join([SOURCES, str(site)])
    tried = ran("-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", "-c", os.devnull, cwd=place, PYTHONPATH=path)
    assert tried.code == 0, tried.out + tried.err
    assert "14 passed" in tried.out


def test_one_that_cannot_be_imported_is_named_and_the_others_work(pendopo_there: Pendopo, place: Path, site: Path) -> None:
    broken = place / "broken"
    shutil.copytree(site, broken)
    (broken / "pendopo_apel" / "__init__.py").write_text("import nothing_of_that_name\n")
    path = os.pathsep.join([SOURCES, str(broken)])
    listed = ran("-m", "pendopo", "plugins", "list", cwd=place, PYTHONPATH=path)
    assert listed.code == 1
    assert any(line.split()[:2] == ["apel", "BROKEN"] and "nothing_of_that_name" in line for line in listed.out.splitlines())
    assert any(line.split()[:2] == ["izin", "ok"] for line in listed.out.splitlines())


# -- an adapter --------------------------------------------------------------------------------------------------


@pytest.fixture
def gateway(site: Path) -> Iterator[Any]:
    """The fake of the page's gateway, over real HTTP."""
    spec = importlib.util.spec_from_file_location("sms_gateway", site.parent / "sms" / "gateway.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.serving() as serving:
        yield serving


@contextmanager
def running(place: Path, site: Path, url: str, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A bot whose configuration has one section for the adapter, and its address."""
    (place / "pendopo.toml").write_text(
        f'[web]\nport = 0\n[directory]\nfile = "directory.toml"\n[adapters.sms]\ngateway = "{url}"\nsecret = "{SECRET}"\n'
    )
    (place / "directory.toml").write_text('[[person]]\nname = "Rina Hidayat"\naccounts = ["sms:6281200000001"]\n')
    process = subprocess.Popen(
        [sys.executable, "-m", "pendopo", "run", "--json", *words],
        cwd=place,
        env=dict(os.environ, PYTHONPATH=os.pathsep.join([SOURCES, str(site)])),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        yield process, json.loads(line)["url"]
    finally:
        process.kill()
        process.communicate()


def delivered(url: str, text: str, secret: str = SECRET) -> int:
    """The status of a webhook request that is signed with this secret."""
    body = json.dumps({"id": text, "sender": "6281200000001", "text": text, "at": time.time()}).encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    request = urllib.request.Request(f"{url}/hooks/sms", body, {"X-Signature": signature})  # noqa: S310  our own address
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def readiness(url: str) -> Any:
    """What /readyz says, also while a failed attempt still counts: the gateway has a text before the bot knows that."""
    try:
        return json.loads(get(f"{url}/readyz")[1])
    except urllib.error.HTTPError as error:
        return json.load(error)


def until(gateway: Any, said: Callable[[str], bool]) -> None:
    """Wait for a text of the bot of which this is so; another process makes it."""
    late = time.monotonic() + 60
    while not any(text["to"] == "6281200000001" and said(text["text"]) for text in list(gateway.sent)):
        assert time.monotonic() < late, gateway.sent
        time.sleep(0.02)


def test_an_adapter_takes_signed_webhooks_and_answers(place: Path, site: Path, gateway: Any) -> None:
    gateway.faults.append(503)  # the first attempt; it is tried again
    with running(place, site, gateway.url) as (process, url):
        assert delivered(url, "/bantuan", "another secret") == 403
        assert delivered(url, "/bantuan") == 200
        until(gateway, lambda text: "/izin menghadiri" in text)
        assert set(readiness(url)["adapters"]) == {"sms", "web"}
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert gateway.faults == []
    holding = [path for path in place.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert holding == [place / "pendopo.toml"]
    assert SECRET not in errors


def test_what_is_saved_of_it_runs_and_a_broken_save_stops_nobody(place: Path, site: Path, gateway: Any) -> None:
    own = place / "own"
    shutil.copytree(site, own)
    file = own / "pendopo_sms" / "adapter.py"
    text = file.read_text()
    with running(place, own, gateway.url, "--reload") as (process, url):
        assert process.stdout is not None
        assert process.stderr is not None
        file.write_text(text + "nothing_of_that_name\n")
        said = [process.stderr.readline()]
        while "goes on as it was" not in said[-1]:
            said.append(process.stderr.readline())
        fault = f"{file}:{len(text.splitlines()) + 1}: adapters.sms: pendopo-sms (pendopo_sms:messenger) cannot be imported"
        assert any(fault in words for words in said), said
        assert delivered(url, "/bantuan") == 200
        until(gateway, lambda text: "/izin menghadiri" in text)
        loud = text.replace('"text": content.plain', '"text": content.plain.upper()')
        file.write_text(loud.replace("await asyncio.Event().wait()", "raise RuntimeError(self._secret.decode())"))
        assert json.loads(process.stdout.readline())["url"] == url
        assert delivered(url, "/bantuan lagi") == 200
        until(gateway, str.isupper)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert "adapter_failed" in errors
    assert "RuntimeError: •••" in errors
    assert SECRET not in errors
