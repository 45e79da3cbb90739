"""When somebody wants their digests, when they want quiet, and what they have seen."""

from datetime import datetime, time

from pendopo import Row, UserError, tables
from sqlalchemy import BigInteger
from sqlmodel import Field

MORNING, AFTERNOON = "07:00", "16:30"
OFF = frozenset({"", "-", "tidak", "mati", "off", "no", "henteu"})


class Table(Row, registry=tables("terlewat")):
    """The base of this plugin's rows."""


class Pilihan(Table, table=True):
    """One person's choice: clocks as `07:00`, "" for none. `dilihat` is when they were last told what they missed."""

    orang: int = Field(sa_type=BigInteger, index=True, unique=True)
    pagi: str = MORNING
    sore: str = AFTERNOON
    tenang_mulai: str = ""
    tenang_selesai: str = ""
    dilihat: datetime | None = None

    def list_clocks(self) -> list[time]:
        """When their digests come."""
        return [clock for text in (self.pagi, self.sore) if (clock := parse_clock(text)) is not None]

    def quiet_until(self, clock: time) -> time | None:
        """When the quiet hours end that a clock lies in; None when it lies in none."""
        begins, ends = parse_clock(self.tenang_mulai), parse_clock(self.tenang_selesai)
        if begins is None or ends is None or begins == ends:
            return None
        within = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
        return ends if within else None


def parse_clock(text: str) -> time | None:
    """A clock, however its hours and minutes are parted; None for what means none."""
    if text.strip().lower() in OFF:
        return None
    hour, _, minute = text.strip().replace(".", ":").partition(":")
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        raise UserError("terlewat.jam_salah", jam=text[:20]) from None


def normalise_clock(text: str) -> str:
    """A clock as it is kept. Raises `UserError` on what is none."""
    clock = parse_clock(text)
    return f"{clock:%H:%M}" if clock else ""
