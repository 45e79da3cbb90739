"""Errbot with its Telegram backend: one plugin with a `botcmd` a command; the library that would send is stubbed."""

import importlib
import json
import logging
import queue
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import rounds
import telegram
from errbot.backends.telegram_messenger import TelegramPerson
from errbot.bootstrap import setup_bot

PLUG = "[Core]\nName = Gema\nModule = gema\n[Python]\nVersion = 3\n"
HEAD = "import rounds\nfrom errbot import BotPlugin, botcmd\n\n\nclass Gema(BotPlugin):\n"
COMMAND = "    @botcmd\n    def {name}(self, msg, args):\n        return rounds.reply({number}, args)\n\n"


class Stubbed:
    """Takes what would be sent, and says so to whoever waits: commands run in threads of the bot's own."""

    def __init__(self, replies: rounds.Replies) -> None:
        self._replies = replies
        self.sent: queue.SimpleQueue[str] = queue.SimpleQueue()

    def sendMessage(self, chat: str, text: str) -> None:  # noqa: N802  the library's name for it
        self._replies.take(text.strip())
        self.sent.put(text)


def config(folder: Path) -> Any:
    """The template of Errbot's own, with our plugin and none of its own."""
    settings = SimpleNamespace(**vars(importlib.import_module("errbot.config-template")))
    settings.BACKEND, settings.STORAGE = "Telegram", "Memory"
    settings.BOT_DATA_DIR, settings.BOT_EXTRA_PLUGIN_DIR = str(folder), str(folder / "gema")
    settings.BOT_LOG_LEVEL, settings.BOT_LOG_FILE = logging.ERROR, str(folder / "log")
    settings.BOT_ADMINS, settings.BOT_PREFIX, settings.CORE_PLUGINS = ("1",), "/", ("Help",)
    settings.BOT_IDENTITY = {"token": "1:x"}
    return settings


async def prepare(commands: int, replies: rounds.Replies) -> rounds.Handle:
    folder = Path(tempfile.mkdtemp(prefix="pendopo-errbot-"))
    (folder / "gema").mkdir()
    (folder / "gema" / "gema.plug").write_text(PLUG)
    body = "".join(COMMAND.format(name=rounds.name(number), number=number) for number in range(commands))
    (folder / "gema" / "gema.py").write_text(HEAD + body)
    logging.disable(logging.WARNING)
    bot = setup_bot("Telegram", logging.getLogger(""), config(folder))
    bot.telegram = stubbed = Stubbed(replies)
    bot.bot_identifier = TelegramPerson(id=999, first_name="bot", username="bot")
    bot.connect_callback()

    async def handle(raw: bytes) -> None:
        bot._handle_message(telegram.Update.de_json(json.loads(raw), None).message)
        stubbed.sent.get(timeout=600)

    return handle


if __name__ == "__main__":
    rounds.run(prepare)
