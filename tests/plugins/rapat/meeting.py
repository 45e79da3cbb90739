"""A meeting in the group, called and opened, as most stories begin."""

from pendopo.testing import Story

CALL = "/rapat Evaluasi banjir hari ini jam 11 di sini undang Kadis PU, Kadishub, Camat Coblong, Lurah Dago notulis Lurah Dago"


async def called(story: Story, text: str = CALL) -> None:
    """Called by the Sekda in the group: four are invited, so three make a quorum."""
    await story.sekda.says(text, group=True)
    await story.sekda.presses("Undang", group=True)


async def opened(story: Story, text: str = CALL, more: str = "") -> None:
    """Called, and opened five minutes before its time."""
    await called(story, text)
    await story.advance(minutes=35)
    await story.sekda.says(f"/rapat mulai 1{more}", group=True)


async def attended(story: Story) -> None:
    """Three of four are there."""
    await opened(story)
    for actor in (story.kadis, story.kadishub, story.camat):
        await actor.says("hadir", group=True)
    await story.advance(seconds=5)


async def closed(story: Story) -> None:
    """Talked, decided, given something to do, and closed."""
    await attended(story)
    await story.kadis.says("tiga pompa rusak", group=True)
    await story.sekda.says("/putus Pompa diganti bulan ini", group=True)
    await story.sekda.says("/tl Ganti pompa @Kadis PU 20 Agustus", group=True)
    await story.sekda.says("/rapat tutup", group=True)
    await story.advance(seconds=1)
