"""A place beside the tables of a PostgreSQL database, where others can be made whole and then take their place at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import sqlalchemy as sa

from pendopo.store.database import Database
from pendopo.store.postgres import with_options
from pendopo.store.transfer.table_inventory import is_empty

NEW, OLD = "restoring", "before_restore"


class StagingSchema(NamedTuple):
    """The place: an address that leads there, and an engine."""

    url: str
    engine: sa.Engine


@contextmanager
def open_staging(database: Database) -> Iterator[StagingSchema]:
    """An empty place, which is gone at the end with whatever is still in it."""
    with _open_transaction(database) as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {NEW} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA {NEW}")
    url = sa.make_url(with_options(database.url, f"-csearch_path={NEW}"))
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    url = url.set(drivername="postgresql")
    try:
        yield StagingSchema(url.render_as_string(hide_password=False), engine)
    finally:
        engine.dispose()
        with _open_transaction(database) as connection:
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {NEW} CASCADE")


def promote_staging(database: Database) -> str:
    """Put what is staged in the place of the tables there are; returns the schema that keeps those, "" when they were empty."""
    with _open_transaction(database) as connection:
        nothing, here = is_empty(connection), connection.exec_driver_sql("SELECT current_schema()").scalar_one()
        quoted = connection.dialect.identifier_preparer.quote(here)
        taken, number, name = set(sa.inspect(connection).get_schema_names()), 1, OLD
        while name in taken:
            number += 1
            name = f"{OLD}_{number}"
        old = name
        connection.exec_driver_sql(f"ALTER SCHEMA {quoted} RENAME TO {old}")
        connection.exec_driver_sql(f"ALTER SCHEMA {NEW} RENAME TO {quoted}")
        if nothing:
            connection.exec_driver_sql(f"DROP SCHEMA {old} CASCADE")
        return "" if nothing else old


@contextmanager
def _open_transaction(database: Database) -> Iterator[sa.Connection]:
    with database.open_engine() as engine, engine.begin() as connection:
        yield connection
