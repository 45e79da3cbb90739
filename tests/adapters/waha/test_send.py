"""Sending: safe to repeat where the gateway makes it so, polite, and every refusal named for what it is."""

import asyncio
from pathlib import Path

import pytest
from pendopo.adapters.contract import Adapter
from pendopo.adapters.waha import Waha
from pendopo.errors import ChatClosedError, PermanentSendError, SendError, TemporarySendError, UnknownOutcomeError
from pendopo.model import Album, Chat, Contact, Location, Message, Photo, Poll, Text
from pendopo.testing.conformance import PNG, make_text, run_adapter

from .bench import GROUP, RINA, RINA_LID, Counting, WahaBench, benched, settings
from .fake.server import KEY, SESSION

CHAT = Chat("waha", RINA)


async def learnt(bench: WahaBench) -> None:
    """An event came, so the engine of the gateway is known."""
    await bench.sends_message(bench.person, "halo")
    await bench.wait_until_idle()


@pytest.mark.parametrize("content", [make_text("satu"), Location(-6.9, 107.6), Contact("Rina", "62812")])
async def test_a_repeat_after_a_lost_answer_is_seen_once(bench: WahaBench, content: Text | Location | Contact) -> None:
    await learnt(bench)
    assert bench.adapter.capabilities(bench.group).idempotent
    bench.fail("lost")
    with pytest.raises(UnknownOutcomeError):
        await bench.adapter.send(bench.group, content, "k1")
    native = await bench.adapter.send(bench.group, content, "k1")
    assert [shown.id for shown in bench.screen(bench.group)] == [native]
    assert await bench.adapter.send(bench.group, content, "k2") != native


@pytest.mark.parametrize(("engine", "version"), [("WEBJS", "2026.7.1"), ("WPP", "2026.7.1"), ("GOWS", "2026.4.2"), ("", "")])
async def test_where_the_engine_takes_no_ids_a_repeat_is_not_promised(adapter: Waha, engine: str, version: str) -> None:
    adapter._state.set_environment(engine, version)
    assert not adapter.capabilities(CHAT).idempotent


async def test_a_file_whose_answer_got_lost_is_looked_for_before_it_is_sent_again(bench: WahaBench) -> None:
    await learnt(bench)
    photo = Photo(bench.desk.store_blob(PNG), make_text("Lubang"))
    await bench.adapter.send(bench.group, photo, "k0")
    bench.fail("lost")
    with pytest.raises(UnknownOutcomeError):
        await bench.adapter.send(bench.group, photo, "k1")
    native = await bench.adapter.send(bench.group, photo, "k1")
    assert [shown.id for shown in bench.screen(bench.group)][1:] == [native]


async def test_a_file_that_cannot_be_looked_for_is_left_to_the_operator(bench: WahaBench) -> None:
    bench.waha.keeps_messages = False
    photo = Photo(bench.desk.store_blob(PNG))
    bench.fail("lost")
    with pytest.raises(UnknownOutcomeError):
        await bench.adapter.send(bench.group, photo, "k1")
    with pytest.raises(PermanentSendError, match="may have been sent"):
        await bench.adapter.send(bench.group, photo, "k1")


async def test_a_slow_answer_is_a_lost_one(tmp_path: Path, bench: WahaBench) -> None:
    hasty = Waha(settings(bench.waha.url), patience=0.05)
    Counting(tmp_path).connect_adapter(hasty)
    bench.waha.broken.append("slow")
    with pytest.raises(UnknownOutcomeError):
        await hasty.send(bench.group, make_text("satu"), "k1")
    bench.waha.patience.set()
    await hasty.close()
    assert len(bench.screen(bench.group)) == 1


@pytest.mark.parametrize(
    ("how", "error", "whole"),
    [
        ("down", TemporarySendError, False),
        ("busy", TemporarySendError, True),
        ("starting", TemporarySendError, True),
        ("refused", PermanentSendError, None),
        ("closed", ChatClosedError, None),
    ],
)
async def test_refusals(bench: WahaBench, how: str, error: type[SendError], whole: bool | None) -> None:
    bench.waha.broken.append(how)
    with pytest.raises(error) as raised:
        await bench.adapter.send(bench.group, make_text("satu"), "k1")
    assert getattr(raised.value, "whole_account", None) == whole
    assert "stack" not in str(raised.value)


@pytest.mark.parametrize(("key", "session", "note"), [("wrong-key", SESSION, "API key"), (KEY, "lain", "STOPPED")])
async def test_a_wrong_key_or_session_stops_the_account_and_is_told_without_the_key(
    bench: WahaBench, key: str, session: str, note: str
) -> None:
    adapter: Adapter = Waha(settings(bench.waha.url, api_key=key, session=session))
    with pytest.raises(TemporarySendError) as raised:
        await adapter.send(bench.group, make_text("satu"), "k1")
    assert raised.value.whole_account
    assert key not in f"{raised.value!r} {raised.value.__cause__!r} {raised.value.__context__!r}"
    assert not adapter.health().ok
    assert note in adapter.health().note
    await adapter.close()


async def test_a_gateway_out_of_reach_is_tried_again(adapter: Waha) -> None:
    with pytest.raises(TemporarySendError) as raised:
        await adapter.send(CHAT, make_text("satu"), "k1")
    assert raised.value.whole_account
    assert "cannot be reached" in adapter.health().note


async def test_a_group_we_were_put_out_of_is_closed(bench: WahaBench) -> None:
    for event, closed in (("group.v2.leave", True), ("group.v2.join", False)):
        bench.waha.owe(event, {"group": {"id": GROUP}, "timestamp": bench.waha.tick(), "_data": {}})
        await bench.wait_until_idle()
        if closed:
            with pytest.raises(ChatClosedError):
                await bench.adapter.send(bench.group, make_text("satu"), "k1")
    await bench.adapter.send(bench.group, make_text("dua"), "k2")


async def test_what_came_is_read_and_typing_ends_before_an_answer(bench: WahaBench) -> None:
    native = await bench.sends_message(bench.group, "/izin")
    await bench.wait_until_idle()
    await bench.adapter.show_typing(bench.group)
    await bench.adapter.send(bench.group, make_text("Kapan?"), "k1", native)
    await asyncio.gather(*bench.adapter._courtesies)
    calls = {name: body for name, body in bench.waha.calls if name.startswith("POST")}
    assert {"POST /api/startTyping", "POST /api/stopTyping", "POST /api/sendSeen", "POST /api/sendText"} <= calls.keys()
    seen = calls["POST /api/sendSeen"]
    assert (seen["messageIds"], seen["participant"]) == ([native], RINA_LID)


async def test_a_change_too_late_for_anybody_to_see_is_refused(bench: WahaBench) -> None:
    native = await bench.adapter.send(bench.group, make_text("Menunggu"), "k1")
    bench.adapter._sender._sent[native] = bench.desk.now().replace(year=2020)
    with pytest.raises(PermanentSendError, match="15 minutes"):
        await bench.adapter.edit(bench.group, native, make_text("Disetujui"))


async def test_choices_are_never_left_out(bench: WahaBench) -> None:
    await bench.adapter.send(bench.group, make_text("Setuju?", "Ya", "Tidak"), "k1")
    assert bench.screen(bench.group)[-1].text == "Setuju?\n\n1. Ya\n2. Tidak"
    for content in (Album(()), Poll(make_text("?"), ()), Text()):
        with pytest.raises(PermanentSendError):
            await bench.adapter.send(bench.group, content, "k2")


async def test_a_long_question_is_said_before_its_poll(tmp_path: Path) -> None:
    async with benched(tmp_path, choices="polls") as bench:
        long = make_text("Rapat\n" * 100 + "Setuju?", "Ya", "Tidak")
        await bench.adapter.send(bench.group, long, "k1")
        said, poll = bench.screen(bench.group)
        assert said.text == long.plain
        assert (poll.text, poll.buttons) == ("Setuju?", ["Ya", "Tidak"])
        await bench.adapter.send(bench.group, Photo(bench.desk.store_blob(PNG), make_text("Benar?", "Ya")), "k2")
        assert [(bool(shown.files), list(shown.buttons)) for shown in bench.screen(bench.group)[2:]] == [
            (True, []),
            (False, ["Ya"]),
        ]


async def test_a_vote_in_a_poll_of_before_a_restart_is_its_number_quoting_the_poll(tmp_path: Path) -> None:
    async with benched(tmp_path, choices="polls") as bench:
        native = await bench.adapter.send(bench.group, make_text("Setuju?", "Ya", "Tidak"), "k1")
        restarted = Waha(settings(bench.waha.url), "polls")
        bench.desk.connect_adapter(restarted)
        async with run_adapter(restarted):
            bench.people.votes(RINA, GROUP, native, "Tidak")
            bench.people.votes(RINA, GROUP, native)  # withdrawn: what was chosen was chosen
            bench.people.votes(RINA, GROUP, native, "Ya", "Tidak")
            await bench.wait_until_idle()
            votes = [event for event in bench.desk.events if isinstance(event, Message)]
            assert [(vote.text, vote.reply_to) for vote in votes] == [("2", native)]


async def test_all_engines_answer_in_their_own_shape(tmp_path: Path) -> None:
    for engine in ("WEBJS", "NOWEB", "GOWS"):
        async with benched(tmp_path, engine=engine) as bench:
            native = await bench.adapter.send(bench.group, make_text("satu"), "k1")
            assert bench.screen(bench.group)[-1].id == native
