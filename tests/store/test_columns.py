"""Instants and money come back as they were put in, on both databases."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from pendopo import Moment, Money, Row, tables
from pendopo.store import Database, Unit, open_database
from sqlalchemy.exc import StatementError
from sqlmodel import Field, col, func, select


class Table(Row, registry=tables("uang")):
    """Rows under test."""


class Uang(Table, table=True):
    """An amount at an instant."""

    jumlah: Decimal | None = Field(sa_type=Money)
    pada: datetime | None = Field(sa_type=Moment)


WIB = timezone(timedelta(hours=7))
DAWN = datetime(2026, 8, 1, 3, tzinfo=WIB)


@pytest.fixture
async def unit(database_url: str) -> AsyncIterator[Unit]:
    opened: Database = open_database(database_url)
    engine = opened.make_engine()
    Table.metadata.create_all(engine)
    engine.dispose()
    unit = Unit(opened)
    for amount, instant in ((Decimal("1250000.50"), DAWN), (Decimal(250), DAWN + timedelta(hours=5)), (None, None)):
        await unit.save(Uang(jumlah=amount, pada=instant))
    await unit.commit()
    yield Unit(opened)
    await opened.close()


async def test_an_instant_comes_back_aware_and_is_compared_as_one(unit: Unit) -> None:
    rows = await unit.all(select(Uang).where(Uang.pada >= datetime(2026, 8, 1, tzinfo=WIB)).order_by(col(Uang.id)))  # type: ignore[operator]
    assert [row.pada for row in rows] == [DAWN, DAWN + timedelta(hours=5)]
    assert {row.pada.utcoffset() for row in rows if row.pada} == {timedelta(0)}
    assert await unit.all(select(Uang).where(col(Uang.pada) >= datetime(2026, 8, 1, 8, 1, tzinfo=WIB))) == []
    (newest,) = await unit.read_values(select(func.max(Uang.pada)))
    assert newest == DAWN + timedelta(hours=5)


async def test_money_is_exact_and_sums_are_too(unit: Unit) -> None:
    (total,) = await unit.read_values(select(func.sum(Uang.jumlah)))
    assert (type(total), total) == (Decimal, Decimal("1250250.50"))
    rows = await unit.all(select(Uang).where(col(Uang.jumlah) > 250).order_by(col(Uang.id)))
    assert [str(row.jumlah) for row in rows] == ["1250000.50"]
    (double,) = await unit.read_values(select(col(Uang.jumlah) * 2).where(col(Uang.jumlah) == Decimal(250)))
    assert double == Decimal(500)
    (tenth,) = await unit.read_values(select(col(Uang.jumlah) * Decimal("0.125")).where(col(Uang.jumlah) == 250))
    assert tenth == Decimal("31.25")
    (more,) = await unit.read_values(select(col(Uang.jumlah) + 5).where(col(Uang.jumlah) == 250))
    assert more == 255
    (mean,) = await unit.read_values(select(func.avg(Uang.jumlah)))
    assert float(mean) == 625125.25


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"jumlah": 0.1}, "money is a Decimal, not float"),
        ({"jumlah": 10**13}, "below 10,000,000,000,000"),
        ({"jumlah": Decimal("NaN")}, "no amount of money"),
        ({"jumlah": Decimal("0.001")}, "round it to two decimals"),
        ({"pada": DAWN.replace(tzinfo=None)}, "2026-08-01 03:00 is a time without a zone"),
    ],
)
async def test_what_would_be_another_value_is_refused(unit: Unit, values: dict[str, Any], why: str) -> None:
    await unit.save(Uang(**{"jumlah": None, "pada": None, **values}))
    with pytest.raises(StatementError, match=why):
        await unit.commit()


def test_an_instant_of_another_zone_is_the_same_instant() -> None:
    assert datetime(2026, 7, 31, 20, tzinfo=UTC) == DAWN
