"""A chat that goes on under another id keeps its meetings, and a topic of a group is a room of its own."""

from collections.abc import Sequence

import msgspec
from pendopo.adapters.contract import Incoming
from pendopo.model import ChatMigrated, Event, Message
from pendopo.testing import Story
from pendopo_rapat.models.meetings import Rapat
from pendopo_rapat.models.minutes import Bahan

from tests.plugins.rapat.meeting import open_meeting
from tests.plugins.rapat.town import get_state


async def test_a_group_that_moves_takes_its_meetings_along(story: Story) -> None:
    await open_meeting(story)
    convert = story.messenger.convert

    def moved(incoming: Incoming) -> Sequence[Event]:
        events = convert(incoming)
        if any(isinstance(e, Message) and e.text == "*" for e in events):
            e = events[0]
            return [ChatMigrated(key=e.key, chat=e.chat, at=e.at, new_id="forum2")]
        return events

    story.messenger.convert = moved
    await story.kadis.says("*", group=True)
    ((asal, ruang),) = [(row.asal, row.ruang) for row in await story.stored.list_rows(Rapat)]
    assert (ruang, msgspec.json.decode(asal)["id"]) == ("memory:forum2", "forum2")
    await story.sekda.says("/rapat tutup 1")
    await story.advance(seconds=1)
    assert await get_state(story) == "ditutup"
    assert any("Ditutup pukul" in shown.text for shown in story.messenger.screen if shown.chat == "forum2")


async def test_what_is_said_in_another_topic_is_not_recorded(story: Story) -> None:
    await open_meeting(story)
    convert = story.messenger.convert

    def elsewhere(incoming: Incoming) -> Sequence[Event]:
        return [
            msgspec.structs.replace(e, chat=msgspec.structs.replace(e.chat, topic="7"))
            if isinstance(e, Message) and e.text.startswith("topik")
            else e
            for e in convert(incoming)
        ]

    story.messenger.convert = elsewhere
    await story.kadis.says("topik lain: pompa", group=True)
    await story.kadis.says("pompa rusak", group=True)
    assert [row.isi for row in await story.stored.list_rows(Bahan)] == ["pompa rusak"]
