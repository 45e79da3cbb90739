"""A superior is not reminded more than so often a day."""

from pendopo.testing import Story
from pendopo_ingatkan.models import Pengingat

from .conftest import count_rings


async def test_a_superior_is_not_reminded_more_than_so_often_a_day(story: Story) -> None:
    for number in range(3):
        await story.kadis.says(f"/ingatkan @Sekda besok jam {9 + number} tanda tangan")
    await story.kadis.says("/ingatkan @Wali Kota besok jam 9 tanda tangan")
    story.kadis.sees("#4", "untuk Wali Kota")
    await story.kadis.says("/ingatkan @Sekda besok jam 13 tanda tangan")
    assert "Sekda atasan Anda, dan paling banyak 3 pengingat sehari" in story.kadis.last.text
    await story.kadis.says("lusa jam 13")
    story.kadis.sees("untuk Sekda", "Tanda tangan", "Jumat, 14 Agustus 2026, pukul 13.00 WIB")
    for number in range(4):
        await story.sekda.says(f"/ingatkan @Kadis PU besok jam {9 + number} kirim data")
    assert sum("untuk Kadis PU" in shown.text for shown in story.sekda.messages) == 4


async def test_an_hourly_reminder_is_no_way_around_that(story: Story) -> None:
    await story.kadis.says("/ingatkan @Sekda setiap 2 jam tanda tangan")
    assert "paling banyak 3 pengingat sehari" in story.kadis.last.text


async def test_a_superior_who_has_heard_enough_today_is_spared_and_the_setter_told(story: Story) -> None:
    for clock in (8, 9, 10):
        await story.kadis.says(f"/ingatkan @Sekda setiap hari jam {clock} tanda tangan")
    await story.kadis.says("/ingatkan @Sekda setiap Jumat jam 11 berkas terakhir")
    await story.advance(days=2, hours=1)
    assert [count_rings(story, "sekda", number) for number in (1, 2, 3, 4)] == [2, 2, 2, 0]
    story.kadis.sees("Pengingat #4 tidak disampaikan", "Sekda sudah cukup sering diingatkan", "Berkas terakhir")
    await story.advance(days=7)
    assert [row.status for row in await story.stored.list_rows(Pengingat)].count("aktif") == 4
