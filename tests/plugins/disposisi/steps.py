"""Steps that stories of /disposisi have in common."""

from pendopo.testing import Story
from pendopo_disposisi.models import Disposisi


async def hand_down(story: Story, text: str = "/disposisi Camat Coblong cek pompa sebelum Jumat") -> None:
    await story.sekda.says(text, group=True)


async def list_states(story: Story) -> list[str]:
    return [row.status for row in await story.stored.list_rows(Disposisi)]


async def list_actions(story: Story) -> list[tuple[str, str]]:
    """The lines of the audit log: what happened, and in what capacity."""
    return [(line.action, line.capacity) for line in await story.stored.list_audit_lines("disposisi")]
