"""The moment of the tests: Wednesday 12 August 2026, 10:20 in Bandung; the Monday after it is a holiday."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 8, 12, 10, 20, tzinfo=ZoneInfo("Asia/Jakarta"))
