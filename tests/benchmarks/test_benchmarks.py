"""The benchmarks run; what they measure is judged by their own command only."""

import json
from pathlib import Path

from tests.benchmarks.__main__ import measure, table


def test_every_benchmark_still_runs_and_prints_its_table(tmp_path: Path) -> None:
    figures = measure(quick=True, folder=tmp_path)
    shown = table(figures)
    for what in (
        "100 commands",
        "python-telegram-bot",
        "durable end to end",
        "acknowledged at 50/s, p99",
        "two processes",
        "resident",
        "webhook, durable",
        "open pages",
    ):
        assert what in shown
    told = json.loads(json.dumps([figure.plain() for figure in figures]))
    assert all((each["target"] is None) != ("held" in each) for each in told)
