"""PostgreSQL for tests: databases of one test's own, and all stories on it instead of SQLite (`pytest --database postgres`)."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import psycopg
import sqlalchemy as sa
from pendopo.plugin import Plugin
from pendopo.store import Database, open_database
from pendopo.store.migrate import core_schema, upgrade_schema

Address = str


@contextmanager
def database_on(server: Address, template: str = "template1") -> Iterator[Address]:
    """A new database, gone afterwards."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    _tell(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield address(server, name)
    finally:
        _tell(server, f"DROP DATABASE {name} WITH (FORCE)")


def address(server: Address, name: str) -> Address:
    head, _, tail = server.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{tail}" if tail else "")


def _tell(server: Address, *statements: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


class Instead:
    """Opens a database of PostgreSQL wherever a story asks for one of SQLite: the same one for the same file.

    Making one takes half a second and emptying one hardly any time, so those of earlier tests are used again.
    """

    spare: ClassVar[list[str]] = []

    def __init__(self, server: Address, template: str) -> None:
        self._server = server
        self._template = template
        self._names: dict[str, str] = {}
        self._used: list[str] = []

    def open(self, url: str, exclusive: bool = True) -> Database:
        if url.startswith("sqlite"):
            url = address(self._server, self._name(url))
        return open_database(url, exclusive)

    def _name(self, url: str) -> str:
        """Memory is new each time."""
        if url not in self._names or url == "sqlite://":
            self._names[url] = self.spare.pop() if self.spare else self._new()
            self._used.append(self._names[url])
        return self._names[url]

    def _new(self) -> str:
        name = f"test_{uuid.uuid4().hex[:12]}"
        _tell(self._server, f"CREATE DATABASE {name} TEMPLATE {self._template}")
        return name

    def close(self) -> None:
        for name in self._used:
            try:
                _empty(address(self._server, name))
                self.spare.append(name)
            except psycopg.Error:  # somebody has it open still
                _tell(self._server, f"DROP DATABASE {name} WITH (FORCE)")


def _empty(url: Address) -> None:
    """Leave nothing but the tables that the template has."""
    with psycopg.connect(url, autocommit=True, options="-c session_replication_role=replica -c lock_timeout=2s") as connection:
        names = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        kept = {row[0] for row in connection.execute("SELECT name FROM of_template")}
        filled = [
            row[0]
            for row in connection.execute(
                " UNION ALL ".join(f"SELECT '{n}' WHERE EXISTS (SELECT 1 FROM {n})" for n in kept if n != "of_template")  # noqa: S608
            )
            if not row[0].startswith("alembic_version_")
        ]
        if strange := [name for name in names if name not in kept]:
            connection.execute(f"DROP TABLE {', '.join(strange)} CASCADE")
        if filled:
            connection.execute(f"TRUNCATE {', '.join(filled)} RESTART IDENTITY CASCADE")
        connection.execute(
            "SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences WHERE last_value IS NOT NULL"
        )


def template_with(server: Address, plugins: list[Plugin]) -> str:
    """A database with all tables made, to copy from; a machine that loses power may lose it."""
    _tell(server, "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()")
    name = f"template_{uuid.uuid4().hex[:12]}"
    _tell(server, f"CREATE DATABASE {name}")
    engine = sa.create_engine("postgresql+psycopg://" + address(server, name).split("://", 1)[1], poolclass=sa.NullPool)
    upgrade_schema(engine, core_schema())
    for schema in filter(None, (plugin.schema for plugin in plugins)):
        upgrade_schema(engine, schema)
    engine.dispose()
    _tell(
        address(server, name),
        "CREATE TABLE of_template AS SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'",
        "INSERT INTO of_template VALUES ('of_template')",
    )
    return name
