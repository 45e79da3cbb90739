"""Deciding: yes, no with a reason, or a question back."""

import pytest
from pendopo.testing import Story

from .steps import list_actions, list_states, put_to_sekda, send_izin


@pytest.mark.parametrize("answer", ["setuju", "ok", "acc", "1"])
async def test_a_quoted_yes_decides(story: Story, answer: str) -> None:
    _, card = await put_to_sekda(story)
    await story.sekda.says(answer, to=card)
    story.kadis.sees("disetujui Sekda")


async def test_a_quoted_no_with_its_reason_decides(story: Story) -> None:
    _, card = await put_to_sekda(story)
    await story.sekda.says("tolak karena ada rapat anggaran", to=card)
    story.kadis.sees("ditolak Sekda", "Alasan: ada rapat anggaran")
    assert "Alasan: ada rapat anggaran" in story.group.last.text


async def test_a_refusal_without_a_reason_is_asked_for_one(story: Story) -> None:
    await put_to_sekda(story)
    await story.sekda.presses("Tolak…")
    assert story.sekda.last.text == "Apa alasan penolakannya?"
    assert story.kadis.messages == []
    await story.restart()
    await story.sekda.says("kantor sedang diaudit")
    story.kadis.sees("ditolak Sekda", "Alasan: kantor sedang diaudit")


async def test_who_wonders_at_the_reason_may_still_approve(story: Story) -> None:
    _, card = await put_to_sekda(story)
    await story.sekda.presses("Tolak…")
    await story.sekda.says("/batal")
    await story.sekda.presses("Setujui", on=card)
    story.kadis.sees("disetujui Sekda")


async def test_it_is_decided_once_however_often_somebody_touches(story: Story) -> None:
    _, card = await put_to_sekda(story)
    await story.sekda.presses("Setujui", on=card)
    await story.sekda.says("2", to=card)
    if card.buttons:
        await story.sekda.presses("Tolak…", on=card)
    assert await list_states(story) == ["disetujui"]
    lines = await story.stored.list_audit_lines("izin")
    assert sum(line.action in ("izin.setujui", "izin.tolak") for line in lines) == 1
    assert sum("disetujui" in shown.text for shown in story.kadis.messages) == 1


async def test_after_a_refused_number_nothing_more_is_waited_for(story: Story) -> None:
    await put_to_sekda(story)
    await story.camat.says("/izin batal")
    await story.camat.says("1")
    assert story.camat.last.text == "Izin #1 bukan milik Anda."
    await story.advance(hours=1)
    story.camat.does_not_see("30 menit")


async def test_a_question_back_is_answered_and_then_decided(story: Story) -> None:
    await send_izin(story)
    await story.sekda.presses("Tanya…")
    await story.sekda.says("siapa yang mendampingi?")
    assert await list_states(story) == ["ditanya"]
    story.kadis.sees("Sekda bertanya tentang izin #1", "siapa yang mendampingi?")
    await story.restart()
    await story.kadis.presses("Jawab…")
    await story.kadis.says("Sekdis")
    assert await list_states(story) == ["diajukan"]
    story.sekda.sees("Kadis PU menjawab", "Sekdis")
    await story.sekda.presses("Setujui")
    assert await list_states(story) == ["disetujui"]
    assert await list_actions(story) == ["izin.draf", "izin.ajukan", "izin.tanya", "izin.jawab", "izin.setujui"]


async def test_by_number_and_with_a_reason(story: Story) -> None:
    await send_izin(story)
    await story.sekda.says("/tolak 1 karena ada rapat anggaran")
    assert await list_states(story) == ["ditolak"]
    story.kadis.sees("ditolak Sekda", "Alasan: ada rapat anggaran")
    await story.camat.says("/setuju 1")
    story.camat.sees("tidak sedang menunggu keputusan Anda")


async def test_nobody_decides_on_their_own(story: Story) -> None:
    await send_izin(story)
    await story.kadis.says("/setuju 1")
    story.kadis.sees("Izin sendiri tidak dapat diputuskan sendiri")
    assert await list_states(story) == ["diajukan"]
