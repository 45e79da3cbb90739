"""What the bot counts."""

from pendopo.testing import Story


async def test_the_first_reply_of_each_command_is_timed_and_silence_is_counted(story: Story) -> None:
    metrics = story.app.core.metrics
    await story.kadis.says("/gema satu")
    await story.kadis.says("bukan perintah", group=True)
    counts = {route: histogram.buckets()[0][-1] for route, histogram in metrics.first_replies.items()}
    assert counts == {"gema.gema": ("+Inf", 1)}
    assert metrics.silent == {}
    await story.kadis.says("/diam")
    assert metrics.silent == {"gema.diam": 1}
