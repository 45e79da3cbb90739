"""A report from hand to hand: with whom it lies and since when is always to be seen, and every arrow is a line of the log."""

import pytest
from pendopo.testing import PROFILES, Story
from pendopo.testing.messenger import ShownMessage
from pendopo.testing.pictures import make_jpeg
from pendopo_laporan.models import MOVES, Jejak, Laporan

from tests.plugins.laporan.seen import arrows, photos, pictures, states
from tests.tampering import add_rows


async def reported(story: Story, text: str = "/laporan banjir setinggi 40 cm") -> ShownMessage:
    """The lurah reports something; what the camat sees of it."""
    await story.lurah.says(text, photos=[make_jpeg(1)])
    await story.advance(seconds=5)
    return story.camat.sees("Laporan untuk Anda")


async def answered(story: Story, label: str, *answers: str, on: ShownMessage | None = None) -> None:
    await story.camat.presses(label, on=on)
    for answer in answers:
        await story.restart()
        await story.camat.says(answer)


async def test_from_waiting_to_rated_with_a_restart_at_each_step(story: Story) -> None:
    card = await reported(story)
    await answered(story, "Koordinasi…", "PLN, kabel putus", on=card)
    assert await states(story) == ["koordinasi"]
    story.camat.sees("Laporan #1: ", "Koordinasi · PLN, kabel putus sejak 12/08")
    story.lurah.sees("Kabar laporan #1", "PLN, kabel putus")
    await story.restart()
    await answered(story, "Disposisi…", "Kadis PU", on=card)
    assert await states(story) == ["disposisi"]
    story.kadis.sees("Disposisi Camat Coblong", "Laporan #1")
    await story.restart()
    await story.kadis.presses("Proses")
    assert await states(story) == ["proses"]
    story.lurah.sees("Kabar laporan #1", "Proses · Kadis PU")
    await story.restart()
    await story.kadis.presses("Selesai", on=story.kadis.sees("Disposisi Camat Coblong"))
    story.kadis.sees("Kirim foto sesudahnya")
    assert await states(story) == ["proses"]
    await story.restart()
    await story.kadis.says(photos=[make_jpeg(50)])
    await story.advance(seconds=5)
    assert await states(story) == ["selesai"]
    assert await photos(story) == [(1, "sebelum", "tersimpan"), (1, "sesudah", "tersimpan")]
    story.lurah.sees("Laporan #1 dinyatakan selesai", "Apakah sudah beres?")
    await story.restart()
    await story.lurah.presses("Sudah beres")
    assert await states(story) == ["dinilai"]
    story.lurah.sees("★★★★★")
    taken = ["laporan.koordinasi", "laporan.disposisi", "laporan.proses", "laporan.tutup", "laporan.nilai"]
    assert [action for action in await arrows(story) if action in taken] == taken


async def test_who_is_not_content_opens_it_again_and_its_clocks_begin_anew(story: Story) -> None:
    await reported(story)
    await story.camat.says("/laporan tutup 1 tanpa foto karena sudah malam")
    assert await states(story) == ["selesai"]
    await story.advance(days=3)
    await story.lurah.presses("Belum beres")
    story.lurah.sees("Apa yang belum beres?")
    await story.restart()
    await story.lurah.says("air naik lagi")
    assert await states(story) == ["dibuka"]
    story.camat.sees("Lurah Dago membuka lagi laporan ini: air naik lagi")
    found = [(row.putaran, row.telat, row.dengan) for row in await story.stored.list_rows(Laporan)]
    assert found == [(1, "", "Camat Coblong")]
    await story.camat.says("/laporan proses 1")
    assert await states(story) == ["proses"]


async def test_the_clocks_run_in_working_days_and_tell_who_has_it_and_who_is_above(story: Story) -> None:
    await reported(story)  # Wednesday, 12 August; the 17th is a holiday
    await story.advance(days=4, hours=23)
    story.camat.does_not_see("melewati batas")
    await story.advance(days=1, hours=1)
    story.camat.sees("Laporan #1 melewati batas tanggapan pertama", "🔴 Menunggu · Camat Coblong")
    story.sekda.sees("melewati batas tanggapan pertama")
    await story.camat.says("/laporan proses 1")
    await story.advance(days=5)
    story.camat.does_not_see("melewati batas rencana")
    await story.advance(days=10)
    story.camat.sees("melewati batas penyelesaian")
    assert [row.telat for row in await story.stored.list_rows(Laporan)] == ["tanggap selesai"]


async def test_opening_it_again_is_no_neglect(story: Story) -> None:
    await reported(story)
    await story.camat.says("/laporan tutup 1 tanpa foto karena sudah malam")
    await story.advance(days=9)
    await story.lurah.says("/laporan buka 1 karena air naik lagi")
    await story.advance(days=1)
    assert [row.telat for row in await story.stored.list_rows(Laporan)] == [""]
    story.camat.does_not_see("melewati batas")


async def test_ten_working_days_of_silence_count_as_content(story: Story) -> None:
    await reported(story)
    await story.camat.says("/laporan tutup 1 tanpa foto karena sudah malam")
    await story.advance(days=13)
    assert await states(story) == ["selesai"]
    await story.advance(days=4)
    assert await states(story) == ["dinilai"]


async def test_closing_needs_a_photo_or_a_reason_why_there_is_none(story: Story) -> None:
    await reported(story)
    await story.camat.says("/laporan tutup 1 sudah surut")
    story.camat.sees("Kirim foto sesudahnya")
    await story.camat.says("/laporan tutup 1 tanpa foto")
    assert await states(story) == ["menunggu"]
    await story.camat.says("/laporan tutup 1 tanpa foto karena kamera rusak")
    assert await states(story) == ["selesai"]


async def test_a_photo_with_the_command_closes_at_once_and_before_and_after_are_shown_side_by_side(story: Story) -> None:
    await reported(story)
    await story.camat.says("/laporan tutup 1 sudah surut", photos=[make_jpeg(60)])
    assert await states(story) == ["selesai"]
    await story.advance(seconds=5)
    shown = len(story.kadis.messages)
    await story.kadis.says("/galeri 1")
    assert ["sebelum" in m.text for m in pictures(story.kadis.messages[shown:])] == [True, False]
    story.kadis.sees("#1 sesudah", "1 foto")


async def test_a_photo_that_comes_too_late_closes_nothing(story: Story) -> None:
    await reported(story)
    await story.camat.says("/laporan tutup 1")
    await story.advance(minutes=11)
    await story.camat.says(photos=[make_jpeg(61)])
    assert await states(story) == ["menunggu"]


async def test_the_card_says_the_whole_way_with_whom_and_since_when(story: Story) -> None:
    await reported(story)
    await story.camat.says("/laporan koordinasi 1 PDAM")
    await story.advance(hours=3)
    await story.camat.says("/laporan proses 1 pompa menuju lokasi")
    await story.lurah.says("/laporan 1")
    shown = story.lurah.last.text
    assert "• 12/08 10.20 Menunggu · Camat Coblong (Lurah Dago)" in shown
    assert "• 12/08 10.20 Koordinasi · PDAM (Camat Coblong)" in shown
    assert "• 12/08 13.20 Proses · Camat Coblong (Camat Coblong) Catatan: pompa menuju lokasi" in shown


@pytest.mark.parametrize("who", ["kadis", "kadishub", "lurah"])
async def test_only_who_has_it_and_who_is_above_handle_it(tale: Story, who: str) -> None:
    await reported(tale)
    await getattr(tale, who).says("/laporan proses 1")
    assert await states(tale) == ["menunggu"]
    getattr(tale, who).sees("ditangani Camat Coblong")


async def test_only_the_reporter_rates_and_opens(tale: Story) -> None:
    await reported(tale)
    await tale.camat.says("/laporan tutup 1 tanpa foto karena sudah malam")
    for text in ("/laporan nilai 1 1", "/laporan buka 1 karena iseng"):
        await tale.camat.says(text)
        assert await states(tale) == ["selesai"]
    await tale.lurah.says("/laporan nilai 1 7")
    tale.lurah.sees("Nilai dari 1 sampai 5")


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
    await reported(tale)
    await tale.camat.says(f"/laporan {before}")
    state, lines = await states(tale), await arrows(tale)
    await tale.camat.says(f"/laporan {command}")
    tale.camat.sees("jadi itu tidak dapat dilakukan")
    assert (await states(tale), await arrows(tale)) == (state, lines)


def test_every_state_can_be_reached_and_what_is_over_stays_over() -> None:
    reached = {"menunggu", "tercatat"}
    for _ in MOVES:
        reached |= {to for state in reached for to in MOVES[state]}
    assert reached == set(MOVES)
    assert not MOVES["digabung"]
    assert not MOVES["ditarik"]


async def test_a_plh_acts_for_who_is_away_and_it_is_written_so(tale: Story) -> None:
    await reported(tale)
    people = tale.app.core.people
    kadishub = people.named_in("Kadishub")[0]
    assert kadishub is not None
    mandate = {"kind": "plh", "post": "camat", "person": kadishub.id, "since": 0, "until": 0, "basis": "SP/1", "may": "[]"}
    await add_rows(tale.app.database, "mandate", [mandate])
    await tale.app.core.directory.load(tale.clock.now())
    await tale.kadishub.says("/laporan proses 1")
    assert await states(tale) == ["proses"]
    assert "Plh. Camat Coblong" in [row.kapasitas for row in await tale.stored.list_rows(Jejak)]
    assert "Plh. Camat Coblong" in [line.capacity for line in await tale.stored.list_audit_lines("laporan.proses")]


async def test_what_is_told_at_night_waits_for_the_morning(story: Story) -> None:
    await story.advance(hours=12)  # 22.20
    await story.lurah.says("/laporan jalan rusak di Jl. Juanda")
    story.camat.does_not_see("Laporan untuk Anda")
    await story.restart()
    await story.advance(hours=7, minutes=5)
    story.camat.does_not_see("Laporan untuk Anda")
    await story.advance(minutes=10)
    story.camat.sees("Laporan untuk Anda", "#1")


async def test_corrections_are_seen_by_who_has_it_and_stand_in_the_log(story: Story) -> None:
    await reported(story)
    await story.lurah.says("/laporan ubah 1 wilayah Lebakgede")
    story.lurah.sees("Laporan #1 diubah", "Kel. Lebak Gede, Kec. Coblong")
    story.camat.sees("Lurah Dago mengubah laporan #1")
    await story.lurah.says("/laporan ubah 1 jenis longsor")
    await story.lurah.says("/laporan ubah 1 isi tebing runtuh menutup jalan")
    found = [(row.jenis, row.isi) for row in await story.stored.list_rows(Laporan)]
    assert found == [("longsor", "Tebing runtuh menutup jalan")]
    assert (await arrows(story)).count("laporan.ubah") == 3
    await story.kadis.says("/laporan ubah 1 isi apa saja")
    assert [row.isi for row in await story.stored.list_rows(Laporan)] == ["Tebing runtuh menutup jalan"]


async def test_a_district_that_is_none_is_asked_for_again(story: Story) -> None:
    await reported(story)
    await story.lurah.says("/laporan ubah 1 wilayah Atlantis")
    story.lurah.sees("Tidak ada kecamatan atau kelurahan bernama Atlantis")
    await story.lurah.says("wilayah Sekeloa")
    story.lurah.sees("Kel. Sekeloa, Kec. Coblong")


async def test_an_activity_that_turns_out_to_be_an_incident_goes_to_who_handles_it(story: Story) -> None:
    await story.lurah.says("/laporan kerja bakti RW 03, tebing longsor")
    await story.lurah.says("/laporan ubah 1 jenis longsor")
    assert await states(story) == ["menunggu"]
    story.camat.sees("Laporan untuk Anda")


async def test_what_waits_for_me_is_listed(story: Story) -> None:
    await story.camat.says("/laporan tunggu")
    story.camat.sees("Tidak ada laporan yang menunggu Anda")
    await reported(story)
    await story.camat.says("/laporan tunggu")
    story.camat.sees("Pada Anda sekarang", "#1")
    await story.lurah.says("/laporan saya")
    story.lurah.sees("Laporan Anda", "#1")


async def test_the_line_in_the_group_is_changed_in_place_where_it_can_be(story: Story) -> None:
    await reported(story)
    before = len(story.group.messages)
    await story.camat.says("/laporan proses 1")
    (line,) = story.group.messages
    assert before == 1
    assert ("Proses" in line.text) is PROFILES[story.messenger.profile].edit
    assert pictures([line])
