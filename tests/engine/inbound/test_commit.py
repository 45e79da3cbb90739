"""What one handler did is committed whole, or runs again when somebody else was faster."""

import asyncio
from typing import Any

from pendopo import Message
from pendopo.engine.inbound import dispatcher as dispatching
from pendopo.errors import StaleError
from pendopo.plugin.context import effects_of

from .conftest import Angka, World


async def test_two_who_change_the_same_row_at_once_both_count(world: World) -> None:
    story, box = world
    await story.kadis.says("/mulai")
    box["meet"] = asyncio.Event()
    now = story.clock.now()
    for name in ("kadis", "sekda"):
        await story.messenger.deliver(story.messenger.make_native(name, True, name, now, text="/tambah"))
    while box["runs"] < 2:
        await asyncio.sleep(0)
    box["meet"].set()
    await story.wait_until_idle()
    assert [angka.nilai for angka in await story.stored.list_rows(Angka)] == [2]
    assert box["runs"] == 3


async def test_who_is_always_overtaken_is_told_and_does_not_run_for_ever(world: World) -> None:
    story, _ = world
    commit = story.app.dispatcher._work.commit
    tries = 0

    async def always_late(ctx: Any, row: Any, mark: Any) -> None:
        nonlocal tries
        said = effects_of(ctx).outgoing
        if isinstance(ctx.event, Message) and said and "tertulis" in str(said[0].content):
            tries += 1
            raise StaleError("again")
        await commit(ctx, row, mark)

    story.app.dispatcher._work.commit = always_late
    await story.kadis.says("/tulis satu")
    await story.advance(seconds=10)
    assert tries == dispatching.STALE_TRIES * dispatching.TRIES
    assert "kode" in story.kadis.last.text
