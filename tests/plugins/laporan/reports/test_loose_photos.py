"""Photos that come by themselves: before their words, after them, as an answer, or as late parts of an album."""

import pytest
from pendopo.model import Attachment
from pendopo.testing import Story
from pendopo.testing.pictures import make_jpeg

from tests.plugins.laporan.readers import list_photos, list_pictures, list_states, make_attachment


async def test_photos_that_come_after_their_album_was_handled_belong_to_it(story: Story) -> None:
    first, late = (story.lurah._make_delivery(False, files=[make_attachment(f"x{n}")], album="a1") for n in range(2))
    first.text = "/laporan sampah menumpuk"
    story.messenger.files |= {f"x{n}": make_jpeg(n) for n in range(2)}
    await story.deliver(first)
    await story.advance(seconds=20)
    await story.deliver(late)
    await story.advance(seconds=5)
    assert await list_photos(story) == [(1, "sebelum", "tersimpan")] * 2
    assert await list_states(story) == ["menunggu"]


@pytest.mark.parametrize("group", [False, True])
async def test_photos_first_then_words_are_joined_after_asking(story: Story, group: bool) -> None:
    await story.lurah.says(photos=[make_jpeg(1), make_jpeg(2)], group=group)
    await story.advance(minutes=4)
    await story.lurah.says("/laporan kerja bakti RW 03", group=group)
    wall = story.group if group else story.lurah
    wall.sees("2 foto Anda", "Sertakan pada #1")
    assert await list_photos(story) == []
    await story.restart()
    await story.lurah.presses("Sertakan", group=group)
    await story.advance(seconds=5)
    assert await list_photos(story) == [(1, "sebelum", "tersimpan")] * 2
    assert list_pictures(story.group.messages)


async def test_who_says_no_keeps_them_apart(story: Story) -> None:
    await story.lurah.says(photos=[make_jpeg(1)])
    await story.lurah.says("/laporan kerja bakti RW 03")
    await story.lurah.presses("Bukan")
    await story.advance(seconds=5)
    assert await list_photos(story) == []


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
    assert await list_photos(story) == [(1, "sebelum", "tersimpan")]
    story.camat.sees("Foto laporan #1")


async def test_words_first_then_photos_in_a_group_are_asked_about(story: Story) -> None:
    await story.lurah.says("/laporan jalan rusak di Jl. Juanda", group=True)
    await story.lurah.says(photos=[make_jpeg(1)], group=True)
    story.group.sees("1 foto Anda", "#1 (Jalan rusak")
    await story.lurah.presses("Sertakan", group=True)
    assert [report for report, _, _ in await list_photos(story)] == [1]


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
    assert [report for report, _, _ in await list_photos(story)] == [1, 1]


async def test_nobody_adds_photos_to_the_report_of_another(tale: Story) -> None:
    await tale.lurah.says("/laporan jalan rusak di Jl. Juanda")
    await tale.kadis.says("/laporan 1", photos=[make_jpeg(2)])
    tale.kadis.sees("Laporan #1 bukan milik Anda")
    assert await list_photos(tale) == []


@pytest.mark.parametrize("caption", ["Apel pagi di halaman kantor", "Kuitansi ATK bulan Juli", "Undangan rapat besok"])
async def test_a_photo_with_words_of_its_own_is_asked_about(story: Story, caption: str) -> None:
    await story.lurah.says("/laporan genangan di Jl. Ir. H. Juanda")
    before = len(story.group.messages)
    await story.lurah.says(caption, photos=[make_jpeg(3)])
    await story.advance(seconds=20)
    story.lurah.sees("Sertakan pada #1")
    assert await list_photos(story) == []
    assert len(story.group.messages) == before
    await story.lurah.presses("Laporan baru")
    await story.advance(seconds=20)
    story.lurah.sees("#2", caption)
    assert await list_photos(story) == [(2, "sebelum", "tersimpan")]


async def test_a_photo_without_words_right_after_is_the_reports(story: Story) -> None:
    await story.lurah.says("/laporan genangan di Jl. Ir. H. Juanda")
    await story.lurah.says(photos=[make_jpeg(3)])
    await story.advance(seconds=20)
    assert await list_photos(story) == [(1, "sebelum", "tersimpan")]


async def test_a_sticker_or_a_document_is_never_published_by_itself(story: Story) -> None:
    await story.lurah.says("/laporan genangan di Jl. Ir. H. Juanda")
    before = len(story.group.messages)
    story.messenger.files["s1"] = make_jpeg(4)
    for kind in ("sticker", "audio"):
        await story.deliver(story.lurah._make_delivery(False, files=[Attachment(kind, "s1")]))
    await story.lurah.says(files=[("kuitansi.pdf", b"%PDF-1.7\n%%EOF")])
    await story.advance(seconds=20)
    assert await list_photos(story) == []
    assert len(story.group.messages) == before


async def test_a_photo_with_words_alone_is_offered_as_a_report(story: Story) -> None:
    await story.lurah.says("pohon tumbang di Kel. Dago", photos=[make_jpeg(5)])
    story.lurah.sees("Ini laporan?", "pohon tumbang di Kel. Dago")
    await story.lurah.presses("Laporan baru")
    await story.advance(seconds=20)
    story.lurah.sees("#1 Pohon tumbang")
    assert await list_photos(story) == [(1, "sebelum", "tersimpan")]


async def test_a_post_with_words_in_a_group_is_left_alone(story: Story) -> None:
    await story.lurah.says("/laporan genangan di Jl. Ir. H. Juanda", group=True)
    before = len(story.group.messages)
    await story.lurah.says("Senam pagi bersama warga", photos=[make_jpeg(6)], group=True)
    await story.advance(seconds=20)
    assert len(story.group.messages) == before
    assert await list_photos(story) == []
