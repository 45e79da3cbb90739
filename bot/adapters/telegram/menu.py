"""The list of commands that Telegram offers when somebody types a slash."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from telegram import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats

from .client import Client
from .fields import objects, words

NAME = re.compile(r"[a-z0-9_]{1,32}")
DESCRIPTION = 256
MOST = 100
"""Bot API, `BotCommand` and setMyCommands."""
LANGUAGES: Mapping[str, str] = {"": "id", "en": "en", "su": "su"}
"""Telegram's language code → ours; "" is for everybody whose language has no list of its own."""

Commands = Callable[[str], Sequence[tuple[str, str]]]


async def offer(client: Client, commands: Commands) -> int:
    """Bring Telegram's lists up to date, and touch only those that differ. Returns how many did. Raises `TelegramError`."""
    changed, usual = 0, menu(commands(LANGUAGES[""]))
    for language, locale in LANGUAGES.items():
        wanted = menu(commands(locale))
        if language and wanted == usual:
            wanted = []  # a list of its own would say nothing else
        for scope in (BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()):
            there: dict[str, Any] = {"scope": scope, "language_code": language or None}
            answer = await client.call("getMyCommands", **there)
            shown = [(words(each, "command"), words(each, "description")) for each in objects({"list": answer}, "list")]
            if shown == wanted:
                continue
            changed += 1
            if wanted:
                await client.call("setMyCommands", commands=[BotCommand(*each) for each in wanted], **there)
            else:
                await client.call("deleteMyCommands", **there)
    return changed


def menu(commands: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The commands that Telegram can offer: those of one word in its alphabet."""
    fitting = {name: about[:DESCRIPTION].strip() or name for name, about in commands if NAME.fullmatch(name)}
    return list(fitting.items())[:MOST]
