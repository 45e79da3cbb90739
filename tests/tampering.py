"""Rows changed behind a bot's back: what another process, an administrator or a fault would leave in its database."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from pendopo.store import Database

Where = Mapping[str, Any]


async def change_rows(database: Database, table: str, where: Where | None = None, **values: Any) -> None:
    """Give these columns new values, in the rows of a table in which others have those of `where`."""
    statement = sa.update(_table(table, [*(where or {}), *values])).filter_by(**(where or {})).values(values)
    await database.write(lambda connection: connection.alchemy.execute(statement))


async def add_rows(database: Database, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    statement = sa.insert(_table(table, rows[0]))
    await database.write(lambda connection: connection.alchemy.execute(statement, rows))


async def remove_rows(database: Database, table: str, **where: Any) -> None:
    statement = sa.delete(_table(table, where)).filter_by(**where)
    await database.write(lambda connection: connection.alchemy.execute(statement))


def _table(name: str, columns: Iterable[str]) -> sa.TableClause:
    return sa.table(name, *map(sa.column, dict.fromkeys(columns)))
