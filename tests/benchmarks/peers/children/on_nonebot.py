"""NoneBot2 with its Telegram adapter: an `on_command` a command; the adapter's call of the API is stubbed."""

import json
from typing import Any

import nonebot
import rounds
from nonebot.adapters.telegram import Adapter, Message
from nonebot.params import CommandArg


class Stubbed(Adapter):
    """Takes what would be sent."""

    replies: rounds.Replies

    async def _call_api(self, bot: Any, api: str, **data: Any) -> Any:
        Stubbed.replies.take(data["text"])
        return {"message_id": 1, "date": 1, "chat": {"id": data["chat_id"], "type": "private", "first_name": "Rina"}}


def register(number: int) -> None:
    matcher = nonebot.on_command(rounds.name(number))

    @matcher.handle()
    async def echo(rest: Message = CommandArg()) -> None:  # noqa: B008  NoneBot's own way
        await matcher.send(rounds.reply(number, rest.extract_plain_text().strip()))


async def prepare(commands: int, replies: rounds.Replies) -> rounds.Handle:
    Stubbed.replies = replies
    nonebot.init(driver="~none", log_level="ERROR", telegram_bots=[{"token": "1:x"}])
    driver = nonebot.get_driver()
    driver.register_adapter(Stubbed)
    for number in range(commands):
        register(number)
    adapter = next(iter(driver._adapters.values()))
    from nonebot.adapters.telegram import Bot
    from nonebot.adapters.telegram.config import BotConfig

    bot = Bot(adapter, "1", config=BotConfig(token="1:x"))
    bot.username = "bot"

    async def handle(raw: bytes) -> None:
        await adapter._Adapter__handle_update(bot, json.loads(raw))

    return handle


if __name__ == "__main__":
    rounds.run(prepare)
