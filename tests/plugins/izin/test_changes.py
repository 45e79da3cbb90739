"""Changing one's mind: taken back, or another time."""

from pendopo.testing import Story

from .steps import list_states, put_to_sekda, send_izin


async def test_taken_back_before_the_decision_it_cannot_be_decided(story: Story) -> None:
    _, card = await put_to_sekda(story)
    await story.kadis.says("/izin batal 1")
    story.kadis.sees("Izin #1 sudah ditarik")
    story.sekda.sees("Ditarik kembali")
    await story.sekda.says("1", to=card)
    assert await list_states(story) == ["ditarik"]


async def test_taken_back_after_the_decision_it_is_cancelled_with_a_trace(story: Story) -> None:
    await put_to_sekda(story)
    await story.sekda.presses("Setujui")
    await story.kadis.says("/izin batal 1 karena rakor ditunda")
    assert await list_states(story) == ["dibatalkan"]
    story.sekda.sees("Kadis PU membatalkan izin #1", "Alasan: rakor ditunda")
    await story.kadis.says("/izin batal 1")
    assert "Izin #1 sudah dibatalkan, jadi tidak dapat ditarik lagi." in story.kadis.last.text


async def test_nobody_takes_back_what_is_anothers(story: Story) -> None:
    await put_to_sekda(story)
    await story.camat.says("/izin batal 1")
    assert story.camat.last.text == "Izin #1 bukan milik Anda."
    await story.camat.says("/izin batal 99")
    assert "Nomor 99 tidak ditemukan" in story.camat.last.text


async def test_a_longer_time_is_decided_anew_and_a_shorter_one_stands(story: Story) -> None:
    await send_izin(story, "/izin rakor Bappenas 18-19 Agustus")
    await story.sekda.presses("Setujui")
    await story.kadis.says("/izin ubah 1 waktu 18 Agustus")
    assert await list_states(story) == ["disetujui"]
    story.sekda.sees("Kadis PU mempersingkat izin #1", "18 Agustus 2026")
    await story.kadis.says("/izin ubah 1 waktu 18-20 Agustus")
    assert await list_states(story) == ["diajukan"]
    await story.sekda.presses("Setujui")
    assert await list_states(story) == ["diajukan"], "three days of a head go on to the mayor"
    await story.walikota.presses("Setujui")
    assert await list_states(story) == ["disetujui"]
