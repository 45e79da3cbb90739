"""Setting reminders: who, what and when in any order, everything shown back in full, doubt asked about."""

import pytest
from pendopo.model import Account, Chat, ChatKind
from pendopo.testing import Story


@pytest.mark.parametrize(
    "text",
    [
        "/ingatkan saya 2 jam lagi cek pompa",
        "/ingatkan 2 jam lagi cek pompa",
        "/ingatkan saya cek pompa 2 jam lagi",
        "/ingatkan cek pompa dalam 2 jam",
        "ingatkan saya untuk cek pompa 2 jam lagi",
        "/INGATKAN saya 2 jam cek pompa",
        "/remind me in 2 hours to cek pompa",
    ],
)
async def test_in_any_order_it_is_read_and_shown_back_in_full(story: Story, text: str) -> None:
    await story.kadis.says(text)
    assert story.kadis.last.text.startswith("⏰ Pengingat #1 untuk Anda\nCek pompa\nRabu, 12 Agustus 2026, pukul 12.20 WIB")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("besok pagi", "Kamis, 13 Agustus 2026, pukul 08.00 WIB"),
        ("nanti sore", "Rabu, 12 Agustus 2026, pukul 16.00 WIB"),
        ("besok jam 9-11", "Kamis, 13 Agustus 2026, pukul 09.00 WIB"),
        ("3 hari lagi", "Sabtu, 15 Agustus 2026"),
        ("tgl 5 jam 9", "Sabtu, 5 September 2026, pukul 09.00 WIB"),
        (
            "setiap Senin jam 8",
            "Setiap Senin, pukul 08.00 WIB · hari libur tetap\nBerikutnya: Senin, 17 Agustus 2026, pukul 08.00 WIB",
        ),
        ("setiap hari kerja jam 7.30", "hari libur dilewati\nBerikutnya: Kamis, 13 Agustus 2026, pukul 07.30 WIB"),
    ],
)
async def test_the_reading_is_echoed_in_full(story: Story, said: str, shown: str) -> None:
    await story.kadis.says(f"/ingatkan saya {said} kirim data")
    story.kadis.sees("Kirim data", shown)


@pytest.mark.parametrize(
    ("said", "first", "instead", "following"),
    [
        (
            "setiap tanggal 31 jam 9",
            "Setiap tanggal 31, pukul 09.00 WIB",
            "Setiap hari terakhir bulan, pukul 09.00 WIB",
            "Berikutnya: Senin, 31 Agustus 2026, pukul 09.00 WIB",
        ),
        (
            "setiap Jumat kelima jam 9",
            "Setiap Jumat kelima tiap bulan, pukul 09.00 WIB",
            "Setiap Jumat terakhir tiap bulan, pukul 09.00 WIB",
            "Berikutnya: Jumat, 30 Oktober 2026, pukul 09.00 WIB",
        ),
        (
            "setiap tahun tanggal 29 Februari jam 9",
            "Setiap 29 Februari, pukul 09.00 WIB",
            "Setiap hari terakhir Februari, pukul 09.00 WIB",
            "Berikutnya: Selasa, 29 Februari 2028, pukul 09.00 WIB",
        ),
    ],
)
async def test_months_and_years_that_are_passed_over_are_spoken_of(
    story: Story, said: str, first: str, instead: str, following: str
) -> None:
    await story.kadis.says(f"/ingatkan saya {said} kirim data")
    assert "dilewati" in story.kadis.last.text
    shown = story.kadis.last.text + "".join(str(choice.label.args.get("teks")) for choice in story.kadis.last.buttons)
    assert instead in shown
    await story.kadis.presses(first)
    story.kadis.sees("Kirim data", following)


@pytest.mark.parametrize(
    "said", ["kecuali tanggal merah", "kecuali hari libur", "selain hari libur nasional", "except holidays"]
)
async def test_an_exception_of_days_off_is_kept(story: Story, said: str) -> None:
    await story.kadis.says(f"/ingatkan setiap hari jam 7 {said} apel")
    story.kadis.sees("Apel", "Setiap hari, pukul 07.00 WIB · hari libur dilewati")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("setiap hari jam 7 kecuali Minggu apel", "Setiap Senin, Selasa, Rabu, Kamis, Jumat dan Sabtu, pukul 07.00"),
        ("setiap malam Jumat yasinan", "Setiap Kamis, pukul 19.00 WIB"),
        ("setiap Senin jam 8 sebanyak 10 kali lapor", "sampai Senin, 19 Oktober 2026"),
        ("setiap Senin jam 8 selama 3 bulan lapor", "sampai Senin, 16 November 2026"),
        ("setiap Senin jam 8 sampai akhir Desember lapor", "sampai Kamis, 31 Desember 2026"),
    ],
)
async def test_all_that_was_said_of_a_recurrence_is_in_it(story: Story, said: str, shown: str) -> None:
    await story.kadis.says(f"/ingatkan {said}")
    story.kadis.sees("Pengingat #1", shown)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("setiap Senin jam 8 kecuali tanggal 17 apel", "“kecuali tanggal 17” belum terpakai"),
        ("setiap 99999999999 hari jam 7 obat", "“setiap 99999999999 hari” bukan tanggal atau jam yang ada."),
        ("setiap 5000 hari jam 7 obat", "bukan tanggal atau jam yang ada."),
    ],
)
async def test_what_a_recurrence_cannot_hold_is_said(story: Story, said: str, shown: str) -> None:
    await story.kadis.says(f"/ingatkan {said}")
    assert shown in story.kadis.last.text


async def test_a_day_without_a_clock_gets_one_and_says_so(story: Story) -> None:
    await story.kadis.says("/ingatkan besok kirim data")
    story.kadis.sees("Kamis, 13 Agustus 2026, pukul 08.00 WIB", "Jamnya tidak disebut")
    await story.kadis.says("/ingatkan setiap Senin apel")
    story.kadis.sees("Setiap Senin, pukul 08.00 WIB", "Jamnya tidak disebut")


async def test_doubt_is_asked_about_with_buttons(story: Story) -> None:
    await story.kadis.says("/ingatkan besok jam 5 jemput tamu")
    assert "Waktu mana yang dimaksud?" in story.kadis.last.text
    await story.kadis.presses("Kamis, 13 Agustus 2026, pukul 05.00 WIB")
    story.kadis.sees("Jemput tamu", "Kamis, 13 Agustus 2026, pukul 05.00 WIB")


async def test_what_is_missing_is_asked_for(story: Story) -> None:
    await story.kadis.says("/ingatkan")
    assert story.kadis.last.text.startswith("Kapan?")
    await story.kadis.says("besok jam 9")
    assert story.kadis.last.text == "Tentang apa?"
    await story.kadis.says("kirim data")
    story.kadis.sees("Kirim data", "Kamis, 13 Agustus 2026, pukul 09.00 WIB")


async def test_whom_it_is_for_is_kept_while_the_rest_is_asked_for(story: Story) -> None:
    await story.sekda.says("/ingatkan @Kadis PU besok jam 9")
    await story.sekda.says("kirim data")
    story.sekda.sees("untuk Kadis PU", "Kirim data")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/ingatkan kemarin jam 9 kirim data", "sudah lewat"),
        ("/ingatkan hari ini kirim data", "Hari ini pukul berapa?"),
        ("/ingatkan setiap menit kirim data", "Paling sering setiap 5 menit"),
        ("/ingatkan 15 menit sebelum rapat 12 kirim data", "rapat 12 tidak ada di kalender Anda"),
    ],
)
async def test_a_time_that_cannot_be_used_is_asked_again_and_the_rest_is_kept(story: Story, text: str, said: str) -> None:
    await story.kadis.says(text)
    assert said in story.kadis.last.text
    await story.kadis.says("besok jam 9")
    story.kadis.sees("Pengingat #1", "Kirim data", "Kamis, 13 Agustus 2026, pukul 09.00 WIB")


async def test_a_date_that_does_not_exist_is_refused(story: Story) -> None:
    await story.kadis.says("/ingatkan 31 Februari jam 9 kirim data")
    assert "bukan tanggal atau jam yang ada" in story.kadis.last.text


async def test_the_group_is_reminded_where_it_was_asked_for(story: Story) -> None:
    await story.kadis.says("/ingatkan grup setiap Senin jam 8 apel", group=True)
    story.group.sees("untuk grup ini", "Apel", "Setiap Senin")
    await story.advance(days=5)
    story.group.sees("⏰ Pengingat #1\nApel", "Berikutnya: Senin, 24 Agustus 2026")
    assert story.kadis.messages == []


async def test_as_a_reply_it_reminds_of_what_was_said(story: Story) -> None:
    await story.camat.says("Mohon data banjir dikirim sebelum rapat", group=True)
    said = story.messenger.make_native("forum", False, "camat", story.clock.now())
    quoted = f"n{int(said.id[1:]) - 1}"
    native = story.messenger.make_native(
        "forum", False, "kadis", story.clock.now(), text="/ingatkan besok pagi", reply_to=quoted, name="kadis"
    )
    await story.deliver(native)
    story.group.sees("untuk Anda", "Mohon data banjir dikirim sebelum rapat", "Kamis, 13 Agustus 2026, pukul 08.00 WIB")
    await story.advance(days=1)
    story.kadis.sees("⏰ Pengingat #1", "Mohon data banjir dikirim sebelum rapat")


async def test_what_the_group_is_reminded_of_is_quoted_there(story: Story) -> None:
    native = story.messenger.make_native(
        "forum", False, "kadis", story.clock.now(), text="/ingatkan grup besok pagi", reply_to="pesan-lama", name="kadis"
    )
    await story.deliver(native)
    await story.advance(days=1)
    rung = story.group.sees("⏰ Pengingat #1\n↩")
    assert rung.reply_to == "pesan-lama"


async def test_a_quoted_message_nobody_can_read_is_asked_about(story: Story) -> None:
    native = story.messenger.make_native(
        "forum", False, "kadis", story.clock.now(), text="/ingatkan besok pagi", reply_to="pesan-lama", name="kadis"
    )
    await story.deliver(native)
    assert story.group.last.text == "Tentang apa?\nBalas (kutip) pesan ini."


async def test_our_own_question_is_never_what_one_is_reminded_of(story: Story) -> None:
    await story.kadis.says("/ingatkan", group=True)
    await story.kadis.says("besok jam 9", group=True, to=story.group.last)
    assert story.group.last.text == "Tentang apa?\nBalas (kutip) pesan ini."


async def test_the_time_is_changed_with_one_button(story: Story) -> None:
    await story.kadis.says("/ingatkan besok jam 9 kirim data")
    await story.kadis.presses("Ubah waktu")
    await story.kadis.says("lusa jam 10")
    story.kadis.sees("Pengingat #1", "Kirim data", "Jumat, 14 Agustus 2026, pukul 10.00 WIB")
    await story.advance(hours=24)
    story.kadis.does_not_see("⏰ Pengingat #1\n")
    await story.advance(hours=24)
    story.kadis.sees("⏰ Pengingat #1\nKirim data")


async def test_whom_nobody_can_reach_is_reminded_in_the_group_it_was_set_in(story: Story) -> None:
    def no_chat(account: Account) -> Chat | None:
        return None

    story.messenger.private_chat = no_chat
    await story.sekda.says("/ingatkan @Kadis PU besok jam 9 kirim data", group=True)
    story.group.sees("untuk Kadis PU", "disampaikan di grup ini")
    await story.advance(days=1)
    story.group.sees("Kadis PU:", "⏰ Pengingat #1\nKirim data", "dari Sekda")
    await story.sekda.says("/ingatkan @Kadis PU besok jam 9 kirim data")
    assert "belum dapat dihubungi bot secara pribadi" in story.sekda.last.text


async def test_a_stranger_sets_nothing(story: Story) -> None:
    await story.stranger.says("/ingatkan besok jam 9 kirim data")
    assert "belum terdaftar" in story.stranger.last.text


async def test_what_a_person_writes_is_never_read_as_markup(story: Story) -> None:
    await story.kadis.says("/ingatkan besok jam 9 *cek* _pompa_ {nomor} `x`")
    story.kadis.sees("*cek* _pompa_ {nomor} `x`")


async def test_setting_declining_and_deleting_are_in_the_audit_log(story: Story) -> None:
    await story.sekda.says("/ingatkan @Kadis PU besok jam 9 kirim data")
    await story.kadis.says("/ingatkan tolak 1")
    await story.kadis.says("/ingatkan besok jam 9 kirim data")
    await story.kadis.says("/ingatkan hapus 2")
    assert [(line.action, line.object) for line in await story.stored.list_audit_lines()] == [
        ("ingatkan.pasang", "ingatkan/1"),
        ("ingatkan.tolak", "ingatkan/1"),
        ("ingatkan.pasang", "ingatkan/2"),
        ("ingatkan.hapus", "ingatkan/2"),
    ]


async def test_who_will_not_be_reached_in_time_is_told_so_when_it_is_set(story: Story) -> None:
    await story.kadis.says("/ingatkan besok jam 9 kirim data")
    story.kadis.does_not_see("lebih dari 24 jam")
    await story.kadis.says("/ingatkan lusa jam 9 kirim data")
    if story.messenger.capabilities(Chat("memory", "kadis", ChatKind.PRIVATE)).free_hours:
        story.kadis.sees("WhatsApp menahan pengingat ini sampai Kadis PU menulis lagi")
    else:
        story.kadis.does_not_see("lebih dari 24 jam")
