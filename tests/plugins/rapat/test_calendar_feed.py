"""Calendar files and the personal feed: read by two parsers that know nothing of each other, and closed by default."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
import sqlalchemy as sa
from ical.calendar_stream import IcsCalendarStream
from ical.event import EventStatus
from icalendar import Calendar
from pendopo.config import Settings
from pendopo.testing import Story
from pendopo.web import build_web_app
from pendopo_rapat import plugin as rapat
from pendopo_rapat.models.minutes import Langganan

from tests.tampering import change_rows

from .town import list_actions

ZONE = ZoneInfo("Asia/Jakarta")
CALL = "/rapat Penanganan sampah; „segera“, 50% di Balai Kota, Lt. 2 undang Kadis PU, Kadishub"
CALL_AT = CALL.replace(" di Balai", " besok jam 10-12 di Balai")


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    settings = Settings.model_validate({"web": {"public_url": "https://pendopo.example"}})
    async with Story([rapat], database=f"sqlite:///{tmp_path}/x.db", settings=settings) as told:
        yield told


async def call_meeting(story: Story) -> None:
    await story.sekda.says(CALL_AT)
    await story.sekda.presses("Undang")


def both(data: bytes) -> list[dict[str, object]]:
    """What both parsers read, which must be the same."""
    strict = IcsCalendarStream.calendar_from_ics(data.decode())
    first: list[dict[str, object]] = [
        {
            "uid": e.uid,
            "sequence": e.sequence,
            "summary": e.summary,
            "place": e.location,
            "start": e.dtstart,
            "end": e.dtend,
            "cancelled": e.status == EventStatus.CANCELLED,
        }
        for e in strict.events
    ]
    second = [
        {
            "uid": str(e["UID"]),
            "sequence": e.sequence,
            "summary": str(e["SUMMARY"]),
            "place": str(e["LOCATION"]) if "LOCATION" in e else None,
            "start": e.start,
            "end": e.end,
            "cancelled": e["STATUS"] == "CANCELLED",
        }
        for e in Calendar.from_ical(data).events
    ]
    assert first == second
    assert Calendar.from_ical(Calendar.from_ical(data).to_ical()) == Calendar.from_ical(data), "a round trip changes nothing"
    return first


async def get(story: Story, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(build_web_app(story.app))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.get(path)


async def subscribed(story: Story, name: str = "kadis") -> str:
    """The path of somebody's feed, as their phone would fetch it."""
    actor = getattr(story, name)
    await actor.says("/langganan")
    shown = actor.sees("Alamat ini rahasia")
    webcal = re.search(r"webcal://pendopo\.example(\S+)", shown.text)
    assert webcal is not None
    assert f"https://pendopo.example{webcal[1]}" in shown.text
    return webcal[1]


async def test_a_phone_fetches_the_meetings_of_its_owner_and_of_nobody_else(story: Story) -> None:
    await call_meeting(story)
    await story.sekda.says("/rapat Anggaran besok jam 14 di Aula undang Kadishub, Camat Coblong")
    await story.sekda.presses("Undang")
    answer = await get(story, await subscribed(story))
    assert answer.headers["content-type"].startswith("text/calendar")
    assert [e["uid"] for e in both(answer.content)] == [f"rapat-1@{story.app.core.installation.id}.pendopo"]
    assert b"METHOD" not in answer.content
    hub = await get(story, await subscribed(story, "kadishub"))
    assert [e["uid"] for e in both(hub.content)] == [
        f"rapat-1@{story.app.core.installation.id}.pendopo",
        f"rapat-2@{story.app.core.installation.id}.pendopo",
    ]


async def test_the_feed_follows_changes_and_shows_what_was_called_off_as_such(story: Story) -> None:
    path = await subscribed(story)
    assert both((await get(story, path)).content) == []
    await call_meeting(story)
    await story.sekda.says("/rapat ubah 1 lusa jam 13")
    await story.restart()
    (event,) = both((await get(story, path)).content)
    assert (event["sequence"], event["start"]) == (1, datetime(2026, 8, 14, 13, tzinfo=ZONE))
    await story.sekda.says("/rapat batal 1 karena hujan")
    (event,) = both((await get(story, path)).content)
    assert (event["sequence"], event["cancelled"]) == (2, True)


async def test_who_was_sent_finds_the_meeting_too(story: Story) -> None:
    await call_meeting(story)
    path = await subscribed(story, "lurah")
    assert both((await get(story, path)).content) == []
    await story.kadis.says("/rapat wakilkan 1 Lurah Dago")
    assert len(both((await get(story, path)).content)) == 1


async def test_it_is_closed_until_somebody_asks_and_a_renewed_or_ended_address_leads_nowhere(story: Story) -> None:
    await call_meeting(story)
    assert (await get(story, "/feed/rapat.kalender_saya/")).status_code == 404
    assert (await get(story, "/feed/rapat.kalender_saya/x")).status_code == 404
    first = await subscribed(story)
    second = await subscribed(story)
    assert first != second
    assert [(await get(story, path)).status_code for path in (first, second)] == [404, 200]
    await story.kadis.says("/langganan berhenti")
    story.kadis.sees("tidak berlaku lagi")
    assert (await get(story, second)).status_code == 404
    await story.kadis.says("/langganan berhenti")
    story.kadis.sees("Tidak ada kalender langganan")
    assert [a for a in await list_actions(story) if "langganan" in a] == ["rapat.langganan"] * 2 + ["rapat.langganan_henti"]


async def test_of_the_secret_only_a_digest_is_kept(story: Story) -> None:
    token = (await subscribed(story)).rsplit("/", 1)[1]
    assert len(token) >= 43
    digest = hashlib.sha256(token.encode()).hexdigest()
    assert [row.sidik for row in await story.stored.list_rows(Langganan)] == [digest]
    engine = story.app.database.make_engine()
    tables = await asyncio.to_thread(lambda: sa.inspect(engine).get_table_names())
    engine.dispose()
    assert "rapat_langganan" in tables
    for table in tables:
        for row in await story.stored.list_table(table):
            assert token not in " ".join(bytes(v).decode() if isinstance(v, bytes) else str(v) for v in row), table


async def test_who_has_left_has_no_calendar(story: Story) -> None:
    await call_meeting(story)
    path = await subscribed(story)
    await change_rows(story.app.database, "person", {"name": "Rina Hidayat"}, active=0)
    await story.app.core.directory.load(story.clock.now())
    assert (await get(story, path)).status_code == 404


async def test_it_is_never_told_in_a_group(story: Story) -> None:
    await story.kadis.says("/langganan", group=True)
    story.group.sees("hanya diberikan di percakapan pribadi")
    assert await story.stored.list_rows(Langganan) == []


async def test_where_the_operator_gave_no_address_there_is_none(tmp_path: Path) -> None:
    async with Story([rapat]) as story:
        await story.kadis.says("/langganan")
        story.kadis.sees("belum disediakan di instalasi ini")
        assert await story.stored.list_rows(Langganan) == []
