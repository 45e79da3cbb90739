"""A meeting, and those who are invited: one explicit state machine, and who is present."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import ClassVar, NamedTuple

import msgspec
from pendopo import Chat, Person, StateMachine
from sqlalchemy import BigInteger, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from pendopo_rapat.models.base import Table, TimedRow


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
YES, NO = "ya", "tidak"
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


__all__ = ["MOVES", "Peserta", "Rapat", "RapatStatus", "Tally", "tally_attendance"]
