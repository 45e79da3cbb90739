"""What is urgent reaches who is on duty at any hour, again and again until they answer."""

from datetime import datetime
from zoneinfo import ZoneInfo

from pendopo.testing import Actor, Story
from pendopo.testing.pictures import make_jpeg
from pendopo_laporan.models import Siaga

from .readers import list_actions, list_states


def alarms(who: Actor) -> int:
    return sum("DARURAT" in message.text for message in who.messages)


async def test_who_is_on_duty_is_alerted_at_once_and_their_answer_is_seen(story: Story) -> None:
    await story.lurah.says("/laporan darurat kebakaran di Kel. Dago, 3 rumah", photos=[make_jpeg(1)])
    for who in (story.camat, story.sekda):
        who.sees("DARURAT", "Laporan #1", "3 rumah")
    story.group.sees("🚨 DARURAT", "#1")
    await story.restart()
    await story.sekda.presses("Saya terima")
    story.sekda.sees("Peringatan #1 diterima Sekda, 12/08 10.20")
    story.lurah.sees("Peringatan #1 diterima Sekda")
    await story.kadis.says("/laporan 1")
    assert "🔔 Sekda: menerima 12/08 10.20" in story.kadis.last.text
    assert "🔔 Camat Coblong: belum menjawab" in story.kadis.last.text
    assert {"laporan.siaga", "laporan.siaga_terima"} <= set(await list_actions(story))


async def test_quiet_hours_are_for_other_things(story: Story) -> None:
    story.clock.move_to(datetime(2026, 8, 13, 2, 0, tzinfo=ZoneInfo("Asia/Jakarta")))
    await story.lurah.says("/laporan kebakaran di pasar")
    story.camat.sees("DARURAT", "Laporan #1")
    story.sekda.sees("DARURAT")


async def test_who_does_not_answer_is_alerted_again_and_who_did_is_not(story: Story) -> None:
    await story.lurah.says("/laporan kebakaran di pasar")
    await story.sekda.presses("Saya terima")
    seen = [alarms(who) for who in (story.sekda, story.camat)]
    assert seen[1] > 0
    await story.restart()
    await story.advance(minutes=4)
    assert [alarms(who) for who in (story.sekda, story.camat)] == [seen[0], seen[1] + 1]


async def test_when_nobody_answers_it_goes_higher_and_the_reporter_knows(story: Story) -> None:
    await story.lurah.says("/laporan kebakaran di pasar")
    await story.advance(minutes=10)
    story.walikota.sees("DARURAT", "Laporan #1")
    story.lurah.sees("Belum ada petugas siaga yang menjawab", "Wali Kota", "112")
    assert "laporan.siaga_lanjut" in await list_actions(story)


async def test_when_all_have_answered_nobody_is_alerted_any_more(story: Story) -> None:
    await story.lurah.says("/laporan kebakaran di pasar")
    await story.sekda.presses("Saya terima")
    await story.camat.presses("Saya terima", on=story.camat.sees("DARURAT"))
    alerts = sum("terima" in m.text for m in story.walikota.messages)
    await story.advance(hours=1)
    assert story.walikota.messages == []
    assert alerts == 0
    assert all(row.dijawab is not None for row in await story.stored.list_rows(Siaga))


async def test_what_turns_urgent_later_alerts_too(story: Story) -> None:
    await story.lurah.says("/laporan banjir setinggi 40 cm")
    story.sekda.does_not_see("DARURAT")
    await story.lurah.says("/laporan ubah 1 tingkat darurat")
    story.sekda.sees("DARURAT", "Laporan #1")


async def test_what_is_done_or_taken_back_alerts_nobody(story: Story) -> None:
    await story.lurah.says("/laporan kebakaran di pasar")
    await story.lurah.presses("Batalkan")
    await story.advance(hours=1)
    assert await list_states(story) == ["ditarik"]
    assert story.walikota.messages == []


async def test_the_right_to_answer_an_alert_is_of_whom_it_was_sent_to(tale: Story) -> None:
    await tale.lurah.says("/laporan kebakaran di pasar")
    card = tale.sekda.sees("DARURAT")
    (button,) = card.buttons
    await tale.kadis.presses_token(button.token, card)
    assert all(row.dijawab is None for row in await tale.stored.list_rows(Siaga))


async def test_a_handler_who_is_on_duty_hears_once(story: Story) -> None:
    await story.lurah.says("/laporan kebakaran di pasar")
    assert sum("Laporan #1" in message.text for message in story.camat.messages) == 1
    await story.camat.presses("Saya terima")
    await story.camat.presses("Proses")
    assert await list_states(story) == ["proses"]


async def test_a_handler_off_duty_hears_of_what_is_not_urgent(story: Story) -> None:
    await story.lurah.says("/laporan genangan di Dago")
    assert sum("Laporan #1" in message.text for message in story.camat.messages) == 1
