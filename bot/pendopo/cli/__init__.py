"""The command line: `pendopo`, one module a noun. Modules are imported when their verb is used, so that each starts quickly."""

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
        # Whoever reads has enough (`pendopo … | head`); what is still buffered must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PROBLEM


def _report_failure(message: str, as_json: bool, code: int) -> int:
    print(f"pendopo: {message}", file=sys.stderr)
    if as_json:
        from pendopo.cli.output import print_json

        print_json({"ok": False, "error": message})
    return code


__all__ = ["main"]
