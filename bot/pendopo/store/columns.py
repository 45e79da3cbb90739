"""Types of columns for plugins' rows: instants and money, the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import operators
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

from pendopo.errors import PluginError
from pendopo.model.ids import require_zone

LARGEST = 10**13
"""What an amount of money must be below."""


class Moment(TypeDecorator[datetime]):
    """An instant: `dibuat: datetime = Field(sa_type=Moment)`. Comes back aware, in UTC; a time without a zone is refused.

    Migrations make it as `sa.DateTime(timezone=True)`.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def coerce_compared_value(self, op: OperatorType | None, value: Any) -> TypeEngine[Any]:
        return sa.Interval() if isinstance(value, timedelta) else self

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else require_zone(value).astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.utcoffset() is None else value.astimezone(UTC)


class Money(TypeDecorator[Decimal]):
    """An amount in rupiah: `jumlah: Decimal = Field(sa_type=Money)`. Exact to the sen; sums of it are `Decimal` as well.

    Migrations make it as `sa.Numeric(18, 2)`. A `float`, a part of a sen, and `LARGEST` or more are refused.
    """

    impl = sa.Numeric(18, 2)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # SQLite has no decimals; its floats are exact to the sen up to `LARGEST`.
        return dialect.type_descriptor(sa.Float() if dialect.name == "sqlite" else sa.Numeric(18, 2))

    def coerce_compared_value(self, op: OperatorType | None, value: Any) -> TypeEngine[Any]:
        return sa.Numeric() if op in (operators.mul, operators.truediv) else self

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | int | None:
        if value is None:
            return None
        if not isinstance(value, (Decimal, int)):
            raise PluginError(f"money is a Decimal, not {type(value).__name__}: {value}")
        amount = Decimal(value)
        if not amount.is_finite() or abs(amount) >= LARGEST or amount != round(amount, 2):
            raise PluginError(f"{value} is no amount of money: round it to two decimals, below {LARGEST:,}")
        return value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        amount = Decimal(str(value)).quantize(Decimal("0.01"))
        return amount if amount % 1 else Decimal(int(amount))  # Rp75.000,50, but Rp75.000
