"""A disposisi is received, answered and closed where its card is read: privately or in the group, in words."""

import pytest
from pendopo.testing import Story
from pendopo_disposisi.models import Disposisi


async def hand_down(story: Story) -> None:
    await story.sekda.says("/disposisi Kadis PU cek pompa Gedebage sebelum Jumat", group=True)


async def list_states(story: Story) -> list[str]:
    return [row.status for row in await story.stored.list_rows(Disposisi)]


@pytest.mark.parametrize("text", ["siap pak", "siap laksanakan", "Diterima", "86", "baik bu, siap", "oke noted"])
async def test_a_word_of_receipt_is_one(story: Story, text: str) -> None:
    await hand_down(story)
    await story.kadis.says(text, to=story.kadis.last)
    assert await list_states(story) == ["diterima"]


@pytest.mark.parametrize("text", ["siap laksanakan", "diterima pak"])
async def test_the_receiver_answers_under_the_givers_message_in_the_group(story: Story, text: str) -> None:
    await hand_down(story)
    shown = story.group.last
    await story.kadis.says(text, group=True, to=shown)
    assert await list_states(story) == ["diterima"]
    story.group.sees("Kadis PU", "diterima")


@pytest.mark.parametrize("text", ["siap tapi minta tambahan orang", "pompanya yang mana?", "belum bisa pak"])
async def test_what_is_more_is_asked_about(story: Story, text: str) -> None:
    await hand_down(story)
    await story.kadis.says(text, to=story.kadis.last)
    assert await list_states(story) == ["dikirim"]
    story.kadis.sees("belum ada yang dicatat", text)


async def test_what_was_done_is_offered_as_the_answer(story: Story) -> None:
    await hand_down(story)
    await story.kadis.says("pompa sudah menyala sejak pagi", to=story.kadis.last)
    await story.kadis.presses("Jawab: pompa sudah menyala sejak pagi")
    story.sekda.sees("pompa sudah menyala sejak pagi")
    assert await list_states(story) == ["dijawab"]


async def test_a_colleague_under_the_card_receives_nothing(story: Story) -> None:
    await hand_down(story)
    before = len(story.group.messages)
    await story.camat.says("siap laksanakan", group=True, to=story.group.last)
    assert await list_states(story) == ["dikirim"]
    assert len(story.group.messages) == before
