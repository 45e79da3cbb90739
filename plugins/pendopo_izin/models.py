"""Rows of izin with their rules: the state machine, the decisions, and questions."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
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
    """The states of an izin."""

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
    NOTED = "diberitahukan"
    DEFERRED = "ditangguhkan"
    RECALLED = "dipanggil"


MOVES: Mapping[str, frozenset[str]] = {
    Status.DRAFT: frozenset({Status.ASKED, Status.WITHDRAWN}),
    Status.ASKED: frozenset(
        {
            *(Status.QUERIED, Status.APPROVED, Status.REFUSED, Status.DEFERRED, Status.EXPIRED, Status.WITHDRAWN),
            Status.NOTED,
        }
    ),
    Status.QUERIED: frozenset(
        {Status.ASKED, Status.APPROVED, Status.REFUSED, Status.DEFERRED, Status.EXPIRED, Status.WITHDRAWN}
    ),
    Status.APPROVED: frozenset({Status.RUNNING, Status.CANCELLED, Status.ASKED, Status.RECALLED}),
    Status.NOTED: frozenset({Status.RUNNING, Status.CANCELLED, Status.ASKED}),
    Status.RUNNING: frozenset({Status.DONE, Status.CANCELLED, Status.RECALLED}),
    Status.REFUSED: frozenset(),
    Status.EXPIRED: frozenset(),
    Status.WITHDRAWN: frozenset(),
    Status.DONE: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.DEFERRED: frozenset(),
    Status.RECALLED: frozenset(),
}
"""The allowed moves from each state."""
OPEN = frozenset({Status.ASKED, Status.QUERIED})
"""States that wait for a decision."""
BEGINNING = frozenset({Status.APPROVED, Status.NOTED})
"""States of an absence that has not begun."""
AWAY = frozenset({*BEGINNING, Status.RUNNING})
"""States that count as an absence."""
YES, NO, CHANGED, DEFERRED, SKIPPED = "setuju", "tolak", "perubahan", "tangguh", "dilewati"
"""Results of a decision; the others of a step are skipped once one decides for all."""
USUAL = timedelta(hours=2)
"""The length of an izin with only a start."""
CLOSES = time(16)
"""When offices close, where the settings do not say."""
SLACK = timedelta(minutes=30)
"""So long after its start a time with an end may be entered: "sampai siang" begins when it was typed, not when it was sent."""
LONGEST = 2000
"""Characters of a purpose that are kept."""


class Table(Row, registry=tables("izin")):
    """The base of this plugin's rows."""


class Izin(Table, table=True):
    """One permission to be away."""

    states: ClassVar[StateMachine] = StateMachine("izin", MOVES, refusal="izin.sudah", words="izin.status")
    __table_args__ = (Index("ix_izin_masa", "status", "selesai"),)

    pemohon: int = Field(sa_type=BigInteger, index=True)
    pembuat: int = Field(sa_type=BigInteger)
    """Who entered it: the applicant, or their ajudan."""
    unit: str = Field(default="", index=True)
    jenis: str
    keperluan: str = Field(sa_type=Text)
    waktu: str = Field(sa_type=Text)
    """The time as it was read, JSON; `mulai` and `selesai` are its bounds, UTC."""
    mulai: datetime
    selesai: datetime
    hari: int = 1
    """Calendar days, the first and the last included."""
    luar_negeri: bool = False
    status: str = Field(default=Status.DRAFT)
    ronde: int = 0
    """How often the approval began."""
    langkah: int = 0
    """Index of the current step in `rute`."""
    rute: str = Field(default="[]", sa_type=Text)
    """The approval steps as configured when it was submitted, JSON."""
    alasan: str = Field(default="", sa_type=Text)
    wakil: int = Field(default=0, sa_type=BigInteger)
    lampiran: str = Field(default="[]", sa_type=Text)
    hasil: str = Field(default="", sa_type=Text)
    dibuat: datetime
    diajukan: datetime | None = None
    diputus: datetime | None = None
    kembali: datetime | None = None
    """When the applicant came back before its end, called or of their own will."""
    pesan: str = Field(default="")
    """Key of the applicant's card."""

    @classmethod
    def draft(
        cls,
        pemohon: Person,
        pembuat: Person,
        waktu: When,
        keperluan: str,
        now: datetime,
        zone: ZoneInfo,
        *,
        closes: time = CLOSES,
        back: timedelta = timedelta(0),
    ) -> "Izin":
        """A new draft. Raises `UserError` when its time has passed, or has no start."""
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
        izin.set_time(waktu, now, zone, closes=closes, back=back)
        return izin

    def set_purpose(self, keperluan: str) -> None:
        """Sets the purpose, as much of it as is kept, in the form of a sentence."""
        self.keperluan = keperluan[:1].upper() + keperluan[1:LONGEST]

    def set_time(
        self, waktu: When, now: datetime, zone: ZoneInfo, *, closes: time = CLOSES, back: timedelta = timedelta(0)
    ) -> bool:
        """Sets the time; True when it reaches beyond the previous one. Raises `UserError` for a past time.

        An open time ends when offices close; one that was over less than `back` ago may still be entered.
        """
        begin, end = resolve_bounds(waktu, zone, closes)
        if end <= now - back or (begin < now - back - _get_slack(waktu) and not _is_whole_days(waktu)):
            raise UserError("izin.waktu_lewat", param="waktu", waktu=waktu)
        grown = begin < self.mulai or end > self.selesai
        self.waktu = json.dumps(msgspec.to_builtins(waktu))
        self.mulai, self.selesai = begin.astimezone(UTC), end.astimezone(UTC)
        first, last = self.get_days(zone)
        self.hari = (last - first).days + 1
        return grown

    @property
    def time(self) -> dict[str, object]:
        """The time as it was read, for catalogue sentences."""
        read: dict[str, object] = json.loads(self.waktu)
        return read

    def get_days(self, zone: ZoneInfo) -> tuple[date, date]:
        """Its first and last day."""
        return self.mulai.astimezone(zone).date(), (self.selesai - timedelta(microseconds=1)).astimezone(zone).date()

    def get_bounds(self, zone: ZoneInfo) -> tuple[date, date]:
        """Its start and end as people read them: whole days as dates, the last one included; else instants in `zone`."""
        start, end = self.mulai.astimezone(zone), self.selesai.astimezone(zone)
        return self.get_days(zone) if start.time() == end.time() == time() else (start, end)

    @property
    def away_until(self) -> datetime:
        """The end of the absence: its own, or when the applicant came back before."""
        return min(self.selesai, self.kembali or self.selesai)

    @property
    def is_whole_days(self) -> bool:
        """Whether it is for whole days, without hours."""
        return self.time.get("type") in ("Day", "DaySpan")

    def begin_round(self, now: datetime) -> None:
        """Begins a new round of approval."""
        self.ronde, self.langkah, self.diajukan, self.diputus = self.ronde + 1, 0, now, None


class Putusan(Table, table=True):
    """One decision that a step needs."""

    izin: int = Field(sa_type=BigInteger, index=True)
    ronde: int
    langkah: int
    aturan: str
    """The rule that names the deciders, such as "superior" or "post:sekda"."""
    diminta: int = Field(sa_type=BigInteger, index=True)
    """The person who was asked."""
    hasil: str = ""
    """`YES`, `NO`, `CHANGED`, `DEFERRED` or `SKIPPED`; "" while it is open."""
    oleh: int = Field(default=0, sa_type=BigInteger)
    """The person who decided; 0 while it is open."""
    kapasitas: str = ""
    alasan: str = Field(default="", sa_type=Text)
    pada: datetime | None = None
    pesan: str = ""
    usul: str = Field(default="", sa_type=Text)
    """The other time of `CHANGED`, JSON."""

    def settle(self, hasil: str, oleh: Person, kapasitas: str, now: datetime, alasan: str = "") -> None:
        """Records the decision. Raises `UserError` when it is already made."""
        if self.hasil:
            raise UserError("izin.sudah_diputus", nomor=self.izin)
        self.hasil, self.oleh, self.kapasitas, self.pada, self.alasan = hasil, oleh.id, kapasitas, now, alasan[:1000]


class Tanya(Table, table=True):
    """A decider's question, and its answer."""

    izin: int = Field(sa_type=BigInteger, index=True)
    dari: int = Field(sa_type=BigInteger)
    isi: str = Field(sa_type=Text)
    jawaban: str = Field(default="", sa_type=Text)
    pada: datetime


def resolve_bounds(waktu: When, zone: ZoneInfo, closes: time = CLOSES) -> tuple[datetime, datetime]:
    """Start and end of a time; an open one ends with the office hours. Raises `UserError` for one without a start."""
    match waktu:
        case Instant(at):
            return at, at + USUAL
        case Day() | DateRange():
            return waktu.bounds(zone)
        case TimeRange(begin, end):
            return begin, end or _close_day(begin, zone, closes)
        case ApproximateTime(begin, end):
            return begin, end
        case _:
            raise UserError("izin.waktu_tanpa_hari", param="waktu")


def _get_slack(waktu: When) -> timedelta:
    return SLACK if isinstance(waktu, TimeRange) and waktu.end is not None else timedelta(0)


def _close_day(begin: datetime, zone: ZoneInfo, closes: time) -> datetime:
    end = datetime.combine(begin.astimezone(zone).date(), closes, zone)
    return end if begin < end else begin + USUAL


def _is_whole_days(waktu: When) -> bool:
    """Whether the time is whole days: those may have begun already, as when ill today."""
    start = start_of(waktu)
    return isinstance(start, date) and not isinstance(start, datetime)
