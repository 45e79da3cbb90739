"""The test kit itself: it shows what people see, and says what is there when somebody looks for something else."""

from functools import partial
from pathlib import Path

import pytest
from pendopo import Context, Photo, Plugin, Row, phrase, tables
from pendopo.cli.discovery.plugins import find_plugins
from pendopo.config import PluginSettings
from pendopo.store import Database, open_database
from pendopo.testing import PROFILES, Story
from pendopo.testing.schema_cache import make_new, make_tables
from pendopo_izin import plugin as izin


class Warna(Row, registry=tables("uji_kit")):
    """Rows of a plugin under test."""


async def test_who_sees_something_else_is_shown_the_conversation(story: Story) -> None:
    await story.kadis.says("/izin sakit hari ini")
    with pytest.raises(AssertionError, match=r"Izin #1 · Kadis PU[\s\S]*\[Kirim\] \[Batal\]"):
        story.kadis.sees("Izin #2")
    with pytest.raises(AssertionError, match="Sakit"):
        story.kadis.does_not_see("Sakit")
    with pytest.raises(AssertionError, match="no button 'Setujui'"):
        await story.kadis.presses("Setujui")
    with pytest.raises(AssertionError, match="has said nothing in sekda"):
        _ = story.sekda.last
    assert story.sekda.transcript() == "(nothing)"


async def test_nobody_else_is_in_the_story(story: Story) -> None:
    with pytest.raises(AttributeError):
        _ = story.bupati


async def test_the_bot_is_there_from_begin_to_end(story: Story) -> None:
    await story.stop()
    with pytest.raises(RuntimeError, match="the bot of this story is not running"):
        _ = story.app
    await story.start()
    assert story.app.broken == {}


async def test_the_clock_stands_still_until_it_is_moved(story: Story) -> None:
    before = story.clock.now()
    await story.kadis.says("/izin rakor besok jam 9")
    assert story.clock.now() == before
    await story.advance(hours=1)
    assert (story.clock.now() - before).total_seconds() == 3600


async def test_a_button_is_pressed_by_label_on_every_messenger(profile: str) -> None:
    async with Story([izin], profile=profile) as story:
        await story.kadis.says("/izin rakor besok jam 9")
        assert bool(story.kadis.last.buttons) == bool(PROFILES[profile].buttons)
        await story.kadis.presses("Kirim")
        story.sekda.sees("Kadis PU meminta izin")


async def test_without_a_file_a_restart_forgets_everything(story: Story) -> None:
    await story.kadis.says("/izin rakor besok jam 9")
    await story.restart()
    await story.kadis.says("/izin saya")
    story.kadis.sees("belum pernah")


async def test_people_mention_each_other_and_send_pictures() -> None:
    from pendopo import Person

    plugin = Plugin("uji", summary="Under test", policy="known")

    @plugin.command("tag")
    async def tag(ctx: Context, siapa: Person, foto: list[Photo]) -> None:
        await ctx.reply(phrase("umum.pilihan", teks=f"{siapa.name} {len(foto)}"))

    async with Story([plugin]) as story:
        await story.kadis.says("/tag @bos", mentions={"@bos": "sekda"}, photos=[b"1", b"2"])
        assert story.kadis.last.text == "Bambang Suryana 2"


async def dumped(database: Database) -> list[str]:
    """Everything in a SQLite database, whatever the order of its tables."""
    engine = database.make_engine()
    with engine.connect() as connection:
        found = sorted(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]  # sqlite3's
    engine.dispose()
    await database.close()
    return found


async def test_what_the_kit_puts_into_a_new_database_is_what_migrations_make() -> None:
    plugins = find_plugins(PluginSettings()).plugins
    made, migrated = open_database("sqlite://"), open_database("sqlite://")
    await made.write(partial(make_new, plugins=plugins))
    make_tables(migrated, plugins)
    found = await dumped(made)
    assert found == await dumped(migrated)
    assert sum("alembic_version_" in line and line.startswith("INSERT") for line in found) == 7


MIGRATION = """
from alembic import op
revision = "0001"
down_revision = None
def upgrade():
    op.execute("CREATE TABLE uji_warna (id INTEGER PRIMARY KEY, nama TEXT)")
    op.execute("INSERT INTO uji_warna (nama) VALUES ('{}')")
"""


@pytest.mark.sqlite
async def test_a_migration_that_was_changed_counts_as_it_is_now_and_a_broken_one_is_left_to_the_start(tmp_path: Path) -> None:
    plugin = Plugin("uji", summary="Under test", policy="known", tables=Warna, path=tmp_path)
    (tmp_path / "migrations").mkdir()
    file = tmp_path / "migrations" / "0001_uji.py"
    for name in ("merah", "hijau tua"):
        file.write_text(MIGRATION.format(name), encoding="utf-8")
        async with Story([plugin]) as story:
            assert [row.nama for row in await story.stored.list_table("uji_warna")] == [name]
    file.write_text("1/0", encoding="utf-8")
    async with Story([plugin]) as story:
        assert "uji" in story.app.core.gate.degraded
