"""Steps that stories of a poll for a time have in common."""

from pendopo.testing import Story
from pendopo_rapat.models.meetings import Jawaban, Opsi

ASK = "/rapat polling Evaluasi banjir Jumat jam 9; Jumat jam 13 sampai besok jam 12 undang Kadis PU, Kadishub, Camat Coblong"


async def ask_for_time(story: Story, text: str = ASK) -> None:
    await story.sekda.says(text, group=True)
    await story.sekda.presses("Tanyakan", group=True)
    await story.advance(seconds=5)


async def list_answers(story: Story) -> list[tuple[object, ...]]:
    """Who said what to which time, and whether their calendar said it for them."""
    times = {row.id: row.urut for row in await story.stored.list_rows(Opsi)}
    names = {row.id: row.name for row in await story.stored.list_table("person")}
    found = await story.stored.list_rows(Jawaban)
    return sorted((names[row.orang], times[row.opsi], row.jawab, row.otomatis) for row in found)
