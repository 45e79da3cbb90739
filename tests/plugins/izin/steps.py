"""Steps that stories of /izin have in common."""

from pendopo.model import Document
from pendopo.testing import Story
from pendopo.testing.messenger import ShownMessage
from pendopo_izin.models import Izin


async def send_izin(story: Story, text: str = "/izin rakor Bappenas besok jam 9") -> None:
    """The Kadis asks in the group, and sends the draft."""
    await story.kadis.says(text, group=True)
    await story.kadis.presses("Kirim", group=True)


async def put_to_sekda(story: Story, text: str = "/izin rakor Bappenas besok jam 9") -> tuple[ShownMessage, ShownMessage]:
    """An izin is put to the Sekda; returns what the group and what the Sekda see of it."""
    await send_izin(story, text)
    return story.group.last, story.sekda.last


def newest_words_to(story: Story, name: str) -> str:
    actor = story.actor(name)
    return actor.toast or actor.last.text


async def list_states(story: Story) -> list[str]:
    return [row.status for row in await story.stored.list_rows(Izin)]


async def list_actions(story: Story) -> list[str]:
    return [line.action for line in await story.stored.list_audit_lines("izin")]


def read_document(story: Story, shown: ShownMessage) -> bytes:
    assert isinstance(shown.content, Document)
    return story.app.core.blobs.path(shown.content.blob).read_bytes()
