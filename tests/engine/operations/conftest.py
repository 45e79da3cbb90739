"""A bot in which somebody asked for an izin that holds a secret."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from pendopo.config import AuditSettings, RetentionSettings, Settings
from pendopo.testing import Story
from pendopo_izin import plugin as izin
from pendopo_kelola import plugin as kelola

SECRET = "operasi usus buntu"


@pytest.fixture
async def story(database_url: str) -> AsyncIterator[Story]:
    if database_url.startswith("postgresql"):
        from pendopo.store import open_database
        from pendopo.testing.schema_cache import make_tables

        database = open_database(database_url)
        make_tables(database, [izin])
        await database.close()
    settings = Settings(retention=RetentionSettings(messages=30, notes=60, fields={"izin.keperluan": 90}))
    settings = settings.model_copy(update={"audit": AuditSettings(post_to="memory:forum")})
    async with Story([izin, kelola], database=database_url, settings=settings) as told:
        await told.kadis.says(f"/izin {SECRET} besok", group=True)
        await told.kadis.presses("Kirim", group=True)
        await told.sekda.presses("Setujui")
        await told.kadis.says(f"rahasia: {SECRET}")
        yield told


async def pass_days(story: Story, days: int) -> None:
    """Let days pass, and see only to what is due at their end: on PostgreSQL the claimer looks every five seconds."""
    for _ in range(days):
        story.clock.move_to(story.clock.now() + timedelta(days=1))
        await story.wait_until_idle()
