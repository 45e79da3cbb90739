"""A report from hand to hand: with whom it lies and since when is always to be seen, and every arrow is a line of the log."""

import pytest
from pendopo.testing import PROFILES, Story
from pendopo.testing.messenger import ShownMessage
from pendopo.testing.pictures import make_jpeg
from pendopo_laporan.models import Laporan

from tests.plugins.laporan.readers import list_actions, list_photos, list_pictures, list_states, report_flood


async def answered(story: Story, label: str, *answers: str, on: ShownMessage | None = None) -> None:
    await story.camat.presses(label, on=on)
    for answer in answers:
        await story.restart()
        await story.camat.says(answer)


async def test_from_waiting_to_rated_with_a_restart_at_each_step(story: Story) -> None:
    card = await report_flood(story)
    await answered(story, "Koordinasi…", "PLN, kabel putus", on=card)
    assert await list_states(story) == ["koordinasi"]
    story.camat.sees("Laporan #1: ", "Koordinasi · PLN, kabel putus sejak 12/08")
    story.lurah.sees("Kabar laporan #1", "PLN, kabel putus")
    await story.restart()
    await answered(story, "Disposisi…", "Kadis PU", on=card)
    assert await list_states(story) == ["disposisi"]
    story.kadis.sees("Disposisi Camat Coblong", "Laporan #1")
    await story.restart()
    await story.kadis.presses("Proses")
    assert await list_states(story) == ["proses"]
    story.lurah.sees("Kabar laporan #1", "Proses · Kadis PU")
    await story.restart()
    await story.kadis.presses("Selesai", on=story.kadis.sees("Disposisi Camat Coblong"))
    story.kadis.sees("Kirim foto sesudahnya")
    assert await list_states(story) == ["proses"]
    await story.restart()
    await story.kadis.says(photos=[make_jpeg(50)])
    await story.advance(seconds=5)
    assert await list_states(story) == ["selesai"]
    assert await list_photos(story) == [(1, "sebelum", "tersimpan"), (1, "sesudah", "tersimpan")]
    story.lurah.sees("Laporan #1 dinyatakan selesai", "Apakah sudah beres?")
    await story.restart()
    await story.lurah.presses("Sudah beres")
    assert await list_states(story) == ["dinilai"]
    story.lurah.sees("★★★★★")
    taken = ["laporan.koordinasi", "laporan.disposisi", "laporan.proses", "laporan.tutup", "laporan.nilai"]
    assert [action for action in await list_actions(story) if action in taken] == taken


async def test_who_is_not_content_opens_it_again_and_its_clocks_begin_anew(story: Story) -> None:
    await report_flood(story)
    await story.camat.says("/laporan tutup 1 tanpa foto karena sudah malam")
    assert await list_states(story) == ["selesai"]
    await story.advance(days=3)
    await story.lurah.presses("Belum beres")
    story.lurah.sees("Apa yang belum beres?")
    await story.restart()
    await story.lurah.says("air naik lagi")
    assert await list_states(story) == ["dibuka"]
    story.camat.sees("Lurah Dago membuka lagi laporan ini: air naik lagi")
    found = [(row.putaran, row.telat, row.dengan) for row in await story.stored.list_rows(Laporan)]
    assert found == [(1, "", "Camat Coblong")]
    await story.camat.says("/laporan proses 1")
    assert await list_states(story) == ["proses"]


async def test_closing_needs_a_photo_or_a_reason_why_there_is_none(story: Story) -> None:
    await report_flood(story)
    await story.camat.says("/laporan tutup 1 sudah surut")
    story.camat.sees("Kirim foto sesudahnya")
    await story.camat.says("/laporan tutup 1 tanpa foto")
    assert await list_states(story) == ["menunggu"]
    await story.camat.says("/laporan tutup 1 tanpa foto karena kamera rusak")
    assert await list_states(story) == ["selesai"]


async def test_a_photo_with_the_command_closes_at_once_and_before_and_after_are_shown_side_by_side(story: Story) -> None:
    await report_flood(story)
    await story.camat.says("/laporan tutup 1 sudah surut", photos=[make_jpeg(60)])
    assert await list_states(story) == ["selesai"]
    await story.advance(seconds=5)
    shown = len(story.kadis.messages)
    await story.kadis.says("/galeri 1")
    assert ["sebelum" in m.text for m in list_pictures(story.kadis.messages[shown:])] == [True, False]
    story.kadis.sees("#1 sesudah", "1 foto")


async def test_a_photo_that_comes_too_late_closes_nothing(story: Story) -> None:
    await report_flood(story)
    await story.camat.says("/laporan tutup 1")
    await story.advance(minutes=11)
    await story.camat.says(photos=[make_jpeg(61)])
    assert await list_states(story) == ["menunggu"]


@pytest.mark.parametrize(
    ("before", "command"),
    [
        ("tutup 1 tanpa foto karena sudah malam", "proses 1"),
        ("tutup 1 tanpa foto karena sudah malam", "koordinasi 1 PLN"),
        ("tutup 1 tanpa foto karena sudah malam", "tutup 1 tanpa foto karena sudah malam"),
        ("proses 1", "proses 1"),
    ],
)
async def test_what_is_no_arrow_is_refused_in_a_sentence(tale: Story, before: str, command: str) -> None:
    await report_flood(tale)
    await tale.camat.says(f"/laporan {before}")
    state, lines = await list_states(tale), await list_actions(tale)
    await tale.camat.says(f"/laporan {command}")
    tale.camat.sees("jadi itu tidak dapat dilakukan")
    assert (await list_states(tale), await list_actions(tale)) == (state, lines)


async def test_what_waits_for_me_is_listed(story: Story) -> None:
    await story.camat.says("/laporan tunggu")
    story.camat.sees("Tidak ada laporan yang menunggu Anda")
    await report_flood(story)
    await story.camat.says("/laporan tunggu")
    story.camat.sees("Pada Anda sekarang", "#1")
    await story.lurah.says("/laporan saya")
    story.lurah.sees("Laporan Anda", "#1")


async def test_the_line_in_the_group_is_changed_in_place_where_it_can_be(story: Story) -> None:
    await report_flood(story)
    before = len(story.group.messages)
    await story.camat.says("/laporan proses 1")
    (line,) = story.group.messages
    assert before == 1
    assert ("Proses" in line.text) is PROFILES[story.messenger.profile].edit
    assert list_pictures([line])


@pytest.mark.parametrize("words", ["tanpa foto karena sudah surut", "tanpa foto, sinyal buruk", "tanpa foto alasan keamanan"])
async def test_who_closes_their_own_report_is_not_asked_to_rate_it(story: Story, words: str) -> None:
    await story.camat.says("/laporan genangan di Dago")
    await story.camat.says("/laporan proses 1")
    await story.camat.says("/laporan tutup 1 " + words)
    assert await list_states(story) == ["selesai"]
    story.camat.does_not_see("Sudah beres")


@pytest.mark.parametrize("closer", ["kadis", "camat"])
async def test_who_passed_it_on_hears_of_its_end_and_of_its_opening_again(story: Story, closer: str) -> None:
    await report_flood(story)
    await story.camat.says("/laporan disposisi 1 Kadis PU pasang pompa")
    await story.actor(closer).says("/laporan tutup 1 tanpa foto karena sudah malam")
    await story.lurah.says("/laporan buka 1 karena air naik lagi")
    if closer == "camat":  # who closes it themselves knows
        story.camat.does_not_see("yang Anda teruskan sudah selesai")
        return
    story.camat.sees("Laporan #1 yang Anda teruskan sudah selesai, oleh Kadis PU")
    story.camat.sees("Laporan #1 yang Anda teruskan dibuka lagi oleh Lurah Dago", "air naik lagi")


async def test_who_never_passed_it_on_hears_nothing(story: Story) -> None:
    await report_flood(story)
    await story.camat.says("/laporan tutup 1 tanpa foto karena sudah malam")
    for who in (story.kadis, story.sekda, story.lurah):
        who.does_not_see("Anda teruskan")


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("proses", "proses"),
        ("diproses pak", "proses"),
        ("selesai tanpa foto karena sudah malam", "selesai"),
        ("koordinasi PLN", "koordinasi"),
    ],
)
async def test_who_has_it_quotes_the_line_in_the_group(story: Story, words: str, state: str) -> None:
    await report_flood(story)
    await story.camat.says(words, group=True, to=story.group.sees("#1"))
    assert await list_states(story) == [state]


@pytest.mark.parametrize("words", ["proses", "selesai", "siap pak", "mantap", "semoga cepat surut"])
async def test_what_others_quote_it_with_changes_nothing(story: Story, words: str) -> None:
    await report_flood(story)
    before = await list_states(story)
    await story.kadis.says(words, group=True, to=story.group.sees("#1"))
    assert await list_states(story) == before


async def test_a_line_that_was_changed_can_still_be_quoted(story: Story) -> None:
    await report_flood(story)
    line = story.group.sees("#1")
    await story.camat.says("proses", group=True, to=line)
    await story.camat.says("selesai tanpa foto karena sudah malam", group=True, to=line)
    assert await list_states(story) == ["selesai"]
