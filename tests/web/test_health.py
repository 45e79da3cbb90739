"""What watches over the process gets a plain answer."""

import httpx
import pytest
from pendopo.web.health import HealthRoutes
from starlette.applications import Starlette

from .fakes import Engine


async def test_the_process_is_up(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).text == "ok"


async def test_readiness_is_503_until_the_bot_can_work(client: httpx.AsyncClient, engine: Engine) -> None:
    before = await client.get("/readyz")
    engine.ready = True
    after = await client.get("/readyz")
    assert (before.status_code, after.status_code) == (503, 200)
    assert after.json() == {"ok": True, "database": "ok"}


@pytest.mark.parametrize(
    ("peer", "headers", "trusted"),
    [
        ("127.0.0.1", {}, True),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, False),
        ("127.0.0.1", {"host": "evil.example"}, False),
        ("10.0.0.5", {}, False),
        ("10.0.0.5", {"authorization": "Bearer rahasia"}, True),
        ("10.0.0.5", {"authorization": "Bearer rahasi"}, False),
        ("10.0.0.5", {"authorization": "rahasia"}, False),
        ("10.0.0.5", {"authorization": "Bearer "}, False),
    ],
)
@pytest.mark.parametrize("token", ["rahasia", ""])
async def test_details_are_for_this_machine_and_whoever_has_the_token(
    engine: Engine, peer: str, headers: dict[str, str], trusted: bool, token: str
) -> None:
    engine.ready = True
    trusted = trusted and (token != "" or peer == "127.0.0.1")
    app = Starlette(routes=HealthRoutes(engine, token).routes())
    transport = httpx.ASGITransport(app, client=(peer, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
        ready = await client.get("/readyz", headers=headers)
        assert ready.status_code == 200
        assert (ready.json() == {"ok": True}) is not trusted
        assert (await client.get("/metrics", headers=headers)).status_code == (200 if trusted else 403)
