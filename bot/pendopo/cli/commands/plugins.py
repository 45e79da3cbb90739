"""`pendopo plugins`: the plugins in use and their commands; `pendopo new plugin`: a new one."""

import asyncio
import keyword
import sys
from pathlib import Path
from string import Template
from typing import Annotated

from cyclopts import Parameter

from pendopo.cli import logs
from pendopo.cli.bootstrap.composition import find_broken_plugins
from pendopo.cli.discovery.plugins import find_plugins, list_shipped
from pendopo.cli.options import InjectedOptions
from pendopo.cli.output import PROBLEM, print_json, print_table
from pendopo.config import Settings
from pendopo.errors import OperatorError
from pendopo.plugin import Plugin
from pendopo.plugin.code_check import check_code
from pendopo.plugin.plugin import RESERVED


def list_plugins(*, options: InjectedOptions) -> int:
    """Show the plugins, their commands, and which of them are broken."""
    logs.configure(level="critical")  # what is wrong is printed
    settings = options.load_settings()
    found, broken = find_plugins(settings.plugins), asyncio.run(find_broken_plugins(settings))
    usable = [plugin for plugin in found.plugins if plugin.name not in broken]
    rows: list[dict[str, object]] = [_describe_plugin(plugin, found.places[plugin.name]) for plugin in usable]
    rows += [
        {"name": name, "ok": False, "commands": [], "from": found.places.get(name, ""), "why": why}
        for name, why in broken.items()
    ]
    if options.json:
        print_json(rows)
    else:
        print_table(("PLUGIN", "", "COMMANDS", "FROM"), [_format_plugin(row) for row in rows])
    return 0 if all(row["ok"] for row in rows) else PROBLEM


def check_plugins(*, options: InjectedOptions) -> int:
    """Check the code of the plugins: each sentence is written and is given its arguments, each call is awaited."""
    plugins = find_plugins(options.load_settings().plugins).plugins
    wrong = {plugin.name: found for plugin in plugins if (found := check_code(plugin))}
    if options.json:
        print_json(wrong)
    else:
        print("\n".join(line for lines in wrong.values() for line in lines) or "nothing is wrong in the code of the plugins")
    return PROBLEM if wrong else 0


def _describe_plugin(plugin: Plugin, place: str) -> dict[str, object]:
    commands = [route.words[0] for route in plugin.list_routes() if route.words and not route.hidden]
    return {"name": plugin.name, "ok": True, "commands": commands, "from": place, "why": ""}


def _format_plugin(row: dict[str, object]) -> tuple[object, ...]:
    commands = row["commands"] if isinstance(row["commands"], list) else []
    said = " ".join(f"/{word}" for word in commands) if row["ok"] else row["why"]
    return row["name"], "ok" if row["ok"] else "BROKEN", said, row["from"]


TEMPLATES = Path(__file__).parent / "templates"
FILES = {
    "__init__.py": "plugin.txt",
    "locale/id.po": "id.txt",
    "locale/en.po": "en.txt",
    "locale/su.po": "su.txt",
    "migrations/0001_{name}.py": "migration.txt",
    "test_{name}.py": "test.txt",
}
"""The files of a new plugin, and the template of each."""
FOLDER = "my_plugins"
"""The folder for own plugins when the settings name none."""
ROW = "salam"
"""The table of the example plugin; the templates use this name."""


def create_plugin(
    name: str, /, *, folder: Annotated[Path | None, Parameter(name="--dir")] = None, options: InjectedOptions
) -> int:
    """Write a small plugin with its sentences, its table's migration and a test, to begin from.

    Parameters
    ----------
    name
        A lower-case word; the plugin's first command is called like it.
    folder
        Where plugins of your own lie; else the first of plugins.plugin_dirs, else my_plugins.
    """
    settings = options.load_settings()
    _check_plugin_name(name, settings)
    dirs = settings.plugins.plugin_dirs
    home = (folder or Path(dirs[0] if dirs else FOLDER)) / name
    written = _write_files(home, name)
    enabled = any(Path(known).resolve() == home.parent.resolve() for known in dirs)
    if options.json:
        print_json({"files": [str(path) for path in written], "enabled": enabled})
    else:
        _print_next_steps(home, written, enabled)
    return 0


def _check_plugin_name(name: str, settings: Settings) -> None:
    """Raises `OperatorError` for a name that is unusable or taken."""
    usable = name.isidentifier() and name.islower() and name.isascii() and not keyword.iskeyword(name)
    if not usable or name.startswith(("_", "test_")) or name in RESERVED | {"batal", "kembali", "conftest"}:
        raise OperatorError(f"a plugin's name is a lower-case word of letters, digits and _ that is not taken, not {name!r}")
    if name in sys.stdlib_module_names:
        raise OperatorError(f"{name} is a module of Python itself, which the plugin would hide; choose another name")
    if name in list_shipped():
        raise OperatorError(f"there is a plugin {name} already; choose another name")
    for other in find_plugins(settings.plugins).plugins:
        if any(name in route.words for route in other.list_routes()):
            raise OperatorError(f"there is a command /{name} already, of the plugin {other.name}; choose another name")


def _write_files(home: Path, name: str) -> list[Path]:
    if home.exists():
        raise OperatorError(f"{home} exists already; nothing was written")
    written = []
    table = name if name == ROW else f"{name}_{ROW}"  # the table name that `Row` derives
    for target, source in FILES.items():
        path = home / target.format(name=name)
        text = Template((TEMPLATES / source).read_text(encoding="utf-8")).substitute(name=name, table=table)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise OperatorError(f"cannot write {path}: {error.strerror}") from error
        written.append(path)
    return written


def _print_next_steps(home: Path, written: list[Path], enabled: bool) -> None:
    for path in written:
        print(path)
    if enabled:
        print("\nIt is in use from the next start on. Try it at once: pendopo chat")
    else:
        print(f'\nTo use it, put this into pendopo.toml:\n\n[plugins]\nplugin_dirs = ["{home.parent}"]')
        print(f"\nTry it at once: PENDOPO_PLUGINS__PLUGIN_DIRS={home.parent} pendopo chat")
    print(f"Run its test: pytest {home}")
