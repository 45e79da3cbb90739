"""A database with no bot on it, and kept so: for what replaces or copies all of it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from pendopo.errors import StoreError
from pendopo.store import open_database
from pendopo.store.database import Database

LAST_SIGN = 10
"""Seconds after which one that gave no sign of life is taken to be gone."""
_BEATING = f"SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '{LAST_SIGN} seconds'"


@contextmanager
def open_exclusive(url: str) -> Iterator[Database]:
    """Open a database that nobody else may run on meanwhile. Raises `StoreError` when a bot does."""
    postgres = not url.startswith("sqlite:")
    database = open_database(url, exclusive=not postgres)
    try:
        if postgres:
            with _hold_lock(database):
                yield database
        else:
            yield database
    finally:
        asyncio.run(database.close())


@contextmanager
def _hold_lock(database: Database) -> Iterator[None]:
    """Bots hold this lock together, so whoever has it alone is alone."""
    from pendopo.store.postgres import LOCK

    try:
        with database.open_engine() as engine, engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            taken = connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LOCK})").scalar()
            # A server that was restarted has forgotten the locks of bots that run on.
            known = sa.inspect(connection).has_table("procrastinate_workers")
            if not taken or (known and connection.exec_driver_sql(_BEATING).scalar()):
                raise StoreError(
                    "a bot runs on this database: stop all of them first (one that was killed is gone after "
                    f"{LAST_SIGN} seconds)"
                )
            yield
    except sa.exc.OperationalError as error:
        raise StoreError(f"cannot use the database: {error.orig}") from error
