"""A bot on Telegram as a process of its own, to be killed: `python -m tests.adapters.telegram.child URL DATABASE DATA_DIR`."""

import asyncio
import logging
import sys

import msgspec
import structlog
from pendopo.adapters.telegram import Telegram
from pendopo.config import Settings
from pendopo.engine.app import App
from pendopo.engine.clock import SystemClock
from pendopo.model import Capabilities, Chat
from pendopo.store import open_database

from tests.adapters.telegram.bench import QUICK, settings
from tests.chaos.child import plugin


class Hasty(Telegram):
    """Without the limits, which would make the test wait."""

    def capabilities(self, chat: Chat) -> Capabilities:
        return msgspec.structs.replace(super().capabilities(chat), per_chat=(), per_account=())


async def main(url: str, database: str, folder: str) -> None:
    telegram = Hasty(settings(url), timing=QUICK)
    app = App(Settings(data_dir=folder), open_database(database), [telegram], [plugin], SystemClock())
    await app.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(main(*sys.argv[1:4]))
