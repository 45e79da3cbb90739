"""A pasted invitation is read by its labels."""

from datetime import datetime

import pytest
from pendopo.when import Reading, WeekdayMismatchError, describe, parse

LETTER = """Bandung, 10 Agustus 2026
Nomor : 005/123/Kel/2026
Yth. Bapak/Ibu Camat
Mengharap kehadiran Saudara pada:
Hari/Tanggal : Kamis, 20 Agustus 2026
Waktu        : 13.00 WIB – selesai
Tempat       : Ruang Rapat Lt. 2
Agenda       : 1. Penanganan sampah
               2. Lain-lain
Demikian, terima kasih."""


def test_the_date_of_the_letter_is_not_the_date_of_the_meeting(now: datetime) -> None:
    reading = parse(LETTER, now)
    assert isinstance(reading, Reading)
    assert describe(reading.value) == "Kamis, 20 Agustus 2026, pukul 13.00 WIB s.d. selesai"
    assert reading.sure


def test_the_other_lines_are_its_fields(now: datetime) -> None:
    reading = parse(LETTER, now)
    assert isinstance(reading, Reading)
    assert reading.fields == {
        "nomor": "005/123/Kel/2026",
        "tempat": "Ruang Rapat Lt. 2",
        "agenda": "1. Penanganan sampah\n2. Lain-lain",
    }


def test_its_lines_of_time_are_cut_out_whole(now: datetime) -> None:
    reading = parse(LETTER, now)
    assert isinstance(reading, Reading)
    assert "Hari/Tanggal" not in reading.remove_from(LETTER)
    assert "Ruang Rapat Lt. 2" in reading.remove_from(LETTER)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Hari/Tanggal : Kamis, 13 Agustus 2026\nWaktu : Pukul 09.00 WIB s.d. selesai\nTempat : Aula Balai Kota",
            "Kamis, 13 Agustus 2026, pukul 09.00 WIB s.d. selesai",
        ),
        (
            "*Hari* : Senin\n*Tanggal* : 24 Agustus 2026\n*Pukul* : 8.00 - 10.00 WIB\n*Tempat* : Kantor Kecamatan",
            "Senin, 24 Agustus 2026, pukul 08.00–10.00 WIB",
        ),
        ("Hari/Tgl: Jumat / 14-08-2026 Jam: 9 s/d 11 Tempat: Zoom", "Jumat, 14 Agustus 2026, pukul 09.00–11.00 WIB"),
        (
            "📅 Hari, tanggal: Rabu, 19 Agustus 2026\n⏰ Waktu: 09.00 WITA\n📍 Tempat: GOR Saparua",
            "Rabu, 19 Agustus 2026, pukul 08.00 WIB",
        ),
        ("Day/Date: Monday, 24 August 2026\nTime: 2 pm - 4 pm\nVenue: Hall", "Senin, 24 Agustus 2026, pukul 14.00–16.00 WIB"),
        ("Acara: Rakor\nWaktu: besok jam 9\nTempat: Aula", "Kamis, 13 Agustus 2026, pukul 09.00 WIB"),
        ("Hari/Tanggal : Senin s.d. Rabu, 24 s.d. 26 Agustus 2026\nTempat : Lembang", "24–26 Agustus 2026"),
    ],
)
def test_invitations_of_many_shapes_are_read(text: str, said: str, now: datetime) -> None:
    reading = parse(text, now)
    assert isinstance(reading, Reading)
    assert describe(reading.value) == said


def test_an_invitation_with_the_wrong_weekday_is_refused(now: datetime) -> None:
    assert isinstance(parse("Hari/Tanggal : Selasa, 24 Agustus 2026\nPukul : 09.00", now), WeekdayMismatchError)


def test_a_single_label_is_no_invitation(now: datetime) -> None:
    reading = parse("catatan: besok jam 9 apel", now)
    assert isinstance(reading, Reading)
    assert reading.fields == {}
