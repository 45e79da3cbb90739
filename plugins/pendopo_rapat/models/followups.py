"""What somebody is to do until when, and when they are reminded of it."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar
from zoneinfo import ZoneInfo

import msgspec
from pendopo import Document, Photo, StateMachine
from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field

from pendopo_rapat.models.meetings import Table


class TindakStatus(StrEnum):
    TODO = "belum"
    DOING = "proses"
    DONE = "selesai"
    STUCK = "terhambat"
    DROPPED = "dibatalkan"


MOVES: Mapping[str, frozenset[str]] = {
    TindakStatus.TODO: frozenset({TindakStatus.DOING, TindakStatus.DONE, TindakStatus.STUCK, TindakStatus.DROPPED}),
    TindakStatus.DOING: frozenset({TindakStatus.DONE, TindakStatus.STUCK, TindakStatus.DROPPED}),
    TindakStatus.STUCK: frozenset({TindakStatus.DOING, TindakStatus.DONE, TindakStatus.DROPPED}),
    TindakStatus.DONE: frozenset({TindakStatus.DOING}),
    TindakStatus.DROPPED: frozenset(),
}
OPEN = frozenset({TindakStatus.TODO, TindakStatus.DOING, TindakStatus.STUCK})
BEFORE = (3, 1, 0)
"""So many days before its deadline somebody is reminded; afterwards daily."""


class TindakLanjut(Table, table=True):
    """A follow-up: what, by whom, until when, from which decision; `mundur` counts how often its deadline was moved."""

    states: ClassVar[StateMachine] = StateMachine("tl", MOVES, refusal="rapat.tl_sudah", words="rapat.tl_status")
    __table_args__ = (Index("ix_rapat_tindaklanjut_tenggat", "status", "tenggat"),)

    rapat: int = Field(sa_type=BigInteger, index=True)
    keputusan: int = Field(default=0, sa_type=BigInteger)
    apa: str = Field(sa_type=Text)
    siapa: int = Field(sa_type=BigInteger, index=True)
    oleh: int = Field(sa_type=BigInteger)
    tenggat: datetime
    status: str = Field(default=TindakStatus.TODO)
    mundur: int = 0
    catatan: str = Field(default="", sa_type=Text)
    bukti: str = Field(default="[]", sa_type=Text)
    dibuat: datetime
    selesai: datetime | None = None
    pesan: str = ""

    @property
    def proof(self) -> list[Photo | Document]:
        """What shows that it is done."""
        return msgspec.json.decode(self.bukti or "[]", type=list[Photo | Document])

    def days_left(self, today: date, zone: ZoneInfo) -> int:
        """How many days there are to its deadline; negative when it is over."""
        return (self.tenggat.astimezone(zone).date() - today).days


class Mundur(Table, table=True):
    """One time that a deadline was moved, and why."""

    tindak: int = Field(sa_type=BigInteger, index=True)
    dari: datetime
    ke: datetime
    alasan: str = Field(sa_type=Text)
    oleh: int = Field(sa_type=BigInteger)
    pada: datetime


def get_next_reminder(tenggat: datetime, now: datetime, clock: time, zone: ZoneInfo) -> datetime:
    """When somebody is reminded next: three days before, the day before, that morning, then every morning."""
    due = tenggat.astimezone(zone).date()
    mornings = (datetime.combine(due - timedelta(days=days), clock, zone) for days in BEFORE)
    if found := next((at for at in mornings if now < at <= tenggat), None):
        return found
    day = max(due + timedelta(days=1), now.astimezone(zone).date())
    at = datetime.combine(day, clock, zone)
    return at if at > now else datetime.combine(day + timedelta(days=1), clock, zone)


def tells_superior(days_left: int) -> bool:
    """Whether the superior is told on a day too: once a week after the deadline."""
    return days_left < 0 and (-days_left) % 7 == 1
