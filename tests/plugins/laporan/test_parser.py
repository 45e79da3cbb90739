"""What stands in the words of a report."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pendopo.testing import Story
from pendopo_laporan.models import Laporan
from pendopo_laporan.parser import parse_harm, parse_report
from pendopo_laporan.settings import LaporanKind, LaporanOptions

ATURAN = LaporanOptions()


@pytest.mark.parametrize(
    ("text", "jenis", "tingkat"),
    [
        ("banjir di Jl. Gedebage", "banjir", "penting"),
        ("air meluap ke jalan", "banjir", "penting"),
        ("kebakaran di pasar", "kebakaran", "darurat"),
        ("darurat longsor menimpa rumah", "longsor", "darurat"),
        ("jalan berlubang di depan SD", "jalan rusak", "biasa"),
        ("jalan berlubang, mendesak", "jalan rusak", "penting"),
        ("kerja bakti RW 03", "kerja bakti", "biasa"),
        ("musyawarah warga tentang sampah", "kegiatan", "biasa"),
        ("ada ular masuk kantor", "lainnya", "biasa"),
        ("banjiran diskon", "lainnya", "biasa"),
    ],
)
def test_the_kind_and_how_severe_it_is(text: str, jenis: str, tingkat: str) -> None:
    found = parse_report(text, ATURAN)
    assert (found.jenis, found.tingkat) == (jenis, tingkat)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("banjir setinggi 40 cm, 12 KK mengungsi, 3 rumah rusak", {"kk": 12, "rumah": 3, "cm": 40}),
        ("air 1,5 meter", {"cm": 150}),
        ("2 orang luka dan 1 warga hilang", {"jiwa": 3}),
        ("RW 03 RT 05 jam 9", {}),
        ("sejak 2026", {}),
    ],
)
def test_what_was_harmed_in_numbers(text: str, numbers: dict[str, float]) -> None:
    assert parse_harm(text) == numbers


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("banjir, butuh perahu karet dan selimut. Air naik", "perahu karet dan selimut"),
        ("kebutuhan: karung pasir 50; tenda", "karung pasir 50"),
        ("banjir saja", ""),
    ],
)
def test_what_is_needed_is_read_from_the_words(text: str, need: str) -> None:
    assert parse_report(text, ATURAN).kebutuhan == need


def test_a_secret_one_says_so_first() -> None:
    found = parse_report("rahasia: pungli di pasar", ATURAN)
    assert (found.rahasia, found.isi) == (True, "Pungli di pasar")
    assert not parse_report("warga menemukan rahasia lama", ATURAN).rahasia


def test_an_installation_has_kinds_of_its_own() -> None:
    own = LaporanOptions(jenis={"rob": LaporanKind(kata=["air pasang"], induk="laut", tingkat="darurat")})
    assert (parse_report("air pasang tinggi", own).jenis, parse_report("air pasang tinggi", own).tingkat) == ("rob", "darurat")
    assert own.list_kinds("laut") == ["rob"]
    assert own.list_kinds("") == []
    assert own.find_kind("banjir").tindak


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("banjir tadi jam 6", (12, 6, 0)),
        ("longsor semalam jam 11", (11, 23, 0)),
        ("banjir sejak jam 5 pagi", (12, 5, 0)),
        ("pohon tumbang jam 9.30", (12, 9, 30)),
        ("banjir kemarin sore", (11, 16, 0)),
    ],
)
async def test_when_it_happened_is_looked_for_in_the_past(tale: Story, text: str, moment: tuple[int, int, int]) -> None:
    await tale.lurah.says(f"/laporan {text}")
    (kept,) = await tale.stored.list_rows(Laporan)
    zone = ZoneInfo("Asia/Jakarta")
    found = datetime.fromisoformat(str(kept.kejadian)).replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)
    assert (found.day, found.hour, found.minute) == moment


@pytest.mark.parametrize("text", ["banjir setinggi 40 cm di RW 03", "rapat warga besok jam 9", "kerja bakti hari ini"])
async def test_where_no_past_moment_is_named_none_is_noted(tale: Story, text: str) -> None:
    await tale.lurah.says(f"/laporan {text}")
    assert [row.kejadian for row in await tale.stored.list_rows(Laporan)] in ([None], [])
