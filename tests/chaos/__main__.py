"""`python -m tests.chaos --seed 7 --seconds 180 --replicas 3`: one storm, as long as one likes; exit 1 when anything is wrong.

`--database sqlite` is one bot on a file, with a disk that fills up in place of a database that goes away.
"""

import argparse
import asyncio
import shutil
import sys
import time

from .fleet import Postgres, scratch
from .plan import POSTGRES, SQLITE, draw
from .storm import Storm


def main() -> int:
    given = _arguments()
    folder, begun = scratch(), time.monotonic()
    postgres = Postgres(folder / "postgres") if given.database == "postgres" else None
    kinds = POSTGRES if postgres else SQLITE
    plan = draw(given.seed, given.seconds, given.replicas if postgres else 1, given.rate, kinds, given.every)
    storm = Storm(folder, plan, given.replicas if postgres else 1, postgres)
    try:
        verdict = asyncio.run(storm.run())
    finally:
        if postgres is not None:
            postgres.close()
    for fault in storm.records.faults if verdict.wrong else ():
        print(f"{fault.at:7.2f} s  {fault.kind}  {'all' if fault.replica < 0 else fault.replica}  {fault.detail}")
    for line in (*(f"REPEAT {each}" for each in verdict.repeats), *(f"WRONG {each}" for each in verdict.wrong)):
        print(line)
    kinds_done = sorted({fault.kind for fault in storm.records.faults})
    done = ", ".join(f"{sum(fault.kind == kind for fault in storm.records.faults)} {kind}" for kind in kinds_done)
    figures = ", ".join(f"{count} {name}" for name, count in verdict.figures.items())
    print(f"seed {given.seed}, {given.database}, {storm.replicas} replicas, Telegram by {plan.mode}: {done}")
    print(f"{figures}; {len(verdict.repeats)} repeats, {len(verdict.wrong)} wrong; {time.monotonic() - begun:.0f} s")
    print(f"slowest: {', '.join(verdict.slowest)}")
    if verdict.wrong:
        print(f"what is left lies in {folder}")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--seconds", type=float, default=20.0, help="how long people talk and things go wrong")
    parser.add_argument("--replicas", type=int, default=3)
    parser.add_argument("--rate", type=float, default=8.0, help="lines a second")
    parser.add_argument("--every", type=float, default=4.0, help="seconds between faults, on average")
    parser.add_argument("--database", choices=["postgres", "sqlite"], default="postgres")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
