"""An izin and the rules that live on it: one explicit state machine, and the decisions on its way."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from zoneinfo import ZoneInfo

import msgspec
from pendopo import (
    ApproximateTime,
    DateRange,
    Day,
    Instant,
    Person,
    Row,
    StateMachine,
    TimeRange,
    UserError,
    When,
    start_of,
    tables,
)
from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field


class Status(StrEnum):
    DRAFT = "draf"
    ASKED = "diajukan"
    QUERIED = "ditanya"
    APPROVED = "disetujui"
    REFUSED = "ditolak"
    EXPIRED = "kedaluwarsa"
    WITHDRAWN = "ditarik"
    RUNNING = "berjalan"
    DONE = "selesai"
    CANCELLED = "dibatalkan"


MOVES: Mapping[str, frozenset[str]] = {
    Status.DRAFT: frozenset({Status.ASKED, Status.WITHDRAWN}),
    Status.ASKED: frozenset({Status.QUERIED, Status.APPROVED, Status.REFUSED, Status.EXPIRED, Status.WITHDRAWN}),
    Status.QUERIED: frozenset({Status.ASKED, Status.APPROVED, Status.REFUSED, Status.EXPIRED, Status.WITHDRAWN}),
    Status.APPROVED: frozenset({Status.RUNNING, Status.CANCELLED, Status.ASKED}),
    Status.RUNNING: frozenset({Status.DONE, Status.CANCELLED}),
    Status.REFUSED: frozenset(),
    Status.EXPIRED: frozenset(),
    Status.WITHDRAWN: frozenset(),
    Status.DONE: frozenset(),
    Status.CANCELLED: frozenset(),
}
"""Where an izin may go from each state. Nothing else is possible, by whatever route."""
OPEN = frozenset({Status.ASKED, Status.QUERIED})
AWAY = frozenset({Status.APPROVED, Status.RUNNING})
YES, NO, SKIPPED = "setuju", "tolak", "dilewati"
USUAL = timedelta(hours=2)
"""How long something takes of which only the beginning was said."""
LONGEST = 2000


class Table(Row, registry=tables("izin")):
    """The base of this plugin's rows."""


class Izin(Table, table=True):
    """One permission to be away.

    `waktu` is the time as it was read, JSON; `mulai` and `selesai` its bounds, UTC. `ronde` counts how often its way began
    anew, `langkah` the step it is at, of those in `rute` (JSON, as the configuration was when it was sent). `pembuat` entered
    it, which for an ajudan is somebody else than `pemohon`.
    """

    states: ClassVar[StateMachine] = StateMachine("izin", MOVES, refusal="izin.sudah", words="izin.status")
    __table_args__ = (Index("ix_izin_masa", "status", "selesai"),)

    pemohon: int = Field(sa_type=BigInteger, index=True)
    pembuat: int = Field(sa_type=BigInteger)
    unit: str = Field(default="", index=True)
    jenis: str
    keperluan: str = Field(sa_type=Text)
    waktu: str = Field(sa_type=Text)
    mulai: datetime
    selesai: datetime
    hari: int = 1
    luar_negeri: bool = False
    status: str = Field(default=Status.DRAFT)
    ronde: int = 0
    langkah: int = 0
    rute: str = Field(default="[]", sa_type=Text)
    alasan: str = Field(default="", sa_type=Text)
    wakil: int = Field(default=0, sa_type=BigInteger)
    lampiran: str = Field(default="[]", sa_type=Text)
    hasil: str = Field(default="", sa_type=Text)
    dibuat: datetime
    diajukan: datetime | None = None
    diputus: datetime | None = None
    pesan: str = Field(default="")

    @classmethod
    def draft(cls, pemohon: Person, pembuat: Person, waktu: When, keperluan: str, now: datetime, zone: ZoneInfo) -> "Izin":
        """A draft nobody but its author has seen. Raises `UserError` when its time is over, or has no begin."""
        izin = cls(
            pemohon=pemohon.id,
            pembuat=pembuat.id,
            jenis="",
            keperluan=keperluan[:1].upper() + keperluan[1:LONGEST],
            waktu="",
            mulai=now,
            selesai=now,
            dibuat=now,
        )
        izin.set_time(waktu, now, zone)
        return izin

    def set_time(self, waktu: When, now: datetime, zone: ZoneInfo) -> bool:
        """Give it a time; True when that reaches beyond the one it had. Raises `UserError`."""
        begin, end = resolve_bounds(waktu, zone)
        if end <= now or (begin < now and not _is_whole_days(waktu)):
            raise UserError("izin.waktu_lewat", param="waktu", waktu=waktu)
        grown = begin < self.mulai or end > self.selesai
        self.waktu = json.dumps(msgspec.to_builtins(waktu))
        self.mulai, self.selesai = begin.astimezone(UTC), end.astimezone(UTC)
        first, last = self.get_days(zone)
        self.hari = (last - first).days + 1
        return grown

    @property
    def time(self) -> dict[str, object]:
        """The time as it was read, for sentences."""
        read: dict[str, object] = json.loads(self.waktu)
        return read

    def get_days(self, zone: ZoneInfo) -> tuple[date, date]:
        """The first and the last day of it."""
        return self.mulai.astimezone(zone).date(), (self.selesai - timedelta(microseconds=1)).astimezone(zone).date()

    def begin_round(self, now: datetime) -> None:
        """Begin its way anew."""
        self.ronde, self.langkah, self.diajukan, self.diputus = self.ronde + 1, 0, now, None


class Putusan(Table, table=True):
    """One decision that is wanted on a step: by whom (`aturan`), of whom it was asked, and what came of it."""

    izin: int = Field(sa_type=BigInteger, index=True)
    ronde: int
    langkah: int
    aturan: str
    diminta: int = Field(sa_type=BigInteger, index=True)
    hasil: str = ""
    oleh: int = Field(default=0, sa_type=BigInteger)
    kapasitas: str = ""
    alasan: str = Field(default="", sa_type=Text)
    pada: datetime | None = None
    pesan: str = ""

    def settle(self, hasil: str, oleh: Person, kapasitas: str, now: datetime, alasan: str = "") -> None:
        """Decide, once."""
        if self.hasil:
            raise UserError("izin.sudah_diputus", nomor=self.izin)
        self.hasil, self.oleh, self.kapasitas, self.pada, self.alasan = hasil, oleh.id, kapasitas, now, alasan[:1000]


class Tanya(Table, table=True):
    """A question back, and its answer."""

    izin: int = Field(sa_type=BigInteger, index=True)
    dari: int = Field(sa_type=BigInteger)
    isi: str = Field(sa_type=Text)
    jawaban: str = Field(default="", sa_type=Text)
    pada: datetime


def resolve_bounds(waktu: When, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when to when a time lasts. Raises `UserError` on one that has no begin."""
    match waktu:
        case Instant(at):
            return at, at + USUAL
        case Day() | DateRange():
            return waktu.bounds(zone)
        case TimeRange(begin, end):
            return begin, end or begin + USUAL
        case ApproximateTime(begin, end):
            return begin, end
        case _:
            raise UserError("izin.waktu_tanpa_hari", param="waktu")


def _is_whole_days(waktu: When) -> bool:
    """Whether it is days that have only begun: being ill today is no thing of the past."""
    start = start_of(waktu)
    return isinstance(start, date) and not isinstance(start, datetime)
