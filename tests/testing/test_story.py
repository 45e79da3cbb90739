"""The test kit itself: it shows what people see, and says what is there when somebody looks for something else."""

import pytest

from bot import Context, Photo, Plugin, say
from bot.testing import PROFILES, Story
from plugins.izin import plugin as izin


async def test_who_sees_something_else_is_shown_the_conversation(story: Story) -> None:
    await story.kadis.says("/izin sakit hari ini")
    with pytest.raises(AssertionError, match=r"Izin #1 · Kadis PU[\s\S]*\[Kirim\] \[Batal\]"):
        story.kadis.sees("Izin #2")
    with pytest.raises(AssertionError, match="Sakit"):
        story.kadis.does_not_see("Sakit")
    with pytest.raises(AssertionError, match="no button 'Setujui'"):
        await story.kadis.presses("Setujui")
    with pytest.raises(AssertionError, match="has said nothing in sekda"):
        assert story.sekda.last
    assert story.sekda.transcript() == "(nothing)"


async def test_nobody_else_is_in_the_story(story: Story) -> None:
    with pytest.raises(AttributeError):
        assert story.bupati


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
    from bot import Person

    plugin = Plugin("uji", summary="Under test", policy="known")

    @plugin.command("tag")
    async def tag(ctx: Context, siapa: Person, foto: list[Photo]) -> None:
        await ctx.reply(say("umum.pilihan", teks=f"{siapa.name} {len(foto)}"))

    async with Story([plugin]) as story:
        await story.kadis.says("/tag @bos", naming={"@bos": "sekda"}, photos=[b"1", b"2"])
        assert story.kadis.last.text == "Bambang Suryana 2"


async def test_what_the_kit_puts_into_a_new_database_is_what_migrations_make() -> None:
    from bot.store import open_database
    from bot.store.migrate import check, core_schema, upgrade
    from bot.testing.story import core_tables

    made, migrated = open_database("sqlite://"), open_database("sqlite://")
    await made.write(lambda c: [c.execute(statement) for statement in core_tables()])
    check(made.engine(), core_schema())
    upgrade(migrated.engine(), core_schema())
    look = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name"
    assert await made.read(look) == await migrated.read(look)
    await made.close()
    await migrated.close()
