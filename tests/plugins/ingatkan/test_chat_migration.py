"""A group that becomes a supergroup keeps what it asked to be reminded of."""

from pendopo.model import Chat, ChatKind, ChatMigrated
from pendopo.store.queries.inbox import InboxRow
from pendopo.testing import Story
from pendopo_ingatkan.models import Pengingat

OLD = Chat("memory", "forum", ChatKind.GROUP)


async def move(story: Story) -> None:
    event = ChatMigrated(key="m", chat=OLD, at=story.clock.now(), new_id="forum-baru")
    row = InboxRow(0, "memory", "m", "message", OLD.key, "", b"", 0)
    await story.app.dispatcher.commit_event(event, row, lambda connection: None)
    await story.wait_until_idle()


async def test_it_comes_out_in_the_new_group_and_is_listed_there(story: Story) -> None:
    await story.kadis.says("/ingatkan grup setiap hari jam 8 lapor genangan", group=True)
    await move(story)
    before = len(story.group.messages)
    await story.advance(days=2)
    told = [shown for shown in story.messenger.screen if shown.chat == "forum-baru"]
    assert len([shown for shown in told if "Lapor genangan" in shown.text]) == 2
    assert len(story.group.messages) == before
    rows = await story.stored.list_rows(Pengingat)
    assert [(row.tujuan, row.kutipan) for row in rows] == [("chat:memory:forum-baru", "")]


async def test_what_others_set_elsewhere_stays(story: Story) -> None:
    await story.kadis.says("/ingatkan besok jam 8 kirim data")
    await move(story)
    await story.advance(days=1)
    story.kadis.sees("Kirim data")
