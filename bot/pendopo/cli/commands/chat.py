"""`pendopo chat`: the same conversation in a terminal, as any of the people of the directory."""

import asyncio
import itertools
import os
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from cyclopts import Parameter

from pendopo.adapters.console import Console, PrintedMessage
from pendopo.cli import logs
from pendopo.cli.bootstrap.composition import build_app, with_directory
from pendopo.cli.bootstrap.databases import make_folder, open_for_start
from pendopo.cli.bootstrap.directory_files import RosterGroup, RosterPerson, build_roster, demo_file, to_toml
from pendopo.cli.discovery.plugins import find_plugins
from pendopo.cli.options import InjectedOptions
from pendopo.cli.output import print_json
from pendopo.config import Settings, list_secrets
from pendopo.directory.file import DirectoryFile, PersonEntry, read_directory
from pendopo.engine.app import App
from pendopo.errors import OperatorError, suggest_nearest

CONSOLE = "console"
"""The name of the console adapter: it begins its accounts and chats, before a colon."""
PIECE = 65536
"""Bytes read from the terminal or a pipe at a time."""


class TerminalChat:
    """Handles typed lines and prints the bot's messages, each under its chat."""

    def __init__(self, people: Sequence[RosterPerson], rooms: Sequence[RosterGroup], as_json: bool, prompting: bool) -> None:
        if not people:
            raise OperatorError("there is nobody in the directory to speak as")
        self._people = people
        self._rooms = rooms
        self._json = as_json
        self._prompting = prompting
        self._who = people[0]
        self._room: RosterGroup | None = None

    def speak_as(self, name: str) -> None:
        """Speak as this person from now on; "" changes nothing. Raises `OperatorError` for an unknown name."""
        if name:
            self._who = self._find_speaker(name)

    def print_greeting(self) -> None:
        """Print who is speaking and how to get help."""
        self.print_note(f"You are {self._format_speaker(self._who)}. Try /bantuan; :help for more.")
        self.print_prompt()

    def print_prompt(self) -> None:
        """Print the speaker and the chat, in a terminal only."""
        if self._prompting and not self._json:
            print(f"{self._describe_speaker()} › ", end="", flush=True)

    def close(self) -> None:
        """End the prompt's line, so that the shell begins on a new one."""
        if self._prompting and not self._json:
            print(flush=True)

    def print_note(self, text: str) -> None:
        """Print a note of the terminal, not of the bot."""
        if self._json:
            print_json({"note": text}, at_once=True)
        else:
            print("\n".join(f"· {line}" for line in text.splitlines()), flush=True)

    def print_message(self, printed: PrintedMessage) -> None:
        """Print a message of the bot under its chat."""
        if self._json:
            print_json({"chat": printed.chat.key, "text": printed.text, "again": printed.again}, at_once=True)
            return
        chat = printed.chat
        where = f"to {chat.title or self._find_name(chat.id)}" if chat.private else f"in {chat.title}"
        changed = ", changed" if printed.again else ""
        print(f"\nPendopo {where}{changed}:", *(f"  {line}" for line in printed.text.splitlines()), "", sep="\n", flush=True)

    async def handle_line(self, line: str, console: Console) -> bool:
        """Handle one line; False when it ends the conversation."""
        text = line.strip()
        if not self._prompting and text and not self._json:
            print(f"{self._describe_speaker()} › {text}", flush=True)
        if text in (":quit", ":q"):
            return False
        try:
            await self._run_command(text, console)
        except OperatorError as error:
            self.print_note(str(error))
        return True

    async def _run_command(self, text: str, console: Console) -> None:
        word, _, rest = text.partition(" ")
        match word:
            case ":as":
                self._switch_person(rest.strip())
            case ":group":
                self._room = self._find_room(rest.strip())
            case ":private":
                self._room = None
            case ":help":
                self.print_note(HELP)
            case ":reply":
                await self._send_message(console, rest.strip(), reply=True)
            case ":photo":
                path, _, caption = rest.strip().partition(" ")
                await self._send_message(console, caption, photo=_find_picture(path))
            case _ if word.startswith(":") and len(word) > 1 and word[1].isalpha():
                self.print_note(f"There is no {word}. {HELP.splitlines()[-1]} :help shows what there is.")
            case _:
                await self._send_message(console, text)

    async def _send_message(self, console: Console, text: str, photo: Path | None = None, reply: bool = False) -> None:
        if text or photo:
            group = (self._room.id, self._room.title) if self._room else None
            await console.type_line((self._who.id, self._who.name), text, group, photo, reply)

    def _switch_person(self, name: str) -> None:
        if not name:
            self.print_note("\n".join(f"{who.id:<12}{self._format_speaker(who)}" for who in self._people))
            return
        self._who = self._find_speaker(name)
        # Back to the private chat: requests for a person's decision arrive there.
        self._room = None

    def _find_speaker(self, name: str) -> RosterPerson:
        """Find a person by account, post, title or a part of the name. Raises `OperatorError` for none or several."""
        wanted = name.lower().removeprefix("console:")
        for who in self._people:
            if wanted in (who.id, who.title.lower(), who.name.lower(), *who.posts):
                return who
        parts = [who for who in self._people if wanted in f"{who.name} {who.title}".lower()]
        if len(parts) == 1:
            return parts[0]
        known = ", ".join(who.id for who in (parts or self._people))
        hint = suggest_nearest(wanted, [who.id for who in self._people]) if not parts else "; say which"
        raise OperatorError(f"{'more than one person' if parts else 'nobody'} is called {name!r}{hint} ({known})")

    def _find_room(self, name: str) -> RosterGroup:
        mine = [room for room in self._rooms if self._who.id in room.members]
        for room in mine:
            if not name or name.lower() in f"{room.id} {room.title}".lower():
                return room
        known = ", ".join(room.title for room in mine) or "none"
        raise OperatorError(f"{self._who.name} is in no group {name}".rstrip() + f" (groups: {known})")

    def _describe_speaker(self) -> str:
        return f"{self._who.name} in {self._room.title}" if self._room else self._who.name

    def _find_name(self, id_: str) -> str:
        return next((who.name for who in self._people if who.id == id_), id_)

    def _format_speaker(self, who: RosterPerson) -> str:
        return f"{who.name} ({who.title})" if who.title else who.name


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
    app = build_app(settings, open_for_start(settings), [console], find_plugins(settings.plugins))
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


HELP = """\
:as NAME            speak as somebody else (:as alone shows who there is)
:group [NAME]       speak in a group
:private            speak with the bot alone
:reply TEXT         answer the bot's latest message here, as one must in a group
:photo PATH [TEXT]  send a picture, with words under it
:quit               end (so does Ctrl-D)
Anything else is a message; a number answers a choice."""


def _find_picture(path: str) -> Path:
    found = Path(path).expanduser()
    if not found.is_file():
        raise OperatorError(f"there is no file {path}")
    return found
