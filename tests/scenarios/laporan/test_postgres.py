"""The same on PostgreSQL: received, shown, merged, erased and swept."""

import pytest
from pendopo.engine.operations import blob_gc, personal_data
from pendopo.store import open_database
from pendopo.store.migrate import Schema, core_schema, upgrade_schema
from pendopo.testing import Story
from pendopo.testing.pictures import make_exif, make_jpeg
from pendopo_laporan import plugin as laporan
from pendopo_laporan.models import Table

from tests.plugins.laporan.conftest import DIRECTORY, settings
from tests.plugins.laporan.readers import list_blobs, list_photos, list_pictures, list_states


@pytest.mark.postgres
async def test_the_whole_way_on_postgresql(postgres_url: str) -> None:
    database = open_database(postgres_url)
    engine = database.make_engine()
    for schema in (core_schema(), Schema("laporan", laporan.path / "migrations", Table.metadata)):
        upgrade_schema(engine, schema)
    engine.dispose()
    await database.close()
    async with Story([laporan], database=postgres_url, settings=settings(), directory=DIRECTORY) as told:
        await told.lurah.says(
            "/laporan banjir setinggi 40 cm", photos=[make_jpeg(1, exif=make_exif((-6.885, 107.6136))), make_jpeg(2)]
        )
        await told.advance(seconds=10)
        assert [status for _, _, status in await list_photos(told)] == ["tersimpan"] * 2
        assert list_pictures(told.group.messages)
        await told.camat.says("/laporan genangan air", photos=[make_jpeg(1)])
        await told.advance(seconds=10)
        told.camat.sees("mirip #1")
        await told.camat.presses("Gabungkan")
        await told.camat.says("/laporan proses 1 pompa menuju lokasi")
        assert await list_states(told) == ["proses", "digabung"]
        for text in ("/laporan 1", "/galeri 1", "/peta", "/rekap laporan bulan ini", "/laporan saya", "/laporan tunggu"):
            await told.camat.says(text)
            told.camat.does_not_see("kode")
        before = len(list_blobs(told))
        assert await blob_gc.remove_unnamed(told.app.core) == 0
        who = told.app.core.people.named_in("Lurah Dago")[0]
        assert who is not None
        touched = await personal_data.erase_person(told.app.core, who)
        assert touched["file"] > 0
        assert len(list_blobs(told)) == before - touched["file"]
