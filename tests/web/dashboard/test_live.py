"""Open pages hear of what happened, wherever it happened; nobody hears what is not theirs."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo.store import Connection, open_database
from pendopo.store.queries import audit
from pendopo.store.queries.audit import AuditEntry
from pendopo.testing import Story
from pendopo.web.dashboard.live import Pulse
from pendopo.web.http.streams import HELLO, Streams
from pendopo_akun import plugin as akun
from pendopo_izin import plugin as izin

from .conftest import directory


async def heard(lines: AsyncIterator[str]) -> tuple[str, object]:
    """The next event and what it says."""
    text = await asyncio.wait_for(anext(lines), 60)
    name, _, data = text.partition("\n")
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: ").strip())


async def signed() -> bool:
    return True


async def opened(story: Story, pulse: Pulse, streams: Streams, name: str) -> AsyncIterator[str]:
    person = story.app.core.people.by_alias([f"memory:{name}"])
    assert person is not None
    lines = pulse.stream_news(streams, person.id, signed)
    assert await anext(lines) == HELLO
    return lines


async def test_a_page_hears_which_plugin_something_happened_in() -> None:
    async with Story([akun, izin], directory=directory()) as story:
        streams, pulse = Streams(), Pulse(story.app.core)
        lines = await opened(story, pulse, streams, "sekda")
        await story.actor("kadis").says("/izin besok jam 9 rapat koordinasi")
        await story.actor("kadis").presses("Kirim")
        name, topics = await heard(lines)
        assert name == "changed"
        assert isinstance(topics, list)
        assert "izin" in topics
        streams.close()
        assert [line async for line in lines] == []
        assert pulse.listeners == 0


@pytest.mark.sqlite  # it opens the file a second time
async def test_it_does_not_matter_in_which_process_it_happened(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    async with Story([akun, izin], database=url, directory=directory(), alone=False) as story:
        streams, pulse = Streams(), Pulse(story.app.core)
        lines = await opened(story, pulse, streams, "sekda")
        other = open_database(url, exclusive=False)

        def happen(connection: Connection) -> None:
            audit.append_entry(connection, AuditEntry("laporan.terima", "laporan/1"), 1)

        await other.write(happen)
        assert await heard(lines) == ("changed", ["laporan"])
        await other.close()
        streams.close()
        assert [line async for line in lines] == []


async def test_a_page_hears_of_what_happened_while_it_was_on_its_way() -> None:
    async with Story([akun, izin], directory=directory()) as story:
        await story.actor("kadis").says("/izin besok jam 9 rapat koordinasi")
        seen, _ = await audit.read_newest(story.app.database)
        await story.actor("kadis").presses("Kirim")
        streams, pulse = Streams(), Pulse(story.app.core)
        late, fresh = pulse.stream_news(streams, 1, signed, seen), pulse.stream_news(streams, 1, signed, seen + 100)
        assert [await anext(late), await anext(fresh)] == [HELLO, HELLO]
        assert await heard(late) == ("changed", ["*"])
        streams.close()
        assert [line async for line in late] == [line async for line in fresh] == []


async def test_an_answer_is_told_only_to_whom_it_was_given() -> None:
    from pendopo.adapters.dashboard import pack_text

    async with Story([akun, izin], directory=directory()) as story:
        streams, pulse = Streams(), Pulse(story.app.core)
        sekda, lurah = [await opened(story, pulse, streams, name) for name in ("sekda", "lurah")]
        person = story.app.core.people.by_alias(["memory:sekda"])
        assert person is not None
        await story.app.accept("web", [pack_text("x-1", person.id, story.clock.now(), "/akun")])
        await story.wait_until_idle()
        assert (await heard(sekda))[0] == "answered"
        streams.close()
        assert [line for line in [line async for line in lurah] if "answered" in line] == []
        assert [line async for line in sekda] == []


async def test_the_stream_of_whoever_signed_out_elsewhere_ends() -> None:
    async with Story([akun, izin], directory=directory()) as story:
        streams, pulse, here = Streams(), Pulse(story.app.core), [True]

        async def still() -> bool:
            return here[0]

        mine, other = pulse.stream_news(streams, 1, still), pulse.stream_news(streams, 1, signed)
        assert [await anext(mine), await anext(other)] == [HELLO, HELLO]
        here[0] = False
        await story.app.core.database.write(lambda c: audit.append_entry(c, AuditEntry("web.keluar", "person/1"), 1))
        assert [line async for line in mine] == []
        assert await heard(other) == ("changed", ["web"])
        streams.close()
        assert [line async for line in other] == []
