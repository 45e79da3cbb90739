"""What is said is recorded only where that was announced, and what is not to be recorded is not."""

from collections.abc import Sequence

import pytest
from pendopo.adapters.contract import Incoming
from pendopo.model import Event, Message, MessageEdited, Text
from pendopo.testing import Story
from pendopo.testing.messenger import ShownMessage
from pendopo_rapat.models.minutes import Bahan, Notulen

from tests.plugins.rapat.meeting import call_meeting, open_attended, open_meeting
from tests.plugins.rapat.town import get_capacity, list_actions, read_note


async def list_recorded(story: Story) -> list[str]:
    return [row.isi for row in await story.stored.list_rows(Bahan) if not row.dikecualikan]


async def find_message(story: Story, words: str) -> ShownMessage:
    """A message of a person in the group, to be answered."""
    found = await story.stored.list_inbox(lane="memory:forum")
    native = [row.native_id for row in found if words in bytes(row.body).decode()][-1]
    return ShownMessage(id=str(native), chat="forum", content=Text())  # a message of a person


async def test_nothing_is_recorded_before_it_is_open_after_it_is_closed_or_elsewhere(story: Story) -> None:
    await call_meeting(story)
    await story.kadis.says("sebelum dibuka", group=True)
    await story.advance(minutes=35)
    await story.sekda.says("/rapat mulai 1", group=True)
    await story.kadis.says("pompa rusak", group=True)
    await story.kadis.says("ini pribadi")
    await story.sekda.says("/rapat tutup", group=True)
    await story.advance(seconds=1)
    await story.kadis.says("sesudah ditutup", group=True)
    assert await list_recorded(story) == ["pompa rusak"]


async def test_nothing_is_recorded_where_that_was_not_announced(story: Story) -> None:
    await open_meeting(story, more=" tanpa catatan")
    story.group.does_not_see("dicatat untuk notulen")
    await story.kadis.says("pompa rusak", group=True)
    assert await list_recorded(story) == []


async def test_who_is_not_known_is_not_recorded(story: Story) -> None:
    await open_meeting(story)
    await story.stranger.says("saya siapa", group=True)
    assert await list_recorded(story) == []


async def test_commands_and_attendance_are_no_material(story: Story) -> None:
    await open_attended(story)
    await story.sekda.says("/putus Pompa diganti", group=True)
    await story.kadis.says("/agenda", group=True)
    assert await list_recorded(story) == []


async def test_what_follows_off_is_not_recorded_and_that_is_in_the_audit_log(story: Story) -> None:
    await open_meeting(story)
    await story.kadis.says("/off jangan keluar dari sini", group=True)
    story.group.sees("Tidak dicatat dalam notulen")
    await story.kadis.says("boleh dicatat", group=True)
    assert await list_recorded(story) == ["boleh dicatat"]
    assert (await list_actions(story)).count("rapat.kecualikan") == 1
    assert "jangan keluar" not in str(await read_note(story, "rapat.kecualikan"))


@pytest.mark.parametrize("words", ["jangan dicatat", "Ini jangan dicatat ya!", "/off"])
async def test_an_answer_takes_a_message_out_with_its_words(story: Story, words: str) -> None:
    await open_meeting(story)
    await story.kadis.says("anggarannya bocor", group=True)
    await story.kadis.says(words, group=True, to=await find_message(story, "anggarannya bocor"))
    assert await list_recorded(story) == []
    assert [(row.isi, row.dikecualikan) for row in await story.stored.list_rows(Bahan)] == [("", 1)]
    assert (await read_note(story, "rapat.kecualikan"))["detail"]["bahan"] == 1


async def test_anothers_message_is_taken_out_by_who_leads_and_by_nobody_else(story: Story) -> None:
    await open_meeting(story)
    await story.kadis.says("anggarannya bocor", group=True)
    message = await find_message(story, "anggarannya bocor")
    await story.camat.says("jangan dicatat", group=True, to=message)
    story.group.sees("hanya dapat dikecualikan olehnya, pimpinan, atau notulis")
    assert await list_recorded(story) == ["anggarannya bocor"]
    await story.sekda.says("jangan dicatat", group=True, to=message)
    assert await list_recorded(story) == []
    await story.sekda.says("jangan dicatat", group=True, to=message)
    assert (await list_actions(story)).count("rapat.kecualikan") == 1
    assert await get_capacity(story, "rapat.kecualikan") == ""


async def test_who_says_off_alone_is_not_recorded_until_they_say_it_again(story: Story) -> None:
    await open_meeting(story)
    await story.kadis.says("/off", group=True)
    await story.kadis.says("satu", group=True)
    await story.restart()
    await story.kadis.says("dua", group=True)
    await story.camat.says("tiga", group=True)
    await story.kadis.says("/off", group=True)
    await story.kadis.says("empat", group=True)
    assert await list_recorded(story) == ["tiga", "empat"]


async def test_off_needs_a_meeting(story: Story) -> None:
    await story.kadis.says("/off", group=True)
    story.group.sees("berlaku di percakapan tempat rapat sedang berlangsung")


async def test_photos_become_the_documentation(story: Story) -> None:
    await open_attended(story)
    await story.kadis.says("pompa yang rusak", group=True, photos=[PICTURE])
    await story.sekda.says("/rapat tutup", group=True)
    await story.advance(seconds=1)
    (minutes,) = await story.stored.list_rows(Notulen)
    assert '"foto":[{"blob":' in minutes.isi


PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0000000"
    "0049454e44ae426082"
)


async def test_who_corrects_a_message_corrects_the_record(story: Story) -> None:
    """Messengers without edits have no such event; the others tell of it."""
    await open_meeting(story)
    await story.kadis.says("dua pompa rusak", group=True)
    message = await find_message(story, "dua pompa rusak")
    convert = story.messenger.convert

    def edited(incoming: Incoming) -> Sequence[Event]:
        events = convert(incoming)
        return [
            MessageEdited(key=e.key, chat=e.chat, at=e.at, account=e.account, message=message.id, text="tiga pompa rusak")
            if isinstance(e, Message) and e.text == "*"
            else e
            for e in events
        ]

    story.messenger.convert = edited
    await story.camat.says("*", group=True)
    assert await list_recorded(story) == ["dua pompa rusak"], "only its author corrects it"
    await story.kadis.says("*", group=True)
    assert await list_recorded(story) == ["tiga pompa rusak"]
