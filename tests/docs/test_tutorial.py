"""A newcomer's ten minutes: every command and every block of docs/tutorial.md, in a fresh folder, as printed."""

import re
import sys
import time
from contextlib import ExitStack
from html import unescape
from pathlib import Path

import httpx
import pytest

from .blocks import ROOT, Block, blocks_of
from .playing import Reader, fits, sessions
from .running import started

pytestmark = pytest.mark.sqlite
PAGE = ROOT / "docs" / "tutorial.md"
PEOPLE = {"Kadis PU": "rina"}
PATIENCE = 60.0


class Newcomer(Reader):
    """Somebody who reads the tutorial for the first time. The bot of the last step goes on running while they talk to it."""

    bot: ExitStack
    address = ""

    def does_console(self, block: Block) -> None:
        """As on every page; what `pendopo run` starts goes on."""
        ((command, shown), *more) = sessions(block.body)
        if command != "pendopo run":
            super().does_console(block)
            return
        assert not more
        said = self.bot.enter_context(started(["run"], self.place))
        assert [re.sub(r":\d+/", ":0/", line) for line in said] == [re.sub(r":\d+/", ":0/", line) for line in shown]
        self.address = said[0].removeprefix("Simulator: ")

    def does_talk(self, block: Block) -> None:
        """Say, touch and see, as a browser on the simulator's page would, over HTTP."""
        browser = httpx.Client(base_url=self.address, headers={"sec-fetch-site": "same-origin"}, timeout=PATIENCE)
        with browser:
            assert "Pendopo" in browser.get("", follow_redirects=True).text
            for line in block.body.splitlines():
                self._line(browser, line)

    def _line(self, browser: httpx.Client, line: str) -> None:
        if touched := re.fullmatch(r"(.+) touches (.+)", line):
            person = PEOPLE[touched[1]]
            key = rf"""hx-vals='([^']*)'[^>]*>{re.escape(touched[2])}</button>"""
            (values,) = re.findall(key, _screen(browser))
            assert browser.post("/press", data=httpx.Response(200, content=unescape(values)).json()).is_success, person
            return
        who, words = line.split(" › ")
        if who == "Pendopo":
            _sees(browser, words)
        else:
            person = PEOPLE[who]
            assert browser.post("/say", data={"person": person, "chat": person, "text": words}).is_success


def _screen(browser: httpx.Client) -> str:
    return browser.get("/screen", params={"slot": "0", "person": "rina", "chat": "rina"}).text


def _sees(browser: httpx.Client, words: str) -> None:
    """Wait until the bot's newest message says this; fails with the whole screen when it never does."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        screen = _screen(browser)
        bubbles = re.findall(r'<li class="message bot.*?</li>', screen, re.DOTALL)
        if bubbles and fits(f"…{words}…", _plain(bubbles[-1])):
            return
    raise AssertionError(f"nobody sees {words!r}; there is:\n{_plain(screen)}")


def _plain(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", markup)).split())


def test_every_step_works_as_it_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".venv").symlink_to(sys.prefix)  # what the first step installs
    newcomer = Newcomer(tmp_path, monkeypatch, capsys)
    blocks = blocks_of(PAGE)
    assert [block.language for block in blocks].count("console") == 5
    with ExitStack() as newcomer.bot:
        for block in blocks:
            if not block.skipped:
                newcomer.does(block)
    newcomer.leaves()


def test_what_it_installs_is_what_ci_installs() -> None:
    (install, *_) = blocks_of(PAGE)
    readme = blocks_of(ROOT / "README.md")
    assert f"{install.body.strip()} && .venv/bin/pytest" in [block.body.strip() for block in readme]


@pytest.mark.parametrize("heading", ["Run it", "Test it"])
def test_ci_runs_the_readmes_commands_as_they_stand(heading: str) -> None:
    assert f'command_under "{heading}"' in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
