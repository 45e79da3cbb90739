"""What people say and touch reaches the bot, once, and waits while it does not take it."""

import asyncio
from pathlib import Path

import pytest
from pendopo.model import Account, ButtonPress, Message

from .bench import GROUP, NOW, RINA, Taker, make_simulator, make_text


async def test_what_a_person_says_is_delivered_and_then_ticked() -> None:
    host = Taker()
    sim = make_simulator(host)
    await sim.say("rina", "forum", "/izin besok")
    [message] = sim.convert(host.taken[0])
    assert isinstance(message, Message)
    assert (message.key, message.text, message.chat, message.at) == ("m1", "/izin besok", GROUP, NOW)
    assert message.account == Account(("simulator:rina",), "Rina Hidayat", "rina")
    assert message.raw["text"] == "/izin besok"
    assert sim.screen("rina", "forum").bubbles[0].taken


async def test_what_the_bot_did_not_take_is_delivered_again_in_order_also_after_a_restart(tmp_path: Path) -> None:
    log, host = tmp_path / "simulator.jsonl", Taker()
    host.broken = True
    sim = make_simulator(host, log)
    for words in ("satu", "dua"):
        with pytest.raises(OSError, match="disk full"):
            await sim.say("rina", "rina", words)
    assert not await sim.redeliver_owed()
    assert not sim.screen("rina", "rina").bubbles[0].taken
    host.broken = False
    again = make_simulator(host, log)
    running = asyncio.create_task(again.run())
    while not again.screen("rina", "rina").bubbles[1].taken:
        await asyncio.sleep(0)
    running.cancel()
    assert [each.key for each in host.taken] == ["m1", "m2"]


async def test_a_press_waits_until_it_is_answered_and_is_not_pressed_twice_meanwhile() -> None:
    host = Taker()
    sim = make_simulator(host)
    asked = await sim.send(RINA, make_text("Setuju?", "Ya", "Tidak"), "k1")
    await sim.press("rina", "rina", asked, "token-0")
    await sim.press("rina", "rina", asked, "token-1")
    [press] = sim.convert(host.taken[-1])
    assert isinstance(press, ButtonPress)
    assert (len(host.taken), press.token, press.message) == (1, "token-0", asked)
    assert sim.screen("rina", "rina").bubbles[0].waiting == "token-0"
    before = sim.latest
    await sim.answer_press(press.key, "Tercatat.")
    await sim.answer_press(press.key, "Tercatat.")
    [change] = await sim.changed(before)
    assert (change.person, change.toast) == ("rina", "Tercatat.")
    assert sim.screen("rina", "rina").bubbles[0].waiting == ""


async def test_buttons_that_are_not_there_cannot_be_pressed() -> None:
    sim = make_simulator()
    asked = await sim.send(RINA, make_text("Setuju?", "Ya"), "k1")
    for person, chat, message, token in [
        ("rina", "rina", asked, "forged"),
        ("rina", "forum", asked, "token-0"),
        ("dewi", "rina", asked, "token-0"),
        ("rina", "rina", "m99", "token-0"),
    ]:
        with pytest.raises(LookupError):
            await sim.press(person, chat, message, token)


async def test_a_change_wakes_everybody_who_waits_for_it() -> None:
    sim = make_simulator()
    waiting = [asyncio.create_task(sim.changed(0)) for _ in range(2)]
    await asyncio.sleep(0)
    await sim.send(GROUP, make_text("halo"), "k1")
    for changes in await asyncio.gather(*waiting):
        assert [(change.number, change.people) for change in changes] == [(1, ("rina", "dewi"))]
