"""A department with its administrator, the administrator of everything, and somebody of another department."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo.testing import Story
from pendopo_akun import plugin as akun
from pendopo_kelola import plugin as kelola

POSTS = {
    "sekda": ("Sekda", "kota", "", "sekda"),
    "admin": ("Admin Kota", "kota", "", "admin_sistem"),
    "kadis": ("Kadis PU", "pu", "sekda", "kepala_opd"),
    "sekdis": ("Sekdis PU", "pu", "kadis", "staf"),
    "kabid": ("Kabid Jalan", "pu", "kadis", "staf"),
    "adminpu": ("Admin PU", "pu", "kadis", "admin_opd"),
    "adminpu2": ("Admin PU Dua", "pu", "kadis", "admin_opd"),
    "adminpu3": ("Admin PU Tiga", "pu", "kadis", "admin_opd"),
    "kadishub": ("Kadishub", "hub", "sekda", "kepala_opd"),
    "utusan": ("Utusan Khusus", "", "sekda", "staf"),
}
PEOPLE = {
    "bambang": ("Bambang Suryana", "sekda"),
    "asep": ("Asep Saepudin", "admin"),
    "rina": ("Rina Hidayat", "kadis"),
    "siti": ("Siti Aminah", "sekdis"),
    "dani": ("Dani Ramdan", "adminpu"),
    "agus": ("Agus Permana", "kadishub"),
    "tono": ("Tono Wijaya", ""),
    "euis": ("Euis Komariah", "utusan"),
    "yayan": ("Yayan Sofyan", "adminpu3"),
}
UNITS = {"kota": ("Kota", ""), "pu": ("Dinas PU", "kota"), "hub": ("Dinas Perhubungan", "kota")}


def directory() -> str:
    """The directory file of this town."""
    units = [f'[[unit]]\ncode = "{code}"\nname = "{name}"\nparent = "{above}"' for code, (name, above) in UNITS.items()]
    posts = [
        f'[[post]]\ncode = "{code}"\ntitle = "{title}"\nunit = "{unit}"\nsuperior = "{above}"\nroles = ["{role}"]'
        for code, (title, unit, above, role) in POSTS.items()
    ]
    people = [
        f'[[person]]\nname = "{name}"\nposts = {[post] if post else []}\naccounts = ["memory:{account}"]'
        for account, (name, post) in PEOPLE.items()
    ]
    return "\n".join([*units, *posts, *people])


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with Story([akun, kelola], database=f"sqlite:///{tmp_path}/x.db", directory=directory()) as told:
        yield told


async def confirm_command(story: Story, who: str, text: str) -> None:
    """Say a command and confirm what is read back."""
    await story.actor(who).says(text)
    await story.actor(who).presses("Ya, kirim")


def assert_told(story: Story, who: str, *texts: str) -> None:
    """Somebody was told this: in a message, or in the short note that answers a touch."""
    actor = story.actor(who)
    if not all(text in actor.toast for text in texts):
        actor.sees(*texts)


async def list_actions(story: Story) -> list[str]:
    return [line.action for line in await story.stored.list_audit_lines()]
