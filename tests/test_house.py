"""The rules of the house, held by tools: style, types, and which way the arrows point."""

import ast
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MOST_MODULES = 15
MESSENGER_ROLES = frozenset(
    {
        *("adapter", "convert", "send", "api", "errors", "media", "health", "diagnostics", "webhook", "polling", "socket"),
        *("ids", "incoming", "markup", "payloads", "message"),
    }
)
OWN_WORDS = {
    "waha": {"vcards": "the gateway hands visiting cards over as they are, and takes them so"},
    "whatsapp_cloud": {"conversations": "Meta's window of 24 hours, and what it charges for"},
}
"""Words of one messenger only, and why it needs them."""


def tool(name: str, *arguments: str) -> str:
    """Run a tool of this environment and return what it says when it is not content."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    assert found, f"{name} is not installed: install the [test] extra"
    ran = subprocess.run([found, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if ran.returncode == 0 else ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("ruff", ("check", ".")), ("ruff", ("format", "--check", ".")), ("mypy", ()), ("lint-imports", ("--no-cache",))],
)
def test_the_tools_are_content(name: str, arguments: tuple[str, ...]) -> None:
    complaint = tool(name, *arguments)
    assert not complaint, complaint


def test_no_folder_holds_more_modules_than_one_can_overlook() -> None:
    """Up to 15; what grows beyond is two groups, each with a name."""
    modules = [path for root in ("bot", "plugins") for path in (ROOT / root).rglob("*.py") if path.stem != "__init__"]
    counted = Counter(str(path.parent.relative_to(ROOT)) for path in modules if path.parent.name != "migrations")
    assert len(counted) > 30
    assert {folder: count for folder, count in counted.items() if count > MOST_MODULES} == {}


@pytest.mark.parametrize("messenger", ["telegram", "waha", "whatsapp_cloud"])
def test_the_same_role_has_the_same_file_name_in_every_messenger(messenger: str) -> None:
    names = {path.stem for path in (ROOT / "bot/pendopo/adapters" / messenger).glob("*.py")} - {"__init__"}
    own = OWN_WORDS.get(messenger, {})
    assert names - MESSENGER_ROLES == set(own)
    assert names >= {"adapter", "convert", "send", "api", "media", "diagnostics", "webhook"}


@pytest.mark.parametrize("folder", ["adapters", "cli", "directory", "engine", "plugin", "testing", "web"])
def test_sql_stands_in_the_store_alone(folder: str) -> None:
    """Neither as text nor as SQLAlchemy's expressions."""
    text = re.compile(
        r"\b(SELECT\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|SET\s+LOCAL\s)|pg_\w*advisory"
    )
    found = []
    for path in sorted((ROOT / "bot" / "pendopo" / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, (ast.Constant, ast.Attribute)):
                continue
            if isinstance(node, ast.Constant):
                is_sql = isinstance(node.value, str) and text.search(node.value)
            else:
                is_sql = re.fullmatch(r"(sa|sqlalchemy)\.(select|insert|update|delete|text)", ast.unparse(node))
            if is_sql:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def test_the_top_level_is_what_it_is() -> None:
    """What the architecture names lies at the top, beside dotfiles and the usual papers."""
    allowed = {"pyproject.toml", "README.md", "bot", "plugins", "config", "tests", "docs"}
    allowed |= {"LICENSE", "CHANGELOG.md", "AGENTS.md"}
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.splitlines()
    top = {name.split("/")[0] for name in listed}
    assert {name for name in top if not name.startswith(".")} <= allowed


ROLES = {
    *[
        "plugin",
        "models",
        "settings",
        "policies",
        "transitions",
        "jobs",
        "cards",
        "pages",
        "documents",
        "lists",
        "parser",
        "queries",
    ]
}
NOUNS = {
    "disposisi": "answers assignments",
    "ingatkan": "calendar_offsets creation management recipients times",
    "izin": "changes decisions requests",
    "kelola": "mandates operations people",
    "laporan": "alarm daily photos places reports",
    "rapat": "calendar_feed followups meetings minutes polls proposals undo",
    "terlewat": "digest preferences",
}
"""What else stands in the folder of a plugin, by its nouns."""


@pytest.mark.parametrize("folder", sorted((ROOT / "plugins").glob("pendopo_*")), ids=lambda folder: folder.name)
def test_a_plugin_uses_the_names_of_roles_and_its_own_nouns(folder: Path) -> None:
    names = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    nouns = frozenset(NOUNS.get(folder.name.removeprefix("pendopo_"), "").split())
    assert names - {"__init__", "migrations"} - ROLES == nouns
