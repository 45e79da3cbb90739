"""`pendopo run` as a real process: it says where it is, answers, and stops when it is told."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import SOURCES, Pendopo

ROOT = Path(__file__).parents[3]


@contextmanager
def running(place: Path, *words: str, **environ: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A bot that runs, and the line it says when it listens. Port 0 is any that is free."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pendopo", *words],
        cwd=place,
        env=dict(os.environ, PYTHONPATH=SOURCES, PENDOPO_WEB__PORT="0", **environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.communicate()


def get(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310  our own address
        return answer.status, answer.read().decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_the_simulator_is_and_stops_with_exit_code_0(place: Path, number: signal.Signals) -> None:
    with running(place) as (process, line):
        assert line.startswith("Simulator: http://127.0.0.1:")
        url = line.split()[1]
        assert url.endswith("/simulator")
        status, body = get(url.replace("/simulator", "/readyz"))
        assert (status, json.loads(body)["ok"]) == (200, True)
        assert "Rina Hidayat" in get(url)[1]
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
        assert process.returncode == 0
    lines = [json.loads(line) for line in err.splitlines()]
    assert [line["event"] for line in lines] == ["ready"]
    assert all(line["message"] and line["level"] and line["timestamp"] for line in lines)


def test_a_page_that_is_open_does_not_keep_it_from_stopping(place: Path) -> None:
    with running(place, "run") as (process, line):
        with urllib.request.urlopen(line.split()[1] + "/stream", timeout=30) as stream:  # noqa: S310  our own address
            assert stream.readline().startswith(b":")
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)
        assert process.returncode == 0


def test_machines_are_told_the_address_as_json(place: Path) -> None:
    with running(place, "run", "--json") as (_, line):
        told = json.loads(line)
        assert told["simulator"] == told["url"] + "/simulator"


def test_the_demo_brings_its_people_back(place: Path, pendopo: Pendopo, process: Pendopo) -> None:
    (place / "one.toml").write_text('[[person]]\nname = "Ani"\naccounts = ["simulator:ani"]')
    assert pendopo("directory", "import", "one.toml").code == 0
    with running(place, "run") as (_, line):
        page = get(line.split()[1])[1]
        assert "Ani" in page
        assert "Rina Hidayat" not in page
    with running(place, "demo") as (_, line):
        assert "Rina Hidayat" in get(line.split()[1])[1]
    assert "Ani" not in pendopo("directory", "show").out


def test_a_port_in_use_is_told_before_anything_has_begun(place: Path, process: Pendopo) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = process("run", PENDOPO_WEB__PORT=port)
    assert said.code == 1
    assert said.err == (
        f"pendopo: port {port} is in use on 127.0.0.1: stop what listens there, "
        "or choose another (web.port, PENDOPO_WEB__PORT)\n"
    )
    assert not (place / "var").exists()


def test_the_simulator_is_for_this_machine_only(process: Pendopo) -> None:
    everywhere = "0.0.0.0"  # noqa: S104  what must be refused
    said = process("run", PENDOPO_WEB__HOST=everywhere, PENDOPO_WEB__PORT="0", PENDOPO_ADAPTERS__SIMULATOR__ENABLED="true")
    assert said.code == 1
    assert "runs on this machine only, not on 0.0.0.0" in said.err


@pytest.mark.parametrize("enabled", ["true", ""])
def test_the_simulator_does_not_run_where_people_come_from_outside(process: Pendopo, enabled: str) -> None:
    given = {"PENDOPO_ADAPTERS__SIMULATOR__ENABLED": enabled} if enabled else {}
    said = process("run", PENDOPO_WEB__PORT="0", PENDOPO_WEB__PUBLIC_URL="https://bot.kota.go.id", **given)
    assert said.code == 1
    assert "web.public_url is https://bot.kota.go.id" in said.err


def test_two_bots_on_one_file_are_one_too_many(place: Path, process: Pendopo) -> None:
    with running(place) as (_, line):
        assert line
        said = process("run", PENDOPO_WEB__PORT="0")
    assert said.code == 1
    assert said.err.startswith("pendopo: var/pendopo.db is in use by another pendopo")


def test_a_database_that_is_damaged_is_told_in_a_sentence(place: Path, process: Pendopo) -> None:
    (place / "var").mkdir()
    (place / "var" / "pendopo.db").write_bytes(b"this is no database" * 100)
    said = process("run", PENDOPO_WEB__PORT="0")
    assert said.code == 1
    assert "Traceback" not in said.err
    assert "var/pendopo.db" in said.err


QUICK = """
import asyncio, sys
from pendopo.cli.bootstrap.composition import compose_bot
from pendopo.cli.commands import run
from pendopo.config import Settings
async def main():
    bot = await compose_bot(Settings())
    await bot.app.start()
    await bot.app.stop()
asyncio.run(main())
heavy = {"alembic", "psycopg", "procrastinate", "telegram", "httpx", "PIL"}
print(sorted({name.split(".")[0] for name in sys.modules} & heavy))
"""


@pytest.mark.parametrize(("first", "heavy"), [(True, "['alembic']"), (False, "[]")])
def test_a_start_imports_nothing_heavy_that_it_does_not_need(place: Path, pendopo: Pendopo, first: bool, heavy: str) -> None:
    assert first or pendopo("db", "upgrade").code == 0
    ran = subprocess.run(
        [sys.executable, "-c", QUICK],
        cwd=place,
        env=dict(os.environ, PYTHONPATH=SOURCES),
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines()[-1] == heavy


def test_the_log_of_a_run_covers_what_a_plugin_calls_secret_and_nothing_else(place: Path, peta: Path) -> None:
    with running(place, "run") as (process, line):
        assert line.startswith("Simulator: ")
        ready = json.loads(get(line.split()[1].replace("/simulator", "/readyz"))[1])
        assert "kunci-" not in json.dumps(ready)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
    lines = {line["event"]: line for line in map(json.loads, err.splitlines())}
    assert "kunci-" not in err
    assert "https://peta/?key=••• refused" in json.dumps(lines, ensure_ascii=False)
    assert lines["asked"]["kota"] == "Cimahi"
    assert lines["asked"]["about"] == "[{'key': '•••'}]"
