"""An izin and the rules that live on it."""

import json
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import BigInteger, Text
from sqlmodel import Field

from bot import Person, Row, UserError, When, say, start_of, tables

DRAFT, ASKED, APPROVED, REFUSED, WITHDRAWN = "draf", "diajukan", "disetujui", "ditolak", "ditarik"


class Table(Row, registry=tables("izin")):
    """The base of this plugin's rows."""


class Izin(Table, table=True):
    """One permission to be away. `waktu` is the time as it was read, JSON; `mulai` its begin, UTC."""

    pemohon: int = Field(sa_type=BigInteger, index=True)
    atasan: int = Field(sa_type=BigInteger, index=True)
    keperluan: str = Field(sa_type=Text)
    waktu: str = Field(sa_type=Text)
    mulai: datetime
    status: str = Field(default=DRAFT, index=True)
    alasan: str = Field(default="", sa_type=Text)
    dibuat: datetime
    diputus: datetime | None = None
    pesan: str = Field(default="")
    pesan_atasan: str = Field(default="")

    @classmethod
    def draft(cls, pemohon: Person, atasan: Person, waktu: When, keperluan: str, now: datetime, zone: ZoneInfo) -> "Izin":
        """A draft nobody but its author has seen. Raises `UserError` when its time is over."""
        mulai = _moment(start_of(waktu), zone)
        if mulai is None:
            raise UserError("izin.waktu_tanpa_hari", about="waktu")
        if mulai < now and not _today(waktu, now, zone):
            raise UserError("izin.waktu_lewat", about="waktu", waktu=waktu)
        return cls(
            pemohon=pemohon.id,
            atasan=atasan.id,
            keperluan=keperluan[:1].upper() + keperluan[1:2000],
            waktu=json.dumps(msgspec.to_builtins(waktu)),
            mulai=mulai,
            dibuat=now,
        )

    @property
    def time(self) -> dict[str, object]:
        """The time as it was read, for sentences."""
        read: dict[str, object] = json.loads(self.waktu)
        return read

    def submit(self) -> None:
        """From draft to the superior. Raises `UserError` when it was sent before."""
        self._move(DRAFT, ASKED)

    def decide(self, approved: bool, now: datetime, reason: str = "") -> None:
        """Decide once. Raises `UserError` when it is decided or taken back already."""
        self._move(ASKED, APPROVED if approved else REFUSED)
        self.alasan, self.diputus = reason[:1000], now

    def withdraw(self) -> None:
        """Take it back while nobody has decided. Raises `UserError` afterwards."""
        if self.status not in (DRAFT, ASKED):
            raise UserError("izin.tidak_bisa_ditarik", nomor=self.id, status=say(f"izin.status.{self.status}"))
        self.status = WITHDRAWN

    def _move(self, before: str, after: str) -> None:
        if self.status != before:
            raise UserError("izin.sudah", nomor=self.id, status=say(f"izin.status.{self.status}"))
        self.status = after


def _moment(start: datetime | date | None, zone: ZoneInfo) -> datetime | None:
    if start is None or isinstance(start, datetime):
        return start
    return datetime.combine(start, time(0), zone)


def _today(waktu: When, now: datetime, zone: ZoneInfo) -> bool:
    """Whether it is a whole day that has only begun: being ill today is no thing of the past."""
    start = start_of(waktu)
    return isinstance(start, date) and not isinstance(start, datetime) and start >= now.astimezone(zone).date()


__all__ = ["APPROVED", "ASKED", "DRAFT", "REFUSED", "WITHDRAWN", "Izin", "Table"]
