"""The rules of the house, held by tools: style, types, and which way the arrows point."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


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


def test_every_file_can_be_read_in_one_sitting() -> None:
    """Files of up to some 300 lines; what is longer is data or has its reason here."""
    reasons = {
        "bot/pendopo/plugin/context.py": "one class that a plugin author reads as a whole",
        "bot/pendopo/store/queries/deliveries.py": "every statement on one table",
    }
    for path in [*ROOT.glob("bot/**/*.py"), *ROOT.glob("plugins/**/*.py")]:
        name = str(path.relative_to(ROOT))
        if "migrations" in name or "lexicon" in name or name in reasons:
            continue
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= 325, f"{name} has {lines} lines"


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
    allowed = {"pyproject.toml", "README.md", "bot", "plugins", "config", "tests", "LICENSE", "CHANGELOG.md", "docs"}
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
    "akun": "dashboard",
    "disposisi": "answers assignments deadlines item_references",
    "ingatkan": "calendar_offsets creation management recipients superior_limits times",
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
