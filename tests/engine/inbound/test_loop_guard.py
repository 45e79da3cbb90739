"""What holds the event loop is seen from outside of it, named, counted, and not handed on for ever."""

import time
from collections.abc import Callable

import pytest
from pendopo import Context, Plugin, phrase
from pendopo.engine.inbound import loop_guard
from pendopo.testing import Story

from tests.tampering import change_rows


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_guard, "LOOK_SECONDS", 0.005)
    monkeypatch.setattr(loop_guard, "PATIENCE", 0.05)


def make_plugin(until: Callable[[], bool]) -> Plugin:
    plugin = Plugin("uji", summary="Under test", policy="known")

    @plugin.command("macet")
    async def macet(ctx: Context) -> None:
        begun = time.monotonic()
        while not until() and time.monotonic() - begun < 20:
            pass
        await ctx.reply(phrase("umum.pilihan", teks="lepas"))

    @plugin.command("halo")
    async def halo(ctx: Context) -> None:
        await ctx.reply(phrase("umum.pilihan", teks="hai"))

    return plugin


async def test_a_handler_that_holds_the_loop_is_named_counted_and_noted() -> None:
    story = Story([make_plugin(lambda: story.app.dispatcher.guard.held.total() > 0)])
    async with story:
        await story.kadis.says("/macet")
        assert story.kadis.last.text == "lepas"
        guard = story.app.dispatcher.guard
        assert dict(guard.held) == {"uji.macet": 1}
        loop = (await story.app.readiness())["loop"]
        assert loop["held"] == 1
        gauges = {measure.name: measure.samples for measure in await story.app.gauges()}
        assert gauges["pendopo_loop_held"] == [({}, 1.0)]


async def test_what_is_quick_is_not_named() -> None:
    async with Story([make_plugin(lambda: True)]) as story:
        for _ in range(3):
            await story.kadis.says("/halo")
        assert not story.app.dispatcher.guard.held["uji.halo"]


async def test_what_held_the_loop_of_two_processes_is_set_aside_and_others_go_on(database_url: str) -> None:
    async with Story([make_plugin(lambda: True)], database=database_url) as story:
        await story.kadis.says("/halo")
        await story.stop()
    async with Story([make_plugin(lambda: True)], database=database_url) as story:
        await change_rows(story.app.database, "inbox", state="open", held=1, step=0)
        await story.restart()
        story.kadis.sees("hai")
        await change_rows(story.app.database, "inbox", state="open", held=2, step=0)
        await story.restart()
        (dead,) = await story.stored.list_inbox(state="dead")
        assert dead.error == "quarantined: it held the event loop 2 times"
        story.kadis.sees(dead.code)
        await story.sekda.says("/halo")
        story.sekda.sees("hai")


async def test_it_is_noted_beside_the_message_while_the_loop_is_still_held(database_url: str) -> None:
    noted: list[int] = []
    story = Story([make_plugin(lambda: bool(noted))], database=database_url)
    async with story:
        guard = story.app.dispatcher.guard
        note = guard._note

        def note_and_tell(event_id: int) -> None:
            note(event_id)
            noted.append(event_id)

        guard._note = note_and_tell
        await story.kadis.says("/macet")
        assert [(row.id, row.held) for row in await story.stored.list_inbox()] == [(noted[0], 1)]
