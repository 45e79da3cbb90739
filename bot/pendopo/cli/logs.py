"""The log: JSON lines, or plain text in a terminal. Every line has a machine name, and secrets are redacted."""

import logging
import os
import sys
from collections.abc import Sequence
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from pendopo.config import redact_secrets
from pendopo.engine.telemetry.tracing import StepLogging


def configure(secrets: Sequence[str] = (), level: str = "info", for_good: bool = False) -> None:
    """Log to stderr from this level up. `for_good` caches the loggers: the configuration stays, skipped lines cost nothing."""
    StepLogging.enabled = level == "debug"
    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _Redactor(secrets),
            _shape_line,
            _make_renderer(terminal) if terminal else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=for_good,
    )
    logging.basicConfig(handlers=[_ForwardingHandler()], level=logging.WARNING, force=True)


def set_secrets(secrets: Sequence[str]) -> None:
    """Redact these from now on, in every log; called once the plugins have declared the secrets of their sections."""
    for each in structlog.get_config()["processors"]:
        if isinstance(each, _Redactor):
            each.secrets = secrets


def _shape_line(logger: WrappedLogger, method: str, line: EventDict) -> EventDict:
    """Put the machine name into `event` and the text into `message`."""
    words = line.pop("event", "")
    return {"timestamp": line.pop("timestamp", ""), "event": line.pop("event_name", "log"), "message": words, **line}


def _make_renderer(terminal: bool) -> Processor:
    return structlog.dev.ConsoleRenderer(
        colors=terminal and not os.environ.get("NO_COLOR"),
        event_key="message",
        # Plain, since the pretty one prints local variables, which may hold a secret.
        exception_formatter=structlog.dev.plain_traceback,
    )


class _Redactor:
    """Redacts the secrets of this installation wherever they appear: in a URL, an error, a traceback."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self.secrets = secrets

    def __call__(self, logger: WrappedLogger, method: str, line: EventDict) -> EventDict:
        return {key: self._redact_value(value) for key, value in line.items()} if self.secrets else line

    def _redact_value(self, value: Any) -> Any:
        if isinstance(value, bool | int | float | None):
            return value
        text = value if isinstance(value, str) else repr(value)
        covered = redact_secrets(text, self.secrets)
        return value if covered == text else covered


class _ForwardingHandler(logging.Handler):
    """Forwards the log records of libraries to the same log."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        log.log(record.levelno, record.getMessage(), event_name="library", library=record.name, exc_info=record.exc_info)
