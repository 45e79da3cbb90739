"""Headers on everything; nothing unsafe from another site; nothing local under another name."""

import httpx
import pytest
from pendopo.web.http.security import HEADERS, Guard
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send


@pytest.mark.parametrize("path", ["/simulator", "/healthz", "/nowhere", "/hooks/nobody", "/static/x/app.css"])
async def test_every_answer_carries_the_security_headers(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert {name: headers[name] for name in HEADERS} == HEADERS


async def test_an_error_page_carries_them_too_and_no_stack_trace(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pendopo.web.simulator.routes.SimulatorPages._now", lambda self: 1 / 0)
    answer = await client.get("/simulator", headers={"accept": "text/html"})
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"]
    assert "Maaf" in answer.text
    assert "division" not in answer.text


def test_the_policy_runs_no_inline_script() -> None:
    policy = HEADERS["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 204),
        ({"sec-fetch-site": "none"}, 204),
        ({"origin": "http://127.0.0.1:8080"}, 204),
        ({"referer": "http://127.0.0.1:8080/simulator"}, 204),
        ({"origin": "http://127.0.0.1:8080", "referer": "https://evil.example/"}, 204),
        ({}, 403),
        ({"referer": ""}, 403),
        ({"referer": "https://evil.example/http://127.0.0.1:8080/"}, 403),
        ({"referer": "http://127.0.0.1:8080.evil.example/"}, 403),
        ({"referer": "http://127.0.0.1:8080@evil.example/"}, 403),
        ({"origin": "null", "referer": "http://127.0.0.1:8080/"}, 403),
        ({"sec-fetch-site": "cross-site", "referer": "http://127.0.0.1:8080/"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8080"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
async def test_only_our_own_pages_may_post(client: httpx.AsyncClient, headers: dict[str, str], status: int) -> None:
    data = {"person": "rina", "chat": "forum"}
    answer = await client.post("/simulator/seen", data=data, headers=headers)
    assert answer.status_code == status
    assert ("Buka kembali halamannya dan coba lagi" in answer.text) is (status == 403)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8080", 200),
        ("localhost", 200),
        ("[::1]:8080", 200),
        ("rebound.example:8080", 403),
        ("127.0.0.1.example", 403),
        ("localhost@evil.example", 403),
        ("", 403),
    ],
)
async def test_the_simulator_answers_only_to_a_loopback_name(client: httpx.AsyncClient, host: str, status: int) -> None:
    assert (await client.get("/simulator", headers={"host": host})).status_code == status


@pytest.mark.parametrize(
    "header",
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "x-real-ip", "via"],
)
@pytest.mark.parametrize("value", ["127.0.0.1", "203.0.113.7", "", "localhost"])
@pytest.mark.parametrize("path", ["/simulator", "/simulator/clock"])
async def test_the_simulator_answers_nobody_whom_a_proxy_speaks_for(
    client: httpx.AsyncClient, header: str, value: str, path: str
) -> None:
    assert (await client.get(path)).status_code == 200
    assert (await client.get(path, headers={header: value, "host": "localhost"})).status_code == 403


@pytest.mark.parametrize(
    ("peer", "status"),
    [("127.0.0.1", 200), ("127.8.8.8", 200), ("::1", 200), ("10.0.0.5", 403), ("203.0.113.7", 403), ("", 403)],
)
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8080"])
async def test_the_simulator_answers_a_peer_of_this_machine_only(app: Starlette, peer: str, status: int, host: str) -> None:
    transport = httpx.ASGITransport(app, client=(peer, 1234))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
        assert (await client.get("/simulator")).status_code == status


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        ("bot.kota.go.id", "/masuk", 200),
        ("bot.kota.go.id:443", "/masuk", 200),
        ("localhost:8080", "/masuk", 200),
        ("evil.example", "/masuk", 403),
        ("bot.kota.go.id.evil.example", "/masuk", 403),
        ("[half", "/masuk", 403),
        ("evil.example", "/static/x/app.css", 403),
        ("evil.example", "/hooks/nobody", 404),
        ("10.0.0.5:8080", "/healthz", 200),
    ],
)
async def test_pages_answer_under_the_names_of_the_site_only(host: str, path: str, status: int) -> None:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("", 404 if scope["path"].startswith("/hooks/") else 200)(scope, receive, send)

    transport = httpx.ASGITransport(Guard(answer, hosts=["bot.kota.go.id"]))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot.kota.go.id") as client:
        assert (await client.get(path, headers={"host": host})).status_code == status
