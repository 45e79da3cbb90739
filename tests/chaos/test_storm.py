"""A short storm of each kind; the long ones are `python -m tests.chaos --seed 7 --seconds 180 --replicas 3`."""

from pathlib import Path

import pytest

from .checker import Verdict
from .fleet import Postgres
from .plan import SHORT_POSTGRES, SHORT_SQLITE, Plan, Planned, draw
from .proxy import Manners
from .storm import Storm

SECONDS, RATE, EVERY = 5.0, 8.0, 1.0


def is_clean(storm: Storm, verdict: Verdict) -> bool:
    assert not verdict.wrong, "\n".join([*map(str, storm.records.faults), *verdict.repeats, *verdict.wrong])
    assert verdict.figures["events"] == len(storm.plan.lines)
    return True


@pytest.mark.postgres
async def test_three_replicas_lose_nothing_repeat_nothing_and_keep_order(folder: Path, postgres: Postgres, seed: int) -> None:
    plan = draw(seed, SECONDS, 3, RATE, SHORT_POSTGRES, EVERY)
    storm = Storm(folder, plan, 3, postgres)
    assert is_clean(storm, await storm.run())


async def test_one_bot_on_sqlite_loses_nothing_repeats_nothing_and_keeps_order(folder: Path, seed: int) -> None:
    plan = draw(seed, SECONDS, 1, RATE, SHORT_SQLITE, EVERY)
    storm = Storm(folder, plan, 1, None)
    assert is_clean(storm, await storm.run())


async def test_a_bot_that_acknowledges_before_it_stores_is_found_out(folder: Path, seed: int) -> None:
    lines = draw(seed, SECONDS, 1, RATE, SHORT_SQLITE, EVERY).lines
    storm = Storm(folder, Plan([Planned(3.0, "kill", 0, 0.2, 0.0)], lines, "webhook"), 1, None, Manners(), patience=3.0)
    for replica in storm.fleet:
        replica.program = "tests.chaos.careless"
    verdict = await storm.run()
    lost = [token for token, said in storm.records.said.items() if said.acked and f"{token}=" in str(verdict.wrong)]
    assert len(lost) >= RATE / 2, verdict.wrong


def test_the_same_seed_draws_the_same_storm() -> None:
    plans = [draw(seed, 60.0, 3, 12.0, SHORT_POSTGRES, 4.0) for seed in (7, 7, 8)]
    assert plans[0] == plans[1] != plans[2]
