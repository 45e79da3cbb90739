"""The gallery, and all photos of one report as an archive for those who may have them."""

import re
import zipfile
from io import BytesIO

from pendopo.model import Document
from pendopo.testing import Story

from tests.plugins.laporan.readers import list_actions, read_file, report_three


async def test_the_gallery_by_district_and_kind(story: Story) -> None:
    await report_three(story)
    await story.kadis.says("/galeri Dago bulan ini")
    assert len(read_file(story, story.kadis.sees("Foto terbaru (Dago)", "#2 #1"))) <= 100_000
    await story.kadis.says("/galeri kegiatan")
    story.kadis.sees("Foto terbaru (kegiatan)", ": #2")
    await story.kadis.says("/galeri Cijawura")
    story.kadis.sees("Tidak ada foto")


async def test_the_album_is_for_those_who_answer_for_it(story: Story) -> None:
    await report_three(story)
    await story.kadis.says("/galeri unduh 1")
    assert not [m for m in story.kadis.messages if isinstance(m.content, Document)]
    for who in (story.lurah, story.camat, story.sekda):
        await who.says("/galeri unduh 1")
        archive = zipfile.ZipFile(BytesIO(read_file(story, who.sees("Album laporan #1"))))
        assert len(archive.namelist()) == 2
        assert all(re.fullmatch(r"1-0\d-sebelum-20260812-1020\.jpg", name) for name in archive.namelist())
        assert not any(b"Exif" in archive.read(name) for name in archive.namelist())
    assert (await list_actions(story)).count("laporan.ekspor") == 3


async def test_an_album_asked_for_in_a_group_comes_privately(story: Story) -> None:
    await report_three(story)
    await story.camat.says("/galeri unduh 1", group=True)
    story.group.sees("jawabannya di percakapan pribadi")
    assert not [m for m in story.group.messages if isinstance(m.content, Document)]
    assert isinstance(story.camat.sees("Album laporan #1").content, Document)
