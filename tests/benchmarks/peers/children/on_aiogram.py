"""aiogram: one `Router` with a handler a command; the session that would send is stubbed."""

import json
from typing import Any

import rounds
from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.filters import Command, CommandObject
from aiogram.types import Message


class Stubbed(BaseSession):
    """Takes what would be sent."""

    def __init__(self, replies: rounds.Replies) -> None:
        super().__init__()
        self._replies = replies

    async def make_request(self, bot: Any, method: Any, **more: Any) -> Any:
        self._replies.take(method.text)

    async def stream_content(self, *args: Any, **more: Any) -> Any:
        raise NotImplementedError

    async def close(self) -> None:
        return


def echo(number: int) -> Any:
    async def handler(message: Message, command: CommandObject) -> None:
        await message.answer(rounds.reply(number, command.args or ""))

    return handler


async def prepare(commands: int, replies: rounds.Replies) -> rounds.Handle:
    bot, dispatcher = Bot("1:x", session=Stubbed(replies)), Dispatcher()
    for number in range(commands):
        dispatcher.message(Command(rounds.name(number)))(echo(number))

    async def handle(raw: bytes) -> None:
        await dispatcher.feed_raw_update(bot, json.loads(raw))

    return handle


if __name__ == "__main__":
    rounds.run(prepare)
