"""A city of 30 kecamatan and 151 kelurahan that has used the bot for a year: rows by the ten thousand, written at once."""

import hashlib
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import msgspec
import sqlalchemy as sa
from pendopo.store import Connection
from pendopo.testing import Story
from pendopo.when import Day
from pendopo_izin.models import Izin, Putusan
from pendopo_laporan.models import Foto, Laporan, Status
from pendopo_laporan.places import load_districts

from .conftest import directory
from .scenes import scene

WHAT = {
    "banjir": "Genangan setinggi {n} cm di depan pasar, arus masih mengalir",
    "jalan rusak": "Lubang selebar {n} cm di lajur kiri, pengendara menghindar",
    "sampah": "Tumpukan sampah belum diangkut {n} hari",
    "lampu jalan": "{n} lampu jalan mati sejak semalam",
    "drainase": "Selokan tersumbat sepanjang {n} meter",
    "kerja bakti": "Kerja bakti RW {n}, dihadiri warga",
    "pohon tumbang": "Pohon tumbang menutup setengah jalan, {n} warga membantu",
}
PURPOSES = ("Rapat koordinasi di provinsi", "Menghadiri pelatihan", "Kunjungan kerja", "Studi banding", "Cuti tahunan")


def whole_city() -> str:
    """The directory: the demo's officials, and every camat and lurah."""
    lines = [directory()]
    for kecamatan, below in load_districts().items():
        code = kecamatan.lower().replace(" ", "-")
        camat, unit = ("camat", "coblong") if kecamatan == "Coblong" else (f"kec-{code}", f"kec-{code}")
        if kecamatan != "Coblong":  # whose camat, and one lurah, are among the officials
            lines.append(f'[[unit]]\ncode = "{unit}"\nname = "Kecamatan {kecamatan}"\nparent = "kota"')
            lines.append(_somebody(camat, f"Camat {kecamatan}", "sekda", "camat", unit))
        for kelurahan in (name for name in below if name != "Dago"):
            name = f"kel-{code}-{kelurahan.lower().replace(' ', '-')}"
            lines.append(_somebody(name, f"Lurah {kelurahan}", camat, "lurah", unit))
    return "\n".join(lines)


def _somebody(code: str, title: str, superior: str, role: str, unit: str) -> str:
    post = f'[[post]]\ncode = "{code}"\ntitle = "{title}"\nunit = "{unit}"\nsuperior = "{superior}"\nroles = ["{role}"]'
    return f'{post}\n[[person]]\nname = "Orang {code}"\nposts = ["{code}"]\naccounts = ["memory:{code}"]'


async def fill(story: Story, reports: int, leaves: int, seed: int = 1) -> None:
    """Put a year's rows into the tables, the newest of today."""
    dice, now = Random(seed), story.clock.now()
    pictures = [(await _picture(story, number, False), await _picture(story, number, True)) for number in range(12)]
    lurah = [p.id for p in story.app.core.people.persons.values() if p.title.startswith("Lurah")]
    sekda = story.app.core.people.by_alias(["memory:sekda"])
    assert sekda is not None
    laporan = [_report(n, reports, now, dice, lurah, sekda.id) for n in range(1, reports + 1)]
    foto = [photo for row in laporan if row["id"] % 3 for photo in _photos(row, reports, dice, pictures, now)]
    izin = [_leave(n, leaves, now, dice, lurah) for n in range(1, leaves + 1)]
    putusan = [_decision(row, sekda.id) for row in izin if row["status"] == "diajukan"]

    def job(connection: Connection) -> None:
        for model, rows in ((Laporan, laporan), (Foto, foto), (Izin, izin), (Putusan, putusan)):
            for at in range(0, len(rows), 2000):
                connection.alchemy.execute(sa.insert(model), rows[at : at + 2000])
        connection.execute("ANALYZE")

    await story.app.database.write(job, alone=True)


async def _picture(story: Story, number: int, mended: bool) -> str:
    data = scene(number, mended)
    await story.app.ingestion.store_bytes(data)
    return hashlib.sha256(data).hexdigest()


def _report(number: int, of: int, now: datetime, dice: Random, lurah: list[int], sekda: int) -> dict[str, Any]:
    kecamatan = dice.choice([*load_districts(), "Coblong", "Gedebage", "Gedebage"])
    kind = dice.choice(list(WHAT))
    at = now - timedelta(days=365) * (1 - number / of) - timedelta(seconds=1)
    recent = now - at < timedelta(days=9)
    status = (
        dice.choice([Status.WAITING, Status.WORKED, Status.DONE])
        if recent
        else dice.choice([Status.DONE, Status.DONE, Status.RATED, Status.NOTED])
    )
    words = WHAT[kind].format(n=dice.randrange(2, 60))
    return _whole(
        Laporan(
            pelapor=dice.choice(lurah),
            unit="dago",
            kecamatan=kecamatan,
            kelurahan=dice.choice(load_districts()[kecamatan]),
            jenis=kind,
            tingkat="biasa",
            isi=words,
            dibuat=at,
            sejak=at,
            mulai=at,
            status=status,
            dengan=f"Camat {kecamatan}",
            pemegang=sekda if number % 997 == 0 else dice.choice(lurah),
            asal="{}",
        ),
        number,
    )


def _photos(
    report: dict[str, Any], of: int, dice: Random, pictures: list[tuple[str, str]], now: datetime
) -> list[dict[str, Any]]:
    """One before, and for some that are done one after."""
    before, after = dice.choice(pictures)
    found = [_photo(report, before, "sebelum", report["id"], now)]
    if report["status"] in (Status.DONE, Status.RATED) and report["id"] % 4 == 0:
        found.append(_photo(report, after, "sesudah", of + report["id"], now))
    return found


def _photo(report: dict[str, Any], name: str, shown: str, number: int, now: datetime) -> dict[str, Any]:
    files: dict[str, Any] = {"asli": name, "bagikan": name, "mini": name, "tipe": "image/jpeg"}
    foto = Foto(
        laporan=report["id"], pengirim=report["pelapor"], aplikasi="memory", ref="", jenis="photo", diterima=now, **files
    )
    foto.status, foto.kapan = "tersimpan", shown
    return _whole(foto, number)


def _leave(number: int, of: int, now: datetime, dice: Random, people: list[int]) -> dict[str, Any]:
    start = (now - timedelta(days=360) * (1 - number / of)).replace(hour=1, minute=0)
    days = dice.randrange(1, 4)
    status = dice.choice(["selesai", "selesai", "ditolak"])
    if number > of - 40:
        start, status = start + timedelta(days=1), dice.choice(["diajukan", "disetujui", "berjalan"])
    if status == "berjalan":
        start = now - timedelta(hours=2)
    time_ = msgspec.json.encode(Day(start.date())).decode()
    who, purpose = dice.choice(people), dice.choice(PURPOSES)
    row = Izin(
        pemohon=who,
        pembuat=who,
        unit=f"kec-{dice.choice(list(load_districts())).lower().replace(' ', '-')}",
        jenis="dinas",
        keperluan=purpose,
        waktu=time_,
        mulai=start,
        selesai=start + timedelta(days=days),
        dibuat=start - timedelta(days=3),
        status=status,
    )
    row.ronde, row.rute = 1, '[{"oleh": ["post:sekda"], "semua": false}]'
    return _whole(row, number)


def _decision(izin: dict[str, Any], sekda: int) -> dict[str, Any]:
    return _whole(Putusan(izin=izin["id"], ronde=1, langkah=0, aturan="post:sekda", diminta=sekda), izin["id"])


def _whole(row: Any, number: int) -> dict[str, Any]:
    return {**row.model_dump(), "id": number, "version": 1}


EPOCH = datetime(2026, 8, 12, 3, 20, tzinfo=UTC)
"""When the year ends."""

__all__ = ["EPOCH", "fill", "whole_city"]
