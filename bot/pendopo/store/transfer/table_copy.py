"""All rows from one database into another, of another kind if need be, a batch at a time.

Values go by what the tables declare, so that an instant or a yes is the same on both sides, however each keeps it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from pendopo.errors import StoreError
from pendopo.store.transfer.table_inventory import count_rows, kept_tables, read_counters, set_counters

BATCH = 500
Step = Callable[[Iterable[int], int, str], Iterable[int]]
"""Looks on: the batches as they are written, how many there will be, and of which table."""


def copy_tables(source: sa.Connection, target: sa.Connection, declared: Mapping[str, sa.Table], step: Step) -> dict[str, int]:
    """Put every row of the source into the target's tables; returns how many each has. Raises `StoreError`."""
    names = _shared_tables(source, target)
    expected = count_rows(source, names)
    for name in names:
        table = _shape_table(source, target, name, declared.get(name))
        batches = -(-expected[name] // BATCH)
        for _ in step(_write_batches(target, table, _read_batches(source, table)), batches, name):
            pass
    set_counters(target, read_counters(source), names)
    if count_rows(target, names) != expected:
        raise StoreError("what arrived is not what was sent; nothing of it was kept")
    return expected


def _shared_tables(source: sa.Connection, target: sa.Connection) -> list[str]:
    """The tables to move, in the target's order. Raises `StoreError` for one that has no place there."""
    order = kept_tables(target)
    if strangers := sorted(set(kept_tables(source)) - set(order)):
        raise StoreError(
            f"no plugin in use has the tables {', '.join(strangers)}: "
            "switch their plugin on for the move (plugins.enabled), or drop them if nobody wants them any more"
        )
    here = set(kept_tables(source))
    return [name for name in order if name in here]


def _shape_table(source: sa.Connection, target: sa.Connection, name: str, declared: sa.Table | None) -> sa.TableClause:
    """A table's columns with the types that are declared for them, else with those the target has."""
    columns = [str(column["name"]) for column in sa.inspect(source).get_columns(name)]
    there = sa.inspect(target).get_columns(name)
    types = {str(column["name"]): column["type"].as_generic(allow_nulltype=True) for column in there}
    if lacking := [column for column in columns if column not in types]:
        raise StoreError(f"the table {name} has no {', '.join(lacking)} in the other database; `pendopo db upgrade` both")
    if declared is not None:
        types |= {column.name: column.type for column in declared.columns}
    return sa.table(name, *(sa.column(column, types[column]) for column in columns))


def _read_batches(source: sa.Connection, table: sa.TableClause) -> Iterator[Sequence[sa.Row[Any]]]:
    streamed = source.execution_options(yield_per=BATCH).execute(sa.select(table))
    yield from streamed.partitions()


def _write_batches(target: sa.Connection, table: sa.TableClause, batches: Iterable[Sequence[sa.Row[Any]]]) -> Iterator[int]:
    try:
        if target.dialect.name == "postgresql":
            yield from _copy_batches(target, table, batches)
        else:
            yield from _insert_batches(target, table, batches)
    except Exception as error:
        raise StoreError(f"a row of {table.name} cannot be kept in the other database: {error}") from error


def _insert_batches(target: sa.Connection, table: sa.TableClause, batches: Iterable[Sequence[sa.Row[Any]]]) -> Iterator[int]:
    for rows in batches:
        target.execute(sa.insert(table), [dict(row._mapping) for row in rows])
        yield len(rows)


def _copy_batches(target: sa.Connection, table: sa.TableClause, batches: Iterable[Sequence[sa.Row[Any]]]) -> Iterator[int]:
    """By COPY: several times as fast as by INSERT."""
    quote = target.dialect.identifier_preparer.quote
    into = f"COPY {quote(table.name)} ({', '.join(quote(column.name) for column in table.columns)}) FROM STDIN"
    convert = [column.type.dialect_impl(target.dialect).bind_processor(target.dialect) for column in table.columns]
    with target.connection.cursor() as cursor, cursor.copy(into) as copy:  # type: ignore[attr-defined]  # psycopg's
        for rows in batches:
            for row in rows:
                copy.write_row([made(value) if made else value for made, value in zip(convert, row, strict=True)])
            yield len(rows)
