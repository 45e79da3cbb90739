"""The base of this plugin's rows."""

import json
from datetime import UTC, datetime, timedelta

import msgspec
from pendopo import ApproximateTime, Instant, Row, TimeRange, UserError, When, tables
from sqlalchemy import Text
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
