"""The moment of the tests: Wednesday 12 August 2026, 10:20 in Bandung; the Monday after it is a holiday."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pendopo.when import Reading, When, WhenError


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 8, 12, 10, 20, tzinfo=ZoneInfo("Asia/Jakarta"))


def value_of(found: Reading | WhenError | None) -> When:
    """What was read. Fails when nothing was."""
    assert isinstance(found, Reading), found
    return found.value
