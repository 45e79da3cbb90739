"""The echo says everything: weekday, date, year, clock and zone."""

from datetime import datetime

import msgspec
import pytest
from pendopo.when import Instant, Reading, When, describe, parse


def echo(phrase: str, now: datetime, lang: str = "id", zone: str = "Asia/Jakarta", near: bool = False) -> str:
    reading = parse(phrase, now, zone)
    assert isinstance(reading, Reading)
    return describe(reading.value, lang, now if near else None)


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("besok jam 9", "Kamis, 13 Agustus 2026, pukul 09.00 WIB"),
        ("28 Oktober", "Rabu, 28 Oktober 2026"),
        ("besok jam 9-11", "Kamis, 13 Agustus 2026, pukul 09.00–11.00 WIB"),
        ("Kamis pukul 08.00 s.d. selesai", "Kamis, 13 Agustus 2026, pukul 08.00 WIB s.d. selesai"),
        ("besok jam 8 malam sampai jam 12 malam", "Kamis, 13 Agustus 2026, pukul 20.00–24.00 WIB"),
        (
            "Senin jam 9 sampai Selasa jam 12",
            "Senin, 17 Agustus 2026, pukul 09.00 WIB s.d. Selasa, 18 Agustus 2026, pukul 12.00 WIB",
        ),
        ("14-16 Agustus 2026", "14–16 Agustus 2026"),
        ("30 Agustus - 2 September", "30 Agustus – 2 September 2026"),
        ("29 Desember s.d. 2 Januari", "29 Desember 2026 – 2 Januari 2027"),
        ("nanti sore", "Rabu, 12 Agustus 2026, sekitar pukul 16.00–17.30 WIB"),
        ("2 jam 30 menit", "2 jam 30 menit"),
        ("setiap Senin jam 8", "Setiap Senin, pukul 08.00 WIB"),
        ("setiap Senin jam 8-10", "Setiap Senin, pukul 08.00–10.00 WIB"),
        ("tiap tgl 1", "Setiap tanggal 1"),
        ("setiap hari kerja jam 8", "Setiap hari kerja, pukul 08.00 WIB"),
        ("setiap Jumat pertama jam 8", "Setiap Jumat pertama tiap bulan, pukul 08.00 WIB"),
        ("setiap 2 minggu hari Senin", "Setiap 2 minggu pada Senin"),
        ("tiap akhir bulan", "Setiap hari terakhir bulan"),
        ("setiap Senin sampai Desember", "Setiap Senin, sampai Kamis, 31 Desember 2026"),
        ("15 menit sebelum rapat 12", "15 menit sebelum rapat 12"),
        ("H-1 jam 8", "1 hari sebelum acara, pukul 08.00"),
    ],
)
def test_it_says_the_value_in_full(phrase: str, said: str, now: datetime) -> None:
    assert echo(phrase, now) == said


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("id", "Kamis, 13 Agustus 2026, pukul 09.00 WIB (besok)"),
        ("su", "Kemis, 13 Agustus 2026, tabuh 09.00 WIB (énjing)"),
        ("en", "Thursday, 13 August 2026, 09:00 WIB (tomorrow)"),
    ],
)
def test_it_speaks_three_languages_and_names_days_nearby(lang: str, said: str, now: datetime) -> None:
    assert echo("besok jam 9", now, lang, near=True) == said


@pytest.mark.parametrize(
    ("zone", "short"),
    [
        ("Asia/Jakarta", "WIB"),
        ("Asia/Makassar", "WITA"),
        ("Asia/Jayapura", "WIT"),
        ("Asia/Singapore", "UTC+08"),
        ("Europe/Berlin", "CEST"),
    ],
)
def test_the_zone_is_named_as_people_call_it(zone: str, short: str, now: datetime) -> None:
    assert echo("besok jam 9", now, zone=zone).endswith(f"pukul 09.00 {short}")


def test_a_value_read_back_from_json_is_said_the_same(now: datetime) -> None:
    value = Instant(now)
    assert describe(msgspec.json.decode(msgspec.json.encode(value), type=When)) == describe(value)


def test_an_unknown_language_is_answered_in_indonesian(now: datetime) -> None:
    assert describe(Instant(now), "jv") == describe(Instant(now), "id")
