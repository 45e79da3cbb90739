"""What is promised to plugin authors: the public names, typed and documented."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pendopo
import pendopo.pages
import pendopo.testing
import pytest
from pendopo.plugin import capabilities

from tests.docs.blocks import blocks_of

ROOT = Path(__file__).parent.parent
PLUGINS = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
TESTING = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
CAPABILITIES = {
    "files": capabilities.Files,
    "calendar": capabilities.Calendars,
    "directory": capabilities.DirectoryChanges,
    "dashboard": capabilities.Dashboard,
    "plugins": capabilities.Plugins,
    "operations": capabilities.Operations,
}


def documented(text: str) -> set[str]:
    """Names in headings and in the first column of tables."""
    places = re.findall(r"^(?:#+ .*|\| [^|]*)", text, re.MULTILINE)
    return {name for place in places for name in re.findall(r"`(\w+)", place)}


def test_the_public_names_are_there_once_and_in_order() -> None:
    constants_first = sorted(pendopo.__all__, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    assert constants_first == list(pendopo.__all__)
    assert len(set(pendopo.__all__)) == len(pendopo.__all__)
    assert all(getattr(pendopo, name) is not None for name in pendopo.__all__)


@pytest.mark.parametrize("name", pendopo.__all__)
def test_every_public_name_is_explained(name: str) -> None:
    assert name in documented(PLUGINS)


@pytest.mark.parametrize("name", pendopo.pages.__all__)
def test_every_part_of_a_page_is_explained(name: str) -> None:
    assert name in documented(PLUGINS)


@pytest.mark.parametrize("name", pendopo.testing.__all__)
def test_every_name_of_the_test_kit_is_explained(name: str) -> None:
    assert name in documented(TESTING)


@pytest.mark.parametrize("name", [name for name in dir(pendopo.Context) if not name.startswith("_")])
def test_everything_a_handler_may_do_is_explained(name: str) -> None:
    assert f"ctx.{name}" in PLUGINS


@pytest.mark.parametrize(
    "name",
    [
        f"{capability}.{name}"
        for capability, kind in CAPABILITIES.items()
        for name in [*dir(kind), *re.findall(r"self\.([a-z]\w+)(?:: [^=]+)? =", inspect.getsource(kind))]
        if not name.startswith("_")
    ],
)
def test_every_member_of_a_capability_is_explained(name: str) -> None:
    assert f"`ctx.{name}" in PLUGINS or f" ctx.{name}" in PLUGINS


@pytest.mark.parametrize("name", ["command", "action", "job", "on", "feed", "page", "overview", "policy"])
def test_everything_a_plugin_may_declare_is_explained(name: str) -> None:
    assert f"@plugin.{name}" in PLUGINS


def test_plugins_and_adapters_as_authors_would_write_them_are_well_typed(tmp_path: Path) -> None:
    """Those of tests/typing, and the adapter of its page; with the options of the whole, so that its cache serves here."""
    for block in blocks_of(ROOT / "docs" / "adapters.md"):
        if block.title.startswith("pendopo_sms/"):
            path = tmp_path / block.title
            path.parent.mkdir(exist_ok=True)
            path.write_text(block.body, encoding="utf-8")
    authors = [*sorted((ROOT / "tests" / "typing").glob("*.py")), tmp_path / "pendopo_sms"]
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *map(str, authors)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_plugin_of_the_page_is_25_lines_and_its_test_five() -> None:
    plugin, test = [block.body for block in blocks_of(ROOT / "docs" / "plugins.md") if block.language == "python"][:2]
    assert len([line for line in plugin.splitlines() if line.strip()]) <= 25
    body = test[test.index("async def") :]
    assert len(body.strip().splitlines()) - 1 <= 5
