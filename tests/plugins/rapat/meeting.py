"""A meeting in the group, called and opened, as most stories begin."""

from pendopo.testing import Story
from pendopo_rapat.models.followups import TindakLanjut
from pendopo_rapat.models.proposals import Usul

from .town import get_state

CALL = "/rapat Evaluasi banjir hari ini jam 11 di sini undang Kadis PU, Kadishub, Camat Coblong, Lurah Dago notulis Lurah Dago"
CALL_TOMORROW = "/rapat Penanganan sampah besok jam 10 di Balai Kota undang Kadis PU, Kadishub dan Camat Coblong"


async def call_meeting(story: Story, text: str = CALL) -> None:
    """Called by the Sekda in the group: four are invited, so three make a quorum."""
    await story.sekda.says(text, group=True)
    await story.sekda.presses("Undang", group=True)


async def open_meeting(story: Story, text: str = CALL, more: str = "") -> None:
    """Called, and opened five minutes before its time."""
    await call_meeting(story, text)
    await story.advance(minutes=35)
    await story.sekda.says(f"/rapat mulai 1{more}", group=True)


async def open_attended(story: Story) -> None:
    """Three of four are there."""
    await open_meeting(story)
    for actor in (story.kadis, story.kadishub, story.camat):
        await actor.says("hadir", group=True)
    await story.advance(seconds=5)


async def close_meeting(story: Story) -> None:
    """Talked, decided, given something to do, and closed."""
    await open_attended(story)
    await story.kadis.says("tiga pompa rusak", group=True)
    await story.sekda.says("/putus Pompa diganti bulan ini", group=True)
    await story.sekda.says("/tl Ganti pompa @Kadis PU 20 Agustus", group=True)
    await story.sekda.says("/rapat tutup", group=True)
    await story.advance(seconds=1)


async def call_tomorrow(story: Story, text: str = CALL_TOMORROW) -> None:
    await story.sekda.says(text)
    await story.sekda.presses("Undang")


async def propose(story: Story, text: str = "/usul Beli dua pompa sampai jam 12") -> None:
    await open_attended(story)
    await story.kadis.says(text, group=True)


async def get_proposal_status(story: Story) -> str:
    return (await story.stored.list_rows(Usul))[0].status


async def give_followup(story: Story, text: str = "/tl Ganti pompa @Kadis PU 20 Agustus") -> None:
    await open_attended(story)
    await story.sekda.says("/putus Pompa diganti", group=True)
    await story.sekda.says(text, group=True)


async def get_followup_status(story: Story) -> str:
    return (await story.stored.list_rows(TindakLanjut))[0].status


async def approve_minutes(story: Story) -> None:
    await close_meeting(story)
    await story.sekda.presses("Sahkan")
    assert await get_state(story) == "disahkan"
    await story.advance(seconds=1)  # then their PDF is made
