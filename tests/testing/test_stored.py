"""The readers of the test kit show what a bot has stored."""

import pytest
from pendopo.errors import PermanentSendError
from pendopo.testing import Story
from pendopo_izin.models import Izin


async def test_rows_of_a_plugin_are_its_models(story: Story) -> None:
    await story.kadis.says("/izin rakor besok jam 9")
    assert [(izin.id, izin.status) for izin in await story.stored.list_rows(Izin)] == [(1, "draf")]
    assert [(row.id, row.status) for row in await story.stored.list_table("izin")] == [(1, "draf")]


async def test_rows_of_the_core_have_their_columns_and_are_chosen_by_them(story: Story) -> None:
    story.messenger.faults = [PermanentSendError("no such chat")] * 3  # and for the plainer forms
    await story.kadis.says("/izin rakor besok jam 9")
    assert [row.native_id for row in await story.stored.list_inbox(state="done")]
    assert await story.stored.list_inbox(state="dead") == []
    (dead,) = await story.stored.list_deliveries(state="dead")
    assert "no such chat" in dead.error
    buttons = await story.stored.list_buttons(delivery=dead.key)
    assert [row.ordinal for row in buttons] == list(range(1, len(buttons) + 1)) != []
    with pytest.raises(AttributeError):
        assert dead.no_such_column


async def test_lines_of_the_audit_log_are_chosen_by_how_their_action_begins(story: Story) -> None:
    await story.kadis.says("/izin rakor besok jam 9")
    await story.kadis.presses("Kirim")
    assert [line.action for line in await story.stored.list_audit_lines("izin.")] == ["izin.draf", "izin.ajukan"]
    assert await story.stored.list_audit_lines("rapat.") == []


async def test_reminders_are_what_people_planned_and_entries_stand_in_calendars(story: Story) -> None:
    await story.kadis.says("/izin rakor besok jam 9")
    await story.kadis.presses("Kirim")
    assert await story.stored.list_calendar_entries() == []
    assert {row.state for row in await story.stored.list_reminders()} == {"waiting"}
    await story.sekda.presses("Setujui")
    assert [row.key for row in await story.stored.list_calendar_entries()] == ["izin/1"]
    assert await story.stored.list_dialogs() == []
