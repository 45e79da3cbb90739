"""When the time comes: once, together, late if the bot was away, with days off as wished, and told when it reached nobody."""

from datetime import timedelta

import pytest
from pendopo.errors import ChatClosedError
from pendopo.model import Account, Chat, ChatKind, ChatMigrated
from pendopo.store.queries.inbox import InboxRow
from pendopo.testing import Story
from pendopo_ingatkan.models import Pengingat

from tests.tampering import change_rows, remove_rows

from .conftest import count_rings


async def sleep(story: Story, **delta: float) -> None:
    """The bot is down for a while."""
    await story.stop()
    story.clock.move_to(story.clock.now() + timedelta(**delta))
    await story.start()


async def test_it_comes_once_at_its_minute_and_privately(story: Story) -> None:
    await story.kadis.says("/ingatkan 2 jam lagi cek pompa", group=True)
    await story.advance(hours=1, minutes=59)
    assert count_rings(story) == 0
    await story.advance(minutes=1)
    shown = story.kadis.sees("⏰ Pengingat #1\nCek pompa")
    assert "terlambat" not in shown.text
    await story.advance(days=3)
    assert count_rings(story) == 1
    assert count_rings(story, "group") == 0


async def test_done_is_one_touch(story: Story) -> None:
    await story.kadis.says("/ingatkan 2 jam lagi cek pompa")
    await story.advance(hours=2)
    await story.kadis.presses("Selesai")
    story.kadis.sees("✅ Selesai", "Cek pompa")
    await story.advance(days=3)
    assert count_rings(story) <= 1


@pytest.mark.parametrize(
    ("button", "when", "hours"),
    [
        ("15 menit", "Rabu, 12 Agustus 2026, pukul 12.35 WIB", 0.25),
        ("1 jam", "Rabu, 12 Agustus 2026, pukul 13.20 WIB", 1),
        ("Besok pagi", "Kamis, 13 Agustus 2026, pukul 08.00 WIB", 20),
    ],
)
async def test_later_is_one_touch(story: Story, button: str, when: str, hours: float) -> None:
    await story.kadis.says("/ingatkan 2 jam lagi cek pompa")
    await story.advance(hours=2)
    await story.kadis.presses(button)
    story.kadis.sees("Ditunda sampai", when, "Cek pompa")
    before = count_rings(story)
    await story.advance(hours=hours)
    assert count_rings(story) == before + 1
    await story.kadis.presses("Selesai")
    await story.advance(days=2)
    assert count_rings(story) <= before + 1


async def test_later_does_not_move_a_recurrence(story: Story) -> None:
    await story.kadis.says("/ingatkan setiap hari jam 8 lapor")
    await story.advance(days=1)
    await story.kadis.presses("1 jam")
    await story.advance(hours=1)
    story.kadis.sees("⏰ Pengingat #2\nLapor")
    await story.advance(days=1)
    assert story.kadis.last.text.startswith("⏰ Pengingat #1\nLapor")
    assert [row.id for row in await story.stored.list_rows(Pengingat) if row.status == "aktif"] == [1]


async def test_twenty_in_one_minute_are_one_message(story: Story) -> None:
    for number in range(20):
        await story.kadis.says(f"/ingatkan besok jam 9 tugas {number + 1} selesai")
    before = len(story.kadis.messages)
    await story.advance(days=1)
    new = story.kadis.messages[before:]
    assert len(new) == 1
    assert "20 pengingat:" in new[0].text
    assert all(f"#{number} · Tugas {number} selesai" in new[0].text for number in range(1, 21))
    await story.kadis.presses("1 jam")
    await story.advance(hours=1)
    assert "20 pengingat:" in story.kadis.last.text
    await story.kadis.presses("Selesai")
    assert {row.status for row in await story.stored.list_rows(Pengingat)} == {"selesai"}


async def test_set_within_one_minute_they_come_within_one_message(story: Story) -> None:
    for seconds in (2, 9, 11):
        await story.advance(seconds=seconds)
        await story.kadis.says(f"/ingatkan 2 jam lagi tugas {seconds}")
    await story.advance(hours=2)
    assert "3 pengingat:" in story.kadis.last.text


async def test_missed_while_the_bot_was_away_it_comes_late_once_and_says_so(story: Story) -> None:
    await story.kadis.says("/ingatkan 2 jam lagi cek pompa")
    await sleep(story, hours=2, minutes=40)
    story.kadis.sees("⏰ Pengingat #1\nCek pompa", "(terlambat 40 menit)")
    await story.restart()
    await story.advance(days=1)
    assert count_rings(story) == 1


async def test_a_recurrence_that_was_missed_for_days_comes_once_and_goes_on(story: Story) -> None:
    await story.kadis.says("/ingatkan setiap hari jam 8 lapor")
    await sleep(story, days=5)
    story.kadis.sees("Lapor", "(terlambat 4 hari 2 jam)", "Berikutnya: Selasa, 18 Agustus 2026, pukul 08.00 WIB")
    assert count_rings(story) == 1
    await story.advance(days=1)
    assert count_rings(story) == 2
    assert "terlambat" not in story.kadis.last.text


async def test_many_that_are_late_are_never_told_all_at_once(story: Story) -> None:
    for number in range(30):
        await story.kadis.says(f"/ingatkan {number + 5} menit lagi tugas {number + 1}")
    before = len(story.kadis.messages)
    await sleep(story, hours=3)
    new = [shown.text for shown in story.kadis.messages[before:]]
    assert len(new) == 2
    assert "25 pengingat:" in new[0]
    assert "5 pengingat:" in new[1]
    assert sum(text.count("terlambat") for text in new) == 30


async def test_days_off_are_skipped(story: Story) -> None:
    """17 August is Independence Day."""
    await story.kadis.says("/ingatkan grup setiap Senin jam 8 apel, lewati hari libur", group=True)
    story.group.sees("hari libur dilewati", "Berikutnya: Senin, 24 Agustus 2026, pukul 08.00 WIB")
    await story.advance(days=6)
    assert count_rings(story, "group") == 0
    await story.advance(days=7)
    assert count_rings(story, "group") == 1


async def test_days_off_may_move_it(story: Story) -> None:
    """25 August 2026 is the Prophet's birthday, a Tuesday."""
    await story.kadis.says("/ingatkan setiap tanggal 25 jam 9 bayar honor, maju bila libur")
    story.kadis.sees("maju ke hari kerja sebelumnya", "Berikutnya: Senin, 24 Agustus 2026, pukul 09.00 WIB")
    await story.kadis.says("/ingatkan setiap tanggal 25 jam 9 bayar honor, mundur bila libur")
    story.kadis.sees("mundur ke hari kerja sesudahnya", "Berikutnya: Rabu, 26 Agustus 2026, pukul 09.00 WIB")
    await story.advance(days=12, hours=23)
    story.kadis.sees("⏰ Pengingat #1\nBayar honor", "Berikutnya: Jumat, 25 September 2026")
    await story.advance(days=2)
    story.kadis.sees("⏰ Pengingat #2\nBayar honor", "Berikutnya: Jumat, 25 September 2026")


async def test_whom_it_does_not_reach_its_setter_hears_of(story: Story) -> None:
    await story.sekda.says("/ingatkan @Kadis PU besok jam 9 kirim data")

    def no_chat(account: Account) -> Chat | None:
        return None

    story.messenger.private_chat = no_chat
    await remove_rows(story.app.database, "chat", seen_at=0)
    await story.advance(days=1)
    story.sekda.sees("Pengingat #1 untuk Kadis PU tidak dapat disampaikan", "Kirim data")


async def test_who_blocked_the_bot_is_told_of_to_the_setter(story: Story) -> None:
    await story.kadis.says("/ingatkan daftar")
    await story.sekda.says("/ingatkan @Kadis PU besok jam 9 kirim data")
    story.messenger.faults = [ChatClosedError("blocked")]
    await story.advance(days=1)
    story.sekda.sees("Pesan untuk Rina Hidayat tidak tersampaikan")


async def test_a_firing_and_its_next_turn_commit_together(story: Story) -> None:
    await story.kadis.says("/ingatkan setiap hari jam 8 lapor")
    for _ in range(3):
        await story.advance(days=1)
        await story.restart()
    assert count_rings(story) == 3
    assert [row.key for row in await story.stored.list_reminders(state="waiting")] == ["ingatkan:1"]


async def test_in_english_for_who_reads_english(story: Story) -> None:
    await change_rows(story.app.database, "person", {"name": "Rina Hidayat"}, locale="en")
    await story.app.core.directory.load(story.clock.now())
    await story.kadis.says("/remind me in 2 hours to check the pump")
    story.kadis.sees("Reminder #1 for you", "Check the pump", "Wednesday, 12 August 2026")
    await story.advance(hours=2)
    await story.kadis.presses("1 hour")
    story.kadis.sees("Again at Wednesday, 12 August 2026, 13:20 WIB")


# -- A group that becomes a supergroup keeps what it asked to be reminded of.

OLD = Chat("memory", "forum", ChatKind.GROUP)


async def move(story: Story) -> None:
    event = ChatMigrated(key="m", chat=OLD, at=story.clock.now(), new_id="forum-baru")
    row = InboxRow(0, "memory", "m", "message", OLD.key, "", b"", 0)
    await story.app.dispatcher.commit_event(event, row, lambda connection: None)
    await story.wait_until_idle()


async def test_it_comes_out_in_the_new_group_and_is_listed_there(story: Story) -> None:
    await story.kadis.says("/ingatkan grup setiap hari jam 8 lapor genangan", group=True)
    await move(story)
    before = len(story.group.messages)
    await story.advance(days=2)
    told = [shown for shown in story.messenger.screen if shown.chat == "forum-baru"]
    assert len([shown for shown in told if "Lapor genangan" in shown.text]) == 2
    assert len(story.group.messages) == before
    rows = await story.stored.list_rows(Pengingat)
    assert [(row.tujuan, row.kutipan) for row in rows] == [("chat:memory:forum-baru", "")]


async def test_what_others_set_elsewhere_stays(story: Story) -> None:
    await story.kadis.says("/ingatkan besok jam 8 kirim data")
    await move(story)
    await story.advance(days=1)
    story.kadis.sees("Kirim data")
