"""A conversation in the terminal: who speaks, in which chat, and how messages are printed."""

from collections.abc import Sequence
from pathlib import Path

from pendopo.adapters.console import Console, PrintedMessage
from pendopo.cli.bootstrap.directory_files import RosterGroup, RosterPerson
from pendopo.cli.output import print_json, suggest_nearest
from pendopo.errors import OperatorError

HELP = """\
:as NAME            speak as somebody else (:as alone shows who there is)
:group [NAME]       speak in a group
:private            speak with the bot alone
:reply TEXT         answer the bot's latest message here, as one must in a group
:photo PATH [TEXT]  send a picture, with words under it
:quit               end (so does Ctrl-D)
Anything else is a message; a number answers a choice."""


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


def _find_picture(path: str) -> Path:
    found = Path(path).expanduser()
    if not found.is_file():
        raise OperatorError(f"there is no file {path}")
    return found
