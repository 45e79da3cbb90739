"""The whole way of an izin is looked at when it is sent; a draft can be changed before."""

import pytest
from pendopo.config import RawSection, Settings
from pendopo.testing import Story
from pendopo.testing.story import directory_file
from pendopo_izin import plugin as izin

from tests.plugins.izin.steps import list_states

ADMIN = """
[[post]]
code = "admin"
title = "Admin Kota"
unit = "kota"
roles = ["admin_sistem"]
[[person]]
name = "Admin"
posts = ["admin"]
accounts = ["memory:admin"]
"""


def open_story(step: str, directory: str = "") -> Story:
    rute = [{"oleh": ["superior"]}, {"oleh": [step]}]
    section = RawSection(values={"jenis": {"dinas": {"rute": rute}}})
    return Story([izin], settings=Settings(plugin={"izin": section}), directory=directory or directory_file("memory") + ADMIN)


def without(name: str) -> str:
    """The directory in which nobody holds a post."""
    return directory_file("memory").replace(f'posts = ["{name}"]', "posts = []") + ADMIN


@pytest.mark.parametrize(
    ("step", "directory", "named"),
    [
        ("post:walikota", without("walikota"), "Wali Kota"),
        ("role:walikota", without("walikota"), "Wali Kota"),
        ("role:inspektur", "", "inspektur"),
        ("post:kadis", "", "Kadis PU"),
    ],
)
async def test_a_step_that_nobody_can_decide_is_told_before_anything_is_sent(step: str, directory: str, named: str) -> None:
    async with open_story(step, directory) as story:
        await story.kadis.says("/izin rakor Bappenas Jumat jam 9")
        await story.kadis.presses("Kirim")
        story.kadis.sees("belum dikirim", named)
        story.sekda.does_not_see("Bappenas")
        story.actor("admin").sees("Izin #1 Kadis PU tidak dapat diajukan", named)
        assert await list_states(story) == ["draf"]
        await story.kadis.presses("Kirim")  # the draft is still there, with its buttons
        assert await list_states(story) == ["draf"]


async def test_a_step_with_somebody_in_it_is_sent() -> None:
    async with open_story("post:walikota") as story:
        await story.kadis.says("/izin rakor Bappenas Jumat jam 9")
        await story.kadis.presses("Kirim")
        story.sekda.sees("Bappenas")
        assert await list_states(story) == ["diajukan"]


async def test_one_of_several_deciders_is_enough() -> None:
    rute = [{"oleh": ["post:tidak-ada", "superior"]}]
    section = RawSection(values={"jenis": {"dinas": {"rute": rute}}})
    async with Story([izin], settings=Settings(plugin={"izin": section})) as story:
        await story.kadis.says("/izin rakor Bappenas Jumat jam 9")
        await story.kadis.presses("Kirim")
        await story.sekda.presses("Setujui")
        assert await list_states(story) == ["disetujui"]


async def test_who_has_nobody_above_is_named() -> None:
    async with Story([izin]) as story:
        await story.walikota.says("/izin rakor Bappenas Jumat jam 9")
        story.walikota.sees("Wali Kota tidak mempunyai atasan")


@pytest.mark.parametrize("profile", ["telegram", "whatsapp", "whatsapp_group"])
async def test_a_draft_is_changed_before_it_is_sent(profile: str) -> None:
    async with Story([izin], profile=profile) as story:
        await story.kadis.says("/izin rakor Bappenas Jumat jam 9")
        await story.kadis.presses("Ubah…")
        await story.kadis.presses("waktu")
        await story.kadis.says("Senin depan jam 10")
        assert (
            "24 Agustus 2026, pukul 10.00" in story.kadis.last.text or "17 Agustus 2026, pukul 10.00" in story.kadis.last.text
        )
        await story.kadis.presses("Ubah…")
        await story.kadis.presses("keperluan")
        await story.kadis.says("rakor Kemendagri")
        assert "Rakor Kemendagri" in story.kadis.last.text
        story.sekda.does_not_see("Rakor")
        await story.kadis.presses("Kirim")
        story.sekda.sees("Rakor Kemendagri", "pukul 10.00")
        assert await list_states(story) == ["diajukan"]
