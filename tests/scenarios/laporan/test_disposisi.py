"""Reports and /disposisi, which do not know each other: what is handed on lies with whom it was handed to."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo.model import Photo
from pendopo.testing import Story
from pendopo.testing.pictures import make_jpeg
from pendopo_disposisi import plugin as disposisi
from pendopo_laporan import plugin as laporan
from pendopo_laporan.models import Laporan

from tests.plugins.laporan.conftest import DIRECTORY, settings
from tests.plugins.laporan.readers import list_actions, list_states, read_file

BELOW = """
[[post]]
code = "kabid"
title = "Kabid Drainase"
unit = "pu"
superior = "kadis"
[[person]]
name = "Ujang Koswara"
posts = ["kabid"]
accounts = ["memory:kabid"]
"""


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Story]:
    plugins = [laporan, disposisi]
    people = DIRECTORY + BELOW
    async with Story(plugins, database=f"sqlite:///{tmp_path}/x.db", settings=settings(), directory=people) as told:
        await told.lurah.says("/laporan banjir setinggi 40 cm", photos=[make_jpeg(1)])
        await told.advance(seconds=5)
        yield told


async def test_who_handles_it_hands_it_on_and_it_lies_with_the_other(both: Story) -> None:
    await both.sekda.says("/disposisi laporan 1 Kadis PU tindak lanjuti sebelum Jumat")
    await both.advance(seconds=5)
    both.kadis.sees("Laporan #1", "Banjir setinggi 40 cm")
    assert await list_states(both) == ["disposisi"]
    assert [row.dengan for row in await both.stored.list_rows(Laporan)] == ["Kadis PU"]
    assert "laporan.disposisi" in await list_actions(both)
    await both.kadis.says("/laporan proses 1")
    assert await list_states(both) == ["proses"]


async def test_what_goes_along_are_copies_without_secrets(both: Story) -> None:
    await both.sekda.says("/disposisi laporan 1 Kadis PU tindak lanjuti sebelum Jumat")
    await both.advance(seconds=5)
    shown = [message for message in both.kadis.messages if isinstance(message.content, Photo)]
    assert shown
    assert all(b"Exif" not in read_file(both, message) for message in shown)


async def test_who_only_sees_it_moves_nothing(both: Story) -> None:
    await both.kadis.says("/disposisi laporan 1 Kabid Drainase pelajari")
    await both.advance(seconds=5)
    both.actor("kabid").sees("Laporan #1")
    assert [(row.status, row.dengan) for row in await both.stored.list_rows(Laporan)] == [("menunggu", "Camat Coblong")]
    await both.walikota.says("/disposisi laporan 1 Sekda pelajari")  # the mayor decides over all
    await both.advance(seconds=5)
    assert [(row.status, row.dengan) for row in await both.stored.list_rows(Laporan)] == [("disposisi", "Sekda")]


async def test_of_a_secret_report_nothing_is_handed_on(both: Story) -> None:
    await both.lurah.says("/laporan rahasia pungli di pasar")
    await both.sekda.says("/disposisi laporan 2 Kadis PU tindak lanjuti")
    await both.advance(seconds=5)
    both.kadis.does_not_see("ungli")
