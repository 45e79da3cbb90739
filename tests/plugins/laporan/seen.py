"""What the tests of /laporan look at."""

from pathlib import Path

from pendopo.model import Document, Photo
from pendopo.testing import Story
from pendopo.testing.messenger import ShownMessage
from pendopo_laporan.models import Foto, Laporan


async def states(story: Story) -> list[str]:
    return [row.status for row in await story.stored.list_rows(Laporan)]


async def photos(story: Story) -> list[tuple[int, str, str]]:
    """Of each file its report, when it is of, and what became of it."""
    return [(row.laporan, row.kapan, row.status) for row in await story.stored.list_rows(Foto)]


async def arrows(story: Story) -> list[str]:
    return [line.action for line in await story.stored.list_audit_lines("laporan.")]


def blobs(story: Story) -> list[Path]:
    """All stored files, whole or half."""
    return [path for path in (Path(story.app.settings.data_dir) / "blobs").rglob("*") if path.is_file()]


def data(story: Story, shown: ShownMessage) -> bytes:
    """The bytes of a picture or a file on a screen."""
    assert isinstance(shown.content, (Photo, Document))
    return story.app.core.blobs.path(shown.content.blob).read_bytes()


def pictures(messages: list[ShownMessage]) -> list[ShownMessage]:
    return [shown for shown in messages if isinstance(shown.content, Photo)]
