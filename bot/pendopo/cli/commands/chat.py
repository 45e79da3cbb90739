"""`pendopo chat`: the same conversation in a terminal, as any of the people of the directory."""

import asyncio
import itertools
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from cyclopts import Parameter

from pendopo.adapters.console import Console
from pendopo.cli import logs
from pendopo.cli.bootstrap.composition import build_app, with_directory
from pendopo.cli.bootstrap.databases import make_folder
from pendopo.cli.bootstrap.directory_files import build_roster, demo_file, to_toml
from pendopo.cli.discovery.plugins import find_plugins
from pendopo.cli.options import InjectedOptions
from pendopo.cli.terminal_chat import TerminalChat
from pendopo.config import Settings, list_secrets
from pendopo.directory.file import DirectoryFile, PersonEntry, read_directory
from pendopo.engine.app import App
from pendopo.store import open_database

CONSOLE = "console"
"""The name of the console adapter: it begins its accounts and chats, before a colon."""
PIECE = 65536
"""Bytes read from the terminal or a pipe at a time."""


def chat(*, as_: Annotated[str, Parameter(name="--as")] = "", database: Path | None = None, options: InjectedOptions) -> int:
    """Talk with the bot in this terminal. What you type is a message; a line that begins with : is for the terminal.

    :as NAME speaks as another person, :group and :private choose the conversation, :help shows the rest. Lines may also come
    through a pipe. This bot is one of its own, beside one that runs.

    Parameters
    ----------
    as_
        Who you are at first: an account's name, a post or a person's name; else the first in the directory.
    database
        A SQLite file in which to keep the conversation; else it is forgotten at the end.
    """
    settings = options.load_settings()
    logs.configure(list_secrets(settings), "error")
    with TemporaryDirectory(prefix="pendopo-chat-") as folder:
        asyncio.run(_run_chat(_isolate_settings(settings, database, Path(folder)), as_, options.json))
    return 0


def _isolate_settings(settings: Settings, database: Path | None, folder: Path) -> Settings:
    """Return settings of a separate bot, which writes nothing into the real one's database and files."""
    data = database.with_name(f"{database.name}.files") if database else folder
    make_folder(data)
    people = read_directory(Path(settings.directory.file) if settings.directory.file else demo_file())
    with_consoles = folder / "directory.toml"
    with_consoles.write_text(to_toml(add_console_accounts(people)), encoding="utf-8")
    store = settings.database.model_copy(update={"url": f"sqlite:///{database}" if database else "sqlite://"})
    return with_directory(settings, with_consoles).model_copy(update={"database": store, "data_dir": str(data)})


def add_console_accounts(file: DirectoryFile) -> DirectoryFile:
    """Add a console account to every person and a console chat to every forum that has none."""
    taken = {account for person in file.person for account in person.accounts}
    for person in file.person:
        if not any(account.startswith(f"{CONSOLE}:") for account in person.accounts):
            person.accounts = [*person.accounts, _make_account(person, taken)]
            taken.add(person.accounts[-1])
    for forum in file.forum:
        if not any(chat.startswith(f"{CONSOLE}:") for chat in forum.chats):
            forum.chats = [*forum.chats, f"{CONSOLE}:{_slugify_name(forum.name)}"]
    return file


def _make_account(person: PersonEntry, taken: set[str]) -> str:
    """The first of these that is free: the first name, the whole name, the first name with a number."""
    first = _slugify_name(person.name).split("-")[0] or "person"
    numbered = (f"{first}-{number}" for number in itertools.count(2))
    wanted = itertools.chain((first, _slugify_name(person.name)), numbered)
    return next(account for name in wanted if (account := f"{CONSOLE}:{name}") not in taken)


def _slugify_name(name: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split())


async def _run_chat(settings: Settings, first: str, as_json: bool) -> None:
    people, rooms = build_roster(read_directory(Path(settings.directory.file)), CONSOLE)
    talk = TerminalChat(people, rooms, as_json, prompting=sys.stdin.isatty())
    talk.speak_as(first)
    console = Console(talk.print_message)
    app = build_app(settings, open_database(settings.database.url), [console], find_plugins(settings.plugins))
    logs.set_secrets(list_secrets(app.settings))
    try:
        await app.start()
        await _handle_lines(app, console, talk)
    finally:
        await app.stop()


async def _handle_lines(app: App, console: Console, talk: TerminalChat) -> None:
    for name, why in app.broken.items():
        talk.print_note(f"The plugin {name} is left out: {why}")
    talk.print_greeting()
    async for line in read_stdin_lines():
        if not await talk.handle_line(line, console):
            return
        await app.idle()
        talk.print_prompt()
    talk.close()


async def read_stdin_lines() -> AsyncIterator[str]:
    """Yield the lines of standard input without blocking the event loop."""
    loop, fd = asyncio.get_running_loop(), sys.stdin.fileno()
    pieces: asyncio.Queue[bytes] = asyncio.Queue()

    def read() -> None:
        piece = os.read(fd, PIECE)
        if not piece:
            loop.remove_reader(fd)
        pieces.put_nowait(piece)

    try:
        # Not an asyncio stream: it would make the terminal non-blocking, for output as well.
        loop.add_reader(fd, read)
    except PermissionError:
        for line in sys.stdin:  # a regular file: epoll refuses it, and reading it does not block
            yield line
        return
    rest = b""
    try:
        while piece := await pieces.get():
            *lines, rest = (rest + piece).split(b"\n")
            for found in lines:
                yield found.decode("utf-8", "replace")
        if rest:
            yield rest.decode("utf-8", "replace")
    finally:
        loop.remove_reader(fd)
