"""A report is corrected by who may, and the log says who changed what."""

from pendopo.testing import Story
from pendopo_laporan.models import Laporan

from tests.plugins.laporan.readers import list_actions, list_states, report_flood


async def test_corrections_are_seen_by_who_has_it_and_stand_in_the_log(story: Story) -> None:
    await report_flood(story)
    await story.lurah.says("/laporan ubah 1 wilayah Lebakgede")
    story.lurah.sees("Laporan #1 diubah", "Kel. Lebak Gede, Kec. Coblong")
    story.camat.sees("Lurah Dago mengubah laporan #1")
    await story.lurah.says("/laporan ubah 1 jenis longsor")
    await story.lurah.says("/laporan ubah 1 isi tebing runtuh menutup jalan")
    found = [(row.jenis, row.isi) for row in await story.stored.list_rows(Laporan)]
    assert found == [("longsor", "Tebing runtuh menutup jalan")]
    assert (await list_actions(story)).count("laporan.ubah") == 3
    await story.kadis.says("/laporan ubah 1 isi apa saja")
    assert [row.isi for row in await story.stored.list_rows(Laporan)] == ["Tebing runtuh menutup jalan"]


async def test_a_district_that_is_none_is_asked_for_again(story: Story) -> None:
    await report_flood(story)
    await story.lurah.says("/laporan ubah 1 wilayah Atlantis")
    story.lurah.sees("Tidak ada kecamatan atau kelurahan bernama Atlantis")
    await story.lurah.says("wilayah Sekeloa")
    story.lurah.sees("Kel. Sekeloa, Kec. Coblong")


async def test_an_activity_that_turns_out_to_be_an_incident_goes_to_who_handles_it(story: Story) -> None:
    await story.lurah.says("/laporan kerja bakti RW 03, tebing longsor")
    await story.lurah.says("/laporan ubah 1 jenis longsor")
    assert await list_states(story) == ["menunggu"]
    story.camat.sees("Laporan untuk Anda")
