"""An error is told with the line of whoever wrote it."""

from pathlib import Path

from pendopo.cli.reload.worker import locate_fault


def test_an_error_is_told_with_the_line_of_whoever_wrote_it(tmp_path: Path) -> None:
    for text, line in (("x = 1\ny = (\n", 2), ("x = 1\n\ny = z\n", 3)):
        try:
            exec(compile(text, str(tmp_path / "p.py"), "exec"), {})  # noqa: S102  to see where it fails
        except (SyntaxError, NameError) as error:
            cause = error
        told = RuntimeError("explained")
        told.__cause__ = cause
        assert locate_fault(told) == f"{tmp_path}/p.py:{line}: "
