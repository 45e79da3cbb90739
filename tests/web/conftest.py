"""A client that speaks to the web app without a network."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import httpx
import pytest
from pendopo.adapters.contract import Incoming
from pendopo.adapters.simulator import SimGroup, SimPerson, Simulator
from pendopo.web import build_web_app
from starlette.applications import Starlette

from tests.adapters.hosts import BareHost

from .fakes import Engine

OURS = {"sec-fetch-site": "same-origin"}


class Host(BareHost):
    """Hands the simulator's deliveries to the engine of the test."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def accept(self, incoming: Sequence[Incoming]) -> None:
        await self._engine.accept("simulator", incoming)

    def now(self) -> datetime:
        return self._engine.clock.now()


@pytest.fixture
def simulator() -> Simulator:
    people = [SimPerson("rina", "Rina Hidayat", "Kadis PU"), SimPerson("dewi", "Dewi Anggraeni", "Wali Kota")]
    return Simulator(people, [SimGroup("forum", "Forum Pimpinan", ("rina", "dewi"))])


@pytest.fixture
def engine(simulator: Simulator) -> Engine:
    engine = Engine(simulator)
    simulator.connect(Host(engine))
    return engine


@pytest.fixture
def app(engine: Engine, simulator: Simulator) -> Starlette:
    return build_web_app(engine, simulator)


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
        yield client


RINA = {"person": "rina", "chat": "rina"}
