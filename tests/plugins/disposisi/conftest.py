"""Stories of /disposisi, with /izin whose things it hands on: on each capability profile, on a database file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo.testing import Story
from pendopo_disposisi import plugin as disposisi
from pendopo_izin import plugin as izin


@pytest.fixture
async def story(tmp_path: Path, profile: str) -> AsyncIterator[Story]:
    async with Story([izin, disposisi], database=f"sqlite:///{tmp_path}/x.db", profile=profile) as told:
        yield told
