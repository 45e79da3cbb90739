"""What stands in the way of an izin: meetings of /rapat, which knows nothing of izin, told to who asks and to who decides."""

from pathlib import Path

from pendopo.testing import Story
from pendopo_izin import plugin as izin
from pendopo_rapat import plugin as rapat


async def test_a_meeting_at_the_same_time_is_told_to_who_asks_and_who_decides(tmp_path: Path, profile: str) -> None:
    async with Story([izin, rapat], database=f"sqlite:///{tmp_path}/x.db", profile=profile) as story:
        await story.sekda.says("/rapat Penanganan Sampah besok jam 10 di Balai Kota undang Kadis PU")
        await story.sekda.presses("Undang")
        await story.kadis.says("/izin rakor Bappenas besok jam 9-12 di Jakarta")
        story.kadis.sees("Izin #1", "Bentrok", "Penanganan Sampah")
        await story.kadis.presses("Kirim")
        story.sekda.sees("Kadis PU meminta izin", "Bentrok", "Penanganan Sampah")
        await story.kadishub.says("/izin rakor Bappenas besok jam 9-12 di Jakarta")
        assert "Bentrok" not in story.kadishub.sees("Izin #2").text


async def test_a_meeting_that_moves_away_is_no_conflict_any_more(tmp_path: Path, profile: str) -> None:
    async with Story([izin, rapat], database=f"sqlite:///{tmp_path}/x.db", profile=profile) as story:
        await story.sekda.says("/rapat Penanganan Sampah besok jam 10 di Balai Kota undang Kadis PU")
        await story.sekda.presses("Undang")
        await story.sekda.says("/rapat ubah 1 lusa jam 10")
        await story.kadis.says("/izin rakor Bappenas besok jam 9-12 di Jakarta")
        assert "Bentrok" not in story.kadis.sees("Izin #1").text
