"""A PostgreSQL database as files: one of rows a table, written and read by PostgreSQL's own COPY, and what describes them.

The tables themselves are not in it: migrations make them again, at the revision they were at. Only for tables that no owner at
hand makes, of plugins that are not in use, is it kept how they were made.
"""

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable

from pendopo.errors import StoreError
from pendopo.store.transfer.table_inventory import (
    VERSIONS,
    audit_head,
    kept_tables,
    read_counters,
    read_revisions,
    set_counters,
)

PIECE = 256 * 1024


class TableDump(msgspec.Struct, frozen=True):
    """One table: how many rows, of which columns, and how it was made."""

    name: str
    rows: int
    columns: list[str]
    made: list[str]


class DumpContents(msgspec.Struct, frozen=True):
    """What a database held at one moment."""

    tables: list[TableDump]
    owners: dict[str, str] = {}
    counters: dict[str, int] = {}
    head: str = ""


@contextmanager
def open_snapshot(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One moment of a PostgreSQL database, however long one looks at it and whatever is written meanwhile."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as connection:
        yield connection


def dump_tables(connection: sa.Connection, folder: Path, each: Callable[[Sequence[str]], Iterable[str]] = iter) -> DumpContents:
    """Write the rows of every table into the folder; `each` looks on as they go."""
    known = read_revisions(connection)
    versions = [f"{VERSIONS}{owner}" for owner in known]
    tables = [_dump_table(connection, name, folder / name) for name in each([*kept_tables(connection), *versions])]
    return DumpContents(tables, known, read_counters(connection), audit_head(connection))


def load_tables(connection: sa.Connection, contents: DumpContents, opened: Callable[[str], Any]) -> None:
    """Put the rows of every table in, in the order given; `opened(name)` gives a table's file. Raises `StoreError`."""
    from psycopg import Error  # only where there is a PostgreSQL

    there = set(sa.inspect(connection).get_table_names())
    for table in contents.tables:
        if table.name in there and table.name.startswith(VERSIONS):
            continue
        try:
            for statement in table.made if table.name not in there else ():
                connection.exec_driver_sql(statement)
            rows = _load_table(connection, table, opened(table.name))
        except (Error, sa.exc.DBAPIError) as error:
            raise StoreError(f"the rows of {table.name} do not fit: {error}") from error
        if rows != table.rows:
            raise StoreError(f"{table.name} should have {table.rows} rows, the archive holds {rows}")
    set_counters(connection, contents.counters, [table.name for table in contents.tables])


def _dump_table(connection: sa.Connection, name: str, path: Path) -> TableDump:
    columns = [str(column["name"]) for column in sa.inspect(connection).get_columns(name) if "computed" not in column]
    with path.open("wb") as file, connection.connection.cursor() as cursor:  # type: ignore[attr-defined]  # psycopg's
        with cursor.copy(f"COPY {_quote_columns(connection, name, columns)} TO STDOUT") as rows:
            for piece in rows:
                file.write(piece)
        return TableDump(name, cursor.rowcount, columns, _build_ddl(connection, name))


def _load_table(connection: sa.Connection, table: TableDump, file: Any) -> int:
    with connection.connection.cursor() as cursor:  # type: ignore[attr-defined]  # psycopg's
        with cursor.copy(f"COPY {_quote_columns(connection, table.name, table.columns)} FROM STDIN") as rows:
            while piece := file.read(PIECE):
                rows.write(piece)
        return int(cursor.rowcount)


def _quote_columns(connection: sa.Connection, name: str, columns: Sequence[str]) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return f"{quote(name)} ({', '.join(quote(column) for column in columns)})"


def _build_ddl(connection: sa.Connection, name: str) -> list[str]:
    """The statements that make a table as it is, with its indexes."""
    with warnings.catch_warnings(action="ignore", category=sa.exc.SAWarning):
        table = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
    for column in table.columns:
        if "nextval(" in str(getattr(column.server_default, "arg", "")):
            column.server_default = None  # a counter of its own comes with it
    statements: list[sa.schema.ExecutableDDLElement] = [CreateTable(table), *(CreateIndex(index) for index in table.indexes)]
    return [str(statement.compile(connection)).strip() for statement in statements]
