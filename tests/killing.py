"""Runs a verb again and again in copies of a folder, and ends the process at its first file operation, its second, and so on.

Used as `python -m tests.killing TEMPLATE WORK VERB…`; the copies are WORK/1, WORK/2, …: the last is the one that came through.
"""

import itertools
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pendopo.cli import main

OPERATIONS = ("replace", "rename", "unlink", "rmdir", "fsync", "link", "mkdir")
KILLED = 137


def kill_at(number: int) -> None:
    """Let the process end, without any cleaning up, in place of its file operation of this number."""
    left = iter(range(number - 1))

    def guard(operation: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            if next(left, None) is None:
                os._exit(KILLED)
            return operation(*args, **kwargs)

        return run

    for name in OPERATIONS:
        setattr(os, name, guard(getattr(os, name)))


def run_until_whole(template: Path, work: Path, words: list[str]) -> int:
    """How many runs it took until one came through; its exit code must be 0."""
    for number in itertools.count(1):
        place = work / str(number)
        shutil.copytree(template, place)
        child = os.fork()
        if child == 0:
            os.chdir(place)
            kill_at(number)
            os._exit(main(words))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code != KILLED:
            return code
    raise AssertionError


if __name__ == "__main__":
    sys.exit(run_until_whole(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]))
