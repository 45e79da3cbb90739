"""Rows of reports with their rules: the state machine, files, history, alerts, and expected files."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Literal

import msgspec
from pendopo import Attachment, Chat, Row, StateMachine, StoredFile, tables
from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field

from pendopo_laporan.places import District


class Status(StrEnum):
    """The states of a report."""

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
    """The states of a report's file."""

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
"""The allowed moves from each state."""
OPEN = (Status.WAITING, Status.COORDINATED, Status.PASSED, Status.WORKED, Status.REOPENED)
"""States in which a holder has work to do."""
OVER = (Status.DONE, Status.RATED, Status.NOTED)
"""States without further deadlines."""
GONE = (Status.MERGED, Status.WITHDRAWN)
"""States of reports that are left out of lists and counts."""
UNDO = timedelta(seconds=60)
"""How long a reporter can withdraw a report."""
PATIENCE = timedelta(minutes=10)
"""Photos and text sent within this time may belong together."""
BEFORE, AFTER = "sebelum", "sesudah"
"""Whether a photo shows the place before or after the work."""
ANSWER, PLAN, FINISH = "tanggap", "rencana", "selesai"
STAGES = (ANSWER, PLAN, FINISH)
"""The stages that have deadlines: taken up, planned, finished."""
Level = Literal["biasa", "penting", "darurat"]
USUAL: Level = "biasa"
IMPORTANT: Level = "penting"
URGENT: Level = "darurat"
LEVELS: tuple[Level, ...] = (USUAL, IMPORTANT, URGENT)


class Read(msgspec.Struct, frozen=True):
    """A report as it was read."""

    isi: str
    jenis: str
    tingkat: Level
    rahasia: bool = False
    dampak: dict[str, float] = {}
    kebutuhan: str = ""


class Table(Row, registry=tables("laporan")):
    """The base of this plugin's rows."""


class Laporan(Table, table=True):
    """One report."""

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
    """Source of the coordinates: `pin` or `exif`."""
    dampak: str = Field(default="{}", sa_type=Text)
    """What was harmed, by number, JSON."""
    kebutuhan: str = Field(default="", sa_type=Text)
    kejadian: datetime | None = None
    dibuat: datetime
    status: str
    dengan: str = ""
    """Who holds it, in words."""
    pemegang: int = Field(default=0, sa_type=BigInteger)
    """The holder when they are in the directory, else 0."""
    sejak: datetime
    """Since when it is in this state."""
    mulai: datetime
    """When its deadlines began to count."""
    putaran: int = 0
    """How often it was reopened."""
    telat: str = ""
    """The stages that were late, separated by spaces."""
    induk: int = Field(default=0, sa_type=BigInteger)
    """The report it was merged into; negative while its reporter is asked whether both are the same."""
    nilai: int = 0
    selesai: datetime | None = None
    asal: str = Field(sa_type=Text)
    kunci: str = ""
    """The messenger's id of the message it came in."""
    pesan: str = ""
    """Key of the bot's answer."""
    grup: str = Field(default="[]", sa_type=Text)
    """Lines in groups, JSON: pairs of message key and blob of the picture."""
    kolase: str = ""
    """Blob of the newest collage."""
    terkirim: int = 0
    """The highest id of a file shown in a collage."""

    def suggest_merge(self, other: "Laporan") -> None:
        """Notes that the reporter is asked whether it is the same as another."""
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
        """Sets latitude and longitude; `source` is `pin` for a shared location, `exif` for a photo's."""
        self.lintang, self.bujur = place
        self.sumber, self.tempat = source, name[:200] or self.tempat

    def enter_state(self, to: str, now: datetime, dengan: str = "", pemegang: int = 0) -> str:
        """Changes state and holder, returns the previous state. Raises `UserError` when the move is not allowed."""
        before, self.sejak = self.states.enter(self, to), now
        self.dengan, self.pemegang = dengan[:120], pemegang
        return before

    def reopen(self, now: datetime, dengan: str, pemegang: int) -> str:
        """Reopens it: deadlines count from now on; returns the previous state."""
        before = self.enter_state(Status.REOPENED, now, dengan, pemegang)
        self.putaran, self.mulai, self.selesai, self.nilai = self.putaran + 1, now, None, 0
        return before

    def has_reached(self, stage: str) -> bool:
        """Whether a stage has been reached."""
        waiting = (Status.WAITING, Status.REOPENED)
        if stage == ANSWER:
            return self.status not in waiting
        return self.status not in ((*waiting, Status.COORDINATED, Status.PASSED) if stage == PLAN else OPEN)

    def record_late(self, stage: str) -> None:
        """Notes that a stage was late, once for all rounds."""
        stages = self.telat.split()
        if stage not in stages:
            self.telat = " ".join([*stages, stage])


class Foto(Table, table=True):
    """One file of a report: first the messenger's reference, once downloaded its blobs and facts."""

    __table_args__ = (Index("ix_laporan_foto_sidik", "asli"), Index("ix_laporan_foto_diterima", "diterima"))

    laporan: int = Field(sa_type=BigInteger, index=True)
    pengirim: int = Field(sa_type=BigInteger, index=True)
    kapan: str = BEFORE
    """`BEFORE` or `AFTER` the work."""
    status: str = FotoStatus.COMING
    alasan: str = ""
    coba: int = 0
    """How often the download failed."""
    aplikasi: str
    kunci: str = ""
    ref: str = Field(sa_type=Text)
    """What the messenger calls the file."""
    jenis: str
    nama: str = ""
    asli: str = ""
    """Blob of the file as it was sent."""
    bagikan: str = ""
    """Blob of the picture without metadata, for sharing; "" for other files."""
    mini: str = ""
    """Blob of its thumbnail."""
    tipe: str = ""
    ukuran: int = Field(default=0, sa_type=BigInteger)
    catatan: str = Field(default="{}", sa_type=Text)
    diambil: datetime | None = None
    lintang: float | None = None
    bujur: float | None = None
    rupa: str = ""
    """Perceptual fingerprint of the picture, 64 bits in hexadecimal."""
    diterima: datetime

    @property
    def attachment(self) -> Attachment:
        return Attachment(self.jenis, self.ref, self.nama)

    @property
    def is_picture(self) -> bool:
        return self.status == FotoStatus.KEPT and bool(self.bagikan)

    def record_stored(self, kept: StoredFile, zone_time: datetime | None) -> None:
        """Records that the file was downloaded and stored."""
        self.status, self.asli, self.bagikan, self.mini = FotoStatus.KEPT, kept.blob, kept.shared, kept.thumb
        self.tipe, self.ukuran, self.catatan, self.diambil = kept.mime, kept.size, json.dumps(kept.facts), zone_time
        self.rupa = f"{kept.fingerprint:016x}" if kept.shared else ""
        if kept.place is not None:
            self.lintang, self.bujur = kept.place

    def refuse(self, why: str) -> None:
        """Records that the file was refused for good."""
        self.status, self.alasan = FotoStatus.REFUSED, why


ASKED = -1
"""Value of `Lepas.ditawarkan` while the bare command asks for text and place."""


class Lepas(Table, table=True):
    """Files sent without text, which may become part of a report for `PATIENCE`."""

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
    """Files that a person is expected to send for a report until `sampai`."""

    __table_args__ = (Index("ix_laporan_harap_siapa", "siapa", "sampai"),)

    siapa: int = Field(sa_type=BigInteger)
    laporan: int = Field(sa_type=BigInteger)
    kapan: str
    catatan: str = Field(default="", sa_type=Text)
    sampai: datetime


class Jejak(Table, table=True):
    """One step in the history of a report."""

    laporan: int = Field(sa_type=BigInteger, index=True)
    status: str
    dengan: str = ""
    oleh: int = Field(default=0, sa_type=BigInteger)
    kapasitas: str = ""
    catatan: str = Field(default="", sa_type=Text)
    pada: datetime


class Siaga(Table, table=True):
    """An alert to one person, and when they answered."""

    laporan: int = Field(sa_type=BigInteger, index=True)
    siapa: int = Field(sa_type=BigInteger)
    dijawab: datetime | None = None
    pesan: str = ""
    pada: datetime


class Harian(Table, table=True):
    """A person's statement that there is nothing to report on a day (ISO 8601)."""

    __table_args__ = (Index("ix_laporan_harian_hari", "hari"),)

    hari: str
    pelapor: int = Field(sa_type=BigInteger)
    pada: datetime
