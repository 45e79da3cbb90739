"""Where the forum takes nothing, reports are not lost, and somebody hears of it."""

from collections.abc import AsyncIterator

import pytest
from pendopo.errors import ChatClosedError
from pendopo.model import Chat, Content, Document, Photo, Text
from pendopo.testing import Story
from pendopo.testing.pictures import make_jpeg
from pendopo_laporan import plugin as laporan

from tests.plugins.laporan.conftest import DIRECTORY, settings


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    async with Story([laporan], settings=settings(), directory=DIRECTORY) as told:
        yield told


def refuse(story: Story, monkeypatch: pytest.MonkeyPatch, error: Exception, *kinds: type[Content]) -> None:
    """A forum that refuses these kinds of content."""
    send = story.messenger.send

    async def refusing(chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        if chat.id == "forum" and isinstance(content, kinds):
            raise error
        return await send(chat, content, key, reply_to)

    monkeypatch.setattr(story.messenger, "send", refusing)


@pytest.mark.parametrize("photos", [0, 1])
async def test_the_reporter_hears_that_the_forum_is_closed(story: Story, monkeypatch: pytest.MonkeyPatch, photos: int) -> None:
    refuse(story, monkeypatch, ChatClosedError("kicked"), Text, Photo, Document)
    await story.lurah.says("/laporan banjir di Kel. Dago 40 cm", photos=[make_jpeg(1)] * photos)
    await story.advance(minutes=1)
    told = [shown.text for shown in story.lurah.messages if "tidak tersampaikan" in shown.text]
    assert told
    assert not [text for text in told if "forum" in text]
    assert {row.lane for row in await story.stored.list_deliveries(state="dead")} == {"memory:forum"}
