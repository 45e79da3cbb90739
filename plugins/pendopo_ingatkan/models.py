"""A reminder and the rules that live on it."""

import json
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

import msgspec
from pendopo import Chat, HolidayRule, Instant, Person, Recurrence, RelativeTime, Row, UserError, WorkCalendar, phrase, tables
from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field


class Status(StrEnum):
    ACTIVE = "aktif"
    PAUSED = "jeda"
    RUNG = "berbunyi"
    DONE = "selesai"
    REMOVED = "dihapus"
    DECLINED = "ditolak"


class Table(Row, registry=tables("ingatkan")):
    """The base of this plugin's rows."""


class Pengingat(Table, table=True):
    """One reminder.

    `untuk` is the person it is for, 0 for a group. `tujuan` names where it comes out, so that what falls due together is told
    together. `asal` is the chat it was set in, JSON. `waktu` is an Instant or an Every, JSON; `berikut` the next time, UTC.
    `acara` is the key of what it goes with in calendars ("rapat/12"), which begins at `acara_mulai`; `jarak` is the Offset from
    that, JSON.
    """

    __table_args__ = (Index("ix_ingatkan_pengingat_tujuan", "tujuan", "status", "berikut"),)

    pembuat: int = Field(sa_type=BigInteger, index=True)
    untuk: int = Field(sa_type=BigInteger, index=True)
    tujuan: str = Field(sa_type=Text)
    asal: str = Field(sa_type=Text)
    isi: str = Field(sa_type=Text)
    kutipan: str = Field(default="")
    waktu: str = Field(sa_type=Text)
    libur: str = Field(default="keep")
    berikut: datetime | None = None
    status: str = Field(default=Status.ACTIVE)
    dari: int = Field(default=0, sa_type=BigInteger)
    dibuat: datetime
    acara: str = Field(default="", index=True)
    acara_mulai: datetime | None = None
    jarak: str = Field(default="", sa_type=Text)

    @classmethod
    def new(cls, pembuat: Person, untuk: Person | None, asal: Chat, isi: str, now: datetime, kutipan: str = "") -> "Pengingat":
        """A reminder that has no time yet. Without `untuk` it is for the group it is set in."""
        return cls(
            pembuat=pembuat.id,
            untuk=untuk.id if untuk else 0,
            tujuan=f"person:{untuk.id}" if untuk else f"chat:{asal.key}",
            asal=msgspec.json.encode(asal).decode(),
            isi=isi[:1].upper() + isi[1:1000],
            kutipan=kutipan,
            waktu="",
            dibuat=now,
        )

    @property
    def key(self) -> str:
        """The key of its plan: planned again, it replaces itself."""
        return f"ingatkan:{self.id}"

    @property
    def chat(self) -> Chat:
        return msgspec.json.decode(self.asal, type=Chat)

    @property
    def when(self) -> Instant | Recurrence:
        return msgspec.json.decode(self.waktu, type=Instant | Recurrence)

    @property
    def time(self) -> dict[str, object]:
        """Its time as it was read, for sentences."""
        read: dict[str, object] = json.loads(self.waktu)
        return read

    @property
    def recurring(self) -> bool:
        return isinstance(self.when, Recurrence)

    def set_time(self, waktu: Instant | Recurrence, libur: HolidayRule, calendar: WorkCalendar, now: datetime) -> datetime:
        """Give it a time; returns the next one. Raises `UserError` when there is none."""
        if self.status in (Status.REMOVED, Status.DECLINED):
            self._require_state(Status.ACTIVE)
        self.waktu, self.libur = msgspec.json.encode(waktu).decode(), libur
        self.status, self.berikut = Status.ACTIVE, self._get_next_time(now, calendar)
        if self.berikut is None:
            raise UserError("ingatkan.tidak_pernah", param="waktu", waktu=waktu)
        return self.berikut

    def attach_event(self, acara: str, mulai: datetime | None, jarak: RelativeTime | None) -> None:
        """From now on it is so long before or after something in a calendar; without one it goes with nothing."""
        self.acara, self.acara_mulai = acara, mulai
        self.jarak = msgspec.json.encode(jarak).decode() if jarak else ""

    @property
    def distance(self) -> RelativeTime:
        return msgspec.json.decode(self.jarak, type=RelativeTime)

    def follow_event(self, mulai: datetime, at: datetime) -> None:
        """What it goes with is at another time: it comes then, also where it has come already. A paused one stays so."""
        self.acara_mulai = mulai
        self.waktu, self.berikut = msgspec.json.encode(Instant(at)).decode(), at
        if self.status in (Status.RUNG, Status.DONE):
            self.status = Status.ACTIVE

    def ring(self, calendar: WorkCalendar, now: datetime) -> datetime | None:
        """It is told now; returns the next time of a recurrence. What was missed meanwhile is told with this one."""
        self.berikut = self._get_next_time(now, calendar) if self.recurring else None
        self.status = Status.ACTIVE if self.berikut else Status.RUNG
        return self.berikut

    def snooze(self, at: datetime) -> "Pengingat | None":
        """Later: a single one itself, of a recurrence a copy. None when it was taken back meanwhile."""
        if self.status in (Status.REMOVED, Status.DECLINED):
            return None
        later = self if self.status in (Status.RUNG, Status.DONE) else self._make_copy()
        later.attach_event("", None, None)
        later.waktu = msgspec.json.encode(Instant(at)).decode()
        later.status, later.berikut = Status.ACTIVE, at
        return later

    def finish(self) -> None:
        """It is done with; a recurrence goes on."""
        if self.status == Status.RUNG:
            self.status = Status.DONE

    def pause(self) -> None:
        """Hold it back. Raises `UserError` when it is not waiting."""
        self._require_state(Status.ACTIVE)
        self.status = Status.PAUSED

    def resume(self, calendar: WorkCalendar, now: datetime) -> datetime:
        """Go on; returns the next time. Raises `UserError` when that is over."""
        self._require_state(Status.PAUSED)
        self.status, self.berikut = Status.ACTIVE, self._get_next_time(now, calendar)
        if self.berikut is None:
            raise UserError("ingatkan.lewat_selama_jeda", nomor=self.id, waktu=self.when)
        return self.berikut

    def skip(self, calendar: WorkCalendar) -> datetime:
        """Leave out the next time; returns the one after it. Raises `UserError` when there is none."""
        self._require_state(Status.ACTIVE)
        following = self._get_next_time(self.berikut, calendar) if self.recurring and self.berikut else None
        if following is None:
            raise UserError("ingatkan.hanya_sekali", nomor=self.id)
        self.berikut = following
        return following

    def end(self, status: str) -> None:
        """Take it back, or decline it. Raises `UserError` when it is over already."""
        self._require_state(Status.ACTIVE, Status.PAUSED)
        self.status, self.berikut = status, None

    def iter_times(self, after: datetime, calendar: WorkCalendar) -> Iterator[datetime]:
        """Its moments later than `after`."""
        if isinstance(self.when, Recurrence):
            yield from calendar.iter_occurrences(self.when, after, self.libur)  # type: ignore[arg-type]  # a column is plain text
        elif self.when.at > after:
            yield self.when.at

    def _get_next_time(self, after: datetime, calendar: WorkCalendar) -> datetime | None:
        return next(self.iter_times(after, calendar), None)

    def _make_copy(self) -> "Pengingat":
        same = {name: getattr(self, name) for name in ("pembuat", "untuk", "tujuan", "asal", "isi", "kutipan", "dibuat")}
        return Pengingat(**same, waktu="", dari=self.id or 0)

    def _require_state(self, *allowed: str) -> None:
        if self.status not in allowed:
            raise UserError("ingatkan.sudah", nomor=self.id, status=phrase(f"ingatkan.status.{self.status}"))


class Teguran(Table, table=True):
    """One time that a superior was reminded by somebody below: they may not be nagged all day."""

    pembuat: int = Field(sa_type=BigInteger)
    untuk: int = Field(sa_type=BigInteger, index=True)
    pada: datetime
