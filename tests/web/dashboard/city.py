"""A day in the life of a city hall, told through the chats, so that every page has something to show."""

from pendopo.testing import Story
from pendopo.testing.pictures import make_jpeg

EVIL = "<img src=x onerror=alert(1)>\"'&<script>alert(2)</script>{{7*7}}"
"""What somebody may type into a chat to see whether a page runs it."""


async def lived(story: Story, evil: str = "") -> None:
    """An izin that waits, one that is granted, reports with photos before and after, a meeting with what follows from it."""
    sekda, kadis, camat, lurah = (story.actor(name) for name in ("sekda", "kadis", "camat", "lurah"))
    await kadis.says(f"/izin besok jam 9 rapat koordinasi di provinsi {evil}")
    await kadis.presses("Kirim")
    await camat.says(f"/izin hari ini sampai lusa menghadiri pelatihan {evil}")
    await camat.presses("Kirim")
    await sekda.presses("Setujui")
    await lurah.says(f"/laporan banjir di Jl. Dago setinggi 40 cm Kel. Dago {evil}", photos=[make_jpeg(1), make_jpeg(2)])
    await lurah.says(f"/laporan jalan rusak di Kel. Sekeloa {evil}", photos=[make_jpeg(3)])
    await camat.says("/laporan tutup 1 sudah surut", photos=[make_jpeg(4)])
    await sekda.says(f"/rapat Evaluasi banjir {evil} hari ini jam 11 di sini undang Kadis PU, Camat Coblong", group=True)
    await sekda.presses("Undang", group=True)
    await story.advance(minutes=35)
    await sekda.says("/rapat mulai 1", group=True)
    for actor in (kadis, camat):
        await actor.says("hadir", group=True)
    await story.advance(seconds=5)
    await kadis.says(f"tiga pompa rusak {evil}", group=True)
    await sekda.says(f"/putus Pompa diganti bulan ini {evil}", group=True)
    await sekda.says(f"/tl Ganti pompa {evil} @Kadis PU 20 Agustus", group=True)
    await sekda.says("/rapat tutup", group=True)
    await story.advance(seconds=2)
