"""Who may do what with a disposisi."""

from pendopo.testing import Story

from .steps import hand_down, list_states


async def test_nobody_else_answers_or_ends_it(story: Story) -> None:
    await hand_down(story)
    await story.kadis.says("/disposisi jawab 1 sudah")
    story.kadis.sees("Disposisi #1 bukan untuk Anda")
    await story.camat.says("/disposisi selesai 1")
    story.camat.sees("Disposisi #1 bukan dari Anda")
    assert await list_states(story) == ["dikirim"]
