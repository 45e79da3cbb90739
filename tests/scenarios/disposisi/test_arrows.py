"""Every state and every arrow of a disposisi, on each capability profile; and a restart after any step changes nothing."""

from pathlib import Path

import pytest
from pendopo_disposisi import plugin as disposisi
from pendopo_disposisi.models import MOVES, Disposisi

from tests.plugins.steps import Step, path, play_story, restarted_anywhere

GIVEN: tuple[Step, ...] = (("@sekda", "/disposisi Camat Coblong cek pompa sebelum Jumat"),)
RECEIVED: tuple[Step, ...] = (*GIVEN, ("camat", "[Diterima]"))
ANSWERED: tuple[Step, ...] = (*RECEIVED, ("camat", "[Jawab…]"), ("camat", "pompa menyala"))
STORIES: dict[str, tuple[tuple[Step, ...], str]] = {
    "received, answered, done": ((*ANSWERED, ("sekda", "[Selesai]")), "dikirim diterima dijawab selesai"),
    "answered at once": ((*GIVEN, ("camat", "/disposisi jawab 1 sudah menyala")), "dikirim dijawab"),
    "taken back at once": ((*GIVEN, ("@sekda", "[Tarik kembali]")), "dikirim ditarik"),
    "taken back after the receipt": ((*RECEIVED, ("sekda", "/disposisi tarik 1")), "dikirim diterima ditarik"),
    "sent back": (
        (*ANSWERED, ("sekda", "[Kembalikan…]"), ("sekda", "fotonya belum ada"), ("camat", "/disposisi jawab 1 ini fotonya")),
        "dikirim diterima dijawab diterima dijawab",
    ),
    "taken back after the answer": ((*ANSWERED, ("sekda", "/disposisi tarik 1")), "dikirim diterima dijawab ditarik"),
    "late": ((*RECEIVED, ("waktu", "24"), ("waktu", "7"), ("camat", "/disposisi jawab 1 maaf")), "dikirim diterima dijawab"),
}


def test_the_stories_take_every_arrow_there_is() -> None:
    taken = {arrow for _, said in STORIES.values() for arrow in path(said)}
    assert taken == {(before, after) for before, allowed in MOVES.items() for after in allowed}


@pytest.mark.parametrize("name", STORIES)
async def test_each_arrow_leads_where_its_story_says(name: str, profile: str, tmp_path: Path) -> None:
    steps, said = STORIES[name]
    end = await play_story([disposisi], steps, profile, tmp_path, Disposisi)
    assert end["arrows"] == path(said)
    assert end["states"] == [(1, said.split()[-1])]


@pytest.mark.parametrize("name", STORIES)
async def test_a_restart_after_any_step_changes_nothing(name: str, tmp_path: Path) -> None:
    await restarted_anywhere(disposisi, STORIES[name][0], tmp_path, Disposisi, len(name))
