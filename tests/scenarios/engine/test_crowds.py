"""Whoever asks something now is answered within two seconds, whatever is queued for others."""

import msgspec
import pytest
from pendopo import Context, Plugin, phrase
from pendopo.model import Chat, ChatKind, Rate
from pendopo.testing import PROFILES, Story

CROWD = 1000
plugin = Plugin("ramai", summary="Tells many people something", policy="anyone")


@plugin.command("siarkan")
async def siarkan(ctx: Context) -> None:
    """A command that writes to everybody."""
    for number in range(CROWD):
        await ctx.send(Chat("memory", f"c{number}", ChatKind.PRIVATE), phrase("umum.pilihan", teks="kabar"))
    await ctx.reply(phrase("umum.pilihan", teks="tersiar"))


@plugin.command("nanti")
async def nanti(ctx: Context) -> None:
    """Plans a job in the chat of everybody for one instant."""
    for number in range(CROWD):
        chat = Chat("memory", f"c{number}", ChatKind.PRIVATE)
        await ctx.schedule(ctx.at(ctx.today).replace(hour=12), ringkasan, chat=chat)


@plugin.job(policy="anyone")
async def ringkasan(ctx: Context) -> None:
    """A digest."""
    await ctx.reply(phrase("umum.pilihan", teks="ringkasan"))


@plugin.command("halo")
async def halo(ctx: Context) -> None:
    """Answers."""
    await ctx.reply(phrase("umum.pilihan", teks="hai"))


@pytest.mark.parametrize("rate", [Rate(25, 1.0), Rate(1, 1.0)])
@pytest.mark.parametrize("begin", ["/siarkan", "/nanti"])
async def test_a_command_is_answered_within_two_seconds(begin: str, rate: Rate) -> None:
    async with Story([plugin]) as story:
        story.messenger.able = msgspec.structs.replace(PROFILES["telegram"], per_account=(rate,), per_chat=(Rate(1, 1.0),))
        await story.kadis.says(begin)
        await story.advance(hours=1, minutes=40)  # twelve o'clock
        if begin == "/siarkan":
            story.messenger.screen.clear()
            await story.kadis.says(begin)
        waiting = len(await story.stored.list_deliveries(state="open"))
        assert waiting > 900
        for name in ("sekda", "c999", "lurah"):
            actor = story.actor(name)
            await actor.says("/halo")
            await story.advance(seconds=2)
            said = [shown.text for shown in actor.messages]
            assert said[-1:] == ["hai"], f"{name} got {said}"
        assert len(await story.stored.list_deliveries(state="open")) > 800


async def test_who_is_told_something_and_asks_meanwhile_gets_both_in_order() -> None:
    async with Story([plugin]) as story:
        story.messenger.able = msgspec.structs.replace(
            PROFILES["telegram"], per_account=(Rate(25, 1.0),), per_chat=(Rate(1, 1.0),)
        )
        await story.kadis.says("/siarkan")
        asker = story.actor("c990")
        await asker.says("/halo")
        await story.advance(seconds=2)
        assert [shown.text for shown in asker.messages] == ["kabar", "hai"]
        await story.advance(minutes=2)
        told = {shown.chat for shown in story.messenger.screen if shown.text == "kabar"}
        assert len(told) == CROWD, "everybody is told"
