"""Plugins are found in three places; one that is broken is named and hurts no other."""

from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest
from pendopo.cli.discovery import plugins
from pendopo.cli.discovery.plugins import find_plugins, list_shipped
from pendopo.config import PluginSettings
from pendopo.errors import ConfigError

GOOD = """
from pendopo import Context, Plugin
plugin = Plugin("{name}", summary="Test", policy="known")
@plugin.command("{name}")
async def kabar(ctx: Context) -> None: ...
"""


def write(folder: Path, name: str, text: str = GOOD) -> None:
    """A plugin of one file, or with a slash at the end of its name a package."""
    path = folder / name / "__init__.py" if name.endswith("/") else folder / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace("{name}", name.rstrip("/")))


def test_those_that_ship_are_found_by_name() -> None:
    assert {"bantuan", "izin"} <= set(list_shipped())
    found = find_plugins(PluginSettings(enabled=["izin"]))
    assert [plugin.name for plugin in found.plugins] == ["izin"]
    assert found.broken == {}


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"there is no plugin 'izn'; did you mean 'izin'\?"):
        find_plugins(PluginSettings(enabled=["izn"]))


def test_files_and_packages_of_a_folder_are_taken(tmp_path: Path) -> None:
    write(tmp_path, "satu")
    write(tmp_path, "dua/")
    write(tmp_path, "_bukan", "1/0")
    write(tmp_path, "test_satu", "1/0")
    (tmp_path / "catatan.txt").write_text("bukan")
    (tmp_path / "kosong").mkdir()
    found = find_plugins(PluginSettings(enabled=["satu"], plugin_dirs=[str(tmp_path)]))
    assert sorted(plugin.name for plugin in found.plugins) == ["dua", "satu"]
    assert found.broken == {}
    assert next(plugin for plugin in found.plugins if plugin.name == "dua").path == tmp_path / "dua"


def test_a_file_may_be_called_like_a_module_of_python(tmp_path: Path) -> None:
    write(tmp_path, "json")
    assert [plugin.name for plugin in find_plugins(PluginSettings(enabled=[], plugin_dirs=[str(tmp_path)])).plugins] == ["json"]
    import json

    assert hasattr(json, "dumps")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1/0", "ZeroDivisionError: division by zero"),
        ("def", "SyntaxError: invalid syntax"),
        ("import nothing_of_that_name", "ModuleNotFoundError: No module named 'nothing_of_that_name'"),
        ("import sys\nsys.exit('out')", "SystemExit: out"),
        ("halo = 1", "has no `plugin`"),
        ("plugin = 1", "has no `plugin`"),
        ('from pendopo import Plugin\nplugin = Plugin("Bukan Kata", summary="")', "a plugin's name is a lower-case word"),
        (
            'from pendopo import Plugin\nplugin = Plugin("izin", summary="")',
            "there is a plugin izin already, from pendopo_izin",
        ),
    ],
)
def test_a_broken_one_is_named_and_the_others_are_there(tmp_path: Path, text: str, why: str) -> None:
    write(tmp_path, "rusak", text)
    write(tmp_path, "sehat")
    found = find_plugins(PluginSettings(enabled=["izin"], plugin_dirs=[str(tmp_path)]))
    assert [plugin.name for plugin in found.plugins] == ["izin", "sehat"]
    ((name, error),) = found.broken.items()
    assert "rusak" in name
    assert why in str(error)


def test_a_folder_that_is_none_is_a_mistake_in_the_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no folder"):
        find_plugins(PluginSettings(plugin_dirs=[str(tmp_path / "none")]))


def test_other_packages_bring_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [
        *(point for point in entry_points(group=plugins.GROUP) if point.name == "izin"),
        EntryPoint("bantuan", "pendopo_bantuan:plugin", plugins.GROUP),
        EntryPoint("hilang", "pendopo_bantuan:hilang", plugins.GROUP),
    ]
    monkeypatch.setattr(plugins, "entry_points", lambda group: points)
    found = find_plugins(PluginSettings(enabled=["izin", "hilang"]))
    assert [plugin.name for plugin in found.plugins] == ["izin", "bantuan"]
    assert list(found.broken) == ["hilang"]
