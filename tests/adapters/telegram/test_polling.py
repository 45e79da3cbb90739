"""Polling loses nothing, stops for nothing, and does not look well when it is deaf."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo.adapters.telegram import Telegram, Timing
from pendopo.model import Message
from pendopo.testing.conformance import RecordingEngine, run_adapter

from .bench import BUDI, QUICK, TelegramBench, fake, open_bench, settings
from .fake.people import People
from .fake.server import PATIENCE, BotApi, Fault


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with fake() as made:
        yield made


@pytest.fixture
async def ready(api: BotApi, tmp_path: Path) -> AsyncIterator[TelegramBench]:
    async with open_bench(tmp_path, "polling", api) as made:
        yield made


def texts(ready: TelegramBench) -> list[str]:
    return [event.text for event in ready.desk.events if isinstance(event, Message)]


async def test_nothing_is_acknowledged_before_it_is_stored(ready: TelegramBench) -> None:
    """While storing fails the server keeps every update, and gets none of them confirmed."""
    ready.desk.refusing = 1000
    await ready.sends_message(ready.person, "satu")
    await ready.sends_message(ready.person, "dua")
    async with asyncio.timeout(PATIENCE), ready.desk.changed:
        await ready.desk.changed.wait_for(lambda: ready.desk.attempts > 5)
    assert len(ready.api.updates) == 2
    assert not ready.desk.taken
    ready.desk.refusing = 0
    await ready.wait_until_idle()
    assert texts(ready) == ["satu", "dua"]


async def test_when_its_turn_comes_again_it_polls_as_if_for_the_first_time(api: BotApi, tmp_path: Path) -> None:
    """Of several processes one polls; it may lose its turn and get it back."""
    desk, people = RecordingEngine(tmp_path), People(api)
    adapter = Telegram(settings(api.url), timing=QUICK)
    desk.connect_adapter(adapter)
    for text in ("satu", "dua"):
        turn = asyncio.create_task(adapter._run_polling())
        await people.says(BUDI, BUDI, text)
        await api.delivered()
        assert adapter.polling is not None
        assert adapter.polling.rebuilt == 0, "no poll failed"
        turn.cancel()
        await asyncio.gather(turn, return_exceptions=True)
    await adapter.close()
    assert [event.text for event in desk.events if isinstance(event, Message)] == ["satu", "dua"]


async def test_a_poisonous_update_stops_none_of_the_others(ready: TelegramBench) -> None:
    """Each of these stops a client for ever that parses a batch as a whole."""
    await ready.sends_message(ready.person, "sebelum")
    hidden = {"type": "hidden_user", "date": 1}
    poison: list[dict[str, object]] = [
        {"update_id": 500000001, "message": {"chat": {"id": 1000000001}, "message_id": "x", "date": "yesterday", "from": []}},
        {"update_id": 500000002, "message": None},
        {"update_id": 500000003},
        {"update_id": 500000004, "message": {"forward_origin": hidden, "external_reply": {"story": {}}}},
        {"update_id": 500000005, "callback_query": {"message": {"chat": {"id": {}}}, "data": 7}},
    ]
    await ready.api.put_raw(*poison)
    await ready.api.put_raw(
        {"update_id": 500000006, "message": {"chat": {"id": 1}, "message_id": 1, "date": 1, "text": "sesudah"}}
    )
    await ready.wait_until_idle()
    assert texts(ready) == ["sebelum", "sesudah"]
    assert len(ready.desk.taken) == 7
    assert [item.key.split(":")[1][-1] for item in ready.desk.dead] == ["2", "4", "5"]  # the others lead to nothing
    assert ready.adapter.health().ok


async def test_two_bots_on_one_token_are_unhealthy_and_say_so(ready: TelegramBench) -> None:
    words = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    ready.api.faults = [Fault("getUpdates", "409", words)] * 100_000
    await ready.sends_message(ready.person, "halo")
    await ready.api.until(lambda: len(ready.api.faults) < 99_990)
    health = ready.adapter.health()
    assert not health.ok
    assert "409" in health.note
    ready.api.faults = []
    await ready.sends_message(ready.person, "lagi")
    await ready.wait_until_idle()
    assert texts(ready) == ["halo", "lagi"]
    assert ready.adapter.health().ok


async def test_two_bots_that_really_poll_see_each_other(api: BotApi, tmp_path: Path) -> None:
    first, second = Telegram(settings(api.url), timing=QUICK), Telegram(settings(api.url), timing=QUICK)
    RecordingEngine(tmp_path).connect_adapter(first)
    RecordingEngine(tmp_path).connect_adapter(second)
    async with run_adapter(first), run_adapter(second):
        await api.until(lambda: api.codes[409] > 3)
    assert "409" in first.health().note + second.health().note


async def test_a_webhook_left_behind_is_removed(api: BotApi, tmp_path: Path) -> None:
    api.webhook = {"url": "https://old.example/hook"}
    api.faults = [Fault("deleteWebhook", "502")]
    adapter = Telegram(settings(api.url), timing=QUICK)
    desk = RecordingEngine(tmp_path)
    desk.connect_adapter(adapter)
    async with run_adapter(adapter):
        await api.until(lambda: api.allowed is not None)
        made = TelegramBench(api, adapter, desk)
        await made.sends_message(made.person, "halo")
        await api.delivered()
    assert api.webhook == {}
    assert desk.events


async def test_a_poll_that_hangs_is_given_up_and_the_client_rebuilt(api: BotApi, tmp_path: Path) -> None:
    """A connection that died half-open neither answers nor fails; everything would look healthy, and nothing arrive."""
    api.faults = [Fault("getUpdates", "hang")] * 2
    quick = Timing(poll=0.05, margin=0.05, back_off=(0.001,))
    adapter = Telegram(settings(api.url), timing=quick)
    desk = RecordingEngine(tmp_path)
    desk.connect_adapter(adapter)
    made = TelegramBench(api, adapter, desk)
    async with run_adapter(adapter):
        await made.sends_message(made.person, "halo")
        await made.wait_until_idle()
        assert adapter.polling is not None
        assert adapter.polling.rebuilt >= 2
    assert texts(made) == ["halo"]


async def test_silence_is_no_health() -> None:
    """The clock is ours: after twice the longest poll without a word the bot is deaf, whatever it believes."""
    now = [0.0]
    async with fake() as api:
        adapter = Telegram(settings(api.url), timing=Timing(poll=50, margin=10), monotonic=lambda: now[0])
        assert adapter.health().seconds == -1
        assert not adapter.health().ok
        adapter._pulse.note_success()
        now[0] = 119
        assert (adapter.health().ok, adapter.health().seconds) == (True, 119)
        now[0] = 121
        assert not adapter.health().ok
        assert "121 s" in adapter.health().note
        await adapter.close()


@pytest.mark.parametrize("how", ["drop", "drop after", "502", "garbage", "429"])
async def test_a_network_that_fails_is_tried_again(ready: TelegramBench, how: str) -> None:
    ready.api.faults = [Fault("getUpdates", how, "Bad Gateway")] * 3
    await ready.sends_message(ready.person, "halo")
    await ready.wait_until_idle()
    assert texts(ready) == ["halo"]


async def test_a_cut_of_every_connection_is_survived(ready: TelegramBench) -> None:
    await ready.sends_message(ready.person, "satu")
    await ready.wait_until_idle()
    ready.api.cut()
    await ready.sends_message(ready.person, "dua")
    await ready.wait_until_idle()
    assert texts(ready) == ["satu", "dua"]


async def test_what_is_wanted_is_always_named(ready: TelegramBench) -> None:
    """The list stays at Telegram between calls, and members and reactions are sent only when they are named."""
    assert ready.api.allowed == frozenset(
        ("message", "edited_message", "callback_query", "message_reaction", "my_chat_member", "chat_member")
    )
