"""Wrong use is told in a sentence with exit code 2, a problem with exit code 1, and never with a traceback."""

import json
from pathlib import Path

import pytest
from pendopo.cli.command_table import NOUNS, SINGLE, build_cli

from .conftest import Pendopo


def test_half_a_command_shows_what_may_follow_and_is_no_success(pendopo: Pendopo) -> None:
    said = pendopo("db")
    assert said.code == 2
    assert "Usage: pendopo db" in said.out
    assert "upgrade" in said.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["rnu"], "pendopo: there is no verb 'rnu'; did you mean 'run'? See `pendopo --help`."),
        (["db", "upgrad"], "there is no verb 'upgrad'; did you mean 'upgrade'? See `pendopo db --help`."),
        (["doctor", "now"], "'now' is too much. See `pendopo doctor --help`."),
        (["doctor", "--fast"], "Unknown option: --fast"),
        (["inbox", "show"], "See `pendopo inbox show --help`."),
        (["outbox", "list", "--state", "lost"], 'Choose from: "dead", "open"'),
        (["outbox", "retry"], "say which: pendopo outbox retry ID, or --all"),
        (["doctor", "--config"], "--config requires an argument"),
    ],
)
def test_wrong_use_says_what_to_say_instead(pendopo: Pendopo, words: list[str], sentence: str) -> None:
    said = pendopo(*words)
    assert said.code == 2
    assert sentence in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


def test_a_problem_is_one_sentence_on_stderr(pendopo: Pendopo) -> None:
    said = pendopo("config", "check", "--config", "nowhere.toml")
    assert said == (1, "", "pendopo: there is no configuration file nowhere.toml\n")


def test_a_problem_is_told_to_machines_too(pendopo: Pendopo) -> None:
    said = pendopo("--json", "--config", "nowhere.toml", "config", "check")
    assert json.loads(said.out) == {"ok": False, "error": "there is no configuration file nowhere.toml"}
    assert said.code == 1


def test_options_may_stand_before_or_after_the_verb(pendopo: Pendopo, place: Path) -> None:
    (place / "mine.toml").write_text('locale = "en"')
    for words in (["--config", "mine.toml", "config", "show"], ["config", "show", "--config", "mine.toml"]):
        assert 'locale = "en"' in pendopo(*words).out


@pytest.mark.parametrize(
    "words", [[verb] for verb in SINGLE] + [[noun, verb] for noun, _, names in NOUNS for verb in names], ids=" ".join
)
def test_every_verb_is_there_and_explains_itself(pendopo: Pendopo, words: list[str]) -> None:
    said = pendopo(*words, "--help")
    assert said.code == 0
    assert said.out.startswith(f"Usage: pendopo {' '.join(words)}")
    assert "--json" in said.out
    assert "\x1b" not in said.out


def test_the_version_is_the_packages(pendopo: Pendopo) -> None:
    assert pendopo("--version").out.strip()[0].isdigit()


def test_the_tree_names_functions_that_exist() -> None:
    app = build_cli()
    for noun, _, names in NOUNS:
        assert set(names) <= set(app[noun])
