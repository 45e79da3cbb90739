"""A handler that never ends is stopped; it delays its own chat for a while and nobody else."""

import asyncio
from contextlib import suppress

import pytest
from pendopo import Context, Plugin, phrase
from pendopo.engine.inbound import watchdog as watching
from pendopo.engine.inbound.watchdog import Watchdog
from pendopo.testing import Story


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.001)


async def endless() -> None:
    await asyncio.Event().wait()


async def test_work_that_takes_too_long_is_stopped() -> None:
    dog = Watchdog(0.0, print)
    with pytest.raises(TimeoutError, match="longer than"):
        await dog.run(endless(), None)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    dog.close()


async def test_work_in_time_is_left_alone() -> None:
    dog = Watchdog(60.0, print)
    await dog.run(asyncio.sleep(0), None)
    dog.close()


async def test_what_somebody_else_stops_is_no_time_out() -> None:
    dog = Watchdog(60.0, print)
    task = asyncio.create_task(dog.run(endless(), None))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    dog.close()


async def test_work_that_will_not_be_stopped_does_not_leave_its_task_marked() -> None:
    dog = Watchdog(0.0, print)

    async def stubborn() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()

    await dog.run(stubborn(), None)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    with pytest.raises(TimeoutError):
        await dog.run(endless(), None)
    dog.close()


async def test_a_handler_that_hangs_is_tried_again_and_told_as_a_failure() -> None:
    plugin = Plugin("uji", summary="Under test", policy="known")
    runs = 0

    @plugin.command("gantung")
    async def gantung(ctx: Context) -> None:
        nonlocal runs
        runs += 1
        await asyncio.Event().wait()

    @plugin.command("cepat")
    async def cepat(ctx: Context) -> None:
        await ctx.reply(phrase("umum.pilihan", teks="cepat"))

    async with Story([plugin], raises=False) as story:
        story.app.dispatcher.watchdog = Watchdog(0.0, print)
        await story.kadis.says("/gantung")
        story.app.dispatcher.watchdog.close()
        story.app.dispatcher.watchdog = Watchdog(60.0, print)
        await story.sekda.says("/cepat")
        assert story.sekda.last.text == "cepat"
        story.app.dispatcher.watchdog.close()
        story.app.dispatcher.watchdog = Watchdog(0.0, print)
        await story.advance(seconds=10)
        assert "kode" in story.kadis.last.text
        assert runs == 3
