"""`python -m tests.benchmarks`: all measurements as one table; exit 1 when one misses its target.

Figures depend on the machine and on what else runs on it: quote the ratios. `--quick` takes a tenth of the events and judges
nothing (the test command runs that, so that the benchmarks themselves cannot rot); `--json` writes the figures as JSON
to standard output, and the table to standard error.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from tests.benchmarks import audit, dashboard, durable, photos, reminders, routing, shared, starting, times, webhook
from tests.benchmarks.figure import Figure


def measure(quick: bool, folder: Path) -> list[Figure]:
    """Run every benchmark."""
    figures = routing.figures(quick)
    figures += times.figures(quick)
    figures += asyncio.run(durable.figures(quick, folder))
    figures += asyncio.run(webhook.figures(quick, folder))
    figures += asyncio.run(shared.figures(quick, folder))
    figures += starting.figures(quick, folder)
    figures += reminders.figures(quick, folder)
    figures += audit.figures(quick, folder)
    figures += photos.figures(quick, folder)
    figures += dashboard.figures(quick, folder)
    return figures


def table(figures: Sequence[Figure]) -> str:
    """The figures as people read them."""
    width = max(len(figure.what) for figure in figures)
    return "\n".join(figure.line(width) for figure in figures)


def main() -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    quick = "--quick" in sys.argv
    with TemporaryDirectory(prefix="pendopo-benchmark-") as folder:
        figures = measure(quick, Path(folder))
    as_json = "--json" in sys.argv
    print(table(figures), file=sys.stderr if as_json else sys.stdout)
    if as_json:
        print(json.dumps([figure.plain() for figure in figures], indent=1))
    return 0 if quick or all(figure.held for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
