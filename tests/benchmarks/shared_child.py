"""One of several processes on one PostgreSQL: `python -m tests.benchmarks.shared_child DATABASE DATA_DIR HANDLER_SECONDS`.

Says "ready"; each line `COUNT CHATS RATE` lets it take in so many messages of so many chats, as from a balancer: so many a
second, or (0) as fast as it can.
"""

import asyncio
import itertools
import logging
import os
import sys

import structlog
from pendopo import Context, Plugin
from pendopo.config import LimitSettings, Settings
from pendopo.engine.app import App
from pendopo.engine.clock import SystemClock
from pendopo.store import open_database
from pendopo.testing import MemoryMessenger

AT_ONCE = 64


def plugin(seconds: float) -> Plugin:
    """A command whose handler waits so long for something outside."""
    made = Plugin("gema", summary="Echoes", policy="anyone")

    @made.command("gema")
    async def gema(ctx: Context, teks: str) -> None:
        """Say it again."""
        if seconds:
            await asyncio.sleep(seconds)
        await ctx.reply(teks)

    return made


async def application(database: str, folder: str, seconds: float) -> tuple[App, MemoryMessenger]:
    """A bot that is started."""
    messenger = MemoryMessenger()
    messenger._numbers = itertools.count(os.getpid() * 10_000_000)  # no two processes give the same
    settings = Settings(data_dir=folder, limits=LimitSettings(per_person=0, per_chat=0))
    app = App(settings, open_database(database), [messenger], [plugin(seconds)], SystemClock())
    await app.start()
    return app, messenger


async def take_in(app: App, messenger: MemoryMessenger, count: int, chats: int, rate: int) -> None:
    """Hand over so many messages, each chat's in order."""
    places, now, loop = asyncio.Semaphore(AT_ONCE), app.clock.now(), asyncio.get_running_loop()
    begun = loop.time()

    async def chat(number: int) -> None:
        for n in range(number, count, chats):
            if rate:
                await asyncio.sleep(max(0.0, begun + n / rate - loop.time()))
            async with places:
                who = f"{os.getpid()}-{number}"
                await messenger.deliver(messenger.make_native(f"c{who}", True, f"a{who}", now, text=f"/gema {n}"))

    await asyncio.gather(*(chat(number) for number in range(chats)))


async def main(database: str, folder: str, seconds: float) -> None:
    app, messenger = await application(database, folder, seconds)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while line := await asyncio.to_thread(sys.stdin.readline):
        await take_in(app, messenger, *(int(word) for word in line.split()))
    await app.stop()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
