"""The fake is as strict as the gateway's description, or what passes here would fail there."""

from typing import Any

import httpx
import pytest
from pendopo.model import Message

from .bench import GROUP, WahaBench
from .fake.schema import SCHEMAS, faults
from .fake.server import KEY, SESSION

TEXT = {"session": SESSION, "chatId": GROUP, "text": "halo"}


@pytest.mark.parametrize(
    ("schema", "value", "right"),
    [
        ("MessageTextRequest", TEXT, True),
        ("MessageTextRequest", TEXT | {"mentions": ["all"]}, True),
        ("MessageTextRequest", TEXT | {"id": None}, True),
        ("MessageTextRequest", TEXT | {"body": "halo"}, False),
        ("MessageTextRequest", TEXT | {"text": 7}, False),
        ("MessageTextRequest", {"session": SESSION, "chatId": GROUP}, False),
        ("MessageImageRequest", {"session": SESSION, "chatId": GROUP, "id": "X", "file": {}}, False),
        ("MessageImageRequest", {"session": SESSION, "chatId": GROUP, "file": {"mimetype": "image/png"}}, False),
        ("MessageImageRequest", {"session": SESSION, "chatId": GROUP, "file": {"mimetype": "a/b", "data": ""}}, True),
        ("MessagePollRequest", {"session": SESSION, "chatId": GROUP, "poll": {"name": "?", "options": ["a"]}}, False),
    ],
)
def test_only_what_is_described_is_taken(schema: str, value: Any, right: bool) -> None:
    assert (faults(value, SCHEMAS[schema]) == []) is right


@pytest.mark.parametrize(
    ("key", "path", "body", "status"),
    [
        ("", "/api/sendText", TEXT, 401),
        ("wrong", "/api/sendText", TEXT, 401),
        (KEY, "/api/sendTexts", TEXT, 404),
        (KEY, "/api/sendText", TEXT | {"session": "lain"}, 404),
        (KEY, "/api/sendText", {}, 400),
        (KEY, "/api/sendText", TEXT, 201),
    ],
)
async def test_requests_are_answered_as_the_gateway_does(
    bench: WahaBench, key: str, path: str, body: dict[str, Any], status: int
) -> None:
    async with httpx.AsyncClient(base_url=bench.waha.url, trust_env=False, headers={"x-api-key": key}) as client:
        assert (await client.post(path, json=body)).status_code == status


async def test_deliveries_out_of_order_and_twice_are_each_one_event(bench: WahaBench) -> None:
    for text in ("satu", "dua", "tiga"):
        await bench.sends_message(bench.group, text)
    bench.waha.owed = [*reversed(bench.waha.owed), *bench.waha.owed]
    await bench.wait_until_idle()
    assert [event.text for event in bench.desk.events if isinstance(event, Message)] == ["tiga", "dua", "satu"]
