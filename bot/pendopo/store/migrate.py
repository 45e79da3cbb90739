"""Migrations: the core's and each plugin's own, with a version table each, so that none can hurt another.

A folder of migrations holds files `NNNN_what.py`, one after the other. Whether anything is to be done is told from their names
and the version table alone, so a start that finds everything in place never imports Alembic.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from pendopo.errors import StoreError
from pendopo.store.database import Connection

CORE = "core"
CORE_FOLDER = Path(__file__).parent / "migrations"
_FILE = re.compile(r"(\d{4})_\w+\.py")


class Schema(msgspec.Struct, frozen=True):
    """Tables with one history: `owner` is "core" or a plugin's name, `folder` its migrations if it has any."""

    owner: str
    folder: Path | None
    metadata: sa.MetaData | None = None

    @property
    def version_table(self) -> str:
        return f"alembic_version_{self.owner}"

    @property
    def head(self) -> str:
        """The newest revision, "" when there are no migrations."""
        names = [found[1] for path in self.folder.iterdir() if (found := _FILE.fullmatch(path.name))] if self.folder else []
        return max(names, default="")


def core_schema() -> Schema:
    """The core's own tables."""
    return Schema(CORE, CORE_FOLDER)


def current_revision(engine: sa.Engine, schema: Schema) -> str:
    """The revision a database is at, "" for none."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table(schema.version_table):
            return ""
        found = connection.execute(sa.text(f"SELECT version_num FROM {schema.version_table}")).scalar()
        return str(found or "")


def check_revision(engine: sa.Engine, schema: Schema) -> None:
    """Raises `StoreError` when the database is not at the schema's newest revision, or lacks what its rows need."""
    _check_state(engine, schema, current_revision(engine, schema), schema.head)


def _check_state(engine: sa.Engine, schema: Schema, at: str, head: str) -> None:
    if at != head:
        raise StoreError(
            f"{schema.owner}: the database is at revision {at or 'none'}, this version needs {head or 'none'}: "
            "run `pendopo db upgrade`"
        )
    if missing := _list_missing(engine, schema):
        raise StoreError(f"{schema.owner}: the database lacks {', '.join(missing)}: add a migration for it")


def check_writable(connection: Connection) -> None:
    """Raises what the database raises when nothing can be written into it; changes nothing."""
    connection.execute("DELETE FROM setting WHERE key = ''")


def upgrade_to(engine: sa.Engine, schema: Schema, revision: str) -> None:
    """Bring an empty database to the revision that rows were written at. Raises `StoreError`."""
    if revision > schema.head:
        raise StoreError(f"{schema.owner}: the rows are of revision {revision}, this version knows {schema.head or 'none'}")
    if revision:
        _run_migrations(engine, schema, revision)


def upgrade_schema(engine: sa.Engine, schema: Schema) -> bool:
    """Bring a database to the newest revision; False when it was there. Raises `StoreError`, and leaves it as it was."""
    changed = False
    at, head = current_revision(engine, schema), schema.head
    if head and at != head:
        _run_migrations(engine, schema, "head")
        at, changed = current_revision(engine, schema), True
    elif not head and schema.metadata is not None and _missing_tables(engine, schema.metadata):
        # A plugin that never wrote a migration gets its tables made, but nothing is ever changed in them.
        schema.metadata.create_all(engine)
        changed = True
    _check_state(engine, schema, at, head)
    return changed


def _run_migrations(engine: sa.Engine, schema: Schema, to: str) -> None:
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    folder = str(schema.folder)
    script = ScriptDirectory(folder, version_locations=[folder])
    options: dict[str, Any] = {
        "version_table": schema.version_table,
        "render_as_batch": True,
        "transactional_ddl": True,
        "fn": lambda revision, context: script._upgrade_revs(to, revision),
    }
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            context = MigrationContext.configure(connection, opts=options)
            with Operations.context(context):
                context.run_migrations()
    except KeyError as error:
        raise StoreError(f"{schema.owner}: a migration names {error} as the one before it, and there is none") from error
    except Exception as error:
        raise StoreError(f"{schema.owner}: its migration failed, and nothing of it was kept: {error}") from error


def _missing_tables(engine: sa.Engine, metadata: sa.MetaData) -> Sequence[str]:
    inspector = sa.inspect(engine)
    return [name for name in metadata.tables if not inspector.has_table(name)]


def _list_missing(engine: sa.Engine, schema: Schema) -> list[str]:
    """Tables and columns that rows are mapped to and the database does not have."""
    if schema.metadata is None:
        return []
    tables = schema.metadata.tables
    with engine.connect() as connection:
        found = sa.inspect(connection).get_multi_columns(filter_names=list(tables))
    there = {name: {column["name"] for column in columns} for (_, name), columns in found.items()}
    missing = [f"table {name}" for name in tables if name not in there]
    for name in tables.keys() & there.keys():
        missing += [f"column {name}.{column.name}" for column in tables[name].columns if column.name not in there[name]]
    return missing
