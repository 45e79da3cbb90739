"""A report and the rules that live on it: one explicit state machine, its photos, its traces, and what is expected for it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Literal

import msgspec
from pendopo import Attachment, Chat, Row, StateMachine, StoredFile, tables
from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field

from pendopo_laporan.places import District


class Status(StrEnum):
    WAITING = "menunggu"
    COORDINATED = "koordinasi"
    PASSED = "disposisi"
    WORKED = "proses"
    DONE = "selesai"
    RATED = "dinilai"
    REOPENED = "dibuka"
    NOTED = "tercatat"
    MERGED = "digabung"
    WITHDRAWN = "ditarik"


class FotoStatus(StrEnum):
    COMING = "datang"
    KEPT = "tersimpan"
    REFUSED = "ditolak"


_ON = frozenset({Status.COORDINATED, Status.PASSED, Status.WORKED, Status.DONE, Status.MERGED})
MOVES: Mapping[str, frozenset[str]] = {
    Status.WAITING: _ON | {Status.WITHDRAWN},
    Status.COORDINATED: _ON,
    Status.PASSED: _ON,
    Status.WORKED: _ON - {Status.WORKED},
    Status.DONE: frozenset({Status.RATED, Status.REOPENED}),
    Status.RATED: frozenset({Status.REOPENED}),
    Status.REOPENED: _ON,
    Status.NOTED: frozenset({Status.WAITING, Status.MERGED, Status.WITHDRAWN}),
    Status.MERGED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}
"""Where a report may go from each state. Nothing else is possible, by whatever route."""
OPEN = (Status.WAITING, Status.COORDINATED, Status.PASSED, Status.WORKED, Status.REOPENED)
OVER = (Status.DONE, Status.RATED, Status.NOTED)
GONE = (Status.MERGED, Status.WITHDRAWN)
UNDO = timedelta(seconds=60)
PATIENCE = timedelta(minutes=10)
"""So long photos and words that came apart belong together."""
BEFORE, AFTER = "sebelum", "sesudah"
ANSWER, PLAN, FINISH = "tanggap", "rencana", "selesai"
STAGES = (ANSWER, PLAN, FINISH)
Level = Literal["biasa", "penting", "darurat"]
USUAL: Level = "biasa"
IMPORTANT: Level = "penting"
URGENT: Level = "darurat"
LEVELS: tuple[Level, ...] = (USUAL, IMPORTANT, URGENT)


@dataclass(frozen=True)
class Read:
    """A report as it was read."""

    isi: str
    jenis: str
    tingkat: Level
    rahasia: bool = False
    dampak: dict[str, float] = field(default_factory=dict)
    kebutuhan: str = ""


class Table(Row, registry=tables("laporan")):
    """The base of this plugin's rows."""


class Laporan(Table, table=True):
    """One report.

    `dengan` says with whom it lies, and `pemegang` is that person where it is one of the directory; `sejak` since when. `kunci`
    is the id its message has with the messenger, `pesan` the key of the answer, `grup` those of the lines in groups (JSON).
    `putaran` counts how often it was opened anew; the clocks began at `mulai`, and `telat` names the stages that came late.
    """

    states: ClassVar[StateMachine] = StateMachine("laporan", MOVES, refusal="laporan.tidak_bisa", words="laporan.status")
    __table_args__ = (
        Index("ix_laporan_dibuat", "dibuat"),
        Index("ix_laporan_wilayah", "kecamatan", "dibuat"),
        Index("ix_laporan_pemegang", "pemegang", "status"),
        Index("ix_laporan_pelapor", "pelapor", "dibuat"),
        Index("ix_laporan_status", "status", "dibuat"),
        # Counted by month, district and kind without touching a row.
        Index("ix_laporan_bulan", "dibuat", "status", "kecamatan", "jenis", "rahasia", "pelapor", "pemegang"),
    )

    pelapor: int = Field(sa_type=BigInteger)
    unit: str = ""
    kecamatan: str = ""
    kelurahan: str = ""
    jenis: str
    tingkat: str
    isi: str = Field(sa_type=Text)
    rahasia: bool = False
    lintang: float | None = None
    bujur: float | None = None
    tempat: str = ""
    sumber: str = ""
    dampak: str = Field(default="{}", sa_type=Text)
    kebutuhan: str = Field(default="", sa_type=Text)
    kejadian: datetime | None = None
    dibuat: datetime
    status: str
    dengan: str = ""
    pemegang: int = Field(default=0, sa_type=BigInteger)
    sejak: datetime
    mulai: datetime
    putaran: int = 0
    telat: str = ""
    induk: int = Field(default=0, sa_type=BigInteger)
    """The report it became a part of; negative while its reporter has not answered whether it is the same as that one."""
    nilai: int = 0
    selesai: datetime | None = None
    asal: str = Field(sa_type=Text)
    kunci: str = ""
    pesan: str = ""
    grup: str = Field(default="[]", sa_type=Text)
    kolase: str = ""
    terkirim: int = 0

    def suggest_merge(self, other: "Laporan") -> None:
        """Note that its reporter is asked whether it is the same as another."""
        self.induk = -(other.id or 0)

    @classmethod
    def new(cls, pelapor: int, unit: str, read: Read, wilayah: District, chat: Chat, key: str, now: datetime) -> "Laporan":
        """A report as it was read."""
        return cls(
            pelapor=pelapor,
            unit=unit,
            kecamatan=wilayah.kecamatan,
            kelurahan=wilayah.kelurahan,
            jenis=read.jenis,
            tingkat=read.tingkat,
            isi=read.isi,
            rahasia=read.rahasia,
            dampak=json.dumps(read.dampak),
            kebutuhan=read.kebutuhan,
            dibuat=now,
            sejak=now,
            mulai=now,
            status=Status.WAITING,
            asal=msgspec.json.encode(chat).decode(),
            kunci=key,
        )

    @property
    def wilayah(self) -> District:
        return District(self.kecamatan, self.kelurahan)

    @property
    def place(self) -> tuple[float, float] | None:
        return None if self.lintang is None or self.bujur is None else (self.lintang, self.bujur)

    @property
    def chat(self) -> Chat:
        return msgspec.json.decode(self.asal, type=Chat)

    @property
    def harm(self) -> dict[str, float]:
        read: dict[str, float] = json.loads(self.dampak or "{}")
        return read

    def set_place(self, place: tuple[float, float], source: str, name: str = "") -> None:
        """Where it is: by a shared place (`pin`) before a photo's (`exif`)."""
        self.lintang, self.bujur = place
        self.sumber, self.tempat = source, name[:200] or self.tempat

    def enter_state(self, to: str, now: datetime, dengan: str = "", pemegang: int = 0) -> str:
        """Go into another state, with somebody from now on; returns the one before. Raises `UserError` where it cannot."""
        before, self.sejak = self.states.enter(self, to), now
        self.dengan, self.pemegang = dengan[:120], pemegang
        return before

    def reopen(self, now: datetime, dengan: str, pemegang: int) -> str:
        """Begin anew: the clocks run again from now, and what was late before is not late twice."""
        before = self.enter_state(Status.REOPENED, now, dengan, pemegang)
        self.putaran, self.mulai, self.selesai, self.nilai = self.putaran + 1, now, None, 0
        return before

    def has_reached(self, stage: str) -> bool:
        """Whether a stage is behind it."""
        waiting = (Status.WAITING, Status.REOPENED)
        if stage == ANSWER:
            return self.status not in waiting
        return self.status not in ((*waiting, Status.COORDINATED, Status.PASSED) if stage == PLAN else OPEN)

    def record_late(self, stage: str) -> None:
        """Note that a stage came late, once for all rounds."""
        stages = self.telat.split()
        if stage not in stages:
            self.telat = " ".join([*stages, stage])


class Foto(Table, table=True):
    """One file of a report: at first only what the messenger calls it (`ref`), later where it lies and what is in it."""

    __table_args__ = (Index("ix_laporan_foto_sidik", "asli"), Index("ix_laporan_foto_diterima", "diterima"))

    laporan: int = Field(sa_type=BigInteger, index=True)
    pengirim: int = Field(sa_type=BigInteger, index=True)
    kapan: str = BEFORE
    status: str = FotoStatus.COMING
    alasan: str = ""
    coba: int = 0
    aplikasi: str
    kunci: str = ""
    ref: str = Field(sa_type=Text)
    jenis: str
    nama: str = ""
    asli: str = ""
    bagikan: str = ""
    mini: str = ""
    tipe: str = ""
    ukuran: int = Field(default=0, sa_type=BigInteger)
    catatan: str = Field(default="{}", sa_type=Text)
    diambil: datetime | None = None
    lintang: float | None = None
    bujur: float | None = None
    rupa: str = ""
    diterima: datetime

    @property
    def attachment(self) -> Attachment:
        return Attachment(self.jenis, self.ref, self.nama)

    @property
    def is_picture(self) -> bool:
        return self.status == FotoStatus.KEPT and bool(self.bagikan)

    def record_stored(self, kept: StoredFile, zone_time: datetime | None) -> None:
        """It is kept: here is what it is."""
        self.status, self.asli, self.bagikan, self.mini = FotoStatus.KEPT, kept.blob, kept.shared, kept.thumb
        self.tipe, self.ukuran, self.catatan, self.diambil = kept.mime, kept.size, json.dumps(kept.facts), zone_time
        self.rupa = f"{kept.fingerprint:016x}" if kept.shared else ""
        if kept.place is not None:
            self.lintang, self.bujur = kept.place

    def refuse(self, why: str) -> None:
        """It is not kept, and never will be."""
        self.status, self.alasan = FotoStatus.REFUSED, why


ASKED = -1
"""In place of the report that photos were offered for: a question is open for them already."""


class Lepas(Table, table=True):
    """Files that came without words: for ten minutes they may become part of a report. `kunci` is their message's id."""

    __table_args__ = (Index("ix_laporan_lepas_pengirim", "pengirim", "pada"),)

    pengirim: int = Field(sa_type=BigInteger)
    chat: str
    kunci: str = Field(index=True)
    berkas: str = Field(sa_type=Text)
    lintang: float | None = None
    bujur: float | None = None
    ditawarkan: int = Field(default=0, sa_type=BigInteger)
    """The report they were offered for, or `ASKED`."""
    pada: datetime

    @property
    def files(self) -> list[Attachment]:
        return msgspec.json.decode(self.berkas, type=list[Attachment])


class Harap(Table, table=True):
    """Files that somebody is to send for a report, until then: those of it before, or those that show it was done."""

    __table_args__ = (Index("ix_laporan_harap_siapa", "siapa", "sampai"),)

    siapa: int = Field(sa_type=BigInteger)
    laporan: int = Field(sa_type=BigInteger)
    kapan: str
    catatan: str = Field(default="", sa_type=Text)
    sampai: datetime


class Jejak(Table, table=True):
    """One step of a report: from when on it was in a state, with whom, and by whose hand."""

    laporan: int = Field(sa_type=BigInteger, index=True)
    status: str
    dengan: str = ""
    oleh: int = Field(default=0, sa_type=BigInteger)
    kapasitas: str = ""
    catatan: str = Field(default="", sa_type=Text)
    pada: datetime


class Siaga(Table, table=True):
    """An alert to one person, and when they answered it."""

    laporan: int = Field(sa_type=BigInteger, index=True)
    siapa: int = Field(sa_type=BigInteger)
    dijawab: datetime | None = None
    pesan: str = ""
    pada: datetime


class Harian(Table, table=True):
    """Somebody said that there is nothing to report on a day."""

    __table_args__ = (Index("ix_laporan_harian_hari", "hari"),)

    hari: str
    pelapor: int = Field(sa_type=BigInteger)
    pada: datetime
