"""Containers that tend to themselves."""

import asyncio

from pendopo.model.containers import BackgroundTasks, RecentDict


def test_the_entries_set_last_are_kept_and_setting_one_again_makes_it_the_newest() -> None:
    recent: RecentDict[str, int] = RecentDict(2)
    recent["a"], recent["b"], recent["a"], recent["c"] = 1, 2, 3, 4
    assert dict(recent) == {"a": 3, "c": 4}


async def test_a_task_is_kept_until_it_is_done_and_cancelled_with_the_others() -> None:
    tasks, gate = BackgroundTasks(), asyncio.Event()
    tasks.start(asyncio.sleep(0))
    tasks.start(gate.wait())
    assert len(tasks) == 2
    await asyncio.sleep(0.01)
    assert len(tasks) == 1
    (left,) = tasks
    await tasks.cancel()
    assert left.cancelled()
