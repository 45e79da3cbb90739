"""Tasks end also when something in them forgets once that it was told to."""

import asyncio

from pendopo.engine.lanes import lanes


async def test_a_task_that_forgets_once_is_told_again() -> None:
    told = []

    async def forgetful() -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                told.append(True)
                if len(told) > 1:
                    raise

    task = asyncio.create_task(forgetful())
    await asyncio.sleep(0)
    await asyncio.wait_for(lanes.cancel_tasks([task]), 10)
    assert (task.cancelled(), len(told)) == (True, 2)


async def test_what_a_task_raises_while_it_ends_is_nobodys() -> None:
    async def broken() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise ZeroDivisionError

    task = asyncio.create_task(broken())
    await asyncio.sleep(0)
    await lanes.cancel_tasks([task])
    assert isinstance(task.exception(), ZeroDivisionError)
