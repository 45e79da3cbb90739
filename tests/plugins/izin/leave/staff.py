"""A directory of staff whose status and entry are known."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from pendopo.config import Settings
from pendopo.testing import Story
from pendopo.testing.story import directory_file
from pendopo_izin import plugin as izin


@asynccontextmanager
async def staffed(work: str, start: datetime | None = None, settings: Settings | None = None) -> AsyncIterator[Story]:
    """A story whose Kadis works on these terms, lines of the directory file."""
    written = directory_file("memory").replace('name = "Rina Hidayat"\n', f'name = "Rina Hidayat"\n{work}\n')
    begin = start or datetime(2026, 8, 12, 10, 20, tzinfo=ZoneInfo("Asia/Jakarta"))
    async with Story([izin], directory=written, start=begin, settings=settings) as story:
        yield story


async def grant(story: Story, text: str) -> None:
    """The Kadis asks and everybody who is asked approves."""
    await story.kadis.says(text)
    await story.kadis.presses("Kirim")
    for decider in (story.sekda, story.walikota):
        shown = next(
            (m for m in reversed(decider.messages) if any(str(c.label.key) == "izin.tombol.setujui" for c in m.buttons)), None
        )
        if shown:
            await decider.presses("Setujui", on=shown)
