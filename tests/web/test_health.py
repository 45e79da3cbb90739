"""What watches over the process gets a plain answer."""

import httpx

from .fakes import Engine


async def test_the_process_is_up(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).text == "ok"


async def test_readiness_is_503_until_the_bot_can_work(client: httpx.AsyncClient, engine: Engine) -> None:
    before = await client.get("/readyz")
    engine.ready = True
    after = await client.get("/readyz")
    assert (before.status_code, after.status_code) == (503, 200)
    assert after.json() == {"ok": True, "database": "ok"}
