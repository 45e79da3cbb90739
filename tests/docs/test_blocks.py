"""Every code block of README.md and docs/ does what it says."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .blocks import LANGUAGES, PAGES, blocks_of, name_of
from .playing import Reader, claims, commands, matches, sessions
from .stages import STAGES

pytestmark = pytest.mark.sqlite
ELSEWHERE = {"docs/growing.md": "tests/docs/test_growing.py", "docs/tutorial.md": "tests/docs/test_tutorial.py"}
"""Pages with a test of their own, which runs all of their blocks too, and has a server for them."""
SKIPPED = {
    "README.md": ["CI runs it", "CI runs it"],
    "docs/backups.md": ["it needs root"],
    "docs/operators.md": ["its numbers are made up"],
    "docs/security.md": ["it needs a public host"],
    "docs/tutorial.md": ["CI runs it"],
    "docs/deployment.md": ["it needs root", "it needs root", "it needs docker"],
}
"""How many blocks of which pages nobody runs here, and the words their reasons begin with."""
REASONS = r"CI runs it|it needs (root|docker|a public host|a token)|its numbers are made up"
ALL = [(page, block) for page in PAGES for block in blocks_of(page)]


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Reader]:
    """Somebody with an empty folder."""
    monkeypatch.chdir(tmp_path)
    somebody = Reader(tmp_path, monkeypatch, capsys)
    yield somebody
    somebody.leaves()


@pytest.mark.parametrize("page", [page for page in PAGES if name_of(page) not in ELSEWHERE], ids=name_of)
def test_every_block_does_what_it_says(page: Path, reader: Reader) -> None:
    for block in blocks_of(page):
        if block.skipped:
            continue
        if block.stage:
            STAGES[block.stage](reader)
        reader.does(block)


def test_every_block_says_in_which_language_it_is() -> None:
    assert len(ALL) > 60
    assert [str(block) for _, block in ALL if block.language not in LANGUAGES] == []
    for page in PAGES:
        fences = re.findall(r"^ *(?:```|~~~)", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert len(fences) == 2 * len(blocks_of(page)), f"{name_of(page)} has a block that no test finds"


def test_what_nobody_runs_is_listed_with_its_reason() -> None:
    skipped: dict[str, list[str]] = {}
    for page, block in ALL:
        if block.skipped:
            found = re.match(REASONS, block.skipped)
            assert found, f"{block} is skipped because {block.skipped!r}, which is no reason"
            skipped.setdefault(name_of(page), []).append(found[0])
    assert skipped == SKIPPED


def test_every_stage_that_is_asked_for_is_there_and_none_is_left_over() -> None:
    assert {block.stage for _, block in ALL if block.stage} == set(STAGES)


def test_pages_with_a_test_of_their_own_have_it() -> None:
    for page, test in ELSEWHERE.items():
        assert Path(page).name in (Path(__file__).parent / Path(test).name).read_text(encoding="utf-8")


def test_what_is_printed_is_compared_and_only_numbers_and_times_may_differ() -> None:
    assert matches(["Taken: 7 persons."], ["Taken: 12 persons."])
    assert not matches(["Taken: 7 persons."], ["Taken: 12 people."])
    assert not matches(["one"], ["one", "two"])
    assert not matches(["one", "two"], ["one"])
    assert matches(["one", "…", "four"], ["one", "two", "three", "four"])
    assert not matches(["one", "…", "five"], ["one", "two", "three", "four"])
    assert matches(["a … c"], ["a b c"])
    assert list(sessions("$ a b\nx\n\n$ c\n")) == [("a b", ["x"]), ("c", [])]


def test_a_value_that_a_page_tells_is_compared() -> None:
    assert list(claims("x = 1  # one\nx + 1  # 2\nx\n", {"x": 1})) == [(2, "2")]


def test_commands_of_a_chat_are_found() -> None:
    told = "/izin sakit hari ini      /izin saya · tunggu\n(as a reply) /izin   (its ajudan)\n"
    assert list(commands(told)) == ["/izin sakit hari ini", "/izin saya", "/izin tunggu", "/izin"]
