"""Say a value back in full."""

from datetime import datetime

from .values import When


def describe(value: When, lang: str = "id", now: datetime | None = None) -> str:
    """Say `value` in full."""
    return repr(value)
