"""A city in which people name each other as they do, with all plugins that take names."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from pendopo.testing import Story
from pendopo_akun import plugin as akun
from pendopo_disposisi import plugin as disposisi
from pendopo_ingatkan import plugin as ingatkan
from pendopo_izin import plugin as izin
from pendopo_kelola import plugin as kelola
from pendopo_laporan import plugin as laporan
from pendopo_rapat import plugin as rapat

from tests.directory.town import ROWS, UNITS

ROLES = {"walikota": ["walikota"], "sekda": ["sekda"], "camat-c": ["camat"], "camat-l": ["camat"], "asda2": ["admin_sistem"]}


def make_directory(extra: str = "") -> str:
    """The directory file of the city; accounts are named like the posts."""
    units = [f'[[unit]]\ncode = "{unit.code}"\nname = "{unit.name}"\nparent = "{unit.parent}"' for unit in UNITS.values()]
    posts = [
        f'[[post]]\ncode = "{code}"\ntitle = "{title}"\nunit = "{unit}"\nsuperior = "{above}"\n'
        f"roles = {ROLES.get(code, ['staf'])}"
        for code, title, unit, above, _ in ROWS
    ]
    people = [
        f'[[person]]\nname = "{name}"\nposts = ["{code}"]\naccounts = ["memory:{code}"]' for code, *_, name in ROWS if name
    ]
    ajudan = '[[person]]\nname = "Dani Ramdan"\naccounts = ["memory:dani"]'
    lent = '[[mandate]]\nkind = "ajudan"\npost = "kadispu"\nperson = "Dani Ramdan"\nsince = 2026-01-01\nmay = ["izin.ajukan"]'
    return "\n".join([*units, *posts, *people, ajudan, lent, extra])


@pytest.fixture
async def city(tmp_path: Path) -> AsyncIterator[Story]:
    plugins = [akun, kelola, izin, rapat, ingatkan, disposisi, laporan]
    async with Story(plugins, database=f"sqlite:///{tmp_path}/x.db", directory=make_directory()) as story:
        yield story


async def say(story: Story, who: str, text: str) -> str:
    """What somebody sees last after they said something."""
    await story.actor(who).says(text)
    return story.actor(who).last.text


def list_buttons(story: Story, who: str) -> Sequence[str]:
    """The buttons of the last message somebody sees."""
    return [button.title for button in story.actor(who).last.buttons]
