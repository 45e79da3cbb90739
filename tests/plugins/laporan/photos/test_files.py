"""The files of reports: looked at one by one, kept as they were sent, and shown as one small picture."""

import pytest
from pendopo.testing import Story
from pendopo.testing.pictures import make_exif, make_jpeg
from pendopo_laporan.models import Foto

from tests.plugins.laporan.readers import list_actions, list_blobs, list_photos, list_pictures, make_attachment, read_file
from tests.plugins.laporan.reports.test_submissions import DAGO
from tests.tampering import change_rows


async def test_where_and_when_a_photo_was_taken_stands_in_no_copy_that_is_shown(story: Story) -> None:
    original = make_jpeg(1, exif=make_exif(DAGO, "2026:08:12 09:30:00"))
    await story.lurah.says("/laporan banjir", files=[("IMG_1.jpg", original)])
    await story.advance(seconds=5)
    await story.lurah.says("/galeri 1")
    await story.lurah.says("/galeri unduh 1")
    shown = [m for m in story.messenger.screen if hasattr(m.content, "blob")]
    assert len(shown) >= 4
    for message in shown:
        seen = read_file(story, message)
        assert b"Exif" not in seen
        assert b"K-1" not in seen
        assert seen != original
    taken = (await story.stored.list_rows(Foto))[0]
    assert "-6.88" in taken.catatan
    assert taken.lintang == pytest.approx(DAGO[0], abs=1e-5)


async def test_the_original_is_kept_as_it_was_sent(tale: Story) -> None:
    original = make_jpeg(1, exif=make_exif(DAGO))
    await tale.lurah.says("/laporan banjir", photos=[original])
    await tale.advance(seconds=5)
    assert original in [path.read_bytes() for path in list_blobs(tale)]
    noted, photo = await tale.stored.list_audit_lines("laporan.simpan_foto"), (await tale.stored.list_rows(Foto))[0]
    assert photo.asli
    assert photo.asli in (noted[0].body or "")


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b"", "kosong"),
        (make_jpeg(1)[:3000], "rusak"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 200, "rusak"),
        (b"%PDF-1.7 halo", "bukan foto"),
        (b"MZ" + b"\x00" * 200, "bukan foto"),
        (make_jpeg(1) + b"<script>alert(1)</script>", "disembunyikan"),
    ],
    ids=["empty", "truncated", "corrupt", "pdf", "program", "polyglot"],
)
async def test_an_unsound_file_is_told_of_and_leaves_nothing(story: Story, bad: bytes, why: str) -> None:
    await story.lurah.says("/laporan banjir", photos=[bad])
    story.lurah.sees("#1")
    await story.advance(seconds=5)
    story.lurah.sees("Satu berkas untuk laporan #1 tidak disimpan", why)
    assert list_blobs(story) == []
    assert (await list_photos(story)) == [(1, "sebelum", "ditolak")]
    assert story.group.messages == [] or not list_pictures(story.group.messages)


async def test_too_large_a_file_is_told_of_and_leaves_nothing(tale: Story) -> None:
    await tale.lurah.says("/laporan banjir", files=[("film.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(20_000_001))])
    await tale.advance(seconds=5)
    tale.lurah.sees("tidak disimpan", "paling besar 20 MB")
    assert list_blobs(tale) == []


async def test_the_sound_ones_of_an_album_are_kept(tale: Story) -> None:
    await tale.lurah.says("/laporan banjir", photos=[make_jpeg(1), b"rusak", make_jpeg(2)])
    await tale.advance(seconds=5)
    assert [status for _, _, status in await list_photos(tale)] == ["tersimpan", "ditolak", "tersimpan"]
    assert len(list_pictures(tale.group.messages)) == 1


async def test_a_file_that_cannot_be_had_now_is_asked_for_again_and_given_up_with_a_word(tale: Story) -> None:
    await tale.lurah.says("/laporan banjir", photos=[make_jpeg(1)])
    files, tale.messenger.files = tale.messenger.files, {}
    await tale.lurah.says("/laporan longsor", photos=[])
    tale.messenger.files = {}
    native = tale.lurah._make_delivery(False, text="/laporan kebakaran", files=[make_attachment("later")])
    await tale.deliver(native)
    await tale.advance(seconds=30)
    tale.messenger.files["later"] = make_jpeg(9)
    await tale.advance(minutes=3)
    assert [row.status for row in await tale.stored.list_rows(Foto) if row.laporan == 3] == ["tersimpan"]
    native = tale.lurah._make_delivery(False, text="/laporan gempa", files=[make_attachment("never")])
    await tale.deliver(native)
    await tale.advance(hours=3)
    tale.lurah.sees("Satu berkas untuk laporan #4 tidak disimpan", "belum dapat diambil")
    assert files


async def test_films_voices_and_papers_are_taken_too(tale: Story) -> None:
    film = b"\x00\x00\x00\x18ftypmp42" + bytes(500)
    await tale.lurah.says("/laporan banjir", files=[("banjir.mp4", film), ("surat.pdf", b"%PDF-1.7\n%%EOF")])
    await tale.advance(seconds=5)
    tale.lurah.sees("#1", "2 berkas")
    await tale.camat.says("/laporan berkas 1")
    assert film in [read_file(tale, shown) for shown in tale.camat.messages if hasattr(shown.content, "blob")]


async def test_each_receipt_and_each_file_is_a_line_of_the_log(tale: Story) -> None:
    await tale.lurah.says("/laporan banjir", photos=[make_jpeg(1), make_jpeg(2)])
    await tale.advance(seconds=5)
    assert await list_actions(tale) == ["laporan.terima", "laporan.simpan_foto", "laporan.simpan_foto"]


async def test_a_photo_whose_job_died_is_asked_for_again_at_night(tale: Story) -> None:
    await tale.lurah.says("/laporan banjir", photos=[make_jpeg(1)])
    await change_rows(tale.app.database, "laporan_foto", status="datang", asli="")
    await tale.advance(hours=20)
    assert await list_photos(tale) == [(1, "sebelum", "tersimpan")]
