"""Every line of the log has its machine name beside its words, and no secret."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from pendopo.cli import logs

SECRET = "123456:very-secret"


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers.clear()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_has_its_machine_name_and_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure([SECRET])
    structlog.get_logger().info("a delivery is dead", event_name="delivery_dead", key="k1")
    (line,) = lines(capsys)
    assert (line["event"], line["message"], line["key"], line["level"]) == ("delivery_dead", "a delivery is dead", "k1", "info")


def test_below_info_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure([SECRET])
    structlog.get_logger().debug("noise", event_name="noise")
    assert lines(capsys) == []


def test_secrets_are_covered_in_words_values_and_traces(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure([SECRET])
    log = structlog.get_logger()
    try:
        raise ValueError(f"https://api/bot{SECRET}/getMe")
    except ValueError:
        log.exception(f"failed with {SECRET}", event_name="failed", url=f"https://api/bot{SECRET}")
    out = capsys.readouterr().err
    assert "very-secret" not in out
    assert "ValueError" in json.loads(out)["exception"]


def test_what_libraries_warn_of_is_in_the_same_log(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure([SECRET])
    logging.getLogger("some.library").warning("odd %s", "request")
    logging.getLogger("some.library").info("noise")
    (line,) = lines(capsys)
    assert (line["event"], line["message"], line["library"]) == ("library", "odd request", "some.library")


def test_in_a_terminal_it_is_for_people(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    logs.configure()
    structlog.get_logger().info("ready", event_name="ready")
    out = capsys.readouterr().err
    assert "ready" in out
    assert "\x1b" not in out
    assert not out.startswith("{")
