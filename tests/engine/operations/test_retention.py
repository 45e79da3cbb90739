"""What need not be kept any longer goes, and the report says what."""

from pendopo.store.queries.audit import verify_chain
from pendopo.testing import Story
from pendopo_izin.models import Izin

from .conftest import SECRET, pass_days


async def test_words_go_when_their_time_is_over_and_the_report_says_what(story: Story) -> None:
    await pass_days(story, 31)
    assert SECRET not in str([row.body for row in await story.stored.list_inbox()])
    assert SECRET not in str([row.content for row in await story.stored.list_deliveries()])
    assert [asked.keperluan for asked in await story.stored.list_rows(Izin)] == [SECRET.capitalize()]
    assert any("Retensi:" in shown.text and "inbox" in shown.text for shown in story.group.messages)
    await pass_days(story, 31)
    verdict = await verify_chain(story.app.database)
    assert verdict.broken_at == 0
    assert verdict.erased > 0
    await pass_days(story, 31)
    assert [asked.keperluan for asked in await story.stored.list_rows(Izin)] == [""]
    assert "izin.keperluan" in str(await story.stored.list_audit_lines("sistem.retensi"))


async def test_the_head_of_the_log_is_posted_every_day_where_it_cannot_be_changed(story: Story) -> None:
    await pass_days(story, 2)
    posted = [shown.text for shown in story.group.messages if "Log audit, baris" in shown.text]
    assert len(posted) == 2
    hashes = {line.hash for line in await story.stored.list_audit_lines()}
    assert all(text.splitlines()[1] in hashes for text in posted)
