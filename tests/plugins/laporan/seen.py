"""What the tests of /laporan look at."""

from pathlib import Path
from typing import Any

from bot.model import Document, Photo
from bot.testing import Story
from bot.testing.messenger import Shown


async def rows(story: Story, sql: str) -> list[Any]:
    return list(await story.app.database.read(sql))


async def states(story: Story) -> list[str]:
    return [status for (status,) in await rows(story, "SELECT status FROM laporan ORDER BY id")]


async def photos(story: Story) -> list[tuple[int, str, str]]:
    """Of each file its report, when it is of, and what became of it."""
    return [tuple(row) for row in await rows(story, "SELECT laporan, kapan, status FROM laporan_foto ORDER BY id")]


async def arrows(story: Story) -> list[str]:
    return [action for (action,) in await rows(story, "SELECT action FROM audit WHERE action LIKE 'laporan.%' ORDER BY id")]


def blobs(story: Story) -> list[Path]:
    """All stored files, whole or half."""
    return [path for path in (Path(story.app.settings.data_dir) / "blobs").rglob("*") if path.is_file()]


def data(story: Story, shown: Shown) -> bytes:
    """The bytes of a picture or a file on a screen."""
    assert isinstance(shown.content, (Photo, Document))
    return story.app.core.blobs.path(shown.content.blob).read_bytes()


def pictures(messages: list[Shown]) -> list[Shown]:
    return [shown for shown in messages if isinstance(shown.content, Photo)]
