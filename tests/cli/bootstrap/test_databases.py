"""Verbs beside a bot want a database that is there and up to date."""

from pathlib import Path

import pytest
from pendopo.cli.bootstrap.databases import open_offline
from pendopo.errors import StoreError

from tests.cli.conftest import make_settings


async def test_verbs_beside_a_bot_want_a_database_that_is_there_and_up_to_date(place: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no database var/pendopo\.db yet"):
        async with open_offline(make_settings()):
            pass
    (place / "old.db").write_bytes(b"")
    with pytest.raises(StoreError, match="run `pendopo db upgrade`"):
        async with open_offline(make_settings(database={"url": "sqlite:///old.db"})):
            pass
