"""What is held about a person reaches their photos: written out, and erased with all copies and all small pictures of them."""

import json
import os
from pathlib import Path

import pytest
from pendopo.engine.operations import blob_gc, personal_data
from pendopo.model import Person
from pendopo.store.queries import dead_letters
from pendopo.testing import Story
from pendopo.testing.pictures import make_exif, make_jpeg
from pendopo_laporan.models import Laporan

from tests.plugins.laporan.readers import list_blobs, list_photos


def person(story: Story, title: str) -> Person:
    found = story.app.core.people.named_in(title)[0]
    assert found is not None
    return found


async def test_an_export_names_the_photos_and_they_are_there(tale: Story) -> None:
    await tale.lurah.says("/laporan banjir", photos=[make_jpeg(1, exif=make_exif((-6.9, 107.6)))])
    await tale.camat.says("/laporan longsor", photos=[make_jpeg(2)])
    await tale.advance(seconds=5)
    who = person(tale, "Lurah Dago")
    held = await personal_data.export_person(tale.app.core, who)
    (foto,) = held["laporan_foto"]
    assert "-6.9" in foto["catatan"]
    names = await personal_data.list_person_files(tale.app.core, who)
    assert {foto["asli"], foto["bagikan"], foto["mini"]} <= set(names)
    assert all(tale.app.core.blobs.path(name).is_file() for name in names)
    assert make_jpeg(2) not in [tale.app.core.blobs.path(name).read_bytes() for name in names]


async def test_erasing_takes_every_copy_and_leaves_what_others_sent(tale: Story) -> None:
    await tale.lurah.says("/laporan banjir di RW 3", photos=[make_jpeg(1), make_jpeg(7)])
    await tale.camat.says("/laporan longsor di RW 4", photos=[make_jpeg(2), make_jpeg(7)])
    await tale.advance(seconds=5)
    mine = await personal_data.list_person_files(tale.app.core, person(tale, "Lurah Dago"))
    others = await personal_data.list_person_files(tale.app.core, person(tale, "Camat Coblong"))
    touched = await personal_data.erase_person(tale.app.core, person(tale, "Lurah Dago"))
    assert touched["file"] == len(set(mine) - set(others)) > 0
    left = {path.name for path in list_blobs(tale)}
    assert left.isdisjoint(set(mine) - set(others))
    assert set(others) <= left
    assert [row.isi for row in await tale.stored.list_rows(Laporan) if row.id == 1] == [""]
    text = json.dumps([row.content for row in await tale.stored.list_deliveries()])
    assert not any(name in text for name in set(mine) - set(others))


async def test_what_is_erased_is_shown_and_counted_no_more_and_breaks_nothing(tale: Story) -> None:
    await tale.lurah.says("/laporan banjir di RW 3", photos=[make_jpeg(1)])
    await tale.advance(seconds=5)
    await personal_data.erase_person(tale.app.core, person(tale, "Lurah Dago"))
    await tale.sekda.says("/laporan 1")
    assert "1 foto" not in tale.sekda.last.text
    assert "Lampiran" not in tale.sekda.last.text
    for text, answer in (
        ("/laporan 1", "Laporan #1 · Banjir\n–"),
        ("/galeri 1", "Laporan #1 tidak mempunyai foto"),
        ("/peta", "Tidak ada laporan berlokasi"),
        ("/rekap laporan bulan ini", "Rekap laporan"),
        ("/laporan proses 1", "Laporan #1: 🟢 Proses"),
        ("/galeri unduh 1", "Laporan #1 tidak mempunyai foto"),
    ):
        await tale.sekda.says(text)
        assert answer in tale.sekda.last.text
        tale.sekda.does_not_see("kode")
    assert await list_photos(tale) == [(1, "sebelum", "tersimpan")]
    assert await dead_letters.list_letters(tale.app.database, "delivery", dead_letters.DEAD, 5) == []


async def test_a_file_that_nobody_names_goes_after_two_days_and_no_other(tale: Story) -> None:
    await tale.lurah.says("/laporan banjir di RW 3", photos=[make_jpeg(1)])
    await tale.advance(seconds=5)
    core = tale.app.core
    orphan = await tale.app.ingestion.store_bytes(b"nobody names me")
    kept = {path.name for path in list_blobs(tale)} - {orphan}
    _age(tale, days=1)
    assert await blob_gc.remove_unnamed(core) == 0
    _age(tale, days=3)
    assert await blob_gc.remove_unnamed(core) == 1
    assert {path.name for path in list_blobs(tale)} == kept
    assert orphan in str(await tale.stored.list_audit_lines("sistem.sapu_berkas"))


@pytest.mark.sqlite  # with several processes others may be writing theirs
async def test_halves_of_files_are_gone_after_a_start(tale: Story) -> None:
    folder = Path(tale.app.settings.data_dir)
    for shelf in ("blobs", "arrivals"):
        (folder / shelf).mkdir(exist_ok=True)
        (folder / shelf / ".part-x").write_bytes(b"half")
    await tale.restart()
    assert not [name for shelf in ("blobs", "arrivals") for name in os.listdir(folder / shelf) if name.startswith(".")]


async def test_files_of_a_plugin_that_is_switched_off_stay(tmp_path: Path) -> None:
    from pendopo_laporan import plugin as laporan

    async with Story([laporan], database=f"sqlite:///{tmp_path}/x.db") as told:
        await told.lurah.says("/laporan banjir di RW 3", photos=[make_jpeg(1)])
        await told.advance(seconds=5)
        told._plugins = []
        await told.restart()
        before = len(list_blobs(told))
        _age(told, days=3)
        assert await blob_gc.remove_unnamed(told.app.core) == 0
        assert len(list_blobs(told)) == before > 0


def _age(story: Story, days: int) -> None:
    """Let all files have been there for so many days."""
    at = story.clock.now().timestamp() - days * 86_400
    for path in list_blobs(story):
        os.utime(path, (at, at))
