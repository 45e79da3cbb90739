"""Routing, parsing, handler and reply without a disk, at several numbers of commands, beside python-telegram-bot."""

import asyncio
import gc
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from pendopo import Context, Plugin, RestOfText
from pendopo.config import LimitSettings, Settings
from pendopo.engine.app import App
from pendopo.engine.clock import SystemClock
from pendopo.model import Account, Chat, Message
from pendopo.store.database import Connection, Database, Record
from pendopo.store.queries.inbox import InboxRow
from pendopo.testing import MemoryMessenger
from sqlmodel import Session

from tests.benchmarks.figure import Figure


class Cursor:
    """The answer of a statement nobody ran: an id for whoever inserts, and no rows."""

    description: str | None = None
    rowcount = 1

    def __init__(self, numbers: "MemoryDatabase") -> None:
        self._numbers = numbers

    @property
    def lastrowid(self) -> int:
        self._numbers.last += 1
        return self._numbers.last


class MemoryDatabase(Database):
    """A store that keeps nothing: jobs run, their SQL does not. Measures everything but the database."""

    url = "memory"

    def __init__(self) -> None:
        self.last = 0
        self._connection = Connection(None, self)  # type: ignore[arg-type]  # no SQLAlchemy behind it
        self._cursor = Cursor(self)

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Cursor:
        return self._cursor

    async def write(self, job: Callable[[Connection], Any], alone: bool = False, order: str = "") -> Any:
        return job(self._connection)

    async def read(self, sql: str, params: Sequence[Any] = ()) -> list[Record]:
        return []

    async def query_objects(self, query: Callable[[Session], Any], session: Session | None = None) -> Any:
        raise NotImplementedError

    async def next_id(self, table: sa.Table) -> int:
        raise NotImplementedError

    def new_session(self) -> Session:
        raise NotImplementedError

    def make_engine(self) -> sa.Engine:
        raise NotImplementedError

    async def close(self) -> None:
        return


def echo_plugin(commands: int) -> Plugin:
    """A plugin with so many commands that all say what was said."""
    plugin = Plugin("gema", summary="Echo", policy="anyone")
    for number in range(commands):

        async def gema(ctx: Context, teks: RestOfText) -> None:
            await ctx.reply("umum.pilihan", teks=teks)

        gema.__name__ = f"gema{number}"
        plugin.command(f"gema{number}")(gema)
    return plugin


def message(number: int, text: str) -> Message:
    chat = Chat("memory", f"c{number % 50}")
    return Message(key=f"n{number}", chat=chat, at=datetime.now(UTC), account=Account((f"memory:a{number % 50}",)), text=text)


async def _per_event(events: int, make: Callable[[int], Any], run: Callable[[Any], Awaitable[None]]) -> float:
    """The median of so many single runs, in microseconds. What is handled is made before, as messengers do."""
    made = [make(number) for number in range(events + 200)]
    gc.freeze()  # as `pendopo run` does when it is ready
    times = []
    for item in made:
        begun = time.perf_counter()
        await run(item)
        times.append(time.perf_counter() - begun)
    gc.unfreeze()
    return statistics.median(times[200:]) * 1e6


async def ours(commands: int, events: int) -> float:
    """Pendopo: from an event to its committed reply, µs."""
    database = MemoryDatabase()
    app = App(
        Settings(limits=LimitSettings(per_person=100_000, per_chat=100_000)), database, [MemoryMessenger()], [], SystemClock()
    )
    app.core.router.add_plugin(echo_plugin(commands))
    app.outbox.enqueue = lambda deliveries: None  # the outgoing call is stubbed, as PTB's is
    app.ready = True
    text = f"/gema{commands // 2} halo 42"

    def make(number: int) -> tuple[Message, InboxRow]:
        row = InboxRow(number, "memory", f"n{number}", "message", f"memory:c{number % 50}", "", b"", 0)
        return message(number, text), row

    async def run(made: tuple[Message, InboxRow]) -> None:
        await app.dispatcher.commit_event(*made, lambda connection: None)

    return await _per_event(events, make, run)


async def peer(commands: int, events: int) -> float:
    """python-telegram-bot: `process_update` of the same update, outgoing call stubbed, µs."""
    from telegram import Bot, Update
    from telegram.ext import Application, CommandHandler

    class StubbedBot(Bot):
        async def initialize(self) -> None:
            self._bot_initialized = True

        async def send_message(self, *args: Any, **more: Any) -> Any:
            return None

    application = Application.builder().bot(StubbedBot("1:x")).updater(None).build()
    application._initialized = True

    async def echo(update: Any, context: Any) -> None:
        await context.bot.send_message(update.effective_chat.id, " ".join(context.args))

    for number in range(commands):
        application.add_handler(CommandHandler(f"gema{number}", echo))
    text = f"/gema{commands // 2} halo 42"
    length = len(text.split()[0])

    def native(number: int) -> dict[str, Any]:
        user = {"id": number % 50 + 1, "is_bot": False, "first_name": "A"}
        chat = {"id": number % 50 + 1, "type": "private"}
        entity = {"type": "bot_command", "offset": 0, "length": length}
        body = {"message_id": number, "date": 1, "chat": chat, "from": user, "text": text, "entities": [entity]}
        return {"update_id": number, "message": body}

    application.bot._bot_user = None
    from telegram import User

    application.bot._bot_user = User(1, "bot", True, username="bot")

    return await _per_event(events, lambda number: Update.de_json(native(number), application.bot), application.process_update)


def figures(quick: bool) -> list[Figure]:
    """Ours at 100 and 10,000 commands, PTB at 100 and 1,000."""
    events = 300 if quick else 4000
    small = asyncio.run(ours(100, events))
    large = asyncio.run(ours(100 if quick else 10_000, events))
    found = [
        Figure("route, parse, handle, reply; 100 commands", small, "µs", 60),
        Figure("the same at 10,000 commands, ratio", large / small, "×", 1.15),
    ]
    for commands in (100, 1000):
        theirs = asyncio.run(peer(commands, events // 4))
        found.append(Figure(f"python-telegram-bot at {commands:,} commands", theirs, "µs"))
        found.append(Figure(f"python-telegram-bot ÷ Pendopo at {commands:,}", theirs / small, "×"))
    return found
