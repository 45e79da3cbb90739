"""Who may see an izin, and who decides."""

from pathlib import Path

from pendopo.testing import Story
from pendopo_izin import plugin as izin

from tests.tampering import change_rows

from .steps import list_states, newest_words_to, put_to_sekda, send_izin


async def test_a_superior_of_yesterday_decides_nothing(story: Story) -> None:
    """The right lies with the post and is looked at when the button is touched, not when it was made."""
    _, card = await put_to_sekda(story)
    await change_rows(story.app.database, "post", {"code": "kadis"}, superior="walikota")
    await story.app.core.directory.load(story.clock.now())
    await story.sekda.says("1", to=card)
    assert newest_words_to(story, "sekda") == "Ini diputuskan oleh Wali Kota."
    assert await list_states(story) == ["diajukan"]


async def test_why_somebody_is_ill_is_nobodys_business(story: Story) -> None:
    await send_izin(story, "/izin sakit gigi hari ini")
    await story.camat.says("/izin siapa hari ini")
    shown = story.camat.sees("Kadis PU: berhalangan").text
    assert "gigi" not in shown


TWO_UNITS = (
    """
[[unit]]
code = "pu"
name = "Dinas PU"
[[unit]]
code = "hub"
name = "Dishub"
[[post]]
code = "sekda"
title = "Sekda"
roles = ["sekda"]
"""
    + "".join(
        f'''
[[post]]
code = "kadis-{unit}"
title = "Kadis {unit}"
unit = "{unit}"
superior = "sekda"
roles = ["kepala_opd"]
[[person]]
name = "Kepala {unit}"
posts = ["kadis-{unit}"]
accounts = ["memory:{unit}"]
'''
        for unit in ("pu", "hub")
    )
    + '[[person]]\nname = "Bambang"\nposts = ["sekda"]\naccounts = ["memory:bambang"]\n'
)


async def test_what_is_anothers_is_not_shown(tmp_path: Path) -> None:
    async with Story([izin], database=f"sqlite:///{tmp_path}/y.db", directory=TWO_UNITS) as story:
        pu, hub = story.actor("pu"), story.actor("hub")
        await pu.says("/izin rakor Bappenas besok jam 9")
        await pu.presses("Kirim")
        await hub.says("/izin 1")
        assert hub.last.text == "Izin #1 hanya dapat dilihat yang bersangkutan."
        await hub.says("/rekap izin bulan ini")
        hub.does_not_see("Dinas PU")
        await pu.says("/izin 1")
        pu.sees("Rakor Bappenas", "Keadaan: menunggu")
        await story.actor("bambang").says("/izin 1")
        assert [choice.title for choice in story.actor("bambang").sees("Putuskan izin #1").buttons] == [
            "Setujui",
            "Tolak…",
            "Tanya…",
        ]
