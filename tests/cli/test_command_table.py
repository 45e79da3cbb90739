"""Wrong use is told in a sentence with exit code 2, a problem with exit code 1, and never with a traceback."""

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
