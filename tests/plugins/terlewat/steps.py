"""What stories of /terlewat have in common."""

from datetime import UTC, datetime

from pendopo.testing import Story
from pendopo_akun import plugin as akun
from pendopo_izin import plugin as izin
from pendopo_laporan import plugin as laporan
from pendopo_rapat import plugin as rapat
from pendopo_terlewat import plugin as terlewat

WEDNESDAY = datetime(2026, 8, 12, 3, 20, tzinfo=UTC)
"""10.20 WIB"""


PLUGINS = [akun, izin, laporan, rapat, terlewat]


async def send_izin(story: Story, text: str = "/izin besok jam 9 rapat koordinasi") -> None:
    await story.kadis.says(text)
    await story.kadis.presses("Kirim")
