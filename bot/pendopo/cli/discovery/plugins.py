"""Finds plugins: those of distributions, this one included, and files in the operator's folders."""

import hashlib
import importlib
import importlib.util
import sys
import traceback
from collections.abc import Iterator, Sequence
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from msgspec import Struct

from pendopo.config import Options, PluginSettings
from pendopo.errors import ConfigError, PluginError, suggest_nearest
from pendopo.plugin import Plugin

GROUP = "pendopo.plugins"
"""The entry point group in which distributions declare plugins."""
OWN = "pendopo"
"""The distribution whose plugins must be enabled by name; those of other distributions are in use once installed."""


class FoundPlugins(Struct):
    """The plugins of an installation."""

    plugins: list[Plugin] = []
    places: dict[str, str] = {}
    """By the plugin's name, where it is from: a module, a distribution's entry point or a file."""
    broken: dict[str, Exception] = {}
    """Why plugins that were found cannot be used, by name."""

    @property
    def options(self) -> dict[str, type[Options]]:
        """The options classes of the plugins, by plugin name."""
        return {plugin.name: plugin.options for plugin in self.plugins if plugin.options is not None}

    def add_plugin(self, name: str, place: str, plugin: object) -> None:
        """Add a plugin; one that is not a `Plugin` or whose name is taken is recorded as broken."""
        if not isinstance(plugin, Plugin):
            self.broken[name] = PluginError(f"{place} has no `plugin`: it must hold `plugin = Plugin(…)`")
        elif plugin.name in self.places:
            self.broken[place] = PluginError(f"there is a plugin {plugin.name} already, from {self.places[plugin.name]}")
        else:
            self.plugins.append(plugin)
            self.places[plugin.name] = place


def find_plugins(settings: PluginSettings) -> FoundPlugins:
    """Find all plugins of an installation. Raises `ConfigError` for an unknown name or a missing folder."""
    shipped, brought = _list_entry_points()
    files = {path.stem: path for folder in settings.plugin_dirs for path in _iter_plugin_files(Path(folder))}
    _check_names(settings.enabled, {*shipped, *brought, *files})
    found = FoundPlugins()
    for name in settings.enabled:
        if name in shipped and name not in brought and name not in files:
            _load_entry_point(found, shipped[name], shipped[name].module)
    for point in brought.values():
        _load_entry_point(found, point, f"{point.dist.name if point.dist else 'entry point'}: {point.value}")
    for folder in settings.plugin_dirs:
        for path in _iter_plugin_files(Path(folder)):
            try:
                module = _import_plugin_file(path)
            except (Exception, SystemExit) as error:
                found.broken[path.stem] = _wrap_error(error)
            else:
                found.add_plugin(path.stem, str(path), getattr(module, "plugin", None))
    return found


def list_shipped() -> list[str]:
    """The names of the plugins that ship with Pendopo."""
    return sorted(_list_entry_points()[0])


def _list_entry_points() -> tuple[dict[str, EntryPoint], dict[str, EntryPoint]]:
    """The entry points of this distribution's plugins and of others', each by name."""
    points = entry_points(group=GROUP)
    shipped = {point.name: point for point in points if point.dist is not None and point.dist.name == OWN}
    return shipped, {p.name: p for p in points if p.name not in shipped or p.dist != shipped[p.name].dist}


def _check_names(names: Sequence[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            raise ConfigError(f"plugins.enabled: there is no plugin {name!r}{suggest_nearest(name, sorted(known))}")


def _iter_plugin_files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise ConfigError(f"plugins.plugin_dirs: there is no folder {folder}")
    for path in sorted(folder.iterdir()):
        usable = (path / "__init__.py").is_file() if path.is_dir() else path.suffix == ".py"
        if usable and not path.name.startswith(("_", ".", "test_", "conftest.")):
            yield path


def _load_entry_point(found: FoundPlugins, point: EntryPoint, place: str) -> None:
    try:
        plugin = point.load()
    except (Exception, SystemExit) as error:
        found.broken[point.name] = _wrap_error(error)
    else:
        found.add_plugin(point.name, place, plugin)


def _import_plugin_file(path: Path) -> ModuleType:
    """Import a file or package under a unique module name, so that its own name cannot clash. Raises `PluginError`."""
    name = f"_pendopo_{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]}_{path.stem}"
    if path.is_dir():
        spec = importlib.util.spec_from_file_location(name, path / "__init__.py", submodule_search_locations=[str(path)])
    else:
        spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise PluginError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _wrap_error(error: BaseException) -> PluginError:
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    explained = PluginError(f"{type(error).__name__}: {said}{_describe_place(error)}")
    explained.__cause__ = error
    return explained


def _describe_place(error: BaseException) -> str:
    """Where an error of an import arose, without the folders of the machine; "" where its words say so already."""
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__) if frame.filename[0] != "<"]
    if isinstance(error, SyntaxError) and error.filename:
        frames = [(error.filename, error.lineno)]
    if isinstance(error, PluginError) or not frames:
        return ""
    file, line = frames[-1]
    return f" ({'/'.join(Path(file).parts[-2:])}:{line})"
