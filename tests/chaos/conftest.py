"""How hard the chaos tests try: `--kills 300` is the long run, the default the short one."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=8, help="how often a chaos test kills the bot")
    parser.addoption("--seed", type=int, default=2026, help="what the chaos tests' chances begin with")


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--kills"))


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--seed"))
