"""Every state and every arrow of an izin, on each capability profile; and a restart after any step changes nothing."""

from pathlib import Path

import pytest
from pendopo_izin import plugin as izin
from pendopo_izin.models import MOVES, Izin

from tests.plugins.steps import Step, path, play_story, restarted_anywhere

ASKED: tuple[Step, ...] = (("@kadis", "/izin rakor Bappenas besok jam 9"), ("@kadis", "[Kirim]"))
QUERIED: tuple[Step, ...] = (*ASKED, ("sekda", "[Tanya…]"), ("sekda", "siapa yang mendampingi?"))
APPROVED: tuple[Step, ...] = (*ASKED, ("sekda", "[Setujui]"))
LEAVE: tuple[Step, ...] = (("@kadis", "/izin cuti 13-14 Agustus"), ("@kadis", "[Kirim]"))
GRANTED: tuple[Step, ...] = (*LEAVE, ("sekda", "/setuju 1"), ("walikota", "/setuju 1"))
NOTICE: tuple[Step, ...] = (("@kadis", "/izin sakit besok"), ("@kadis", "[Kirim]"))
REFUSAL: tuple[Step, ...] = (("sekda", "[Tolak…]"), ("sekda", "ada rapat anggaran"))
STORIES: dict[str, tuple[tuple[Step, ...], str]] = {
    "a draft is thrown away": ((ASKED[0], ("@kadis", "[Batal]")), "draf ditarik"),
    "approved, begun, over": ((*APPROVED, ("waktu", "23.5"), ("waktu", "2")), "draf diajukan disetujui berjalan selesai"),
    "refused": ((*ASKED, *REFUSAL), "draf diajukan ditolak"),
    "nobody decides": ((*ASKED, ("waktu", "24")), "draf diajukan kedaluwarsa"),
    "taken back": ((*ASKED, ("kadis", "/izin batal 1")), "draf diajukan ditarik"),
    "asked back and answered": (
        (*QUERIED, ("kadis", "[Jawab…]"), ("kadis", "Sekdis"), ("sekda", "/setuju 1")),
        "draf diajukan ditanya diajukan disetujui",
    ),
    "approved without the answer": ((*QUERIED, ("sekda", "/setuju 1")), "draf diajukan ditanya disetujui"),
    "refused without the answer": ((*QUERIED, ("sekda", "/tolak 1 ada rapat")), "draf diajukan ditanya ditolak"),
    "never answered": ((*QUERIED, ("waktu", "24")), "draf diajukan ditanya kedaluwarsa"),
    "taken back while asked": ((*QUERIED, ("kadis", "/izin batal 1")), "draf diajukan ditanya ditarik"),
    "cancelled after the decision": (
        (*APPROVED, ("kadis", "/izin batal 1 rakor ditunda")),
        "draf diajukan disetujui dibatalkan",
    ),
    "its time grew": (
        (*APPROVED, ("kadis", "/izin ubah 1 waktu besok jam 8-15"), ("sekda", "/setuju 1")),
        "draf diajukan disetujui diajukan disetujui",
    ),
    "put off": (
        (*LEAVE, ("sekda", "/izin tangguhkan 1 ada rapat"), ("walikota", "/izin tangguhkan 1 ada rapat")),
        "draf diajukan ditangguhkan",
    ),
    "put off without the answer": (
        (
            *LEAVE,
            ("sekda", "/setuju 1"),
            ("walikota", "[Tanya…]"),
            ("walikota", "siapa gantinya?"),
            ("walikota", "/izin tangguhkan 1 rapat"),
        ),
        "draf diajukan ditanya ditangguhkan",
    ),
    "called back before it began": (
        (*GRANTED, ("walikota", "/izin panggil 1 ada banjir")),
        "draf diajukan disetujui dipanggil",
    ),
    "called back": (
        (*GRANTED, ("waktu", "24"), ("walikota", "/izin panggil 1 ada banjir")),
        "draf diajukan disetujui berjalan dipanggil",
    ),
    "notice is given": ((*NOTICE, ("waktu", "20")), "draf diajukan diberitahukan berjalan"),
    "a notice is taken back": ((*NOTICE, ("kadis", "/izin batal 1")), "draf diajukan diberitahukan dibatalkan"),
    "a notice becomes leave": (
        (*NOTICE, ("kadis", "/izin ubah 1 waktu 13-15 Agustus"), ("sekda", "/setuju 1")),
        "draf diajukan diberitahukan diajukan disetujui",
    ),
    "broken off": ((*APPROVED, ("waktu", "23.5"), ("kadis", "/izin batal 1")), "draf diajukan disetujui berjalan dibatalkan"),
}


def test_the_stories_take_every_arrow_there_is() -> None:
    taken = {arrow for _, said in STORIES.values() for arrow in path(said)}
    assert taken == {(before, after) for before, allowed in MOVES.items() for after in allowed}


@pytest.mark.parametrize("name", STORIES)
async def test_each_arrow_leads_where_its_story_says(name: str, profile: str, tmp_path: Path) -> None:
    steps, said = STORIES[name]
    end = await play_story([izin], steps, profile, tmp_path, Izin)
    assert end["arrows"] == path(said)
    assert end["states"] == [(1, said.split()[-1])]


@pytest.mark.parametrize("name", STORIES)
async def test_a_restart_after_any_step_changes_nothing(name: str, tmp_path: Path) -> None:
    await restarted_anywhere(izin, STORIES[name][0], tmp_path, Izin, len(name))
