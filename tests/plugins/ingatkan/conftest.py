"""Stories of /ingatkan: on each capability profile, on a database file so that a restart keeps what was set."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo.testing import Story
from pendopo_ingatkan import plugin as ingatkan


@pytest.fixture
async def story(tmp_path: Path, profile: str) -> AsyncIterator[Story]:
    async with Story([ingatkan], database=f"sqlite:///{tmp_path}/x.db", profile=profile) as told:
        yield told


def count_rings(story: Story, name: str = "kadis", number: int = 1) -> int:
    """How often somebody was told of a reminder alone."""
    wall = story.group if name == "group" else getattr(story, name)
    return sum(f"⏰ Pengingat #{number}\n" in shown.text for shown in wall.messages)
