"""Every plugin that ships passes through the suite that plugins of other people pass through."""

from pendopo.cli.discovery.plugins import find_plugins
from pendopo.config import DEFAULT_PLUGINS, PluginSettings
from pendopo.testing.conformance import PluginConformance

for _plugin in find_plugins(PluginSettings(enabled=list(DEFAULT_PLUGINS))).plugins:
    _name = f"Test{_plugin.name.capitalize()}"
    globals()[_name] = type(_name, (PluginConformance,), {"plugin": _plugin, "__doc__": PluginConformance.__doc__})


def test_every_plugin_that_ships_is_tried() -> None:
    there = {value.plugin.name for name, value in globals().items() if name.startswith("Test")}
    assert there == set(DEFAULT_PLUGINS)
