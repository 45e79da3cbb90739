"""Settings of reports: kinds, recipients, deadlines, and who reports daily."""

import re
from collections.abc import Iterable
from typing import Annotated

from pendopo import BusinessHoursOptions, Context, Options
from pydantic import AfterValidator, Field

from pendopo_laporan.models import IMPORTANT, LEVELS, URGENT, USUAL, Laporan, Level
from pendopo_laporan.places import load_borders

OTHER = "lainnya"
"""The kind of a report that fits no other."""


class LaporanKind(Options):
    """A kind of report."""

    kata: list[str] = []
    """Words in a text that mean this kind."""
    induk: str = ""
    """The group of kinds it belongs to."""
    tingkat: Level = "biasa"
    """Its level unless the text says a higher one."""
    kepada: list[str] = ["superior"]
    """Who handles it: `superior`, `role:camat` or `post:pu`; the first one that is held."""
    tindak: bool = True
    """It needs action; without, it is only noted."""
    bukti: bool = True
    """Closing it needs a photo as proof."""


def _make_kind(words: str, parent: str, level: Level = "biasa", **more: bool) -> LaporanKind:
    return LaporanKind(kata=words.split(", "), induk=parent, tingkat=level, **more)  # type: ignore[arg-type]  # bukti and tindak only


KINDS = {
    "banjir": _make_kind("banjir, genangan, air meluap, caah, rob", "bencana", "penting"),
    "longsor": _make_kind("longsor, tanah bergerak, tebing runtuh, urug", "bencana", "penting"),
    "kebakaran": _make_kind("kebakaran, terbakar, api membesar, kahuruan", "bencana", "darurat"),
    "gempa": _make_kind("gempa, lini", "bencana", "darurat"),
    "pohon tumbang": _make_kind("pohon tumbang, dahan patah, tangkal rungkad", "bencana", "penting"),
    "angin": _make_kind("angin kencang, puting beliung, angin topan", "bencana", "penting"),
    "jalan rusak": _make_kind("jalan rusak, jalan berlubang, jalan amblas, aspal", "prasarana"),
    "lampu jalan": _make_kind("lampu jalan, pju, lampu mati", "prasarana"),
    "drainase": _make_kind("drainase, selokan, gorong-gorong, saluran mampet", "prasarana"),
    "sampah": _make_kind("sampah, tps, runtah", "kebersihan"),
    "ketertiban": _make_kind("pkl, parkir liar, tawuran, kerumunan, keributan, pengamen", "ketertiban", bukti=False),
    "kecelakaan": _make_kind("kecelakaan, tabrakan, laka", "ketertiban", "penting", bukti=False),
    "kesehatan": _make_kind("dbd, demam berdarah, keracunan, wabah", "kesehatan", "penting", bukti=False),
    "kerja bakti": _make_kind("kerja bakti, gotong royong, bebersih, korve", "kegiatan", tindak=False),
    "kegiatan": _make_kind(
        "kegiatan, posyandu, kunjungan, monitoring, senam, musyawarah, sosialisasi, pelatihan, apel, penyuluhan",
        "kegiatan",
        tindak=False,
    ),
    OTHER: LaporanKind(bukti=False),
}
Hours = Annotated[float, Field(gt=0)]


def _check_borders(file: str) -> str:
    """Checks the file of borders when the bot starts. Raises `ValueError` when it cannot be used."""
    try:
        return file if not file or load_borders(file) else ""
    except (OSError, LookupError, TypeError) as error:
        raise ValueError(f"no borders can be read from {file}: {type(error).__name__}") from error


class LaporanOptions(BusinessHoursOptions):
    """`[plugin.laporan]`."""

    jenis: dict[str, LaporanKind] = KINDS
    grup: list[str] = []
    """Chats that get the line of a report (`telegram:-100…`); without, the chats of the reporter's forums."""
    siaga: list[str] = ["superior", "role:sekda"]
    """Who is alerted of urgent reports."""
    siaga_lanjut: list[str] = ["role:walikota"]
    """Who is alerted when nobody has answered `siaga_kali` repeats."""
    siaga_ulang: Annotated[int, Field(ge=1)] = 3
    """Minutes between alerts."""
    siaga_kali: Annotated[int, Field(ge=1)] = 3
    tanggap_hari: Annotated[int, Field(ge=1)] = 3
    """Working days until it is taken up; `rencana_hari` until it is planned, `selesai_hari` until it is finished."""
    rencana_hari: Annotated[int, Field(ge=1)] = 5
    selesai_hari: Annotated[int, Field(ge=1)] = 10
    wajib: list[str] = ["lurah"]
    """Roles that report every working day."""
    mirip_meter: Hours = 150
    mirip_jam: Hours = 24
    batas: Annotated[str, AfterValidator(_check_borders)] = ""
    """GeoJSON file with the borders of the districts, for the map; without, they are tiles."""

    def detect_kind(self, text: str) -> str:
        """The kind whose words come first in a text."""
        found = [(at, name) for name, kind in self.jenis.items() if (at := _find_first([*kind.kata, name], text)) is not None]
        return min(found)[1] if found else OTHER

    def find_kind(self, name: str) -> LaporanKind:
        """A kind by its name; a name no longer configured gets `OTHER`."""
        return self.jenis.get(name) or self.jenis.get(OTHER) or LaporanKind()

    def list_kinds(self, name: str) -> list[str]:
        """The kinds a word means: one by name, or all of a group."""
        return [kind for kind, about in self.jenis.items() if name and name in (kind, about.induk)]


def _find_first(words: Iterable[str], text: str) -> int | None:
    found = [match.start() for word in words if (match := re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE))]
    return min(found, default=None)


def get_kind(ctx: Context, laporan: Laporan) -> LaporanKind:
    """The settings of a report's kind."""
    return ctx.options(LaporanOptions).find_kind(laporan.jenis)


__all__ = ["IMPORTANT", "KINDS", "LEVELS", "OTHER", "URGENT", "USUAL", "LaporanKind", "LaporanOptions", "Level"]
