"""What the tests of /laporan look at."""

from pathlib import Path

from pendopo import Attachment
from pendopo.model import Document, Photo
from pendopo.testing import Story
from pendopo.testing.messenger import ShownMessage
from pendopo.testing.pictures import make_exif, make_jpeg
from pendopo_laporan.models import Foto, Laporan


async def list_states(story: Story) -> list[str]:
    return [row.status for row in await story.stored.list_rows(Laporan)]


async def list_photos(story: Story) -> list[tuple[int, str, str]]:
    """Of each file its report, when it is of, and what became of it."""
    return [(row.laporan, row.kapan, row.status) for row in await story.stored.list_rows(Foto)]


async def list_actions(story: Story) -> list[str]:
    return [line.action for line in await story.stored.list_audit_lines("laporan.")]


def list_blobs(story: Story) -> list[Path]:
    """All stored files, whole or half."""
    return [path for path in (Path(story.app.settings.data_dir) / "blobs").rglob("*") if path.is_file()]


def read_file(story: Story, shown: ShownMessage) -> bytes:
    """The bytes of a picture or a file on a screen."""
    assert isinstance(shown.content, (Photo, Document))
    return story.app.core.blobs.path(shown.content.blob).read_bytes()


def list_pictures(messages: list[ShownMessage]) -> list[ShownMessage]:
    return [shown for shown in messages if isinstance(shown.content, Photo)]


async def report_flood(story: Story, text: str = "/laporan banjir setinggi 40 cm") -> ShownMessage:
    """The lurah reports something; what the camat sees of it."""
    await story.lurah.says(text, photos=[make_jpeg(1)])
    await story.advance(seconds=5)
    return story.camat.sees("Laporan untuk Anda")


async def report_three(story: Story) -> None:
    """A flood with a place and photos, a working bee, and something of another district."""
    await story.lurah.says(
        "/laporan banjir =HYPERLINK(1)", photos=[make_jpeg(n, exif=make_exif((-6.885, 107.6136))) for n in (1, 2)]
    )
    await story.lurah.says("/laporan kerja bakti RW 03", photos=[make_jpeg(3)])
    await story.kadis.says("/laporan jalan rusak di Kel. Cijawura")
    await story.advance(seconds=5)


def make_attachment(ref: str) -> Attachment:
    return Attachment("photo", ref)
