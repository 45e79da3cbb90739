"""Websocket mode: no address of ours is needed."""

import asyncio
import logging
from pathlib import Path

import pytest
from pendopo.adapters.waha import Waha
from pendopo.model import Message
from pendopo.testing.conformance import run_adapter

from .bench import Counting, benched, settings
from .fake.server import KEY, serving
from .fake.server import Waha as Server


async def test_a_broken_connection_is_made_anew(tmp_path: Path) -> None:
    async with benched(tmp_path, "websocket") as bench:
        for text in ("satu", "dua", "tiga"):
            await bench.sends_message(bench.person, text)
            await bench.wait_until_idle()
            await bench.waha.sockets[0].close(1011)
            while bench.waha.sockets:
                await asyncio.sleep(0)
        assert [event.text for event in bench.desk.events if isinstance(event, Message)] == ["satu", "dua", "tiga"]


async def test_what_cannot_be_read_breaks_nothing(tmp_path: Path) -> None:
    async with benched(tmp_path, "websocket") as bench:
        for junk in ("", "[]", "{", '{"event": 7}', '{"event": "message", "session": "kota", "payload": []}'):
            await bench.waha.push(junk)
        await bench.sends_message(bench.person, "halo")
        await bench.wait_until_idle()
        assert bench.desk.last_event(Message).text == "halo"


async def test_what_could_not_be_stored_is_held_and_keeps_its_place(tmp_path: Path) -> None:
    async with benched(tmp_path, "websocket") as bench:
        bench.desk.refusing = 3
        for text in ("satu", "dua"):
            await bench.sends_message(bench.person, text)
        await bench.wait_until_idle()
        assert [event.text for event in bench.desk.events if isinstance(event, Message)] == ["satu", "dua"]


async def test_a_wrong_key_is_told_and_stands_in_no_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # the fake's own log is not ours
    async with serving(Server()) as waha:
        adapter = Waha(settings(waha.url, "websocket", api_key="wrong-key-of-ours"), pauses=(0.0,))
        Counting(tmp_path).connect_adapter(adapter)
        async with run_adapter(adapter):
            while "API key" not in adapter.health().note:
                await asyncio.sleep(0)
            assert not adapter.health().ok
    assert "wrong-key-of-ours" not in caplog.text
    assert KEY not in caplog.text
