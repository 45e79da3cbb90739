"""Webhook mode: Telegram is told where to bring updates, and that nobody else may."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pendopo.adapters.telegram import Timing
from pendopo.model import Message

from .bench import SECRET, fake, open_bench
from .fake.server import BotApi, Fault


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with fake() as made:
        yield made


async def test_telegram_is_told_everything_it_must_know(api: BotApi, tmp_path: Path) -> None:
    async with open_bench(tmp_path, "webhook", api) as ready:
        given = dict(api.webhook)
        assert given["url"].endswith("/hooks/telegram")
        assert (given["secret_token"], given["max_connections"]) == (SECRET, 40)
        assert "message_reaction" in given["allowed_updates"]
        assert ready.adapter.polling is None


async def test_a_stranger_at_the_door_gets_nothing_in(api: BotApi, tmp_path: Path) -> None:
    async with open_bench(tmp_path, "webhook", api) as ready, httpx.AsyncClient() as client:
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guess"}):
            answer = await client.post(api.webhook["url"], content=b'{"update_id": 1, "message": {}}', headers=headers)
            assert answer.status_code == 403
            assert SECRET not in answer.text
        right = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        assert (await client.post(api.webhook["url"], content=b"{", headers=right)).status_code == 400
        assert ready.desk.taken == []


async def test_an_odd_update_is_acknowledged_so_that_it_does_not_come_for_ever(api: BotApi, tmp_path: Path) -> None:
    async with open_bench(tmp_path, "webhook", api) as ready:
        await api.put_raw({"update_id": 5, "message": {"chat": []}}, {"update_id": 6, "new_update_kind": {"x": 1}})
        await ready.sends_message(ready.person, "sesudah")
        await ready.wait_until_idle()
        assert [event.text for event in ready.desk.events if isinstance(event, Message)] == ["sesudah"]


async def test_a_webhook_that_somebody_else_took_is_taken_back(api: BotApi, tmp_path: Path) -> None:
    quick = Timing(poll=1, read=1, back_off=(0.001,), look=0.005)
    async with open_bench(tmp_path, "webhook", api, quick):
        ours = api.webhook["url"]
        api.webhook = {"url": "https://other.example/hook"}
        await api.until(lambda: api.webhook.get("url") == ours)


async def test_what_telegram_could_not_deliver_is_told(api: BotApi, tmp_path: Path) -> None:
    quick = Timing(poll=1, read=1, back_off=(0.001,), look=0.005)
    async with open_bench(tmp_path, "webhook", api, quick) as ready:
        api.webhook["info"] = {"last_error_date": 1776972025, "last_error_message": "Wrong response from the webhook: 503"}
        while "503" not in ready.adapter.health().note:
            await asyncio.sleep(0)
        assert ready.adapter.health().ok


async def test_it_is_set_as_soon_as_telegram_answers(api: BotApi, tmp_path: Path) -> None:
    api.faults = [Fault("setWebhook", "502"), Fault("setWebhook", "drop"), Fault("setWebhook", "429", after=0)]
    async with open_bench(tmp_path, "webhook", api) as ready:
        await ready.sends_message(ready.person, "halo")
        await ready.wait_until_idle()
        assert ready.adapter.health().ok
