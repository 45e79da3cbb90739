"""Everything about a person is found, and erased; what was decided stays, and the audit chain holds."""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from pendopo import Plugin, Row, tables
from pendopo.config import AuditSettings, RetentionSettings, Settings
from pendopo.engine.operations import personal_data
from pendopo.errors import PluginError
from pendopo.store.queries.audit import verify_chain
from pendopo.testing import Story
from pendopo_izin import plugin as izin
from pendopo_izin.models import Izin
from pendopo_kelola import plugin as kelola

SECRET = "operasi usus buntu"


@pytest.fixture
async def story(database_url: str) -> AsyncIterator[Story]:
    if database_url.startswith("postgresql"):
        from pendopo.store import open_database
        from pendopo.testing.schema_cache import make_tables

        database = open_database(database_url)
        make_tables(database, [izin])
        await database.close()
    settings = Settings(retention=RetentionSettings(messages=30, notes=60, fields={"izin.keperluan": 90}))
    settings = settings.model_copy(update={"audit": AuditSettings(post_to="memory:forum")})
    async with Story([izin, kelola], database=database_url, settings=settings) as told:
        await told.kadis.says(f"/izin {SECRET} besok", group=True)
        await told.kadis.presses("Kirim", group=True)
        await told.sekda.presses("Setujui")
        await told.kadis.says(f"rahasia: {SECRET}")
        yield told


async def everything(story: Story) -> str:
    """All rows of all tables, as text."""
    found = []
    for table in ("inbox", "delivery", "person", "account", "chat", "reminder", "dialog", "audit_note", "izin", "holding"):
        for row in await story.stored.list_table(table):
            found += [bytes(value).decode() if isinstance(value, (bytes, memoryview)) else str(value) for value in row]
    return "\n".join(found)


async def later(story: Story, days: int) -> None:
    """Let days pass, and see only to what is due at their end: on PostgreSQL the claimer looks every five seconds."""
    for _ in range(days):
        story.clock.move_to(story.clock.now() + timedelta(days=1))
        await story.wait_until_idle()


async def test_an_export_holds_everything_about_a_person_and_nothing_of_others(story: Story) -> None:
    kadis = story.app.core.people.by_alias(("memory:kadis",))
    assert kadis is not None
    found = json.loads(json.dumps(await personal_data.export_person(story.app.core, kadis), default=str))
    assert found["person"] == [[kadis.id, "Rina Hidayat", "", ""]]
    assert found["accounts"][0][0] == "memory:kadis"
    assert found["izin"][0]["keperluan"] == SECRET.capitalize()
    assert SECRET in str(found["said"])
    assert "izin.ajukan" in str(found["audit"])
    assert "Bambang" not in str(found)


async def test_an_erased_person_is_nowhere_and_the_chain_holds(story: Story) -> None:
    kadis = story.app.core.people.by_alias(("memory:kadis",))
    assert kadis is not None
    before = await everything(story)
    for trace in (SECRET, "Rina Hidayat", "memory:kadis"):
        assert trace in before
    touched = await personal_data.erase_person(story.app.core, kadis)
    after = await everything(story)
    for trace in (SECRET, SECRET.capitalize(), "Rina Hidayat", r"memory:kadis\b"):
        assert not re.search(trace, after)
    assert "memory:kadishub" in after
    assert touched["izin"] == 1
    verdict = await verify_chain(story.app.database)
    assert verdict.broken_at == 0
    assert verdict.erased >= 2
    assert "izin.setujui" in [line.action for line in await story.stored.list_audit_lines()]
    assert [izin.status for izin in await story.stored.list_rows(Izin)] == ["disetujui"]
    await story.kadis.says("/izin saya")
    assert "belum terdaftar" in story.messenger.screen[-1].text


async def test_words_go_when_their_time_is_over_and_the_report_says_what(story: Story) -> None:
    await later(story, 31)
    assert SECRET not in str([row.body for row in await story.stored.list_inbox()])
    assert SECRET not in str([row.content for row in await story.stored.list_deliveries()])
    assert [asked.keperluan for asked in await story.stored.list_rows(Izin)] == [SECRET.capitalize()]
    assert any("Retensi:" in shown.text and "inbox" in shown.text for shown in story.group.messages)
    await later(story, 31)
    verdict = await verify_chain(story.app.database)
    assert verdict.broken_at == 0
    assert verdict.erased > 0
    await later(story, 31)
    assert [asked.keperluan for asked in await story.stored.list_rows(Izin)] == [""]
    assert "izin.keperluan" in str(await story.stored.list_audit_lines("sistem.retensi"))


async def test_the_head_of_the_log_is_posted_every_day_where_it_cannot_be_changed(story: Story) -> None:
    await later(story, 2)
    posted = [shown.text for shown in story.group.messages if "Log audit, baris" in shown.text]
    assert len(posted) == 2
    hashes = {line.hash for line in await story.stored.list_audit_lines()}
    assert all(text.splitlines()[1] in hashes for text in posted)


def test_what_a_plugin_holds_must_be_there() -> None:
    class Table(Row, registry=tables("uji")):
        pass

    class Uji(Table, table=True):
        siapa: int

    plugin = Plugin("uji", summary="Uji", policy="known", tables=Table)
    with pytest.raises(PluginError, match="uji holds uji, which has no column 'isi'"):
        plugin.declare_personal_data(Uji, subject="siapa", text_fields=["isi"])
    plugin.declare_personal_data(Uji, subject="siapa", retention=timedelta(days=1))
    assert [personal.subject for personal in plugin.personal] == ["siapa"]
    assert izin.personal[0].text_fields == ("keperluan", "alasan", "hasil")
    assert izin.personal[0].file_fields == ("lampiran",)
    with pytest.raises(PluginError, match="has no column 'foto'"):
        plugin.declare_personal_data(Uji, subject="siapa", file_fields=["foto"])
    assert izin.personal[0].model is Izin
