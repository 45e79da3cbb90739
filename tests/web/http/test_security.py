"""Headers on everything; nothing unsafe from another site; nothing local under another name."""

import httpx
import pytest
from pendopo.web.http.security import HEADERS


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
