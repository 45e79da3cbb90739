"""Reports come in every order of words, photos and places; the number does not wait for the photos."""

import pytest
from pendopo import Attachment
from pendopo.model import Location
from pendopo.testing import PROFILES, Story
from pendopo.testing.pictures import make_exif, make_jpeg
from pendopo_laporan.models import Foto, Laporan, Lepas

from tests.plugins.laporan.seen import arrows, blobs, data, photos, pictures, states
from tests.tampering import change_rows

DAGO = (-6.885, 107.6136)


async def test_words_with_a_photo_in_the_group_are_one_line_and_one_small_picture(story: Story) -> None:
    await story.lurah.says("/laporan banjir di Jl. Gedebage setinggi 40 cm", group=True, photos=[make_jpeg(1)])
    line = story.group.sees("#1", "Banjir", "Kel. Dago, Kec. Coblong", "1 foto", "Menunggu · Camat Coblong sejak 12/08 10.20")
    assert line.reply_to
    await story.advance(seconds=5)
    (picture,) = pictures(story.group.messages)
    assert "laporan #1" in picture.text
    assert len(data(story, picture)) <= 100_000
    assert len(story.group.messages) == 2
    story.camat.sees("Laporan untuk Anda", "Laporan #1", "Dampak: 40 cm")
    assert await photos(story) == [(1, "sebelum", "tersimpan")]


async def test_reported_privately_the_groups_get_the_picture_with_the_line_below_it(story: Story) -> None:
    await story.lurah.says("/laporan pohon tumbang di Dago", photos=[make_jpeg(n) for n in range(3)])
    story.lurah.sees("#1", "3 foto", "Menunggu")
    assert story.group.messages == [] or not pictures(story.group.messages)
    await story.advance(seconds=5)
    (picture,) = story.group.messages
    assert pictures([picture])
    assert "#1" in picture.text
    assert "Pohon tumbang" in picture.text
    assert len(data(story, picture)) <= 100_000


async def test_an_album_is_one_report_wherever_its_caption_stands(story: Story) -> None:
    native = [story.lurah._make_delivery(False, files=[], album="a1") for _ in range(3)]
    for number, part in enumerate(native):
        story.messenger.files[f"x{number}"] = make_jpeg(number)
        part.files = [attached(f"x{number}")]
    native[2].text = "/laporan sampah menumpuk"
    await story.deliver(*native)
    await story.advance(seconds=5)
    assert await states(story) == ["menunggu"]
    assert await photos(story) == [(1, "sebelum", "tersimpan")] * 3


async def test_photos_that_come_after_their_album_was_handled_belong_to_it(story: Story) -> None:
    first, late = (story.lurah._make_delivery(False, files=[attached(f"x{n}")], album="a1") for n in range(2))
    first.text = "/laporan sampah menumpuk"
    story.messenger.files |= {f"x{n}": make_jpeg(n) for n in range(2)}
    await story.deliver(first)
    await story.advance(seconds=20)
    await story.deliver(late)
    await story.advance(seconds=5)
    assert await photos(story) == [(1, "sebelum", "tersimpan")] * 2
    assert await states(story) == ["menunggu"]


async def test_words_that_come_after_their_album_was_handled_make_it_a_report_with_each_photo_once(story: Story) -> None:
    first, late = (story.lurah._make_delivery(False, files=[attached(f"x{n}")], album="a1") for n in range(2))
    late.text = "/laporan sampah menumpuk"
    story.messenger.files |= {f"x{n}": make_jpeg(n) for n in range(2)}
    await story.deliver(first)
    await story.advance(seconds=20)
    await story.deliver(late)
    await story.advance(seconds=5)
    assert await photos(story) == [(1, "sebelum", "tersimpan")] * 2
    assert await story.stored.list_rows(Lepas) == []
    story.lurah.does_not_see("Sertakan")


@pytest.mark.parametrize("group", [False, True])
async def test_photos_first_then_words_are_joined_after_asking(story: Story, group: bool) -> None:
    await story.lurah.says(photos=[make_jpeg(1), make_jpeg(2)], group=group)
    await story.advance(minutes=4)
    await story.lurah.says("/laporan kerja bakti RW 03", group=group)
    wall = story.group if group else story.lurah
    wall.sees("2 foto Anda", "Sertakan pada #1")
    assert await photos(story) == []
    await story.restart()
    await story.lurah.presses("Sertakan", group=group)
    await story.advance(seconds=5)
    assert await photos(story) == [(1, "sebelum", "tersimpan")] * 2
    assert pictures(story.group.messages)


async def test_who_says_no_keeps_them_apart(story: Story) -> None:
    await story.lurah.says(photos=[make_jpeg(1)])
    await story.lurah.says("/laporan kerja bakti RW 03")
    await story.lurah.presses("Bukan")
    await story.advance(seconds=5)
    assert await photos(story) == []


async def test_after_ten_minutes_photos_are_not_asked_about_any_more(tale: Story) -> None:
    await tale.lurah.says(photos=[make_jpeg(1)], group=True)
    await tale.advance(minutes=11)
    await tale.lurah.says("/laporan kerja bakti RW 03", group=True)
    tale.group.does_not_see("Sertakan")


async def test_the_photos_of_others_are_never_offered(tale: Story) -> None:
    await tale.camat.says(photos=[make_jpeg(1)], group=True)
    await tale.lurah.says("/laporan kerja bakti RW 03", group=True)
    tale.group.does_not_see("Sertakan")


async def test_words_first_then_photos_privately_are_joined_at_once(story: Story) -> None:
    await story.lurah.says("/laporan jalan rusak di Jl. Juanda")
    story.lurah.sees("#1", "tanpa foto", "Kirim fotonya sekarang")
    await story.restart()
    await story.lurah.says(photos=[make_jpeg(1)])
    story.lurah.sees("Disertakan pada laporan #1", "1 foto")
    await story.advance(seconds=5)
    assert await photos(story) == [(1, "sebelum", "tersimpan")]
    story.camat.sees("Foto laporan #1")


async def test_words_first_then_photos_in_a_group_are_asked_about(story: Story) -> None:
    await story.lurah.says("/laporan jalan rusak di Jl. Juanda", group=True)
    await story.lurah.says(photos=[make_jpeg(1)], group=True)
    story.group.sees("1 foto Anda", "#1 (Jalan rusak")
    await story.lurah.presses("Sertakan", group=True)
    assert [report for report, _, _ in await photos(story)] == [1]


async def test_photos_that_quote_the_answer_belong_to_it(story: Story) -> None:
    await story.lurah.says("/laporan jalan rusak di Jl. Juanda", group=True)
    line = story.group.sees("#1")
    await story.advance(hours=2)
    await story.lurah.says(photos=[make_jpeg(1)], group=True, to=line)
    story.group.sees("Disertakan pada laporan #1")


async def test_photos_with_the_number_alone_belong_to_it(story: Story) -> None:
    await story.lurah.says("/laporan jalan rusak di Jl. Juanda")
    await story.advance(hours=2)
    await story.lurah.says("#1", photos=[make_jpeg(1)], group=True)
    await story.lurah.says("/laporan 1", photos=[make_jpeg(2)])
    assert [report for report, _, _ in await photos(story)] == [1, 1]


async def test_nobody_adds_photos_to_the_report_of_another(tale: Story) -> None:
    await tale.lurah.says("/laporan jalan rusak di Jl. Juanda")
    await tale.kadis.says("/laporan 1", photos=[make_jpeg(2)])
    tale.kadis.sees("Laporan #1 bukan milik Anda")
    assert await photos(tale) == []


async def test_a_command_that_quotes_photos_takes_them(story: Story) -> None:
    await story.lurah.says(photos=[make_jpeg(1)], group=True)
    quoted = story.messenger.make_native("forum", False, "lurah", story.clock.now(), text="/laporan banjir", name="lurah")
    quoted.reply_to = (await story.stored.list_rows(Lepas))[0].kunci
    await story.deliver(quoted)
    assert [report for report, _, _ in await photos(story)] == [1]
    story.group.does_not_see("Sertakan")


async def test_who_only_says_laporan_is_asked_what_and_where(story: Story) -> None:
    await story.lurah.says("/laporan", photos=[make_jpeg(1)])
    story.lurah.sees("Apa yang terjadi?")
    await story.restart()
    await story.lurah.says("banjir, 12 KK mengungsi, butuh perahu karet")
    story.lurah.sees("Di mana?")
    await story.restart()
    await story.lurah.says(place=Location(*DAGO, "Simpang Dago"))
    story.lurah.sees("#1", "Banjir", "1 foto")
    await story.advance(seconds=5)
    await story.lurah.says("/laporan 1")
    story.lurah.sees("Simpang Dago (-6.88500, 107.61360, lokasi dibagikan)", "12 kk", "Kebutuhan: perahu karet")
    assert await photos(story) == [(1, "sebelum", "tersimpan")]


async def test_the_place_may_be_told_in_words(story: Story) -> None:
    await story.lurah.says("/laporan")
    await story.lurah.says("sampah menumpuk")
    await story.lurah.says("Kel. Lebakgede")
    story.lurah.sees("Sampah menumpuk di Kel. Lebakgede", "Kel. Lebak Gede, Kec. Coblong")


async def test_a_shared_place_comes_before_that_of_a_photo(story: Story) -> None:
    await story.lurah.says("/laporan banjir", photos=[make_jpeg(1, exif=make_exif(DAGO))])
    await story.advance(seconds=5)
    (kept,) = await story.stored.list_rows(Laporan)
    assert kept.sumber == "exif"
    assert kept.lintang == pytest.approx(DAGO[0], abs=1e-5)
    await story.lurah.says(place=Location(-6.9, 107.6))
    (kept,) = await story.stored.list_rows(Laporan)
    assert (kept.sumber, kept.lintang, kept.bujur) == ("pin", -6.9, 107.6)
    await story.lurah.says("1", photos=[make_jpeg(2, exif=make_exif(DAGO))])
    await story.advance(seconds=5)
    (kept,) = await story.stored.list_rows(Laporan)
    assert (kept.sumber, kept.lintang, kept.bujur) == ("pin", -6.9, 107.6)


async def test_where_and_when_a_photo_was_taken_stands_in_no_copy_that_is_shown(story: Story) -> None:
    original = make_jpeg(1, exif=make_exif(DAGO, "2026:08:12 09:30:00"))
    await story.lurah.says("/laporan banjir", files=[("IMG_1.jpg", original)])
    await story.advance(seconds=5)
    await story.lurah.says("/galeri 1")
    await story.lurah.says("/galeri unduh 1")
    shown = [m for m in story.messenger.screen if hasattr(m.content, "blob")]
    assert len(shown) >= 4
    for message in shown:
        seen = data(story, message)
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
    assert original in [path.read_bytes() for path in blobs(tale)]
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
    assert blobs(story) == []
    assert (await photos(story)) == [(1, "sebelum", "ditolak")]
    assert story.group.messages == [] or not pictures(story.group.messages)


async def test_too_large_a_file_is_told_of_and_leaves_nothing(tale: Story) -> None:
    await tale.lurah.says("/laporan banjir", files=[("film.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(20_000_001))])
    await tale.advance(seconds=5)
    tale.lurah.sees("tidak disimpan", "paling besar 20 MB")
    assert blobs(tale) == []


async def test_the_sound_ones_of_an_album_are_kept(tale: Story) -> None:
    await tale.lurah.says("/laporan banjir", photos=[make_jpeg(1), b"rusak", make_jpeg(2)])
    await tale.advance(seconds=5)
    assert [status for _, _, status in await photos(tale)] == ["tersimpan", "ditolak", "tersimpan"]
    assert len(pictures(tale.group.messages)) == 1


async def test_a_file_that_cannot_be_had_now_is_asked_for_again_and_given_up_with_a_word(tale: Story) -> None:
    await tale.lurah.says("/laporan banjir", photos=[make_jpeg(1)])
    files, tale.messenger.files = tale.messenger.files, {}
    await tale.lurah.says("/laporan longsor", photos=[])
    tale.messenger.files = {}
    native = tale.lurah._make_delivery(False, text="/laporan kebakaran", files=[attached("later")])
    await tale.deliver(native)
    await tale.advance(seconds=30)
    tale.messenger.files["later"] = make_jpeg(9)
    await tale.advance(minutes=3)
    assert [row.status for row in await tale.stored.list_rows(Foto) if row.laporan == 3] == ["tersimpan"]
    native = tale.lurah._make_delivery(False, text="/laporan gempa", files=[attached("never")])
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
    assert film in [data(tale, shown) for shown in tale.camat.messages if hasattr(shown.content, "blob")]


async def test_what_was_just_reported_can_be_taken_back_for_a_minute(story: Story) -> None:
    await story.lurah.says("/laporan jalan rusak di Jl. Juanda")
    story.group.sees("#1")
    await story.lurah.presses("Batalkan")
    assert await states(story) == ["ditarik"]
    story.group.sees("ditarik kembali")
    story.camat.sees("ditarik kembali")
    await story.advance(days=20)
    story.camat.does_not_see("melewati batas")


async def test_after_a_minute_it_stands(story: Story) -> None:
    await story.lurah.says("/laporan jalan rusak di Jl. Juanda")
    await story.advance(seconds=61)
    await story.lurah.presses("Batalkan")
    assert await states(story) == ["menunggu"]
    assert "satu menit pertama" in (story.lurah.toast or story.lurah.last.text)


async def test_the_same_delivery_twice_is_one_report(tale: Story) -> None:
    native = tale.lurah._make_delivery(False, text="/laporan banjir", files=[attached("x1")])
    tale.messenger.files["x1"] = make_jpeg(1)
    await tale.deliver(native, native)
    await tale.deliver(native)
    await tale.advance(seconds=5)
    assert await states(tale) == ["menunggu"]
    assert len(await photos(tale)) == 1


async def test_each_receipt_and_each_file_is_a_line_of_the_log(tale: Story) -> None:
    await tale.lurah.says("/laporan banjir", photos=[make_jpeg(1), make_jpeg(2)])
    await tale.advance(seconds=5)
    assert await arrows(tale) == ["laporan.terima", "laporan.simpan_foto", "laporan.simpan_foto"]


async def test_strangers_report_nothing_and_fill_no_disk(tale: Story) -> None:
    await tale.stranger.says("/laporan banjir", photos=[make_jpeg(1)])
    await tale.stranger.says(photos=[make_jpeg(1)], group=True)
    await tale.advance(seconds=5)
    assert await states(tale) == []
    assert blobs(tale) == []


async def test_an_activity_is_only_recorded(story: Story) -> None:
    await story.lurah.says("/laporan kerja bakti RW 03", photos=[make_jpeg(1)])
    story.lurah.sees("#1", "Kerja bakti", "Tercatat")
    await story.advance(days=20)
    story.camat.does_not_see("Laporan untuk Anda")
    story.camat.does_not_see("melewati batas")
    assert await states(story) == ["tercatat"]


async def test_messages_are_changed_where_they_can_be(story: Story) -> None:
    await story.lurah.says("/laporan banjir", group=True)
    await story.camat.says("/laporan proses 1 pompa menuju lokasi")
    line = story.group.messages[0]
    assert ("Proses" in line.text) is PROFILES[story.messenger.profile].edit


def attached(ref: str) -> Attachment:
    return Attachment("photo", ref)


async def test_a_photo_whose_job_died_is_asked_for_again_at_night(tale: Story) -> None:
    await tale.lurah.says("/laporan banjir", photos=[make_jpeg(1)])
    await change_rows(tale.app.database, "laporan_foto", status="datang", asli="")
    await tale.advance(hours=20)
    assert await photos(tale) == [(1, "sebelum", "tersimpan")]
