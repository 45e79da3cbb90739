"""A meeting, and those who are invited: one explicit state machine, and who is present."""

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
    """`waktu` is its time as it was read, JSON; `mulai` and `selesai` its bounds, UTC."""

    waktu: str = Field(default="", sa_type=Text)
    mulai: datetime
    selesai: datetime

    def set_time(self, waktu: When, now: datetime, usual: timedelta) -> None:
        """Give it a time, another one too. Raises `UserError` when that is over, or has no clock."""
        begin, end = resolve_bounds(waktu, usual)
        if begin <= now:
            raise UserError("rapat.waktu_lewat", param="waktu", waktu=waktu)
        self.waktu = json.dumps(msgspec.to_builtins(waktu))
        self.mulai, self.selesai = begin.astimezone(UTC), end.astimezone(UTC)

    @property
    def time(self) -> dict[str, object]:
        """Its time as it was read, for sentences; empty while it has none."""
        read: dict[str, object] = json.loads(self.waktu) if self.waktu else {}
        return read


def resolve_bounds(waktu: When, usual: timedelta) -> tuple[datetime, datetime]:
    """From when to when a meeting lasts. Raises `UserError` on a time without a clock."""
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
"""Where a meeting may go from each state. Nothing else is possible, by whatever route."""
PRESENT, REPRESENTED = "hadir", "mewakili"
LONGEST = 500


_HERE = text("status = 'berlangsung' AND ruang <> ''")
"""One meeting at a time is open in a chat and topic."""


class Rapat(TimedRow, table=True):
    """One meeting.

    `asal` is the chat it was called in, JSON; `ruang` that chat's key where it is held there, with its `topik`. `jabatan` is
    the post in which its `pimpinan` leads. `urut` counts its changes for calendars, `butir` is the item it is at, `batas`
    until when its time is voted on.
    """

    states: ClassVar[StateMachine] = StateMachine("rapat", MOVES, refusal="rapat.sudah", words="rapat.status")
    __table_args__ = (
        Index("ix_rapat_ruang", "ruang", "status"),
        Index("ix_rapat_masa", "status", "mulai"),
        Index("uq_rapat_ruang_topik", "ruang", "topik", unique=True, sqlite_where=_HERE, postgresql_where=_HERE),
    )

    judul: str = Field(sa_type=Text)
    tempat: str = Field(default="", sa_type=Text)
    asal: str = Field(sa_type=Text)
    ruang: str = ""
    topik: str = ""
    status: str = Field(default=RapatStatus.DRAFT)
    pembuat: int = Field(sa_type=BigInteger, index=True)
    pimpinan: int = Field(sa_type=BigInteger)
    notulis: int = Field(sa_type=BigInteger)
    jabatan: str = ""
    unit: str = ""
    kuorum: int = 0
    urut: int = 0
    seri: int = Field(default=0, sa_type=BigInteger)
    dicatat: bool = True
    tercapai: bool = False
    butir: int = Field(default=0, sa_type=BigInteger)
    batas: datetime | None = None
    dibuka: datetime | None = None
    ditutup: datetime | None = None
    alasan: str = Field(default="", sa_type=Text)
    dibuat: datetime
    pesan: str = ""

    @classmethod
    def draft(cls, pembuat: Person, judul: str, asal: Chat, now: datetime) -> "Rapat":
        """A meeting only its author has seen, that has no time yet."""
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
    """Somebody of a meeting: invited (`diundang`), or only there.

    `jawaban` is what they answered to the invitation. `wakil` is whom they sent; `hadir` says whether they, or that one, are
    there since `pada`, `telat` minutes late, and `lewat` in which chat that was said. `pesan` is the invitation sent to them,
    `diam` that their words are not to be recorded.
    """

    __table_args__ = (UniqueConstraint("rapat", "orang", name="uq_rapat_peserta_orang"),)

    rapat: int = Field(sa_type=BigInteger, index=True)
    orang: int = Field(sa_type=BigInteger, index=True)
    diundang: bool = True
    jawaban: str = ""
    alasan: str = Field(default="", sa_type=Text)
    wakil: int = Field(default=0, sa_type=BigInteger, index=True)
    hadir: str = ""
    pada: datetime | None = None
    telat: int = 0
    lewat: str = ""
    pesan: str = ""
    diam: bool = False

    def record_attendance(self, how: str, now: datetime, due: datetime, grace: timedelta, lewat: str) -> bool:
        """They are there, in person or represented; False when that was noted already. `due`: when they should have been."""
        if self.hadir == PRESENT or self.hadir == how:
            return False
        late = now - due
        self.telat = int(late.total_seconds() // 60) if late > grace else 0
        self.hadir, self.pada, self.lewat = how, now, lewat
        return True


class Tally(NamedTuple):
    """How many are there of how many, and how many it takes."""

    hadir: int
    diundang: int
    perlu: int

    @property
    def enough(self) -> bool:
        return self.hadir >= self.perlu


def tally_attendance(peserta: Iterable[Peserta], kuorum: int, persen: int) -> Tally:
    """Count who is there of those invited; guests do not count. `kuorum` 0: more than `persen` of a hundred."""
    invited = [p for p in peserta if p.diundang]
    needed = kuorum or len(invited) * persen // 100 + 1
    return Tally(sum(1 for p in invited if p.hadir), len(invited), min(needed, max(1, len(invited))))


YES, MAYBE, NO = "ya", "bila", "tidak"


class Opsi(TimedRow, table=True):
    """One time to choose: the `urut`-th of its meeting. Given another time, it keeps its answers."""

    __table_args__ = (UniqueConstraint("rapat", "urut", name="uq_rapat_opsi_urut"),)

    rapat: int = Field(sa_type=BigInteger, index=True)
    urut: int

    @classmethod
    def new(cls, rapat: int, urut: int, waktu: When, now: datetime, usual: timedelta) -> "Opsi":
        """A time to choose. Raises `UserError` when it is over, or has no clock."""
        opsi = cls(rapat=rapat, urut=urut, mulai=now, selesai=now)
        opsi.set_time(waktu, now, usual)
        return opsi


class Jawaban(Table, table=True):
    """What somebody says to one time; `otomatis` where their calendar said it for them."""

    __table_args__ = (UniqueConstraint("opsi", "orang", name="uq_rapat_jawaban_orang"),)

    rapat: int = Field(sa_type=BigInteger, index=True)
    opsi: int = Field(sa_type=BigInteger, index=True)
    orang: int = Field(sa_type=BigInteger)
    jawab: str
    otomatis: bool = False
    pada: datetime


def group_answers(answers: Iterable[Jawaban], opsi: int) -> dict[str, list[int]]:
    """Who says what to one time."""
    found: dict[str, list[int]] = {YES: [], MAYBE: [], NO: []}
    for answer in answers:
        if answer.opsi == opsi:
            found[answer.jawab].append(answer.orang)
    return found


def rank_options(options: Iterable[Opsi], answers: Iterable[Jawaban]) -> list[Opsi]:
    """The times, the one for most people first: who can counts before who could if need be, then the earlier one."""
    given = list(answers)

    def rank(opsi: Opsi) -> tuple[int, int, datetime]:
        count = group_answers(given, opsi.id or 0)
        return -len(count[YES]), -len(count[MAYBE]), opsi.mulai

    return sorted(options, key=rank)
