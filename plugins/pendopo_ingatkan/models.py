"""Reminders with their rules, and the reminders superiors got."""

import json
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

import msgspec
from pendopo import Chat, HolidayRule, Instant, Person, Recurrence, RelativeTime, Row, UserError, WorkCalendar, phrase, tables
from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field


class Status(StrEnum):
    """The states of a reminder."""

    ACTIVE = "aktif"
    PAUSED = "jeda"
    RUNG = "berbunyi"
    DONE = "selesai"
    REMOVED = "dihapus"
    DECLINED = "ditolak"


class Table(Row, registry=tables("ingatkan")):
    """The base of this plugin's rows."""


class Pengingat(Table, table=True):
    """One reminder, single or recurring."""

    __table_args__ = (Index("ix_ingatkan_pengingat_tujuan", "tujuan", "status", "berikut"),)

    pembuat: int = Field(sa_type=BigInteger, index=True)
    untuk: int = Field(sa_type=BigInteger, index=True)
    """The person it is for; 0 for a group."""
    tujuan: str = Field(sa_type=Text)
    """Where it is sent (`person:7`, `chat:…`): what falls due together is sent together."""
    asal: str = Field(sa_type=Text)
    """The chat it was set in, JSON."""
    isi: str = Field(sa_type=Text)
    kutipan: str = Field(default="")
    """Key of the message it quotes; "" for none."""
    waktu: str = Field(sa_type=Text)
    """An `Instant` or a `Recurrence`, JSON."""
    libur: str = Field(default="keep")
    """A `HolidayRule`."""
    berikut: datetime | None = None
    """The next time, UTC."""
    status: str = Field(default=Status.ACTIVE)
    dari: int = Field(default=0, sa_type=BigInteger)
    """The recurring reminder this one was snoozed from; 0 for none."""
    dibuat: datetime
    acara: str = Field(default="", index=True)
    """Key of the calendar entry it is tied to ("rapat/12"), which starts at `acara_mulai`."""
    acara_mulai: datetime | None = None
    jarak: str = Field(default="", sa_type=Text)
    """The `RelativeTime` from that entry, JSON."""

    @classmethod
    def new(cls, pembuat: Person, untuk: Person | None, asal: Chat, isi: str, now: datetime, kutipan: str = "") -> "Pengingat":
        """A reminder without a time. Without `untuk` it is for the group it is set in."""
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
        """The key of its job; scheduling it again replaces the job."""
        return f"ingatkan:{self.id}"

    @property
    def chat(self) -> Chat:
        return msgspec.json.decode(self.asal, type=Chat)

    @property
    def when(self) -> Instant | Recurrence:
        return msgspec.json.decode(self.waktu, type=Instant | Recurrence)

    @property
    def time(self) -> dict[str, object]:
        """The time as it was read, for catalogue sentences."""
        read: dict[str, object] = json.loads(self.waktu)
        return read

    @property
    def recurring(self) -> bool:
        return isinstance(self.when, Recurrence)

    def set_time(self, waktu: Instant | Recurrence, libur: HolidayRule, calendar: WorkCalendar, now: datetime) -> datetime:
        """Sets the time and returns the next occurrence. Raises `UserError` when there is none."""
        if self.status in (Status.REMOVED, Status.DECLINED):
            self._require_state(Status.ACTIVE)
        self.waktu, self.libur = msgspec.json.encode(waktu).decode(), libur
        self.status, self.berikut = Status.ACTIVE, self._get_next_time(now, calendar)
        if self.berikut is None:
            raise UserError("ingatkan.tidak_pernah", param="waktu", waktu=waktu)
        return self.berikut

    def attach_event(self, acara: str, mulai: datetime | None, jarak: RelativeTime | None) -> None:
        """Ties the reminder to a calendar entry at a distance; without `jarak` it unties it."""
        self.acara, self.acara_mulai = acara, mulai
        self.jarak = msgspec.json.encode(jarak).decode() if jarak else ""

    @property
    def distance(self) -> RelativeTime:
        return msgspec.json.decode(self.jarak, type=RelativeTime)

    def follow_event(self, mulai: datetime, at: datetime) -> None:
        """Moves it with its entry, also when it has already rung; a paused one stays paused."""
        self.acara_mulai = mulai
        self.waktu, self.berikut = msgspec.json.encode(Instant(at)).decode(), at
        if self.status in (Status.RUNG, Status.DONE):
            self.status = Status.ACTIVE

    def ring(self, calendar: WorkCalendar, now: datetime) -> datetime | None:
        """Marks it as sent and returns the next time of a recurrence. Occurrences missed meanwhile count as sent with it."""
        self.berikut = self._get_next_time(now, calendar) if self.recurring else None
        self.status = Status.ACTIVE if self.berikut else Status.RUNG
        return self.berikut

    def snooze(self, at: datetime) -> "Pengingat | None":
        """Moves a single reminder, or copies one turn of a recurrence. None when it was deleted or declined."""
        if self.status in (Status.REMOVED, Status.DECLINED):
            return None
        later = self if self.status in (Status.RUNG, Status.DONE) else self._make_copy()
        later.attach_event("", None, None)
        later.waktu = msgspec.json.encode(Instant(at)).decode()
        later.status, later.berikut = Status.ACTIVE, at
        return later

    def finish(self) -> None:
        """Marks a single reminder as done; a recurrence goes on."""
        if self.status == Status.RUNG:
            self.status = Status.DONE

    def pause(self) -> None:
        """Pauses it. Raises `UserError` when it is not active."""
        self._require_state(Status.ACTIVE)
        self.status = Status.PAUSED

    def resume(self, calendar: WorkCalendar, now: datetime) -> datetime:
        """Resumes it and returns the next time. Raises `UserError` when that has passed."""
        self._require_state(Status.PAUSED)
        self.status, self.berikut = Status.ACTIVE, self._get_next_time(now, calendar)
        if self.berikut is None:
            raise UserError("ingatkan.lewat_selama_jeda", nomor=self.id, waktu=self.when)
        return self.berikut

    def skip(self, calendar: WorkCalendar) -> datetime:
        """Skips the next time and returns the one after it. Raises `UserError` when there is none."""
        self._require_state(Status.ACTIVE)
        following = self._get_next_time(self.berikut, calendar) if self.recurring and self.berikut else None
        if following is None:
            raise UserError("ingatkan.hanya_sekali", nomor=self.id)
        self.berikut = following
        return following

    def end(self, status: str) -> None:
        """Ends it as deleted or declined. Raises `UserError` when it has already ended."""
        self._require_state(Status.ACTIVE, Status.PAUSED)
        self.status, self.berikut = status, None

    def iter_times(self, after: datetime, calendar: WorkCalendar) -> Iterator[datetime]:
        """Yields its times later than `after`."""
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
    """One reminder that a superior got from a subordinate, counted for the daily quota."""

    pembuat: int = Field(sa_type=BigInteger)
    untuk: int = Field(sa_type=BigInteger, index=True)
    pada: datetime
