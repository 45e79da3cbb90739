"""One's meetings are listed."""

from pendopo.model import Document
from pendopo.testing import Story

from .meeting import call_tomorrow


async def test_my_meetings_are_listed_and_one_can_be_put_into_a_calendar(story: Story) -> None:
    await story.kadis.says("/rapat")
    story.kadis.sees("tidak mempunyai rapat yang akan datang")
    await call_tomorrow(story)
    await story.kadis.says("/rapat")
    story.kadis.sees("#1 Penanganan sampah", "diundangkan")
    await story.lurah.says("/rapat")
    story.lurah.does_not_see("#1")
    await story.kadis.says("/rapat kalender 1")
    assert isinstance(story.kadis.last.content, Document)
    assert {row.state for row in await story.stored.list_deliveries()} == {"sent"}
