"""Who leads a meeting, in whose name."""

from pendopo.testing import Story

from tests.tampering import add_rows

from .meeting import call_tomorrow
from .town import get_capacity, get_state


async def test_a_plh_leads_in_the_name_of_the_post(story: Story) -> None:
    await call_tomorrow(story)
    camat = story.app.core.people.named_in("Camat Coblong")[0]
    assert camat is not None
    mandate = {"kind": "plh", "post": "sekda", "person": camat.id, "since": 0, "until": 0, "basis": "SP/1", "may": "[]"}
    await add_rows(story.app.database, "mandate", [mandate])
    await story.app.core.directory.load(story.clock.now())
    await story.advance(hours=22)
    await story.camat.says("/rapat mulai 1")
    assert await get_state(story) == "berlangsung"
    assert await get_capacity(story, "rapat.buka") == "Plh. Sekda"
