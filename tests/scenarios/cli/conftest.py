"""The fixtures of the command line."""

from tests.cli.conftest import pendopo, place, plugin_dir, process

__all__ = ["pendopo", "place", "plugin_dir", "process"]
