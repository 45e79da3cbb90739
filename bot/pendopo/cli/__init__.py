"""The command line `pendopo`, one module for each noun. A module is imported only when its verb is used, to start quickly."""

import os
import sys
from collections.abc import Sequence

from pendopo.cli.output import PROBLEM, WRONG_USE
from pendopo.errors import OperatorError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code: 0 fine, 1 a problem was found, 2 wrong use."""
    from cyclopts import CycloptsError

    from pendopo.cli.command_table import explain_misuse, run_verb

    words = list(sys.argv[1:] if argv is None else argv)
    try:
        return run_verb(words)
    except CycloptsError as error:
        return _report_failure(explain_misuse(error), "--json" in words, WRONG_USE)
    except OperatorError as error:
        return _report_failure(str(error), "--json" in words, PROBLEM)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader has closed the pipe (`pendopo … | head`); flushing the rest at exit must not print an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PROBLEM


def _report_failure(message: str, as_json: bool, code: int) -> int:
    print(f"pendopo: {message}", file=sys.stderr)
    if as_json:
        from pendopo.cli.output import print_json

        print_json({"ok": False, "error": message})
    return code


__all__ = ["main"]
