"""python-telegram-bot: an `Application`, a `CommandHandler` a command; the bot's `send_message` is stubbed."""

import json
from typing import Any

import rounds
from telegram import Bot, Update, User
from telegram.ext import Application, CommandHandler


class Stubbed(Bot):
    """A bot that is told who it is, and sends nothing."""

    replies: rounds.Replies

    async def initialize(self) -> None:
        self._bot_user = User(1, "bot", True, username="bot")
        self._initialized = True

    async def send_message(self, chat_id: int, text: str, **more: Any) -> Any:  # type: ignore[override]  # what replies use of it
        Stubbed.replies.take(text)


def echo(number: int) -> Any:
    async def handler(update: Update, context: Any) -> None:
        assert update.message is not None
        await update.message.reply_text(rounds.reply(number, " ".join(context.args)))

    return handler


async def prepare(commands: int, replies: rounds.Replies) -> rounds.Handle:
    Stubbed.replies = replies
    application = Application.builder().bot(Stubbed("1:x")).updater(None).build()
    for number in range(commands):
        application.add_handler(CommandHandler(rounds.name(number), echo(number)))
    await application.initialize()

    async def handle(raw: bytes) -> None:
        await application.process_update(Update.de_json(json.loads(raw), application.bot))

    return handle


if __name__ == "__main__":
    rounds.run(prepare)
