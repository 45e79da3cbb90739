"""A problem is one sentence, for people and for machines."""

import json

from .conftest import Pendopo


def test_a_problem_is_one_sentence_on_stderr(pendopo: Pendopo) -> None:
    said = pendopo("config", "check", "--config", "nowhere.toml")
    assert said == (1, "", "pendopo: there is no configuration file nowhere.toml\n")


def test_a_problem_is_told_to_machines_too(pendopo: Pendopo) -> None:
    said = pendopo("--json", "--config", "nowhere.toml", "config", "check")
    assert json.loads(said.out) == {"ok": False, "error": "there is no configuration file nowhere.toml"}
    assert said.code == 1
