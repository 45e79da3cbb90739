"""The test kit itself: it shows what people see, and says what is there when somebody looks for something else."""

import pytest
from pendopo.testing import Story


async def test_nobody_else_is_in_the_story(story: Story) -> None:
    with pytest.raises(AttributeError):
        _ = story.bupati


async def test_the_bot_is_there_from_begin_to_end(story: Story) -> None:
    await story.stop()
    with pytest.raises(RuntimeError, match="the bot of this story is not running"):
        _ = story.app
    await story.start()
    assert story.app.broken == {}


async def test_the_clock_stands_still_until_it_is_moved(story: Story) -> None:
    before = story.clock.now()
    await story.kadis.says("/izin rakor besok jam 9")
    assert story.clock.now() == before
    await story.advance(hours=1)
    assert (story.clock.now() - before).total_seconds() == 3600


async def test_without_a_file_a_restart_forgets_everything(story: Story) -> None:
    await story.kadis.says("/izin rakor besok jam 9")
    await story.restart()
    await story.kadis.says("/izin saya")
    story.kadis.sees("belum pernah")
