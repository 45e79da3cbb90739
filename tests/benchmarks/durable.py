"""The durable path: inbox, gate, handler transaction and outbox on SQLite with synchronous=FULL, 200 chats."""

import asyncio
import time
from pathlib import Path

from pendopo.config import LimitSettings, Settings
from pendopo.engine.app import App
from pendopo.engine.clock import SystemClock
from pendopo.store import open_database
from pendopo.testing import MemoryMessenger

from tests.benchmarks.figure import Figure
from tests.benchmarks.routing import echo_plugin

CHATS = 200


async def _app(folder: Path) -> tuple[App, MemoryMessenger]:
    messenger = MemoryMessenger()
    settings = Settings(data_dir=str(folder), limits=LimitSettings(per_person=100_000, per_chat=100_000))
    app = App(settings, open_database(f"sqlite:///{folder}/pendopo.db"), [messenger], [echo_plugin(100)], SystemClock())
    await app.start()
    return app, messenger


async def throughput(folder: Path, messages: int) -> float:
    """Messages a second from the first one offered to the last reply sent and noted."""
    app, messenger = await _app(folder)
    now = app.clock.now()
    natives = [
        messenger.make_native(f"c{n % CHATS}", True, f"a{n % CHATS}", now, text="/gema50 halo 42") for n in range(messages)
    ]

    async def sender(chat: int) -> None:
        for native in natives[chat::CHATS]:
            await messenger.deliver(native)

    begun = time.perf_counter()
    await asyncio.gather(*(sender(chat) for chat in range(CHATS)))
    await app.idle()
    took = time.perf_counter() - begun
    await app.stop()
    if len(messenger.screen) != messages:
        raise RuntimeError(f"{messages} messages, {len(messenger.screen)} replies")
    return messages / took


async def acknowledgement(folder: Path, seconds: float) -> tuple[float, float]:
    """At 50 messages a second: how long until one is durably accepted, p50 and p99 in milliseconds."""
    app, messenger = await _app(folder)
    times: list[float] = []
    loop = asyncio.get_running_loop()

    async def one(number: int) -> None:
        native = messenger.make_native(f"c{number % CHATS}", True, "a", app.clock.now(), text="/gema50 halo 42")
        begun = time.perf_counter()
        await messenger.deliver(native)
        times.append((time.perf_counter() - begun) * 1000)

    begun = loop.time()
    tasks = []
    for number in range(int(seconds * 50)):
        await asyncio.sleep(max(0.0, begun + number / 50 - loop.time()))
        tasks.append(asyncio.create_task(one(number)))
    await asyncio.gather(*tasks)
    await app.idle()
    await app.stop()
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.99)]


async def figures(quick: bool, folder: Path) -> list[Figure]:
    """Throughput and acknowledgement."""
    rates = []
    for run in range(1 if quick else 3):
        (folder / f"t{run}").mkdir()
        rates.append(await throughput(folder / f"t{run}", 1000 if quick else 12_000))
    (folder / "a").mkdir()
    p50, p99 = await acknowledgement(folder / "a", 1 if quick else 20)
    return [
        Figure("durable end to end, 200 chats, SQLite FULL", max(rates), "msg/s", 3000, at_least=True),
        Figure("acknowledged at 50/s, p50", p50, "ms"),
        Figure("acknowledged at 50/s, p99", p99, "ms", 25),
    ]
