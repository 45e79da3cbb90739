"""Words passed on are material: never a command, a decision or an answer, until their sender says so."""

import pytest
from pendopo.testing import Story


@pytest.mark.parametrize("text", ["/setuju 1", "/acc 1", "acc 1"])
async def test_a_forwarded_command_asks_first(story: Story, text: str) -> None:
    await story.sekda.says(text, forwarded=True)
    story.kadis.does_not_see("disetujui")
    story.sekda.sees("pesan terusan", text)
    await story.sekda.presses("Ya, maksud saya")
    story.kadis.sees("disetujui Sekda")


@pytest.mark.parametrize("text", ["/setuju 1", "/tolak 1 karena hujan", "setuju", "hadir"])
async def test_in_a_group_a_forwarded_text_is_chatter(story: Story, text: str) -> None:
    before = len(story.group.messages)
    await story.sekda.says(text, group=True, forwarded=True)
    assert len(story.group.messages) == before
    story.kadis.does_not_see("disetujui")


async def test_a_forwarded_text_answers_no_question(story: Story) -> None:
    await story.sekda.presses("Tolak…")
    await story.sekda.says("Silakan hadir semua", forwarded=True)
    story.kadis.does_not_see("ditolak")
    await story.sekda.presses("Ya, maksud saya")
    story.kadis.sees("ditolak Sekda", "Alasan: Silakan hadir semua")


async def test_a_forwarded_word_decides_nothing(story: Story) -> None:
    for text in ("setuju", "1", "ok"):
        await story.sekda.says(text, forwarded=True)
    story.kadis.does_not_see("disetujui")
