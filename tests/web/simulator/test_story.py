"""The simulator's story does what it says, and every plugin is found."""

import pytest
from pendopo.testing import Story
from pendopo.web.simulator import story as told
from pendopo_akun import plugin as akun
from pendopo_bantuan import plugin as bantuan
from pendopo_ingatkan import plugin as ingatkan
from pendopo_izin import plugin as izin
from pendopo_laporan import plugin as laporan
from pendopo_rapat import plugin as rapat

from tests.web.dashboard.conftest import directory

ACTORS = {"Kadis PU": "kadis", "Sekda": "sekda", "Lurah Dago": "lurah"}
HEARD = {
    "minta izin": ("kadis", "Izin #1"),
    "mengirimnya kepada Sekda": ("sekda", "Izin #1"),
    "menyetujuinya": ("kadis", "disetujui Sekda"),
    "melaporkan banjir": ("lurah", "#1"),
    "menyiapkan rapat": ("sekda", "Evaluasi banjir"),
    "mengundang": ("kadis", "Evaluasi banjir"),
    "minta diingatkan": ("kadis", "pompa"),
}


async def test_each_step_is_heard_by_whom_it_concerns() -> None:
    async with Story([akun, bantuan, izin, laporan, rapat, ingatkan], directory=directory()) as story:
        for step in told.STORY:
            await story.actor(ACTORS[step.title]).says(step.text)
            await story.advance(seconds=5)
            name, words = HEARD[step.label]
            story.actor(name).sees(words)
        await story.advance(days=1)
        story.actor("kadis").sees("⏰ Pengingat #1", "Bawa data pompa")


@pytest.mark.parametrize(
    ("titles", "steps"),
    [
        (["Kadis PU", "Sekda", "Lurah Dago", "Wali Kota"], len(told.STORY)),
        (["Kadis PU", "Sekda"], 0),
        (["Direktur RSUD"], 0),
        ([], 0),
    ],
)
def test_the_story_is_told_where_everybody_in_it_has_a_phone(titles: list[str], steps: int) -> None:
    assert len(told.match_story(titles)) == steps


async def test_a_command_of_each_plugin_is_offered_once() -> None:
    async with Story([akun, bantuan, izin, laporan, rapat, ingatkan], directory=directory()) as story:
        assert told.list_commands(story.app) == ("/bantuan", "/masuk", "/izin", "/laporan", "/rapat", "/ingatkan")
