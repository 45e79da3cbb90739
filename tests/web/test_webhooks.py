"""Webhooks are acknowledged only after they are stored, and tell strangers nothing."""

import gzip

import httpx
import pytest

from .fakes import Engine

RIGHT = {"x-token": "right"}


async def test_a_good_delivery_is_stored_byte_for_byte_and_acknowledged(client: httpx.AsyncClient, engine: Engine) -> None:
    body = b'{"text": "\xc3\xa9"}'
    answer = await client.post("/hooks/hooked", content=body, headers=RIGHT)
    assert answer.status_code == 200
    assert [(name, each.body) for name, each in engine.stored] == [("hooked", body)]


async def test_what_could_not_be_stored_is_not_acknowledged(client: httpx.AsyncClient, engine: Engine) -> None:
    engine.broken = True
    answer = await client.post("/hooks/hooked", content=b"{}", headers=RIGHT)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


async def test_a_refused_delivery_gets_its_status_and_no_reason(client: httpx.AsyncClient, engine: Engine) -> None:
    answer = await client.post("/hooks/hooked", content=b"{}", headers={"x-token": "guess"})
    assert answer.status_code == 401
    assert "s3cret" not in answer.text
    assert engine.stored == []


@pytest.mark.parametrize("packed", ["gzip", "br", "gzip, gzip", "deflate"])
async def test_a_packed_delivery_is_refused_unread(client: httpx.AsyncClient, engine: Engine, packed: str) -> None:
    answer = await client.post("/hooks/hooked", content=gzip.compress(b"{}"), headers={**RIGHT, "content-encoding": packed})
    assert answer.status_code == 415
    assert engine.stored == []


async def test_of_a_header_that_comes_twice_the_first_counts(client: httpx.AsyncClient, engine: Engine) -> None:
    for tokens, status in ((("right", "guess"), 200), (("guess", "right"), 401)):
        answer = await client.post("/hooks/hooked", content=b"{}", headers=[("x-token", token) for token in tokens])
        assert answer.status_code == status
    assert len(engine.stored) == 1


async def test_an_unknown_adapter_is_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.post("/hooks/nobody")).status_code == 404
    assert (await client.get("/hooks/simulator")).status_code == 404


async def test_the_simulator_takes_no_webhooks(client: httpx.AsyncClient, engine: Engine) -> None:
    assert (await client.post("/hooks/simulator", content=b"{}")).status_code == 404
    assert engine.stored == []


async def test_a_challenge_is_echoed_to_whoever_knows_the_token(client: httpx.AsyncClient) -> None:
    right = await client.get("/hooks/hooked", params={"token": "right", "echo": "42"})
    wrong = await client.get("/hooks/hooked", params={"token": "wrong", "echo": "42"})
    assert (right.status_code, right.text) == (200, "42")
    assert wrong.status_code == 403


async def test_webhooks_answer_under_any_host_name(client: httpx.AsyncClient) -> None:
    headers = {**RIGHT, "host": "bot.example.go.id"}
    assert (await client.post("/hooks/hooked", content=b"{}", headers=headers)).status_code == 200
