"""What is owed is delivered in order, or visibly dead, and never repeated blindly."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pendopo.config import Settings
from pendopo.errors import StoreError, TemporarySendError
from pendopo.model import Capabilities, Chat, Content, Rate, Text
from pendopo.store.queries import dead_letters
from pendopo.testing import PROFILES, Story

from tests.engine.sending import forgetful, list_texts, make_plugin
from tests.tampering import change_rows


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    async with Story([make_plugin()]) as told:
        yield told


async def test_a_chat_reads_everything_in_the_order_it_was_said_also_after_failures(story: Story) -> None:
    story.messenger.faults = [TemporarySendError("busy")]
    await story.kadis.says("/ulang satu dua")
    await story.kadis.says("/ulang tiga")
    assert list_texts(story) == []
    await story.advance(seconds=10)
    assert list_texts(story) == ["satu", "dua", "tiga"]


async def test_one_broken_chat_does_not_delay_another(story: Story) -> None:
    story.messenger.faults = [TemporarySendError("busy")]
    await story.kadis.says("/ulang satu")
    await story.sekda.says("/ulang dua")
    assert list_texts(story, "sekda") == ["dua"]
    assert list_texts(story) == []


async def test_what_was_on_its_way_when_the_process_died_is_marked_as_a_repeat(story: Story) -> None:
    forgetful(story)
    await story.kadis.says("/ulang satu")
    await change_rows(story.app.database, "delivery", state="sending")
    await story.app.rescan_work()
    await story.wait_until_idle()
    assert "Dikirim ulang" in list_texts(story)[-1]


async def test_what_was_sent_while_the_database_is_away_is_noted_when_it_is_back_and_not_sent_again(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgetful(story)
    write, lost, refused = story.app.database.write, [StoreError("away")] * 3, list[str]()
    monkeypatch.setattr("pendopo.engine.outbound.outbox.NOTE_SECONDS", 0.0)

    async def away_after_a_send(job: Any, **how: Any) -> Any:
        if lost and list_texts(story):
            refused.append("lost")
            raise lost.pop()
        return await write(job, **how)

    monkeypatch.setattr(story.app.database, "write", away_after_a_send)
    await story.kadis.says("/ulang satu")
    assert (list_texts(story), refused) == (["satu"], ["lost"] * 3)
    assert [(row.state, row.attempts) for row in await story.stored.list_deliveries()] == [("sent", 0)]


async def test_a_process_that_doubts_whether_its_lanes_are_its_own_waits_and_claims_nothing(story: Story) -> None:
    forgetful(story)
    story.app.outbox.owns_lane = lambda lane: False
    await story.kadis.says("/ulang satu")
    assert list_texts(story) == []
    assert [(row.state, row.attempts) for row in await story.stored.list_deliveries()] == [("open", 0)]
    story.app.outbox.owns_lane = lambda lane: True
    await story.advance(seconds=2)
    assert list_texts(story) == ["satu"], "not marked as a repeat"


async def test_of_a_message_in_parts_only_what_failed_is_sent_again(story: Story) -> None:
    story.messenger.able = Capabilities(text=40)
    sending = story.messenger.send

    async def fails_at_the_second(chat: Any, content: Any, key: str, reply_to: str = "") -> str:
        if not key.endswith(".0"):
            story.messenger.send = sending
            raise TemporarySendError("busy")
        return await sending(chat, content, key, reply_to)

    story.messenger.send = fails_at_the_second
    await story.kadis.says("/ulang " + "a" * 30)
    await story.advance(seconds=5)
    assert list_texts(story) == ["a" * 20, "a" * 10]


async def test_of_a_message_in_parts_only_what_is_in_doubt_is_marked_as_a_repeat(story: Story) -> None:
    story.messenger.able = Capabilities(text=200)
    await story.kadis.says("/ulang " + "a" * 150)
    await change_rows(story.app.database, "delivery", state="sending", part=1)
    await story.app.rescan_work()
    await story.wait_until_idle()
    assert [len(text) for text in list_texts(story)[:2]] == [136, 14]
    assert list_texts(story)[2] == f"(Dikirim ulang; abaikan bila sudah diterima.)\n{'a' * 14}"
    assert len(list_texts(story)) == 3


async def test_the_parts_of_a_message_keep_to_the_limits_like_any_others(story: Story) -> None:
    story.messenger.able = msgspec.structs.replace(PROFILES["telegram"], text=20, per_chat=(Rate(2, 10),))
    await story.kadis.says("/ulang " + "a" * 50 + " b")
    assert list_texts(story) == ["a" * 20] * 2
    await story.advance(seconds=11)
    assert list_texts(story) == ["a" * 20, "a" * 20, "a" * 10, "b"]


async def test_what_went_out_before_a_restart_counts_after_it(tmp_path: Path) -> None:
    """The messenger counts on; a process that forgot would send too much at once after every restart."""
    async with Story([make_plugin()], database=f"sqlite:///{tmp_path}/p.db") as story:
        story.messenger.able = msgspec.structs.replace(PROFILES["telegram"], per_chat=(Rate(3, 60),))
        await story.kadis.says("/ulang a b c d")
        assert list_texts(story) == ["a", "b", "c"]
        await story.restart()
        assert list_texts(story) == ["a", "b", "c"]
        await story.advance(seconds=61)
        assert list_texts(story) == ["a", "b", "c", "d"]


async def test_a_long_message_is_sent_in_parts_and_each_part_once(story: Story) -> None:
    story.messenger.able = msgspec.structs.replace(PROFILES["telegram"], text=20)
    await story.kadis.says("/ulang " + "a" * 50)
    assert [len(text) for text in list_texts(story)] == [20, 20, 10]


async def test_no_more_goes_out_than_the_messenger_allows(story: Story) -> None:
    story.messenger.able = msgspec.structs.replace(PROFILES["telegram"], per_chat=(Rate(2, 10),))
    await story.kadis.says("/ulang a b c d e")
    assert list_texts(story) == ["a", "b"]
    await story.advance(seconds=11)
    assert list_texts(story) == ["a", "b", "c", "d"]
    await story.advance(seconds=11)
    assert list_texts(story) == ["a", "b", "c", "d", "e"]


async def test_the_limit_of_an_account_is_shared_by_its_chats(story: Story) -> None:
    story.messenger.able = msgspec.structs.replace(PROFILES["telegram"], per_account=(Rate(1, 10),))
    await story.kadis.says("/ulang a")
    await story.sekda.says("/ulang b")
    assert len(story.messenger.screen) == 1
    await story.advance(seconds=11)
    assert len(story.messenger.screen) == 2


async def test_what_may_have_gone_out_before_a_restart_counts_too(tmp_path: Path) -> None:
    async with Story([make_plugin()], database=f"sqlite:///{tmp_path}/p.db") as story:
        forgetful(story)
        assert story.messenger.able is not None
        story.messenger.able = msgspec.structs.replace(story.messenger.able, per_chat=(Rate(1, 60),))
        await story.kadis.says("/ulang a")
        await change_rows(story.app.database, "delivery", state="sending", sent_at=0)
        await story.restart()
        assert list_texts(story) == ["a"]
        await story.advance(seconds=61)
        assert len(list_texts(story)) == 2


async def test_a_message_is_changed_in_place_where_that_is_possible_and_else_sent_anew(profile: str) -> None:
    async with Story([make_plugin()], profile=profile) as story:
        await story.kadis.says("/kartu")
        await story.advance(seconds=1)
        if PROFILES[profile].edit:
            assert [(shown.text, shown.edited) for shown in story.kadis.messages] == [("akhir", 1)]
            assert story.kadis.last.buttons == ()
        else:
            assert len(story.kadis.messages) == 2
            assert story.kadis.last.text == "akhir"


async def test_a_button_of_a_message_that_was_replaced_is_valid_for_some_minutes_and_no_longer(story: Story) -> None:
    await story.kadis.says("/kartu")
    card = story.kadis.last
    token = card.buttons[0].token
    await story.advance(seconds=1)
    await story.kadis.presses_token(token, card)
    assert list_texts(story)[-1] == "diubah"
    await story.advance(minutes=5)
    await story.kadis.presses_token(token, card)
    assert story.kadis.toast == "Pilihan ini sudah tidak berlaku."


async def test_what_became_of_a_message_is_told_even_if_somebody_deleted_it(story: Story) -> None:
    await story.kadis.says("/kartu")
    story.messenger.screen.clear()
    await story.advance(seconds=1)
    assert list_texts(story) == ["akhir"]


async def test_what_is_owed_to_a_messenger_that_is_gone_is_a_dead_letter(story: Story) -> None:
    await story.kadis.says("/ulang satu")
    for row in await story.stored.list_deliveries():
        gone = row.chat.replace('"memory"', '"gone"')
        await change_rows(story.app.database, "delivery", {"id": row.id}, state="dead", chat=gone)
    await story.app.database.write(lambda c: dead_letters.reopen_letters(c, "delivery"))
    await story.app.rescan_work()
    await story.wait_until_idle()
    (dead,) = await story.stored.list_deliveries(state="dead")
    assert dead.error == "there is no adapter gone"


async def test_a_touch_is_answered_even_while_its_chat_waits(story: Story) -> None:
    story.messenger.able = msgspec.structs.replace(PROFILES["telegram"], per_chat=(Rate(1, 100),))
    await story.kadis.says("/kartu")
    await story.kadis.presses("ya")
    assert story.messenger.toasts[-1][1] == ""


async def test_a_touch_is_answered_at_once_however_much_its_chat_waits_for(story: Story) -> None:
    await story.kadis.says("/kartu")
    story.messenger.able = msgspec.structs.replace(PROFILES["telegram"], per_chat=(Rate(1, 100),))
    await story.kadis.says("/ulang " + "a " * 120)
    before = len(story.messenger.toasts)
    await story.kadis.presses("ya")
    assert len(story.messenger.toasts) == before + 1


async def test_an_answer_that_needs_a_message_of_its_own_keeps_to_the_limits(story: Story) -> None:
    story.messenger.able = msgspec.structs.replace(PROFILES["telegram"], toasts=False, per_chat=(Rate(1, 100),))
    await story.kadis.says("/kartu")
    await story.kadis.presses_token("forged", story.kadis.last)
    assert len(list_texts(story)) == 1
    await story.advance(seconds=101)
    assert list_texts(story)[-1] == "Tombol ini tidak berlaku di sini."


@pytest.mark.parametrize("site", ["", "https://pendopo.kota.go.id"])
async def test_where_files_cannot_be_shown_their_words_and_choices_come_and_nothing_is_rejected(site: str) -> None:
    settings = Settings.model_validate({"web": {"public_url": f"{site}/" if site else ""}})
    async with Story([make_plugin()], settings=settings) as story:
        story.messenger.able = Capabilities(photo=False, document=False, location=False, contact=False)
        await story.kadis.says("/surat")
        shown = story.kadis.sees("Boleh?", "dokumen surat.pdf", f"dasbor: {site}" if site else "aplikasi pesan lain", "1. ya")
        assert isinstance(shown.content, Text)
        await story.kadis.presses("ya")
        story.kadis.sees("diubah")
        assert {row.state for row in await story.stored.list_deliveries()} == {"sent"}


async def test_where_a_file_cannot_be_shown_it_need_not_be_there(story: Story) -> None:
    story.messenger.able = Capabilities(document=False)

    async def gone(sha256: str) -> Path:
        raise FileNotFoundError(sha256)

    story.app.core.blobs.fetch_path = gone
    await story.kadis.says("/surat")
    story.kadis.sees("Boleh?", "dokumen surat.pdf")


async def test_a_send_that_never_ends_is_ended_by_us_and_its_chat_goes_on(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pendopo.engine.outbound.outbox.SEND_SECONDS", 0.05)
    send = story.messenger.send
    begun: list[str] = []

    async def hang(chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        begun.append(key)
        if len(begun) == 1:
            await asyncio.Event().wait()
        return await send(chat, content, key, reply_to)

    monkeypatch.setattr(story.messenger, "send", hang)
    await story.kadis.says("/ulang satu dua")
    assert list_texts(story) == []
    await story.advance(seconds=5)
    assert list_texts(story) == ["satu", "dua"]
    assert begun[0] == begun[1], "the same delivery again"


async def test_a_send_that_may_have_happened_is_marked_when_it_never_ended(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgetful(story)
    monkeypatch.setattr("pendopo.engine.outbound.outbox.SEND_SECONDS", 0.05)
    send = story.messenger.send

    async def drip(chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        sent = await send(chat, content, key, reply_to)
        if len(story.messenger.screen) == 1:
            await asyncio.Event().wait()
        return sent

    monkeypatch.setattr(story.messenger, "send", drip)
    await story.kadis.says("/ulang satu")
    await story.advance(seconds=5)
    first, again = list_texts(story)
    assert first == "satu"
    assert "Dikirim ulang" in again
