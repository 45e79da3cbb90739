"""Pendopo with its Telegram adapter: inbox, gate, handler, outbox and all, but no disk; the call of the Bot API is stubbed.

With `dispatch` as the second argument: from the bytes to the reply that is handed to the outbox, without the two queues.
"""

import asyncio
import logging
import sys
from collections.abc import Sequence
from typing import Any

import msgspec
import rounds
import structlog
from pendopo import Context, Plugin, RestOfText
from pendopo.adapters.telegram import Telegram
from pendopo.config import LimitSettings, Settings, TelegramSettings
from pendopo.engine.app import App, _Host
from pendopo.engine.clock import SystemClock
from pendopo.model import Capabilities, Chat, Text
from pendopo.store.queries.deliveries import Delivery
from pendopo.store.queries.inbox import InboxRow
from pydantic import SecretStr

from tests.benchmarks.routing import Cursor, MemoryDatabase

HEADERS = {"x-telegram-bot-api-secret-token": rounds.SECRET}


class Found(Cursor):
    """The row that a statement changed, for whoever asks whether there was one."""

    description = "id"

    def fetchall(self) -> list[tuple[int]]:
        return [(1,)]


class Database(MemoryDatabase):
    """Keeps nothing, and every row that is looked for to be changed is there."""

    def execute(self, sql: str, params: Any = ()) -> Cursor:
        return Found(self) if "RETURNING" in sql else super().execute(sql, params)


class Paceless(Telegram):
    """Does not wait for what Telegram lets a bot send in a second."""

    def capabilities(self, chat: Chat) -> Capabilities:
        return msgspec.structs.replace(super().capabilities(chat), per_chat=(), per_account=())


class Sent:
    """Takes what would be sent, and says so to whoever waits."""

    def __init__(self, replies: rounds.Replies) -> None:
        self._replies = replies
        self.one = asyncio.Event()

    async def call(self, method: str, read_timeout: float | None = None, /, **parameters: Any) -> Any:
        self._replies.take(parameters["text"])
        self.one.set()
        return {"message_id": self._replies.count}


def echo(number: int) -> Any:
    async def handler(ctx: Context, teks: RestOfText) -> None:
        await ctx.reply("umum.pilihan", teks=rounds.reply(number, teks))

    handler.__name__ = rounds.name(number)
    return handler


def gema(commands: int) -> Plugin:
    plugin = Plugin("gema", summary="Echo", policy="anyone")
    for number in range(commands):
        plugin.command(rounds.name(number))(echo(number))
    return plugin


def build(commands: int, adapter: Telegram) -> App:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL), cache_logger_on_first_use=True)
    limits = LimitSettings(per_person=100_000, per_chat=100_000)
    app = App(Settings(limits=limits), Database(), [adapter], [], SystemClock())
    app.core.router.add_plugin(gema(commands))
    adapter.connect(_Host(app, adapter.name))
    return app


def paceless() -> Paceless:
    return Paceless(TelegramSettings(token=SecretStr("1:x"), mode="webhook", webhook_secret=rounds.SECRET), "https://kota.test")


async def prepare(commands: int, replies: rounds.Replies) -> rounds.Handle:
    adapter, sent = paceless(), Sent(replies)
    adapter._client.call_method = sent.call
    app = build(commands, adapter)
    await app.inbox.start()
    await app.outbox.start()

    async def handle(raw: bytes) -> None:
        sent.one.clear()
        await app.accept(adapter.name, adapter.receive(raw, HEADERS))
        await sent.one.wait()

    return handle


async def dispatch(commands: int, replies: rounds.Replies) -> rounds.Handle:
    adapter = paceless()
    app = build(commands, adapter)

    def take(deliveries: Sequence[Delivery]) -> None:
        for delivery in deliveries:
            assert isinstance(delivery.content, Text)
            replies.take(str(delivery.content.said[0].args["teks"]))

    app.outbox.enqueue = take

    async def handle(raw: bytes) -> None:
        for number, one in enumerate(adapter.receive(raw, HEADERS)):
            row = InboxRow(number, adapter.name, one.key, one.kind, f"{adapter.name}:{one.chat}", one.album, one.body, 0)
            for event in adapter.convert(one):
                await app.dispatcher.commit_event(event, row, lambda connection: None)

    return handle


if __name__ == "__main__":
    rounds.run(dispatch if "dispatch" in sys.argv else prepare)
