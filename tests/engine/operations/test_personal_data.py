"""Everything about a person is found, and erased; what was decided stays, and the audit chain holds."""

import json
import re
from datetime import timedelta

import pytest
from pendopo import Plugin, Row, tables
from pendopo.engine.operations import personal_data
from pendopo.errors import PluginError
from pendopo.store.queries.audit import verify_chain
from pendopo.testing import Story
from pendopo_izin import plugin as izin
from pendopo_izin.models import Izin

from .conftest import SECRET


async def everything(story: Story) -> str:
    """All rows of all tables, as text."""
    found = []
    for table in ("inbox", "delivery", "person", "account", "chat", "reminder", "dialog", "audit_note", "izin", "holding"):
        for row in await story.stored.list_table(table):
            found += [bytes(value).decode() if isinstance(value, (bytes, memoryview)) else str(value) for value in row]
    return "\n".join(found)


async def test_an_export_holds_everything_about_a_person_and_nothing_of_others(story: Story) -> None:
    kadis = story.app.core.people.by_alias(("memory:kadis",))
    assert kadis is not None
    found = json.loads(json.dumps(await personal_data.export_person(story.app.core, kadis), default=str))
    assert found["person"] == [{"id": kadis.id, "name": "Rina Hidayat", "nip": "", "locale": ""}]
    assert found["employment"] == [{"aliases": "[]", "employment": "{}"}]
    assert found["accounts"][0] == {"alias": "memory:kadis", "linked_at": "2026-08-12 10:20:00+07:00", "source": "file"}
    granted, unread = (told["content"] for told in found["told"])
    assert granted.startswith("✅ Izin #1 Anda disetujui Sekda.\nOperasi usus buntu")
    assert unread.startswith("Belum ada yang dilakukan dengan")
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
