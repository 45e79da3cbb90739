"""What the pages claim can be looked up: tests that are named exist, and every table of claims has its evidence."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pendopo.plugin import Plugin

from .blocks import PAGES, ROOT, name_of

pytestmark = pytest.mark.sqlite
NAMED = re.compile(r"`(tests/[\w/.-]+\.py)(?:::(\w+))?`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
GUARANTEES = ROOT / "docs" / "guarantees.md"
EXTENDING = ROOT / "docs" / "extending.md"
COMPARISON = ROOT / "docs" / "comparison.md"
SECURITY = ROOT / "docs" / "security.md"


@cache
def functions_in(path: str) -> set[str]:
    """The test functions of a file, methods too."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {function.name for function in functions if function.name.startswith("test_")}


def iter_rows(page: Path, under: str = "") -> Iterator[list[str]]:
    """The cells of every row of a page's tables, without heads."""
    text = page.read_text(encoding="utf-8")
    for line in text[text.index(under) :].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("|"):
            yield cells


@pytest.mark.parametrize("page", [page for page in PAGES if NAMED.search(page.read_text(encoding="utf-8"))], ids=name_of)
def test_every_test_that_is_named_exists(page: Path) -> None:
    for path, test in NAMED.findall(page.read_text(encoding="utf-8")):
        assert (ROOT / path).is_file(), f"{name_of(page)} names {path}"
        assert not test or test in functions_in(path), f"{name_of(page)} names {path}::{test}"


def test_each_guarantee_has_a_test() -> None:
    parts = re.split(r"^## ", GUARANTEES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert [part.split()[0] for part in parts] == [f"G{number}" for number in range(1, 12)]
    for part in parts:
        named = [test for _, test in NAMED.findall(part) if test]
        assert len(named) >= 2, part.splitlines()[0]


def test_each_threat_says_where_it_is_verified() -> None:
    told = list(iter_rows(SECURITY))
    assert len(told) > 12
    for who, _, against, verified in told[2:]:
        assert against, who
        assert NAMED.search(verified), who


def test_each_cell_of_the_comparison_has_its_evidence() -> None:
    first, *questions = re.split(r"^## ", COMPARISON.read_text(encoding="utf-8"), flags=re.MULTILINE)
    others = re.findall(r"^\| (\w+) \| \w+ \| \[[^]]+\]\((https://[^)]+/tree/[0-9a-f]{40})\) \|$", first, re.MULTILINE)
    assert {name for name, _ in others} == {"NoneBot2", "Errbot", "opsdroid", "Hubot", "Koishi"}
    assert len(questions) >= 10
    for question in questions:
        told = re.findall(r"^\| (\*?\*?\w+\*?\*?) \| (.+) \| (.+) \|$", question, re.MULTILINE)
        assert [name for name, _, _ in told] == ["**Pendopo**", *(name for name, _ in others)], question.splitlines()[0]
        for name, found, where in told:
            assert found.strip(), f"{question.splitlines()[0]} {name}"
            assert evidence(name, where, dict(others)), f"{question.splitlines()[0]} {name}: {where}"
            assert found != "not found" or "looked for `" in where, f"{question.splitlines()[0]} {name}"


def evidence(name: str, where: str, others: dict[str, str]) -> bool:
    """Whether it names a page of ours with its heading, or the other's source at the commit that was looked at."""
    links = LINK.findall(where)
    if name not in others:
        return any((COMPARISON.parent / link.split("#")[0]).is_file() for link in links)
    repository, commit = others[name].split("/tree/")
    return any(re.match(rf"{repository}/(blob|tree)/{commit}/\S", link) for link in links)


def test_each_extension_point_has_a_page_and_a_test() -> None:
    told = list(iter_rows(EXTENDING))[2:]
    assert len(told) >= 20
    for what, _, page, test in told:
        (link,) = LINK.findall(page)
        assert (EXTENDING.parent / link.split("#")[0]).is_file(), what
        assert NAMED.search(test), what


def test_every_kind_of_route_is_an_extension_point() -> None:
    declaring = [name for name, value in vars(Plugin).items() if not name.startswith("_") and callable(value)]
    kinds = set(declaring) - {"list_routes", "list_handlers"}
    assert {"command", "action", "job", "page"} <= kinds
    text = EXTENDING.read_text(encoding="utf-8")
    assert [kind for kind in sorted(kinds) if f"plugin.{kind}" not in text] == []


def test_every_link_of_the_readme_leads_somewhere() -> None:
    links = [link for link in LINK.findall((ROOT / "README.md").read_text(encoding="utf-8")) if "://" not in link]
    assert len(links) > 20
    assert [link for link in links if not (ROOT / link.split("#")[0]).is_file()] == []


def test_the_readme_leads_to_every_page_but_those_of_the_reference() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = [name_of(page) for page in PAGES if page.parent == ROOT / "docs" and page.name != "index.md"]
    assert [page for page in pages if f"({page})" not in text] == []


SOURCE = [
    ROOT / "docs" / f"{name}.md" for name in ("architecture", "contributing", "glossary", "languages", "licences", "when")
]


@pytest.mark.parametrize("page", [*SOURCE, ROOT / "README.md", ROOT / "AGENTS.md"], ids=name_of)
def test_every_file_of_the_source_that_is_named_exists(page: Path) -> None:
    named = re.findall(r"`([\w/-]+/[\w/-]*\.\w+)`", page.read_text(encoding="utf-8"))
    roots = (ROOT, ROOT / "bot", ROOT / "bot" / "pendopo")
    assert [path for path in named if not any((root / path).is_file() for root in roots)] == []


def test_the_walk_names_ten_stations_each_with_its_own_verb() -> None:
    stations = [row for row in iter_rows(ROOT / "docs" / "architecture.md", "Ten stations") if row[0].strip("| ").isdigit()]
    assert len(stations) == 10
    for _, station, where, _ in stations:
        path, name = where.strip("`"), station.strip("`").rpartition(".")[2]
        file = ROOT / path if path.startswith("plugins/") else ROOT / "bot" / "pendopo" / path
        assert re.search(rf"def {name}\(", file.read_text(encoding="utf-8")), station
    verbs = [re.findall(r"\*\*(\w+)\*\*", what) for *_, what in stations]
    assert len({verb for (verb,) in verbs}) == 10
