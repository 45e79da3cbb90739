"""Stories of /laporan: on each capability profile, on a database file, with the group that gets the lines."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pendopo.config import RawSection, Settings
from pendopo.testing import Story
from pendopo.testing.story import DEMO
from pendopo_laporan import plugin as laporan

GROUP: dict[str, Any] = {"grup": ["memory:forum"]}


DIRECTORY = """
[[unit]]
code = "kota"
name = "Pemerintah Kota"
[[unit]]
code = "pu"
name = "Dinas PU"
parent = "kota"
[[unit]]
code = "hub"
name = "Dinas Perhubungan"
parent = "kota"
[[unit]]
code = "coblong"
name = "Kecamatan Coblong"
parent = "kota"
[[unit]]
code = "dago"
name = "Kelurahan Dago"
parent = "coblong"
""" + "".join(
    f"""
[[post]]
code = "{code}"
title = "{title}"
unit = "{unit}"
superior = "{above}"
roles = ["{role}"]
[[person]]
name = "{name}"
posts = ["{code}"]
accounts = ["memory:{code}"]
"""
    for code, (name, title, above, role), unit in (
        (code, DEMO[code], unit)
        for code, unit in {
            "walikota": "kota",
            "sekda": "kota",
            "kadis": "pu",
            "kadishub": "hub",
            "camat": "coblong",
            "lurah": "dago",
        }.items()
    )
)
"""The people of the demo, each in a unit of their own."""


def settings(**more: Any) -> Settings:
    return Settings(plugin={"laporan": RawSection(GROUP | more)})


@pytest.fixture
async def story(tmp_path: Path, profile: str) -> AsyncIterator[Story]:
    async with Story(
        [laporan], database=f"sqlite:///{tmp_path}/x.db", profile=profile, settings=settings(), directory=DIRECTORY
    ) as told:
        yield told


@pytest.fixture
async def tale(tmp_path: Path) -> AsyncIterator[Story]:
    """The same on one profile, for what no messenger changes."""
    async with Story([laporan], database=f"sqlite:///{tmp_path}/x.db", settings=settings(), directory=DIRECTORY) as told:
        yield told
