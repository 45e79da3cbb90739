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


SQL = re.compile(
    r"\b(SELECT\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|SET\s+LOCAL\s)|pg_\w*advisory"
)
TESTS_WITH_SQL = {
    "benchmarks": "measures tables",
    "chaos": "checks what killed processes left, without their code",
    "cli": "commands work on files of databases that no bot has open, damaged ones among them",
    "databases.py": "makes the databases of tests",
    "docs/stages.py": "tampers with the audit log for a page that shows how that is found",
    "engine/lanes/test_leadership.py": "cuts a connection off from the server's side",
    "store": "proves the store",
    "tampering.py": "changes rows behind a bot's back, for all tests that need it",
    "testing/test_schema_cache.py": "writes a migration",
    "web/dashboard/year.py": "fills a year's tables at once",
}
"""Tests that write SQL, and why; all others look at `story.stored`."""


def list_sql(path: Path) -> list[str]:
    """Where a module has SQL, as text or as SQLAlchemy's expressions."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, (ast.Constant, ast.Attribute)):
            continue
        if isinstance(node, ast.Constant):
            is_sql = isinstance(node.value, str) and SQL.search(node.value)
        else:
            is_sql = re.fullmatch(r"(sa|sqlalchemy)\.(select|insert|update|delete|text)", ast.unparse(node))
        if is_sql:
            found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    return found


@pytest.mark.parametrize("folder", ["adapters", "cli", "directory", "engine", "plugin", "testing", "web"])
def test_sql_stands_in_the_store_alone(folder: str) -> None:
    paths = sorted((ROOT / "bot" / "pendopo" / folder).rglob("*.py"))
    assert paths
    assert [where for path in paths for where in list_sql(path)] == []


def test_tests_look_at_rows_through_the_kit() -> None:
    """A change of tables breaks the tests of the store, and not a hundred others."""
    tests = ROOT / "tests"
    with_sql = {str(path.relative_to(tests)) for path in tests.rglob("*.py") if list_sql(path)}
    reasons = {name: [path for path in with_sql if path == name or path.startswith(f"{name}/")] for name in TESTS_WITH_SQL}
    assert with_sql - {path for paths in reasons.values() for path in paths} == set()
    assert [name for name, paths in reasons.items() if not paths] == []


OF_NO_MODULE = {
    "adapters/test_across.py": "a person on several messengers",
    "adapters/test_outcomes.py": "what an answer to a send means, for every adapter",
    "adapters/test_reports.py": "/laporan on every messenger",
    "adapters/test_whatever.py": "the doors of all messengers",
    "plugins/bantuan/test_bantuan.py": "the plugin is its package",
    "test_access.py": "every way in",
    "test_catalogues.py": "every catalogue",
    "test_contracts.py": "the public names",
    "test_deploy.py": "config/deploy",
    "test_house.py": "the house",
    "test_packaging.py": "what is built",
    "test_patterns.py": "every regular expression",
}
"""Test files that bear no module's name, and what they are about."""
OF_MESSENGERS = "conformance fake fuzz kill late limits run story webhooks"
"""What else is tested of a messenger as a whole."""
APART = ("benchmarks", "browser", "chaos", "docs", "growth", "scenarios", "typing")


def test_every_test_stands_where_the_name_of_its_module_says() -> None:
    """`tests/engine/outbound/test_outbox.py` for `engine/outbound/outbox.py`, `tests/plugins/izin/test_jobs.py` for jobs."""
    core = [path.relative_to(ROOT / "bot" / "pendopo") for path in (ROOT / "bot" / "pendopo").rglob("*.py")]
    ours = [path.relative_to(ROOT / "plugins") for path in (ROOT / "plugins").rglob("*.py")]
    ours = [Path("plugins", path.parts[0].removeprefix("pendopo_"), *path.parts[1:]) for path in ours]
    mirrored = {str(path.with_name(f"test_{path.name}")) for path in [*core, *ours]}
    mirrored |= {
        f"adapters/{name}/test_{what}.py" for name in ("telegram", "waha", "whatsapp_cloud") for what in OF_MESSENGERS.split()
    }
    found = {str(path.relative_to(ROOT / "tests")) for path in (ROOT / "tests").rglob("test_*.py")}
    assert {name for name in found if not name.startswith(APART)} - mirrored == set(OF_NO_MODULE)


def test_only_what_the_architecture_names_lies_at_the_top() -> None:
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
    "akun": "linking",
    "disposisi": "answers assignments",
    "ingatkan": "calendar_offsets creation management recipients times",
    "izin": "leave bulk_decisions changes decisions requests",
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
