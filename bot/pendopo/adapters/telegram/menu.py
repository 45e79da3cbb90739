"""The list of commands that Telegram offers when somebody types a slash."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from telegram import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats

from pendopo.adapters.foreign_json import get_objects, get_text
from pendopo.adapters.telegram.api import BotApiClient

COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
DESCRIPTION_LENGTH = 256
MOST_COMMANDS = 100
"""Bot API, `BotCommand` and setMyCommands."""
LANGUAGES: Mapping[str, str] = {"": "id", "en": "en", "su": "su"}
"""Telegram's language code → ours; "" is for everybody whose language has no list of its own."""

CommandLister = Callable[[str], Sequence[tuple[str, str]]]


async def offer_commands(client: BotApiClient, commands: CommandLister) -> int:
    """Bring Telegram's lists up to date, and touch only those that differ. Returns how many did. Raises `TelegramError`."""
    changed, usual = 0, select_commands(commands(LANGUAGES[""]))
    for language, locale in LANGUAGES.items():
        wanted = select_commands(commands(locale))
        if language and wanted == usual:
            wanted = []  # a list of its own would say nothing else
        for scope in (BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()):
            there: dict[str, Any] = {"scope": scope, "language_code": language or None}
            answer = await client.call_method("getMyCommands", **there)
            shown = [
                (get_text(each, "command"), get_text(each, "description")) for each in get_objects({"list": answer}, "list")
            ]
            if shown == wanted:
                continue
            changed += 1
            if wanted:
                await client.call_method("setMyCommands", commands=[BotCommand(*each) for each in wanted], **there)
            else:
                await client.call_method("deleteMyCommands", **there)
    return changed


def select_commands(commands: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The commands that Telegram can offer: those of one word in its alphabet."""
    fitting = {name: about[:DESCRIPTION_LENGTH].strip() or name for name, about in commands if COMMAND_NAME.fullmatch(name)}
    return list(fitting.items())[:MOST_COMMANDS]
