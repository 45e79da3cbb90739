"""What happens by itself: reminders, escalation, expiry, the begin and the end of an absence."""

from pendopo.testing import Story

from .steps import list_actions, list_states, send_izin


async def test_who_does_not_answer_is_reminded_and_may_put_it_off(story: Story) -> None:
    await send_izin(story)
    await story.advance(hours=2, minutes=1)
    story.sekda.sees("Masih menunggu keputusan Anda, dari Kadis PU")
    before = len(story.sekda.messages)
    await story.sekda.presses("Nanti 1 jam")
    await story.advance(hours=1, minutes=1)
    reminders = [shown for shown in story.sekda.messages[before:] if "Masih menunggu" in shown.text]
    assert len(reminders) == 1
    await story.sekda.presses("Setujui", on=reminders[0])
    assert await list_states(story) == ["disetujui"]


async def test_what_stays_undecided_goes_to_the_next_one_above_and_expires_before_it_begins(story: Story) -> None:
    await send_izin(story, "/izin rakor Bappenas 14 Agustus jam 9")
    await story.advance(days=1)
    story.walikota.sees("Belum diputuskan di bawah Anda", "Kadis PU meminta izin")
    story.kadis.sees("diteruskan juga kepada Wali Kota")
    await story.advance(days=1)
    assert await list_states(story) == ["kedaluwarsa"]
    story.kadis.sees("kedaluwarsa tanpa keputusan", "belum diizinkan")
    await story.sekda.says("/setuju 1")
    story.sekda.sees("Izin #1 sudah kedaluwarsa")


async def test_it_runs_ends_and_its_result_is_asked_for_once(story: Story) -> None:
    await send_izin(story)
    await story.sekda.presses("Setujui")
    await story.advance(hours=23)
    assert await list_states(story) == ["berjalan"]
    await story.camat.says("/izin siapa hari ini")
    story.camat.sees("Kadis PU: Rakor Bappenas")
    await story.advance(hours=3)
    assert await list_states(story) == ["selesai"]
    await story.kadis.presses("Tulis laporan…")
    await story.kadis.says("disepakati jadwal bersama")
    story.sekda.sees("Laporan hasil izin #1 dari Kadis PU", "disepakati jadwal bersama")
    assert await list_actions(story) == [
        "izin.draf",
        "izin.ajukan",
        "izin.setujui",
        "izin.berjalan",
        "izin.selesai",
        "izin.hasil",
    ]
