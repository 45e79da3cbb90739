"""Rows of meetings, their participants, and polls for their time."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import ClassVar, NamedTuple

import msgspec
from pendopo import ApproximateTime, Chat, Instant, Person, Row, StateMachine, TimeRange, UserError, When, tables
from sqlalchemy import BigInteger, Index, Text, UniqueConstraint, text
from sqlmodel import Field


class Table(Row, registry=tables("rapat")):
    """The base of this plugin's rows."""


class TimedRow(Table):
    """The base of rows with a time."""

    waktu: str = Field(default="", sa_type=Text)
    """The time as it was read, JSON; `mulai` and `selesai` are its bounds, UTC."""
    mulai: datetime
    selesai: datetime

    def set_time(self, waktu: When, now: datetime, usual: timedelta) -> None:
        """Sets or changes the time. Raises `UserError` when it has passed, or has no time of day."""
        begin, end = resolve_bounds(waktu, usual)
        if begin <= now:
            raise UserError("rapat.waktu_lewat", param="waktu", waktu=waktu)
        self.waktu = json.dumps(msgspec.to_builtins(waktu))
        self.mulai, self.selesai = begin.astimezone(UTC), end.astimezone(UTC)

    @property
    def time(self) -> dict[str, object]:
        """The time as it was read, for catalogue sentences; empty while it has none."""
        read: dict[str, object] = json.loads(self.waktu) if self.waktu else {}
        return read


def resolve_bounds(waktu: When, usual: timedelta) -> tuple[datetime, datetime]:
    """Start and end of a meeting. Raises `UserError` for a time without a time of day."""
    match waktu:
        case Instant(at):
            return at, at + usual
        case TimeRange(begin, end):
            return begin, end or begin + usual
        case ApproximateTime(begin, _):
            return begin, begin + usual
        case _:
            raise UserError("rapat.jam_berapa", param="waktu", waktu=waktu)


class RapatStatus(StrEnum):
    """The states of a meeting."""

    DRAFT = "draf"
    POLL = "polling"
    CALLED = "diundang"
    OPEN = "berlangsung"
    CLOSED = "ditutup"
    APPROVED = "disahkan"
    CANCELLED = "dibatalkan"
    LAPSED = "terlewat"


MOVES: Mapping[str, frozenset[str]] = {
    RapatStatus.DRAFT: frozenset({RapatStatus.POLL, RapatStatus.CALLED, RapatStatus.CANCELLED}),
    RapatStatus.POLL: frozenset({RapatStatus.CALLED, RapatStatus.CANCELLED, RapatStatus.LAPSED}),
    RapatStatus.CALLED: frozenset({RapatStatus.OPEN, RapatStatus.CANCELLED, RapatStatus.LAPSED}),
    RapatStatus.OPEN: frozenset({RapatStatus.CLOSED}),
    RapatStatus.CLOSED: frozenset({RapatStatus.APPROVED}),
    RapatStatus.APPROVED: frozenset(),
    RapatStatus.CANCELLED: frozenset(),
    RapatStatus.LAPSED: frozenset(),
}
"""The allowed moves from each state."""
PRESENT, REPRESENTED = "hadir", "mewakili"
"""Attendance in person, or by a proxy."""
LONGEST = 500
"""Characters of a title that are kept."""


_HERE = text("status = 'berlangsung' AND ruang <> ''")
"""At most one meeting is open in a chat and topic."""


class Rapat(TimedRow, table=True):
    """One meeting."""

    states: ClassVar[StateMachine] = StateMachine("rapat", MOVES, refusal="rapat.sudah", words="rapat.status")
    __table_args__ = (
        Index("ix_rapat_ruang", "ruang", "status"),
        Index("ix_rapat_masa", "status", "mulai"),
        Index("uq_rapat_ruang_topik", "ruang", "topik", unique=True, sqlite_where=_HERE, postgresql_where=_HERE),
    )

    judul: str = Field(sa_type=Text)
    tempat: str = Field(default="", sa_type=Text)
    asal: str = Field(sa_type=Text)
    """The chat it was called in, JSON."""
    ruang: str = ""
    """Key of the chat it is held in, with `topik`; "" for a meeting elsewhere."""
    topik: str = ""
    status: str = Field(default=RapatStatus.DRAFT)
    pembuat: int = Field(sa_type=BigInteger, index=True)
    pimpinan: int = Field(sa_type=BigInteger)
    notulis: int = Field(sa_type=BigInteger)
    jabatan: str = ""
    """The post in which `pimpinan` leads."""
    unit: str = ""
    kuorum: int = 0
    """How many must be present; 0 for the percentage of the settings."""
    urut: int = 0
    """Number of changes, the SEQUENCE of calendar files."""
    seri: int = Field(default=0, sa_type=BigInteger)
    dicatat: bool = True
    tercapai: bool = False
    """The quorum was announced; in a poll, that all have answered."""
    butir: int = Field(default=0, sa_type=BigInteger)
    """The current item of the agenda."""
    batas: datetime | None = None
    """Until when its poll takes answers."""
    dibuka: datetime | None = None
    ditutup: datetime | None = None
    alasan: str = Field(default="", sa_type=Text)
    dibuat: datetime
    pesan: str = ""
    naskah: str = ""
    """The file of the PDF of its approved minutes; "" while it is being made."""

    @classmethod
    def draft(cls, pembuat: Person, judul: str, asal: Chat, now: datetime) -> "Rapat":
        """A draft without a time."""
        title = judul.strip(" ,.;:-–")[:LONGEST]
        return cls(
            judul=title[:1].upper() + title[1:],
            asal=msgspec.json.encode(asal).decode(),
            mulai=now.astimezone(UTC),
            selesai=now.astimezone(UTC),
            pembuat=pembuat.id,
            pimpinan=pembuat.id,
            notulis=pembuat.id,
            dibuat=now,
        )

    @property
    def chat(self) -> Chat:
        return msgspec.json.decode(self.asal, type=Chat)


class Peserta(Table, table=True):
    """A participant of a meeting, or a guest (not `diundang`)."""

    __table_args__ = (UniqueConstraint("rapat", "orang", name="uq_rapat_peserta_orang"),)

    rapat: int = Field(sa_type=BigInteger, index=True)
    orang: int = Field(sa_type=BigInteger, index=True)
    diundang: bool = True
    jawaban: str = ""
    """Answer to the invitation: `YES`, `NO`, or "" for none."""
    alasan: str = Field(default="", sa_type=Text)
    wakil: int = Field(default=0, sa_type=BigInteger, index=True)
    """The proxy they sent; 0 for none."""
    hadir: str = ""
    """`PRESENT`, `REPRESENTED`, or "" while absent."""
    pada: datetime | None = None
    """When they, or their proxy, checked in."""
    telat: int = 0
    """Minutes late."""
    keterangan: str = ""
    """What they said of their presence: "daring", "terlambat 10 menit"."""
    lewat: str = ""
    """Key of the chat in which they checked in."""
    pesan: str = ""
    """Key of the invitation sent to them."""
    diam: bool = False
    """Their messages are not recorded."""

    def record_attendance(self, how: str, now: datetime, due: datetime, grace: timedelta, lewat: str) -> bool:
        """Records attendance; False when already recorded. `due` is when they should have come."""
        if self.hadir == PRESENT or self.hadir == how:
            return False
        late = now - due
        self.telat = int(late.total_seconds() // 60) if late > grace else 0
        self.hadir, self.pada, self.lewat = how, now, lewat
        return True


class Tally(NamedTuple):
    """Those present, those invited, and the quorum."""

    hadir: int
    diundang: int
    perlu: int

    @property
    def enough(self) -> bool:
        return self.hadir >= self.perlu


def tally_attendance(peserta: Iterable[Peserta], kuorum: int, persen: int) -> Tally:
    """Counts the invited who are present, without guests. With `kuorum` 0 it takes more than `persen` percent."""
    invited = [p for p in peserta if p.diundang]
    needed = kuorum or len(invited) * persen // 100 + 1
    return Tally(sum(1 for p in invited if p.hadir), len(invited), min(needed, max(1, len(invited))))


YES, MAYBE, NO = "ya", "bila", "tidak"
"""Answers to an option of a poll; `YES` and `NO` also to an invitation."""


class Opsi(TimedRow, table=True):
    """One option of a poll, the `urut`-th of its meeting; it keeps its answers when its time changes."""

    __table_args__ = (UniqueConstraint("rapat", "urut", name="uq_rapat_opsi_urut"),)

    rapat: int = Field(sa_type=BigInteger, index=True)
    urut: int

    @classmethod
    def new(cls, rapat: int, urut: int, waktu: When, now: datetime, usual: timedelta) -> "Opsi":
        """A new option. Raises `UserError` when it has passed, or has no time of day."""
        opsi = cls(rapat=rapat, urut=urut, mulai=now, selesai=now)
        opsi.set_time(waktu, now, usual)
        return opsi


class Jawaban(Table, table=True):
    """A person's answer to one option."""

    __table_args__ = (UniqueConstraint("opsi", "orang", name="uq_rapat_jawaban_orang"),)

    rapat: int = Field(sa_type=BigInteger, index=True)
    opsi: int = Field(sa_type=BigInteger, index=True)
    orang: int = Field(sa_type=BigInteger)
    jawab: str
    otomatis: bool = False
    """Filled in from their calendar."""
    pada: datetime


def group_answers(answers: Iterable[Jawaban], opsi: int) -> dict[str, list[int]]:
    """The persons by their answer to one option."""
    found: dict[str, list[int]] = {YES: [], MAYBE: [], NO: []}
    for answer in answers:
        if answer.opsi == opsi:
            found[answer.jawab].append(answer.orang)
    return found


def rank_options(options: Iterable[Opsi], answers: Iterable[Jawaban]) -> list[Opsi]:
    """The options, best first: by most `YES`, then most `MAYBE`, then the earlier start."""
    given = list(answers)

    def rank(opsi: Opsi) -> tuple[int, int, datetime]:
        count = group_answers(given, opsi.id or 0)
        return -len(count[YES]), -len(count[MAYBE]), opsi.mulai

    return sorted(options, key=rank)
