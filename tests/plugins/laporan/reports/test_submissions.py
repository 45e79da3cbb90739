"""Reports come in every order of words, photos and places; the number does not wait for the photos."""

import pytest
from pendopo.model import Location
from pendopo.testing import PROFILES, Story
from pendopo.testing.pictures import make_exif, make_jpeg
from pendopo_laporan.models import Laporan, Lepas

from tests.plugins.laporan.readers import list_blobs, list_photos, list_pictures, list_states, make_attachment, read_file

DAGO = (-6.885, 107.6136)


async def test_words_with_a_photo_in_the_group_are_one_line_and_one_small_picture(story: Story) -> None:
    await story.lurah.says("/laporan banjir di Jl. Gedebage setinggi 40 cm", group=True, photos=[make_jpeg(1)])
    line = story.group.sees("#1", "Banjir", "Kel. Dago, Kec. Coblong", "1 foto", "Menunggu · Camat Coblong sejak 12/08 10.20")
    assert line.reply_to
    await story.advance(seconds=5)
    (picture,) = list_pictures(story.group.messages)
    assert "laporan #1" in picture.text
    assert len(read_file(story, picture)) <= 100_000
    assert len(story.group.messages) == 2
    story.camat.sees("Laporan untuk Anda", "Laporan #1", "Dampak: 40 cm")
    assert await list_photos(story) == [(1, "sebelum", "tersimpan")]


async def test_reported_privately_the_groups_get_the_picture_with_the_line_below_it(story: Story) -> None:
    await story.lurah.says("/laporan pohon tumbang di Dago", photos=[make_jpeg(n) for n in range(3)])
    story.lurah.sees("#1", "3 foto", "Menunggu")
    assert story.group.messages == [] or not list_pictures(story.group.messages)
    await story.advance(seconds=5)
    (picture,) = story.group.messages
    assert list_pictures([picture])
    assert "#1" in picture.text
    assert "Pohon tumbang" in picture.text
    assert len(read_file(story, picture)) <= 100_000


async def test_an_album_is_one_report_wherever_its_caption_stands(story: Story) -> None:
    native = [story.lurah._make_delivery(False, files=[], album="a1") for _ in range(3)]
    for number, part in enumerate(native):
        story.messenger.files[f"x{number}"] = make_jpeg(number)
        part.files = [make_attachment(f"x{number}")]
    native[2].text = "/laporan sampah menumpuk"
    await story.deliver(*native)
    await story.advance(seconds=5)
    assert await list_states(story) == ["menunggu"]
    assert await list_photos(story) == [(1, "sebelum", "tersimpan")] * 3


async def test_words_that_come_after_their_album_was_handled_make_it_a_report_with_each_photo_once(story: Story) -> None:
    first, late = (story.lurah._make_delivery(False, files=[make_attachment(f"x{n}")], album="a1") for n in range(2))
    late.text = "/laporan sampah menumpuk"
    story.messenger.files |= {f"x{n}": make_jpeg(n) for n in range(2)}
    await story.deliver(first)
    await story.advance(seconds=20)
    await story.deliver(late)
    await story.advance(seconds=5)
    assert await list_photos(story) == [(1, "sebelum", "tersimpan")] * 2
    assert await story.stored.list_rows(Lepas) == []
    story.lurah.does_not_see("Sertakan")


async def test_a_command_that_quotes_photos_takes_them(story: Story) -> None:
    await story.lurah.says(photos=[make_jpeg(1)], group=True)
    quoted = story.messenger.make_native("forum", False, "lurah", story.clock.now(), text="/laporan banjir", name="lurah")
    quoted.reply_to = (await story.stored.list_rows(Lepas))[0].kunci
    await story.deliver(quoted)
    assert [report for report, _, _ in await list_photos(story)] == [1]
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
    assert await list_photos(story) == [(1, "sebelum", "tersimpan")]


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


async def test_what_was_just_reported_can_be_taken_back_for_a_minute(story: Story) -> None:
    await story.lurah.says("/laporan jalan rusak di Jl. Juanda")
    story.group.sees("#1")
    await story.lurah.presses("Batalkan")
    assert await list_states(story) == ["ditarik"]
    story.group.sees("ditarik kembali")
    story.camat.sees("ditarik kembali")
    await story.advance(days=20)
    story.camat.does_not_see("melewati batas")


async def test_after_a_minute_it_stands(story: Story) -> None:
    await story.lurah.says("/laporan jalan rusak di Jl. Juanda")
    await story.advance(seconds=61)
    await story.lurah.presses("Batalkan")
    assert await list_states(story) == ["menunggu"]
    assert "satu menit pertama" in (story.lurah.toast or story.lurah.last.text)


async def test_the_same_delivery_twice_is_one_report(tale: Story) -> None:
    native = tale.lurah._make_delivery(False, text="/laporan banjir", files=[make_attachment("x1")])
    tale.messenger.files["x1"] = make_jpeg(1)
    await tale.deliver(native, native)
    await tale.deliver(native)
    await tale.advance(seconds=5)
    assert await list_states(tale) == ["menunggu"]
    assert len(await list_photos(tale)) == 1


async def test_strangers_report_nothing_and_fill_no_disk(tale: Story) -> None:
    await tale.stranger.says("/laporan banjir", photos=[make_jpeg(1)])
    await tale.stranger.says(photos=[make_jpeg(1)], group=True)
    await tale.advance(seconds=5)
    assert await list_states(tale) == []
    assert list_blobs(tale) == []


async def test_an_activity_is_only_recorded(story: Story) -> None:
    await story.lurah.says("/laporan kerja bakti RW 03", photos=[make_jpeg(1)])
    story.lurah.sees("#1", "Kerja bakti", "Tercatat")
    await story.advance(days=20)
    story.camat.does_not_see("Laporan untuk Anda")
    story.camat.does_not_see("melewati batas")
    assert await list_states(story) == ["tercatat"]


async def test_messages_are_changed_where_they_can_be(story: Story) -> None:
    await story.lurah.says("/laporan banjir", group=True)
    await story.camat.says("/laporan proses 1 pompa menuju lokasi")
    line = story.group.messages[0]
    assert ("Proses" in line.text) is PROFILES[story.messenger.profile].edit
