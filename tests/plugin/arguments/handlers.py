"""Handlers whose signatures are read, and the people whom their arguments name."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pendopo import Context, DateRange, Day, Duration, Person, RestOfText, Rupiah, When
from pendopo.directory import People
from pendopo.model import Holding, Post, Unit
from pendopo.plugin.arguments.signature import BoundArguments, ParseContext, bind_arguments, read_signature

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 8, 12, 3, 20, tzinfo=UTC)
RINA, AGUS, SITI, OTHER_SITI = Person(1, "Rina Hidayat", "Kadis PU"), Person(2, "Agus"), Person(3, "Siti"), Person(4, "Siti")
PEOPLE = People(
    persons={p.id: p for p in (RINA, AGUS, SITI, OTHER_SITI)},
    aliases={"telegram:1": 1},
    posts={"pu": Post("pu", "Kadis PU"), "lama": Post("lama", "Kadis Lama")},
    units={"pu": Unit("pu", "Dinas PU")},
    holdings=[Holding(1, "pu"), Holding(2, "lama", 0, 5)],
    taken_at=NOW,
)
CONTEXT = ParseContext(NOW, ZONE, PEOPLE)


class Warna(Enum):
    MERAH = "merah"
    BIRU_TUA = "biru tua"


def bind_line(handler: Any, text: str, around: ParseContext = CONTEXT) -> BoundArguments:
    return bind_arguments(read_signature(handler), text, around)


async def all_kinds(
    ctx: Context,
    angka: int,
    harga: Decimal,
    setuju: bool,
    kata: str,
    warna: Warna,
    pilih: Literal["satu", "dua"],
    waktu: When,
    siapa: Person,
    sisa: RestOfText,
) -> None: ...


async def number(ctx: Context, n: int) -> None: ...


async def amount(ctx: Context, n: Decimal) -> None: ...


async def money(ctx: Context, n: Rupiah) -> None: ...


async def truth(ctx: Context, n: bool) -> None: ...


async def word(ctx: Context, n: str) -> None: ...


async def colour(ctx: Context, n: Warna) -> None: ...


async def level(ctx: Context, n: Literal[1, 2]) -> None: ...


async def who(ctx: Context, n: Person) -> None: ...


async def day(ctx: Context, n: Day | DateRange) -> None: ...


async def length(ctx: Context, n: Duration) -> None: ...
