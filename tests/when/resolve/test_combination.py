"""Pieces that stand apart are joined; several times are offered and never silently dropped."""

from datetime import datetime

from pendopo.when import NoSuchDateError, Reading, describe, parse


def read(text: str, now: datetime) -> Reading:
    reading = parse(text, now)
    assert isinstance(reading, Reading)
    return reading


def test_a_day_and_a_clock_apart_are_one_time(now: datetime) -> None:
    reading = read("Jumat ada senam jam 7 pagi di halaman", now)
    assert describe(reading.value) == "Jumat, 14 Agustus 2026, pukul 07.00 WIB"
    assert len(reading.pieces) == 2


def test_two_times_offer_both(now: datetime) -> None:
    reading = read("rapat dipindah dari Senin jam 9 ke Selasa jam 10", now)
    assert {"several", "changed"} <= set(reading.assumed)
    assert describe(reading.value) == "Selasa, 18 Agustus 2026, pukul 10.00 WIB"
    assert [describe(other) for other in reading.others] == ["Senin, 17 Agustus 2026, pukul 09.00 WIB"]


def test_the_clock_after_a_choice_of_days_belongs_to_both(now: datetime) -> None:
    reading = read("besok atau lusa jam 9", now)
    assert [describe(value) for value in (reading.value, *reading.others)] == [
        "Kamis, 13 Agustus 2026, pukul 09.00 WIB",
        "Jumat, 14 Agustus 2026, pukul 09.00 WIB",
    ]


def test_a_clock_that_is_not_understood_leaves_a_doubt(now: datetime) -> None:
    assert "unread" in read("besok jam berapa ya", now).assumed


def test_a_length_that_may_be_something_else_is_only_offered(now: datetime) -> None:
    reading = read("izin besok jam 9 saya terlambat 30 menit", now)
    assert describe(reading.value) == "Kamis, 13 Agustus 2026, pukul 09.00 WIB"
    assert [describe(other) for other in reading.others] == ["Kamis, 13 Agustus 2026, pukul 09.00–09.30 WIB"]


def test_other_readings_are_never_in_the_past(now: datetime) -> None:
    assert read("jam 1 malam", now).others == ()


def test_an_impossible_date_beside_a_possible_one_is_not_passed_over(now: datetime) -> None:
    assert isinstance(parse("rapat besok atau 31 Februari", now), NoSuchDateError)
