"""`python -m tests.benchmarks.peers`: processor time of one update, Pendopo beside other frameworks, as a table.

An update as the messenger sends it, bytes, typed `/command` and its words, is handed to each framework with so many commands;
it calls the handler of the one in the middle, and what that replies is taken instead of sent. Each framework runs in an
environment of its own (installed once into ~/.cache/pendopo/peers); one that cannot be installed is left out, with the reason.

`--quick`: shorter rounds · `--rounds N` · `--commands 10,100` · `--json`: the figures as JSON on standard output, the table on
standard error.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from tests.benchmarks.figure import Figure

from .cells import QUICK, Bounds, Cell, measure
from .environment import Skipped, cache, python_for
from .peers import PEERS, PENDOPO, Peer

SIZES = (10, 100, 1_000, 10_000)


def ready(peers: Sequence[Peer], folder: Path, progress: TextIO) -> tuple[list[tuple[Peer, Path]], dict[Peer, str]]:
    """The interpreters of the frameworks that are or can be installed, and why the others cannot."""
    pythons, skipped = [], {}
    for peer in peers:
        print(f"{peer.name} {peer.version}".strip(), file=progress, flush=True)
        try:
            pythons.append((peer, python_for(peer, folder)))
        except Skipped as reason:
            skipped[peer] = str(reason)
    return pythons, skipped


def table(cells: Sequence[Cell], skipped: Mapping[Peer, str], sizes: Sequence[int]) -> str:
    """A line a framework, a column a number of commands: µs, and how many times Pendopo's."""
    peers = list(dict.fromkeys(cell.peer for cell in cells))
    width = max(len(_called(peer)) for peer in [*peers, *skipped])
    lines = [f"{'CPU µs per update':<{width}}" + "".join(f"{f'N={size:,}':>22}" for size in sizes)]
    for peer in peers:
        own = {cell.commands: cell for cell in cells if cell.peer == peer}
        lines.append(f"{_called(peer):<{width}}" + "".join(f"{_shown(own[size], _ours(cells, size)):>22}" for size in sizes))
    lines += [f"{_called(peer):<{width}}  skipped: {reason}" for peer, reason in skipped.items()]
    return "\n".join([*lines, *_remarks(cells)])


def _called(peer: Peer) -> str:
    return f"{peer.name} {peer.version}".strip()


def _ours(cells: Sequence[Cell], size: int) -> float | None:
    return next((cell.micros for cell in cells if cell.peer == PENDOPO and cell.commands == size), None)


def _shown(cell: Cell, ours: float | None) -> str:
    if cell.micros is None:
        return cell.reason if cell.reason.startswith(">") else "failed"
    ratio = f" ({cell.micros / ours:,.1f} ×)" if ours else ""
    return f"{cell.micros:,.0f}{ratio}"


def _remarks(cells: Sequence[Cell]) -> list[str]:
    """What a number alone would hide: few updates, and what went wrong."""
    few = [f"{_called(cell.peer)}, N={cell.commands:,}: {cell.updates} updates only" for cell in cells if 0 < cell.updates < 20]
    return few + [f"{_called(cell.peer)}, N={cell.commands:,}: {cell.reason}" for cell in cells if cell.reason]


def plain(cells: Sequence[Cell], skipped: Mapping[Peer, str]) -> list[dict[str, object]]:
    """The figures as `python -m tests.benchmarks --json` gives them; what has none says why."""
    found: list[dict[str, object]] = []
    for cell in cells:
        what, ours = f"{_called(cell.peer)}, {cell.commands:,} commands", _ours(cells, cell.commands)
        if cell.micros is None:
            found.append({"what": what, "skipped": cell.reason})
            continue
        found.append(Figure(what, cell.micros, "µs").plain())
        if ours and cell.peer != PENDOPO:
            found.append(Figure(f"{what} ÷ Pendopo", cell.micros / ours, "×").plain())
    return found + [{"what": _called(peer), "skipped": reason} for peer, reason in skipped.items()]


def asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.peers", description="Pendopo beside other frameworks.")
    parser.add_argument("--quick", action="store_true", help="shorter rounds")
    parser.add_argument("--rounds", type=int, help="so many rounds instead of 5 (3 with --quick)")
    parser.add_argument("--commands", default=",".join(map(str, SIZES)), help="numbers of commands, with commas between")
    parser.add_argument("--json", action="store_true", help="figures as JSON; the table goes to standard error")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None, peers: Sequence[Peer] = PEERS, folder: Path | None = None) -> int:
    given = asked(arguments)
    bounds = QUICK if given.quick else Bounds()
    bounds = replace(bounds, rounds=given.rounds or bounds.rounds)
    sizes = [int(size) for size in given.commands.split(",")]
    pythons, skipped = ready(peers, folder or cache(), sys.stderr)
    cells: list[Cell] = []
    for size in sizes:
        print(f"{size:,} commands", file=sys.stderr, flush=True)
        cells += measure(pythons, size, bounds)
    print(table(cells, skipped, sizes), file=sys.stderr if given.json else sys.stdout)
    if given.json:
        print(json.dumps(plain(cells, skipped), indent=1, ensure_ascii=False))
    return 1 if any(cell.peer == PENDOPO and cell.micros is None for cell in cells) else 0


if __name__ == "__main__":
    sys.exit(main())
