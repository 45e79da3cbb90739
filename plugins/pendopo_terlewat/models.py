"""A person's digest times, quiet hours, and when they last looked."""

from datetime import datetime, time

from pendopo import Row, UserError, tables
from sqlalchemy import BigInteger
from sqlmodel import Field

MORNING, AFTERNOON = "07:00", "16:30"
OFF = frozenset({"", "-", "tidak", "mati", "off", "no", "henteu"})
"""Words for no digest, in Indonesian, English and Sundanese."""


class Table(Row, registry=tables("terlewat")):
    """The base of this plugin's rows."""


class Pilihan(Table, table=True):
    """One person's preferences; times of day as `07:00`, "" for none."""

    orang: int = Field(sa_type=BigInteger, index=True, unique=True)
    pagi: str = MORNING
    sore: str = AFTERNOON
    tenang_mulai: str = ""
    tenang_selesai: str = ""
    dilihat: datetime | None = None
    """When they last saw a digest."""

    def list_clocks(self) -> list[time]:
        """The times of day of their digests."""
        return [clock for text in (self.pagi, self.sore) if (clock := parse_clock(text)) is not None]

    def quiet_until(self, clock: time) -> time | None:
        """The end of the quiet hours that a time of day lies in; None outside them."""
        begins, ends = parse_clock(self.tenang_mulai), parse_clock(self.tenang_selesai)
        if begins is None or ends is None or begins == ends:
            return None
        within = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
        return ends if within else None


def parse_clock(text: str) -> time | None:
    """A time of day from "7", "7.30" or "7:30"; None for a word that means none. Raises `UserError` for other text."""
    if text.strip().lower() in OFF:
        return None
    hour, _, minute = text.strip().replace(".", ":").partition(":")
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        raise UserError("terlewat.jam_salah", jam=text[:20]) from None


def normalise_clock(text: str) -> str:
    """A time of day as stored, "" for none. Raises `UserError` for text that is no time."""
    clock = parse_clock(text)
    return f"{clock:%H:%M}" if clock else ""
