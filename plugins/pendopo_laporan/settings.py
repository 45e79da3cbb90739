"""What an installation decides: the kinds of reports, who hears of them, how long things may take, who reports daily."""

import re
from collections.abc import Iterable
from datetime import time
from typing import Annotated

from pendopo import BusinessHoursOptions, Context, Options
from pydantic import AfterValidator, Field

from pendopo_laporan.models import IMPORTANT, LEVELS, URGENT, USUAL, Laporan, Level
from pendopo_laporan.places import load_borders

OTHER = "lainnya"


class LaporanKind(Options):
    """A kind of report: the words it is known by and the kind it belongs to.

    `tingkat`: how severe it is unless the report says otherwise. `kepada`: who handles it: superior, role:camat or post:pu, the
    first that somebody holds. `tindak`: something is to be done; without, it is only recorded. `bukti`: a photo shows that it
    was done.
    """

    kata: list[str] = []
    induk: str = ""
    tingkat: Level = "biasa"
    kepada: list[str] = ["superior"]
    tindak: bool = True
    bukti: bool = True


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
    """A file of borders that can be used, told of when the bot starts and not when somebody looks at the map."""
    try:
        return file if not file or load_borders(file) else ""
    except (OSError, LookupError, TypeError) as error:
        raise ValueError(f"no borders can be read from {file}: {type(error).__name__}") from error


class LaporanOptions(BusinessHoursOptions):
    """`[plugin.laporan]`.

    `grup`: the chats that get the one line (`telegram:-100…`); without it, the chats of the reporter's forums. `siaga`: who is
    alerted of what is urgent, again every `siaga_ulang` minutes until they answer; then `siaga_lanjut` too. The clocks are
    working days: until somebody takes it up, until there is a plan, until it is done. `wajib`: the roles that report every
    working day. `tenang`: from when to when nobody is told of what is not urgent.
    `batas`: a GeoJSON file with the borders of the districts, for the map; without it they are tiles.
    """

    jenis: dict[str, LaporanKind] = KINDS
    grup: list[str] = []
    siaga: list[str] = ["superior", "role:sekda"]
    siaga_lanjut: list[str] = ["role:walikota"]
    siaga_ulang: Annotated[int, Field(ge=1)] = 3
    siaga_kali: Annotated[int, Field(ge=1)] = 3
    tanggap_hari: Annotated[int, Field(ge=1)] = 3
    rencana_hari: Annotated[int, Field(ge=1)] = 5
    selesai_hari: Annotated[int, Field(ge=1)] = 10
    wajib: list[str] = ["lurah"]
    tenang_mulai: time = time(21, 0)
    tenang_selesai: time = time(5, 30)
    mirip_meter: Hours = 150
    mirip_jam: Hours = 24
    batas: Annotated[str, AfterValidator(_check_borders)] = ""

    def detect_kind(self, text: str) -> str:
        """The kind that a text speaks of: that of the first word which belongs to one."""
        found = [(at, name) for name, kind in self.jenis.items() if (at := _find_first([*kind.kata, name], text)) is not None]
        return min(found)[1] if found else OTHER

    def find_kind(self, name: str) -> LaporanKind:
        """A kind by its name; one that was taken out of the configuration is like any other."""
        return self.jenis.get(name) or self.jenis.get(OTHER) or LaporanKind()

    def list_kinds(self, name: str) -> list[str]:
        """The kinds that a word means: one of them, or all that belong to it."""
        return [kind for kind, about in self.jenis.items() if name and name in (kind, about.induk)]


def _find_first(words: Iterable[str], text: str) -> int | None:
    found = [match.start() for word in words if (match := re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE))]
    return min(found, default=None)


def get_kind(ctx: Context, laporan: Laporan) -> LaporanKind:
    """What holds for the kind of a report."""
    return ctx.options(LaporanOptions).find_kind(laporan.jenis)


__all__ = ["IMPORTANT", "KINDS", "LEVELS", "OTHER", "URGENT", "USUAL", "LaporanKind", "LaporanOptions", "Level"]
