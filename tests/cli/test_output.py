"""A problem is one sentence, for people and for machines."""

import json

import pytest
from pendopo.cli.output import escape_controls, print_json, print_table, truncate_text

from .conftest import Pendopo


def test_a_problem_is_one_sentence_on_stderr(pendopo: Pendopo) -> None:
    said = pendopo("config", "check", "--config", "nowhere.toml")
    assert said == (1, "", "pendopo: there is no configuration file nowhere.toml\n")


def test_a_problem_is_told_to_machines_too(pendopo: Pendopo) -> None:
    said = pendopo("--json", "--config", "nowhere.toml", "config", "check")
    assert json.loads(said.out) == {"ok": False, "error": "there is no configuration file nowhere.toml"}
    assert said.code == 1


@pytest.mark.parametrize("sign", ["\x1b", "\x9b", "\x07", "\x00", "\x7f", "\u202e", "\u2066", "\x85"])
def test_a_terminal_is_shown_no_sign_that_it_would_obey(sign: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = f"rapat{sign}[31m besok"
    print_json({"kata": said})
    told = capsys.readouterr().out
    assert sign not in told
    assert json.loads(told) == {"kata": said}
    print_table(["kata"], [[said]])
    assert sign not in capsys.readouterr().out
    assert sign not in truncate_text(said) + escape_controls(said)


def test_words_of_any_language_and_lines_stay_as_they_are() -> None:
    for said in ("Bandung Juara 🏆", "سلام", "ꦗꦮ", "satu\ndua\ttiga", "é"):
        assert escape_controls(said) == said
