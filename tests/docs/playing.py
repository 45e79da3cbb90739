"""Doing what a page says, block by block, in a folder of its own (the convention is told in `blocks.py`)."""

import ast
import asyncio
import configparser
import importlib
import inspect
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pendopo
import pendopo.testing
import pytest
import sqlmodel
from babel.messages.pofile import read_po
from pendopo.cli import main
from pendopo.cli.bootstrap.composition import check_options
from pendopo.cli.command_table import SINGLE
from pendopo.cli.discovery import adapters, plugins
from pendopo.cli.discovery.plugins import find_plugins
from pendopo.config import LimitSettings, Settings, load_settings
from pendopo.directory.file import read_directory
from pendopo.directory.staff_table import read_map
from pendopo.testing import Story

from .blocks import ROOT, Block
from .running import running

ASSIGNED = re.compile(r"([A-Z_]+)=(\S*)$")
CODE = re.compile(r"\bK[0-9A-Z]+-[0-9A-F]{4}\b")
LONG = ("run", "demo")


class Reader:
    """Somebody who does what a page says, in an empty folder, with Pendopo installed."""

    def __init__(self, place: Path, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self.place, self.patch, self.capture = place, patch, capture
        self.names: dict[str, Any] = {"pytest": pytest, "select": sqlmodel.select, "col": sqlmodel.col}
        for module in (pendopo, pendopo.testing):
            self.names |= {name: getattr(module, name) for name in module.__all__}
        self.codes: dict[str, str] = {}
        self.kept: list[Any] = []
        for name in [name for name in os.environ if name.startswith("PENDOPO_")]:
            patch.delenv(name)
        patch.setenv("NO_COLOR", "1")
        patch.syspath_prepend(str(place))
        patch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
        patch.setenv("PYTHONPATH", os.pathsep.join(map(str, (ROOT, ROOT / "bot", ROOT / "plugins"))))

    def leaves(self) -> None:
        """Close what was kept open, and forget the modules of this folder: another page may have some of the same name."""
        for kept in self.kept:
            kept.close()
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None) or "").startswith(f"{self.place}{os.sep}"):
                del sys.modules[name]

    def does(self, block: Block) -> None:
        """Do what a block says, or fail with where it stands."""
        try:
            getattr(self, f"does_{block.language}")(block)
        except Exception as error:
            error.add_note(f"in the block of {block}")
            raise

    def does_python(self, block: Block) -> None:
        """Write a module, or run the code and the tests that it declares."""
        if block.title:
            self._write(block.title, block.body)
            return
        if re.search(r"^class Test", block.body, re.MULTILINE):
            self._suite(block)
            return
        known = set(self.names)
        exec(compile(block.body, str(block), "exec"), self.names)  # noqa: S102  the documentation's own code
        for value, told in claims(block.body, self.names):
            assert told in (str(value), repr(value)), f"the page says {told}, and it is {value!r}"
        tests = [value for name, value in self.names.items() if name.startswith("test_") and name not in known]
        for test in tests:
            self._test(test)

    def _suite(self, block: Block) -> None:
        """Run classes of tests as pytest does."""
        path = self._write(f"test_line_{block.line}.py", block.body, anew=True)
        ran = self._shell(f"pytest -q -p no:cacheprovider -o asyncio_mode=auto {path.name}")
        assert ran.returncode == 0, ran.stdout

    def _test(self, test: Callable[..., Any]) -> None:
        for mark in getattr(test, "pytestmark", [pytest.mark.parametrize("", [None])]):
            for value in mark.args[1]:
                known = {mark.args[0]: value} if mark.args[0] else {}
                asyncio.run(_told(test, known, self.names))

    def does_sh(self, block: Block) -> None:
        """Run every line; none may fail."""
        ran = self._shell(block.body)
        assert ran.returncode == 0, f"{ran.stdout}{ran.stderr}"

    def does_console(self, block: Block) -> None:
        """Run the commands, and hold what they print against the page."""
        for command, shown in sessions(block.body):
            for told, real in self.codes.items():
                command = command.replace(told, real)
            if "pendopo chat" in command:
                said = self._chats(command, shown)
                shown = [re.sub(r"(›) .*", r"\1", line) for line in shown]
                said = [re.sub(r"(›) .*", r"\1", line) for line in said]
            else:
                said = self._runs(command)
            assert matches(shown, said), f"{command} printed:\n" + "\n".join(said)
            self.codes |= dict(zip(CODE.findall("\n".join(shown)), CODE.findall("\n".join(said)), strict=False))

    def _runs(self, command: str) -> list[str]:
        words = shlex.split(command)
        given = {found[1]: found[2] for word in words if (found := ASSIGNED.match(word))}
        program, *rest = words[len(given) :]
        if program != "pendopo" or {"|", ">", "&&"} & set(rest):
            ran = self._shell(command)
            assert ran.returncode == 0, ran.stdout + ran.stderr
            return ran.stdout.splitlines()
        with self.patch.context() as patch:
            for name, value in given.items():
                patch.setenv(name, value)
            if rest[:1] and rest[0] in LONG:
                return running(rest, self.place)
            self.ran(rest, main(rest))
        out, err = self.capture.readouterr()
        return (out + err).splitlines()

    def ran(self, words: list[str], code: int) -> None:
        """A verb has run; what it printed tells how. Pages whose commands must all go well look at its exit code too."""

    def _chats(self, command: str, shown: list[str]) -> list[str]:
        typed = [found[1] for line in shown if (found := re.match(r"^[^·].*? › (.+)$", line))]
        ran = self._shell(command, "\n".join([*typed, ""]))
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.splitlines()

    def _shell(self, command: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        words = ["bash", "-euo", "pipefail", "-c", command]
        return subprocess.run(words, cwd=self.place, input=typed, capture_output=True, text=True, timeout=300)

    def does_toml(self, block: Block) -> None:
        """Read it as what its title says it is: a directory, or settings, which it is by default."""
        name = block.title or f"{Path(block.page).stem}.{block.line}.toml"
        path = self._write(name, self._placed(block.body), anew=True)
        if "project" in (data := tomllib.loads(block.body)):
            assert set(data["project"].get("entry-points", {})) <= {plugins.GROUP, adapters.ADAPTER_GROUP}
            return
        if "directory" in Path(name).name:
            assert read_directory(path).person
            return
        if "columns" in data:
            assert read_map(path).columns
            return
        settings = load_settings(path, {}, known=adapters.extend_settings)
        check_options(settings, find_plugins(settings.plugins))

    def _placed(self, text: str) -> str:
        """The same settings with the secrets of /etc and /run in this folder, each a file that is there."""
        for path in re.findall(r'"(/(?:etc|run)/[^"]+)"', text):
            secret = self._write(path.lstrip("/"), "a-secret\n", anew=True)
            text = text.replace(f'"{path}"', json.dumps(str(secret)))
        return text

    def does_po(self, block: Block) -> None:
        """Read a catalogue and put it where its title says."""
        with self._write(block.title, block.body).open("rb") as file:
            assert len(read_po(file)) >= 1

    def does_json(self, block: Block) -> None:
        """Read it, every line of its own where there are several objects."""
        decoder, text = json.JSONDecoder(), block.body.strip()
        while text:
            read, end = decoder.raw_decode(text)
            assert read
            text = text[end:].strip()

    def does_ini(self, block: Block) -> None:
        """Read a systemd unit; what it runs are verbs and options that there are."""
        unit = configparser.ConfigParser(interpolation=None, strict=True)
        unit.optionxform = str  # type: ignore[assignment]  # as its documentation does
        unit.read_string(block.body)
        started_by = unit["Service"]["ExecStart"]
        (verb,) = re.findall(r"/bin/pendopo (\w+)", started_by)
        assert verb in SINGLE

    def does_chat(self, block: Block) -> None:
        """Say every command to a bot that has all plugins: each is understood, and none breaks anything."""
        said = list(commands(block.body))
        assert said, "there is no command in it"
        asyncio.run(understood(said))

    def _write(self, name: str, text: str, anew: bool = False) -> Path:
        path = self.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() and not anew else ""
        path.write_text(f"{before}\n\n{text}" if before else text, encoding="utf-8")
        importlib.invalidate_caches()
        return path


async def _told(test: Callable[..., Any], known: dict[str, Any], names: dict[str, Any]) -> None:
    """Run a test; one that wants a `story` gets a bot with the page's plugin."""
    if "story" in inspect.signature(test).parameters:
        async with Story([names["plugin"]]) as story:
            await test(story=story, **known)
        return
    returned = test(**known)
    if inspect.isawaitable(returned):
        await returned


def claims(body: str, names: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """Each expression that stands alone with a comment behind it: what it is, and what the comment says it is."""
    lines = body.splitlines()
    for node in ast.parse(body).body:
        comment = re.search(r"  # (.+)$", lines[(node.end_lineno or 1) - 1])
        if isinstance(node, ast.Expr) and comment and not isinstance(node.value, ast.Constant):
            yield eval(compile(ast.Expression(node.value), "page", "eval"), names), comment[1]  # noqa: S307


def sessions(body: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console block with the lines below it."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, *shown = part.rstrip("\n").split("\n")
        yield command, [line for line in shown if line.strip()]


def matches(shown: list[str], said: list[str]) -> bool:
    """Whether this is what was printed, line by line, "…" for any lines, without what differs from run to run."""
    wanted, rest = [shape(line) for line in shown], [shape(line) for line in said if line.strip()]
    for number, line in enumerate(wanted):
        if line == "…":
            tail = wanted[number + 1 :]
            return not tail or any(matches(tail, rest[start:]) for start in range(len(rest)))
        if not rest or not fits(line, rest.pop(0)):
            return False
    return not shown or not rest


def fits(shown: str, said: str) -> bool:
    """Whether one line is the other; "…" within it is any words."""
    return re.fullmatch(".*".join(map(re.escape, shown.split("…"))), said) is not None


def shape(line: str) -> str:
    """A line without what differs from run to run: hashes, times, codes, chats, numbers, columns' widths."""
    line = re.sub(r"\b[0-9a-f]{32,}\b", "HASH", line)
    line = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?( WIB)?", "TIME", line)
    line = CODE.sub("CODE", line)
    line = re.sub(r"\b(simulator|memory|telegram):[\w-]+", "CHAT", line)
    line = re.sub(r"\b(simulator|memory)\b", "MESSENGER", line)
    return " ".join(re.sub(r"\d+([.,]\d+)*", "0", line).split())


def commands(body: str) -> Iterator[str]:
    """The commands of a chat block, each whole: what stands after "·" without a slash goes on from the command before it."""
    for line in body.splitlines():
        for piece in re.split(r"\s{3,}", re.sub(r"\((?:[^()]*)\)", "   ", line)):
            word = ""
            for said in filter(None, map(str.strip, piece.split(" · "))):
                if said.startswith("/"):
                    word = said.split()[0]
                    yield said
                elif word:
                    yield f"{word} {said}"


async def understood(said: Iterable[str]) -> None:
    """Say all of it. Fails on a command the bot does not know, and on one it breaks at."""
    patient = Settings(limits=LimitSettings(per_person=0, per_chat=0))
    async with Story(find_plugins(patient.plugins).plugins, settings=patient) as story:
        for text in said:
            sends, screen = story.messenger.sends, len(story.messenger.screen)
            await story.kadis.says(text.replace("…", "karena hujan"), group=True)
            answers = " ".join(shown.text for shown in story.messenger.screen[screen:])
            assert story.messenger.sends > sends, f"{text!r} is not answered"
            assert "Perintah /" not in answers, f"{text!r}: {answers}"
            assert not CODE.search(answers), f"{text!r} breaks: {answers}"
