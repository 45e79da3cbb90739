"""Stories of /laporan: on each capability profile, on a database file, with the group that gets the lines."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.config import Settings
from bot.testing import Story
from plugins.laporan import plugin as laporan

GROUP: dict[str, Any] = {"grup": ["memory:forum"]}


def settings(**more: Any) -> Settings:
    return Settings(plugin={"laporan": GROUP | more})


@pytest.fixture
async def story(tmp_path: Path, profile: str) -> AsyncIterator[Story]:
    async with Story([laporan], database=f"sqlite:///{tmp_path}/x.db", profile=profile, settings=settings()) as told:
        yield told


@pytest.fixture
async def tale(tmp_path: Path) -> AsyncIterator[Story]:
    """The same on one profile, for what no messenger changes."""
    async with Story([laporan], database=f"sqlite:///{tmp_path}/x.db", settings=settings()) as told:
        yield told
