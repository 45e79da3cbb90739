"""One cell of the table: a framework with so many commands, running in a process of its own that does rounds when asked."""

import json
import os
import selectors
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .peers import Peer

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Bounds:
    """How long to measure."""

    rounds: int = 5
    updates: int = 2000
    """So many in one round at most,"""
    seconds: float = 1.0
    """or for so long, if that is less;"""
    patience: float = 60.0
    """and a framework that does not answer within this is given up."""


QUICK = Bounds(rounds=3, updates=300, seconds=0.3, patience=15.0)


@dataclass
class Cell:
    """What was measured: µs of each round, or why there is nothing."""

    peer: Peer
    commands: int
    times: list[float] = field(default_factory=list)
    updates: int = 0
    reason: str = ""

    @property
    def micros(self) -> float | None:
        return statistics.median(self.times) if self.times else None


class Gone(Exception):
    """A process that measures says nothing more."""


class Child:
    """A process in which one framework waits to be asked for rounds."""

    def __init__(self, python: Path, cell: Cell, patience: float) -> None:
        self._patience = patience
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed in `end`
        command = [str(python), str(cell.peer.script), str(cell.commands), *cell.peer.arguments]
        self._process = subprocess.Popen(
            command,
            env=os.environ | {"PYTHONPATH": str(ROOT)} if not cell.peer.requirements else None,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )

    def ready(self) -> None:
        """Wait until the commands are registered."""
        self._answer()

    def round(self, updates: int, seconds: float) -> dict[str, Any]:
        """One round: how many `updates` it handled, and the `micros` of one. Raises `Gone`."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{updates} {seconds}\n".encode())
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._process.stdout, selectors.EVENT_READ)
            if not waiting.select(self._patience):
                raise Gone(f"> {self._patience:.0f} s")
        line = self._process.stdout.readline()
        if not line:
            raise Gone(self._last_words())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _last_words(self) -> str:
        self._process.wait()
        self._errors.seek(0)
        lines = [line.strip() for line in self._errors.read().decode(errors="replace").splitlines() if line.strip()]
        return (lines or [f"it ended with {self._process.returncode}"])[-1]

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream is not None:
                stream.close()


def measure(pythons: Sequence[tuple[Peer, Path]], commands: int, bounds: Bounds) -> list[Cell]:
    """All frameworks with so many commands, round by round in turn, so that what else runs meanwhile meets all alike."""
    cells = [Cell(peer, commands) for peer, _ in pythons]
    children: dict[int, Child] = {}
    try:
        for at, (_, python) in enumerate(pythons):
            children[at] = Child(python, cells[at], bounds.patience)
            _try(children, at, cells[at], lambda child: _warm_up(child, bounds))
        for _ in range(bounds.rounds):
            for at in list(children):
                _try(children, at, cells[at], lambda child, cell=cells[at]: _round(child, cell, bounds))
    finally:
        for child in children.values():
            child.end()
    return cells


def _try(children: dict[int, Child], at: int, cell: Cell, work: Any) -> None:
    """One that is gone keeps what it measured before, or says why it has nothing."""
    try:
        work(children[at])
    except Gone as gone:
        cell.reason = str(gone)
        children.pop(at).end()


def _warm_up(child: Child, bounds: Bounds) -> None:
    child.ready()
    child.round(max(1, bounds.updates // 10), bounds.seconds)


def _round(child: Child, cell: Cell, bounds: Bounds) -> None:
    answer = child.round(bounds.updates, bounds.seconds)
    cell.times.append(answer["micros"])
    cell.updates += answer["updates"]
