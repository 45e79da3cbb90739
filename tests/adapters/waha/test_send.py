"""Sending: safe to repeat where the gateway makes it so, polite, and every refusal named for what it is."""

import asyncio
from pathlib import Path

import pytest
from pendopo.adapters.waha import Waha
from pendopo.errors import ChatClosedError, PermanentSendError, UnknownOutcomeError
from pendopo.model import Contact, Location, Photo, Text
from pendopo.testing.conformance import PNG, make_text

from .bench import CHAT, GROUP, RINA_LID, Counting, WahaBench, benched, settings


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


async def test_all_engines_answer_in_their_own_shape(tmp_path: Path) -> None:
    for engine in ("WEBJS", "NOWEB", "GOWS"):
        async with benched(tmp_path, engine=engine) as bench:
            native = await bench.adapter.send(bench.group, make_text("satu"), "k1")
            assert bench.screen(bench.group)[-1].id == native
