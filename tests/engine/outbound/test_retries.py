"""What did not get through is tried again, held, or visibly dead; and never repeated blindly."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo.engine.outbound import reachability
from pendopo.errors import (
    ChatClosedError,
    ChatMovedError,
    PermanentSendError,
    RecipientUnreachableError,
    SendError,
    TemporarySendError,
    UnknownOutcomeError,
    WindowClosedError,
)
from pendopo.model import Text
from pendopo.store.queries.deliveries import find_delivery
from pendopo.store.tables import DeliveryState
from pendopo.testing import Story

from tests.engine.sending import forgetful, list_texts, make_plugin


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    async with Story([make_plugin()]) as told:
        yield told


async def test_a_messenger_that_asks_for_patience_gets_it(story: Story) -> None:
    story.messenger.faults = [TemporarySendError("slow down", after=100)]
    await story.kadis.says("/ulang satu")
    await story.advance(seconds=99)
    assert list_texts(story) == []
    await story.advance(seconds=2)
    assert list_texts(story) == ["satu"]
    assert story.messenger.sends == 2


@pytest.mark.parametrize("whole_account", [False, True])
@pytest.mark.parametrize("asked", [-5.0, 0.0, 3600.0, 86_400.0, 31_536_000.0, float("inf"), float("nan"), 10**400])
async def test_nobody_is_given_more_patience_than_an_hour(story: Story, asked: float, whole_account: bool) -> None:
    story.messenger.faults = [TemporarySendError("slow down", after=asked, whole_account=whole_account)]
    await story.kadis.says("/ulang satu")
    await story.advance(seconds=3601)
    assert list_texts(story) == ["satu"]


async def test_what_is_put_off_again_and_again_is_dead_after_a_day(story: Story) -> None:
    story.messenger.faults = [TemporarySendError("slow down", after=10**9)] * 100
    await story.kadis.says("/ulang satu")
    await story.advance(hours=25)
    assert len(await story.stored.list_deliveries(state="dead")) == 1


async def test_a_pause_of_the_whole_account_holds_every_chat(story: Story) -> None:
    story.messenger.faults = [TemporarySendError("flood", after=60, whole_account=True)]
    await story.kadis.says("/ulang satu")
    await story.sekda.says("/ulang dua")
    assert list_texts(story, "sekda") == []
    await story.advance(seconds=61)
    assert list_texts(story, "sekda") == ["dua"]
    assert list_texts(story) == ["satu"]


async def test_attempts_are_spaced_further_and_further(story: Story) -> None:
    story.messenger.faults = [TemporarySendError("down")] * 100
    await story.kadis.says("/ulang satu")
    tried = [story.messenger.sends]
    for seconds in (1, 2, 5, 15, 60, 300, 300):
        await story.advance(seconds=seconds - 0.5)
        tried.append(story.messenger.sends)
        await story.advance(seconds=0.5)
        tried.append(story.messenger.sends)
    assert tried == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8]


async def test_after_a_day_of_trying_a_delivery_is_dead_and_the_next_one_goes(story: Story) -> None:
    story.messenger.faults = [TemporarySendError("down")] * 400
    await story.kadis.says("/ulang satu")
    await story.advance(hours=25)
    (dead,) = await story.stored.list_deliveries(state="dead")
    assert "given up" in dead.error
    assert dead.code
    story.messenger.faults = []
    await story.kadis.says("/ulang dua")
    assert list_texts(story) == ["dua"]


@pytest.mark.parametrize(
    "error", [PermanentSendError("bad"), ChatClosedError("blocked"), RecipientUnreachableError("an experiment")]
)
async def test_what_can_never_arrive_is_dead_at_once_and_stops_nothing(story: Story, error: SendError) -> None:
    story.messenger.faults = [error]
    await story.kadis.says("/ulang satu dua")
    assert list_texts(story) == ["dua"]
    (dead,) = await story.stored.list_deliveries(state="dead")
    assert type(error).__name__ in dead.error


async def test_what_comes_outside_the_messengers_window_waits_until_the_person_writes(story: Story) -> None:
    story.messenger.faults = [WindowClosedError("too late")]
    await story.kadis.says("/ulang satu")
    assert list_texts(story) == []
    await story.advance(days=2)
    assert await story.stored.list_deliveries(state="dead") == []
    await story.kadis.says("/ulang dua")
    assert list_texts(story) == ["satu", "dua"]


async def test_a_chat_that_moved_gets_everything_under_its_new_id(story: Story) -> None:
    story.messenger.faults = [ChatMovedError("forum-baru")]
    await story.kadis.says("/ulang satu dua", group=True)
    assert list_texts(story, "forum-baru") == ["satu", "dua"]
    assert {row.state for row in await story.stored.list_deliveries()} == {"sent"}


async def test_what_a_moved_chat_refused_was_not_sent_and_is_no_repeat(story: Story) -> None:
    forgetful(story)
    story.messenger.faults = [ChatMovedError("forum-baru")]
    await story.kadis.says("/ulang satu dua", group=True)
    assert list_texts(story, "forum-baru") == ["satu", "dua"]


async def test_an_error_nobody_foresaw_does_not_hold_a_chat_for_ever(story: Story) -> None:
    story.messenger.faults = [ZeroDivisionError("bug")] * 4
    await story.kadis.says("/ulang satu dua")
    await story.advance(minutes=2)
    assert list_texts(story) == ["dua"]
    assert len(await story.stored.list_deliveries(state="dead")) == 1


async def test_where_the_messenger_knows_repeats_a_lost_answer_is_just_tried_again(story: Story) -> None:
    story.messenger.lost = [UnknownOutcomeError("time-out")] * 3
    await story.kadis.says("/ulang satu")
    await story.advance(minutes=1)
    assert list_texts(story) == ["satu"]
    assert [row.state for row in await story.stored.list_deliveries()] == ["sent"]


async def test_lost_answers_without_end_are_not_asked_for_every_second(story: Story) -> None:
    story.messenger.lost = [UnknownOutcomeError("time-out")] * 1000
    await story.kadis.says("/ulang satu")
    await story.advance(minutes=10)
    assert story.messenger.sends < 10


async def test_where_it_does_not_a_repeat_is_marked_as_one(story: Story) -> None:
    forgetful(story)
    story.messenger.lost = [UnknownOutcomeError("time-out")]
    await story.kadis.says("/ulang satu")
    await story.advance(seconds=5)
    assert list_texts(story) == ["satu", "(Dikirim ulang; abaikan bila sudah diterima.)\nsatu"]


async def test_a_second_lost_answer_is_left_to_the_operator(story: Story) -> None:
    forgetful(story)
    story.messenger.lost = [UnknownOutcomeError("time-out")] * 2
    await story.kadis.says("/ulang satu dua")
    await story.advance(minutes=10)
    assert [text.split("\n")[-1] for text in list_texts(story)] == ["satu", "satu", "dua"]
    (dead,) = await story.stored.list_deliveries(state="dead")
    assert "twice without an answer" in dead.error


async def test_a_failure_after_a_lost_answer_does_not_take_the_mark_away(story: Story) -> None:
    forgetful(story)
    story.messenger.lost = [UnknownOutcomeError("time-out")]
    await story.kadis.says("/ulang satu")
    story.messenger.faults = [TemporarySendError("busy")]
    await story.advance(minutes=1)
    assert "Dikirim ulang" in list_texts(story)[-1]


async def test_a_lost_answer_to_an_edit_is_tried_again_with_patience(story: Story) -> None:
    forgetful(story)
    await story.kadis.says("/kartu")
    story.messenger.faults = [UnknownOutcomeError("time-out")] * 1000
    before = story.messenger.sends
    await story.advance(minutes=10)
    assert 2 < story.messenger.sends - before < 12
    story.messenger.faults = []
    await story.advance(minutes=10)
    assert list_texts(story) == ["akhir"]


async def test_what_may_not_be_written_first_waits_for_the_person_to_open_the_chat(tmp_path: Path) -> None:
    async with Story([make_plugin()], database=f"sqlite:///{tmp_path}/x.db") as story:
        story.messenger.invitation = "https://chat.example/pendopo"
        story.messenger.faults = [ChatClosedError("not started")]
        await story.kadis.says("/kabari")
        assert not story.sekda.messages
        story.kadis.sees("Bambang Suryana belum membuka percakapan pribadi", "https://chat.example/pendopo")
        await story.restart()
        await story.sekda.says("halo")
        assert story.sekda.messages[0].text == "kabar"


async def test_who_blocked_the_bot_is_no_longer_written_to(story: Story) -> None:
    await story.kadis.says("/ulang satu")
    story.messenger.faults = [ChatClosedError("blocked")]
    await story.kadis.says("/ulang dua")
    kadis = story.app.core.people.by_alias(["memory:kadis"])
    assert kadis is not None
    assert await reachability.find_private_chat(story.app.core, kadis) is None
    await story.kadis.says("/ulang tiga")  # in the same minute
    assert await reachability.find_private_chat(story.app.core, kadis) is not None


async def test_a_document_that_is_refused_arrives_as_words_with_its_buttons(story: Story) -> None:
    story.messenger.faults = [PermanentSendError("not enough rights to send documents to the chat")]
    await story.kadis.says("/surat")
    story.kadis.sees("Boleh?", "berkasnya tidak dapat dikirim")
    await story.kadis.presses("ya")
    story.kadis.sees("diubah")
    assert await story.stored.list_deliveries(state="dead") == []


async def test_buttons_that_are_refused_become_numbers_that_count(story: Story) -> None:
    story.messenger.faults = [PermanentSendError("documents are forbidden"), PermanentSendError("REPLY_MARKUP_INVALID")]
    await story.kadis.says("/surat")
    story.kadis.sees("Boleh?", "berkasnya tidak dapat dikirim", "1. ")
    await story.kadis.says("1")
    story.kadis.sees("diubah")
    assert await story.stored.list_deliveries(state="dead") == []


async def test_words_that_are_refused_are_told_to_who_asked_and_not_about_a_notice(story: Story) -> None:
    await story.sekda.says("/ulang halo")
    story.messenger.faults = [PermanentSendError("bad"), PermanentSendError("bad")]
    await story.kadis.says("/kabari")
    assert len(await story.stored.list_deliveries(state="dead")) == 2, "the news and the notice of it, and no third"
    story.messenger.faults = [PermanentSendError("bad")]
    await story.kadis.says("/kabari")
    story.kadis.sees("tidak dapat dikirim dan tidak dicoba lagi")


async def list_deliveries(story: Story) -> list[tuple[str, DeliveryState, str]]:
    """The rows of the outbox: kind, state and words."""
    found = [await find_delivery(story.app.database, number) for number in range(1, 9)]
    return [(row.kind, row.state, row.content.said[0].args["teks"]) for row in found if row and isinstance(row.content, Text)]


async def test_a_change_of_a_message_that_never_went_out_is_not_noted_as_sent(story: Story) -> None:
    story.messenger.faults = [PermanentSendError("no")]
    await story.kadis.says("/garis")
    await story.advance(minutes=2)
    assert ("send", DeliveryState.DEAD, "akhir") in await list_deliveries(story)  # tried again, it says what holds now
    assert not any(kind == "edit" for kind, _, _ in await list_deliveries(story))
    assert "akhir" not in list_texts(story)


async def test_a_change_of_a_message_that_was_sent_is_noted(story: Story) -> None:
    await story.kadis.says("/garis")
    await story.advance(minutes=2)
    assert list_texts(story) == ["akhir"]
    assert ("edit", DeliveryState.SENT, "akhir") in await list_deliveries(story)
    assert ("send", DeliveryState.SENT, "awal") in await list_deliveries(story)


async def test_a_change_of_a_message_that_waits_for_its_person_is_what_it_says_then(story: Story) -> None:
    story.messenger.faults = [WindowClosedError("asleep")]
    await story.kadis.says("/garis")
    await story.advance(minutes=2)
    assert list_texts(story) == []
    await story.kadis.says("/ulang satu")
    assert list_texts(story) == ["akhir", "satu"]
