"""What a database holds, table by table, for backups and for moving house."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from pendopo.store.database import Database
from pendopo.store.queries.audit import Head
from pendopo.store.tables import core

Statement = tuple[str, tuple[Any, ...]]
VERSIONS = "alembic_version_"
QUEUE, PACE = "procrastinate_", "pace"
"""What several processes share beside the rows: who drains which lane, and how fast. It is made again by itself."""


def kept_tables(connection: sa.Connection) -> list[str]:
    """The tables there are, those that others point at first; without the versions of their schemas."""
    return [name for name in _order_tables(connection) if not name.startswith((VERSIONS, QUEUE)) and name != PACE]


def read_revisions(connection: sa.Connection) -> dict[str, str]:
    """The revision of each owner of tables that has any."""
    found = {}
    for name in sa.inspect(connection).get_table_names():
        if name.startswith(VERSIONS):
            at = connection.scalar(sa.select(sa.column("version_num")).select_from(sa.table(name)))
            found[name.removeprefix(VERSIONS)] = str(at or "")
    return found


def read_texts(connection: sa.Connection, columns: Mapping[str, Sequence[str]], batch: int) -> Iterator[str]:
    """Every text in the plugins' tables, and of the core's in these columns; read in batches of so many rows."""
    inspector = sa.inspect(connection)
    for table in inspector.get_table_names():
        if table in core.tables and table not in columns:
            continue
        names = columns.get(table) or [
            str(column["name"]) for column in inspector.get_columns(table) if isinstance(column["type"], (sa.String, sa.JSON))
        ]
        if names:
            query = sa.select(sa.table(table, *(sa.column(name) for name in names)))
            for row in connection.execution_options(yield_per=batch).execute(query):
                yield from (str(value) for value in row if value)


def count_rows(connection: sa.Connection, names: Iterable[str]) -> dict[str, int]:
    """How many rows each table has."""
    return {name: int(connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0) for name in names}


def is_empty(connection: sa.Connection) -> bool:
    """Whether there is no row in any table."""
    tables = (sa.table(name) for name in kept_tables(connection))
    return all(connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is None for table in tables)


async def list_rows(database: Database, table: sa.Table, values: Mapping[str, Any]) -> Sequence[sa.Row[Any]]:
    """The rows of a table in which these columns have these values, in the order of its key."""
    query = sa.select(table).filter_by(**values).order_by(*table.primary_key)
    return await database.query_objects(lambda session: session.execute(query).all())


async def list_table(database: Database, name: str) -> Sequence[sa.Row[Any]]:
    """All rows of a table that only the database knows."""
    query = sa.select(sa.text("*")).select_from(sa.table(name))
    return await database.query_objects(lambda session: session.execute(query).all())


async def has_tables(database: Database) -> bool:
    """Whether a SQLite database has any table."""
    return bool(await database.read("SELECT 1 FROM sqlite_master LIMIT 1"))


def list_statements(connection: sa.Connection, but: Container[str]) -> list[Statement]:
    """What makes all tables of a SQLite database with their rows, but for these."""
    sql = "SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
    made: list[Statement] = [(each, ()) for table, each in connection.exec_driver_sql(sql) if table not in but]
    names = [name for name in sa.inspect(connection).get_table_names() if name not in but]
    return [*made, *(row for name in names for row in _insertions(connection, name))]


def _insertions(connection: sa.Connection, table: str) -> list[Statement]:
    found = connection.exec_driver_sql(f'SELECT * FROM "{table}"').all()
    marks = ", ".join("?" * len(found[0])) if found else ""
    return [(f'INSERT INTO "{table}" VALUES ({marks})', tuple(row)) for row in found]


def audit_head(connection: sa.Connection) -> str:
    """The hash of the newest line of the audit log; "" when there is none."""
    head = read_audit_head(connection)
    return head.hash if head.line else ""


def read_audit_head(connection: sa.Connection) -> Head:
    """The newest line of the audit log."""
    if not sa.inspect(connection).has_table("audit"):
        return Head()
    lines = core.tables["audit"].c
    found = connection.execute(sa.select(lines.id, lines.hash, lines.at).order_by(lines.id.desc()).limit(1)).first()
    return Head(*found) if found else Head()


def read_head_of_file(path: Path) -> Head | None:
    """The newest line of the audit log in a SQLite file that may be damaged; None when it cannot be read."""
    engine = sa.create_engine(f"sqlite:///file:{quote(str(path))}?mode=ro&uri=true", poolclass=sa.NullPool)
    with suppress(sa.exc.DatabaseError), engine.connect() as connection:
        return read_audit_head(connection)
    return None


def read_counters(connection: sa.Connection) -> dict[str, int]:
    """How far each counter of ids is on PostgreSQL, by the table it counts for. SQLite has none."""
    if connection.dialect.name != "postgresql":
        return {}
    rows = connection.execute(sa.text(_COUNTERS)).all()
    return {table: int(last) for table, last in rows if last is not None and not table.startswith(QUEUE)}


def set_counters(connection: sa.Connection, at_least: Mapping[str, int], names: Sequence[str]) -> None:
    """Let ids go on after those in use, and after those that were given before."""
    if connection.dialect.name != "postgresql":
        return
    for name in names:
        sequence = connection.scalar(_SEQUENCE, {"name": _quote_name(connection, name)}) if _has_id(connection, name) else None
        highest = sequence and connection.scalar(sa.select(sa.func.max(sa.column("id"))).select_from(sa.table(name)))
        last = max(highest or 0, at_least.get(name, 0))
        if sequence and last:
            connection.execute(sa.text("SELECT setval(cast(:name AS regclass), :last)"), {"name": sequence, "last": last})


def _order_tables(connection: sa.Connection) -> list[str]:
    found = sa.inspect(connection).get_sorted_table_and_fkc_names()
    return [name for name, _ in found if name is not None]


def _has_id(connection: sa.Connection, name: str) -> bool:
    return any(column["name"] == "id" for column in sa.inspect(connection).get_columns(name))


def _quote_name(connection: sa.Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)


_SEQUENCE = sa.text("SELECT pg_get_serial_sequence(:name, 'id')")
_COUNTERS = """SELECT t.relname, s.last_value FROM pg_sequences s
JOIN pg_class c ON c.relname = s.sequencename AND c.relkind = 'S' AND c.relnamespace = to_regnamespace(s.schemaname)
JOIN pg_depend d ON d.objid = c.oid AND d.deptype IN ('a', 'i')
JOIN pg_class t ON t.oid = d.refobjid
WHERE s.schemaname = current_schema() ORDER BY 1"""


def read_table(connection: sa.Connection, name: str) -> Sequence[sa.Row[Any]]:
    """All rows of a table, by its name in the database."""
    return connection.execute(sa.select(sa.text("*")).select_from(sa.table(name))).all()
