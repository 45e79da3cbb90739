"""`pendopo plugins`: the plugins in use and their commands."""

from pendopo.cli.discovery.plugins import find_plugins
from pendopo.cli.options import InjectedOptions
from pendopo.cli.output import PROBLEM, print_json, print_table
from pendopo.errors import OperatorError
from pendopo.plugin import Plugin


def list_plugins(*, options: InjectedOptions) -> int:
    """Show the plugins, their commands, and which of them are broken."""
    found = find_plugins(options.load_settings().plugins)
    rows: list[dict[str, object]] = [_describe_plugin(plugin, found.places[plugin.name]) for plugin in found.plugins]
    rows += [{"name": name, "ok": False, "commands": [], "from": "", "why": str(why)} for name, why in found.broken.items()]
    if options.json:
        print_json(rows)
    else:
        print_table(("PLUGIN", "", "COMMANDS", "FROM"), [_format_plugin(row) for row in rows])
    return 0 if all(row["ok"] for row in rows) else PROBLEM


def _describe_plugin(plugin: Plugin, place: str) -> dict[str, object]:
    try:
        commands = [route.words[0] for route in plugin.list_routes() if route.words and not route.hidden]
    except (OperatorError, NameError, TypeError) as error:
        return {"name": plugin.name, "ok": False, "commands": [], "from": place, "why": str(error)}
    return {"name": plugin.name, "ok": True, "commands": commands, "from": place, "why": ""}


def _format_plugin(row: dict[str, object]) -> tuple[object, ...]:
    commands = row["commands"] if isinstance(row["commands"], list) else []
    said = " ".join(f"/{word}" for word in commands) if row["ok"] else row["why"]
    return row["name"], "ok" if row["ok"] else "BROKEN", said, row["from"]
