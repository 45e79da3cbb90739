"""The live stream: nothing missed, nothing twice, and an end when the server stops."""

import asyncio
import json

import pytest
from pendopo.adapters.simulator import Simulator
from pendopo.model import Chat, ChatKind, Choice, Phrase, Text, TextRun
from pendopo.web.http import streams as stream
from pendopo.web.http.streams import HELLO, Streams

from tests.web.fakes import Engine

FORUM = Chat("simulator", "forum", ChatKind.GROUP)


async def say(simulator: Simulator, *keys: str) -> None:
    for key in keys:
        await simulator.send(FORUM, Text(spans=(TextRun(key),)), key)


async def test_it_starts_after_the_last_change_that_was_seen(engine: Engine, simulator: Simulator) -> None:
    await say(simulator, "a", "b", "c")
    following = Streams().stream_changes(simulator, 1)
    assert await anext(following) == HELLO
    event = await anext(following)
    assert event.startswith("id: 3\nevent: changed\n")
    await say(simulator, "d")
    assert (await anext(following)).startswith("id: 4\n")


async def test_a_toast_goes_to_the_one_who_pressed(engine: Engine, simulator: Simulator) -> None:
    native = await simulator.send(FORUM, Text(spans=(TextRun("?"),), buttons=(Choice("t", Phrase("x"), "Ya"),)), "k")
    await simulator.press("dewi", "forum", native, "t")
    before = simulator.latest
    await simulator.answer_press("p1", "Tercatat.\nDua baris")
    following = Streams().stream_changes(simulator, before)
    await anext(following)
    toast = await anext(following)
    data = next(line for line in toast.splitlines() if line.startswith("data: "))
    assert json.loads(data.removeprefix("data: ")) == {"person": "dewi", "text": "Tercatat.\nDua baris"}


async def test_a_toast_among_other_changes_is_told_once(engine: Engine, simulator: Simulator) -> None:
    native = await simulator.send(FORUM, Text(spans=(TextRun("?"),), buttons=(Choice("t", Phrase("x"), "Ya"),)), "k")
    await simulator.press("dewi", "forum", native, "t")
    before = simulator.latest
    await say(simulator, "a")
    await simulator.answer_press("p1", "Tercatat.")
    following = Streams().stream_changes(simulator, before)
    first = [await anext(following) for _ in range(3)]
    await say(simulator, "b")
    told = [*first, await anext(following)]
    assert [text.split("\n")[1] for text in told[1:]] == ["event: toast", "event: changed", "event: changed"]


async def test_a_page_older_than_the_log_draws_everything_anew(engine: Engine, simulator: Simulator) -> None:
    following = Streams().stream_changes(simulator, 99)
    await anext(following)
    assert '"people": ["*"]' in await anext(following)
    await say(simulator, "a")
    assert (await anext(following)).startswith("id: 1\n")


async def test_silence_is_broken_by_comments(engine: Engine, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "SILENCE", 0)
    following = Streams().stream_changes(simulator, 0)
    assert [await anext(following) for _ in range(2)] == [HELLO, ":\n\n"]


async def test_closing_ends_every_stream(engine: Engine, simulator: Simulator) -> None:
    streams = Streams()
    waiting = [asyncio.create_task(_all(streams, simulator)) for _ in range(3)]
    await asyncio.sleep(0)
    streams.close()
    assert await asyncio.gather(*waiting) == [[HELLO]] * 3


async def _all(streams: Streams, simulator: Simulator) -> list[str]:
    return [text async for text in streams.stream_changes(simulator, simulator.latest)]
