"""People of a story press, mention, send pictures, and see what they see."""

import pytest
from pendopo import Context, Photo, Plugin, phrase
from pendopo.testing import PROFILES, Story
from pendopo_izin import plugin as izin


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


async def test_a_button_is_pressed_by_label_on_every_messenger(profile: str) -> None:
    async with Story([izin], profile=profile) as story:
        await story.kadis.says("/izin rakor besok jam 9")
        assert bool(story.kadis.last.buttons) == bool(PROFILES[profile].buttons)
        await story.kadis.presses("Kirim")
        story.sekda.sees("Kadis PU meminta izin")


async def test_people_mention_each_other_and_send_pictures() -> None:
    from pendopo import Person

    plugin = Plugin("uji", summary="Under test", policy="known")

    @plugin.command("tag")
    async def tag(ctx: Context, siapa: Person, foto: list[Photo]) -> None:
        await ctx.reply(phrase("umum.pilihan", teks=f"{siapa.name} {len(foto)}"))

    async with Story([plugin]) as story:
        await story.kadis.says("/tag @bos", mentions={"@bos": "sekda"}, photos=[b"1", b"2"])
        assert story.kadis.last.text == "Bambang Suryana 2"
