"""The fenced blocks of a page, and what to do with each.

Every block says in which language it is, and that decides what a test does with it (`tests/docs/playing.py`):

    python   with title="name.py" is written there (a title twice: one after the other); else it runs in the page's own
             namespace, every test_… in it is run, and "expression  # value" has that value
    sh       runs in the page's folder, line by line
    console  "$ command" runs, and what it prints is what stands below it, but for numbers, times and names of chats;
             "…" is any lines, or any words
    toml     is read as settings, with title="directory.toml" as a directory, with [project] as a distribution's
    po       is a catalogue, and written to its title
    json     can be read
    chat     every command in it is said to a bot that has all plugins, and understood
    talk     is said and seen in the simulator of a bot that runs, over HTTP
    sql      runs on PostgreSQL
    ini      is read as a systemd unit

Above a block may stand <!-- test: with NAME -->, which prepares what it needs (`tests/docs/stages.py`), or
<!-- test: skip because REASON -->, for what needs root, docker, a public host or a token, and nothing else.
"""

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LANGUAGES = ("python", "sh", "console", "toml", "po", "json", "chat", "sql", "ini", "talk")
_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)(?: title=\"(?P<title>[^\"]+)\")?[^\n]*\n(?P<body>.*?)^(?P=indent)```$",
    re.DOTALL | re.MULTILINE,
)
_BEFORE = re.compile(r"<!-- test: (?P<verb>with|skip because) (?P<what>[^\n]+) -->\n\s*\Z")
_INCLUDE = re.compile(r'^--8<-- "([^"]+)"$', re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """One fenced block."""

    page: str
    line: int
    language: str
    title: str
    body: str
    stage: str = ""
    skipped: str = ""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks_of(page: Path) -> list[Block]:
    """The blocks of a page in their order."""
    text = page.read_text(encoding="utf-8")
    return [_block(name_of(page), text, found) for found in _FENCE.finditer(text)]


def _block(page: str, text: str, found: re.Match[str]) -> Block:
    before = _BEFORE.search(text, 0, found.start())
    verb, what = (before["verb"], before["what"]) if before else ("", "")
    return Block(
        page,
        text.count("\n", 0, found.start()) + 1,
        found["language"],
        found["title"] or "",
        _INCLUDE.sub(lambda name: (ROOT / name[1]).read_text(encoding="utf-8").rstrip("\n"), textwrap.dedent(found["body"])),
        what if verb == "with" else "",
        what if verb == "skip because" else "",
    )


def name_of(page: Path) -> str:
    """A page as people name it: docs/plugins.md."""
    return page.relative_to(ROOT).as_posix()
