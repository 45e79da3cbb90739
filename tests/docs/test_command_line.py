"""What operators read is true: every setting is explained, the example is whole, and every verb is in the cookbook."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pendopo.cli.bootstrap.directory_files import demo_file
from pendopo.cli.command_table import NOUNS, SINGLE
from pendopo.config import DEFAULT_PLUGINS, Settings, load_settings
from pendopo.config.loading import _list_paths
from pendopo.directory.file import read_directory

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "config" / "pendopo.example.toml"
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
OPERATORS = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
SETTINGS = [name for name, _ in _list_paths(Settings)]


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_explained(name: str) -> None:
    assert f"| `{name}` |" in CONFIGURATION


def test_nothing_is_explained_that_is_no_setting() -> None:
    assert set(re.findall(r"^\| `([\w.]+)` \|", CONFIGURATION, re.MULTILINE)) == set(SETTINGS)


def test_the_plugins_in_use_are_those_it_names() -> None:
    assert f"`{json.dumps(list(DEFAULT_PLUGINS))}`" in CONFIGURATION


def test_the_example_holds_the_defaults() -> None:
    assert load_settings(EXAMPLE, {}) == Settings()


def test_the_example_holds_every_setting() -> None:
    text = re.sub(r"^# (?=\[|\w+ = )", "", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert set(names(tomllib.loads(text))) == set(SETTINGS)


def names(section: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in section.items():
        name = prefix + key
        if isinstance(value, dict) and name not in SETTINGS:
            yield from names(value, f"{name}.")
        else:
            yield name


def test_the_demos_directory_can_be_taken() -> None:
    assert read_directory(demo_file()).forum


@pytest.mark.parametrize("verb", [*SINGLE, *(f"{noun} {verb}" for noun, _, names in NOUNS for verb in names)])
def test_every_verb_is_in_the_cookbook(verb: str) -> None:
    assert f"pendopo {verb}" in OPERATORS
