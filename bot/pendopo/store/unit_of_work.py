"""A unit of work: what one handler read, and everything it wants written, committed together or not at all.

Nothing is locked while a handler runs, however slow it is. What it read must still be so when it commits; otherwise
`StaleError`, nothing is written, and the handler runs again.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session
from sqlmodel.sql.expression import SelectOfScalar

from pendopo.errors import StaleError
from pendopo.model.numbers import LARGEST_ROW
from pendopo.store.database import Connection, Database
from pendopo.store.tables import Row

R = TypeVar("R", bound=Row)


class Unit:
    """One unit of work on one database. `later` takes jobs that run inside its commit, in order, after the rows."""

    __slots__ = ("_gone", "_new", "_others", "_seen", "_session", "database", "later")

    def __init__(self, database: Database) -> None:
        self.database = database
        self._session: Session | None = None
        self._seen: dict[int, Row] = {}  # a session's own map holds rows weakly
        self._new: list[Row] = []
        self._gone: list[Row] = []
        self._others = False
        self.later: list[Callable[[Connection], Any]] = []

    async def get(self, model: type[R], id_: int) -> R | None:
        """The row with this id, or None. One that this unit saved is found too."""
        if not 0 < id_ <= LARGEST_ROW:
            return None  # a database refuses to compare what its column cannot hold
        for new in self._new:
            if type(new) is model and new.id == id_:
                return new
        row: R | None = await self._run_query(lambda session: session.get(model, id_))
        self._remember_rows([row] if row else [])
        return row

    async def all(self, statement: SelectOfScalar[R]) -> Sequence[R]:
        """All rows a `select` finds, as they were before this unit."""
        rows: Sequence[R] = await self._run_query(lambda session: session.exec(statement).all())
        self._remember_rows(rows)
        return rows

    async def first(self, statement: SelectOfScalar[R]) -> R | None:
        """The first row a `select` finds, or None."""
        row: R | None = await self._run_query(lambda session: session.exec(statement).first())
        self._remember_rows([row] if row else [])
        return row

    async def read_values(self, statement: Any) -> Sequence[Any]:
        """What a `select` counts or sums, as tuples; nothing of it is held against a change."""
        found: Sequence[Any] = await self._run_query(lambda session: session.exec(statement).all())
        return found

    async def save(self, row: R) -> R:
        """Keep a row, new or changed. A new one has its id at once."""
        if sa.inspect(row).transient and row not in self._new:
            if row.id is None:
                row.id = await self.database.next_id(type(row).__table__)  # type: ignore[attr-defined]  # set by SQLAlchemy
            self._new.append(row)
        return row

    async def delete(self, row: Row) -> None:
        """Remove a row."""
        if row in self._new:
            self._new.remove(row)
        else:
            self._gone.append(row)

    def include_unit(self, other: "Unit") -> None:
        """Commit another unit with this one, or neither."""
        self._others = self._others or other.touched
        self.later.append(other._apply_all)

    @property
    def touched(self) -> bool:
        """Whether it holds any row; one that does not looked, at most, and found nothing."""
        return bool(self._seen or self._new or self._gone or self._others)

    async def commit(self, order: str = "") -> None:
        """Write everything, `order` as in `Database.write`. Raises `StaleError` when something it read is no longer so."""
        if not self.touched:
            await self.database.write(self._run_alone, order=order)
        else:
            await self.database.write(self._apply_all, alone=True)

    async def _run_query(self, query: Callable[[Session], Any]) -> Any:
        if self._session is None:
            self._session = self.database.new_session()
        return await self.database.query_objects(query, self._session)

    def _detach_rows(self) -> list[Row]:
        """Take what was read out of its session, with its changes, so that another session can write it."""
        if self._session is not None:
            self._session.expunge_all()
            self._session.close()
        return list(self._seen.values())

    def _remember_rows(self, rows: Sequence[Row]) -> None:
        self._seen.update((id(row), row) for row in rows)

    def _apply_all(self, connection: Connection) -> None:
        try:
            self._apply_rows(connection)
        except (StaleDataError, IntegrityError) as error:
            raise StaleError(str(error)) from error
        self._run_later(connection)

    def _run_alone(self, connection: Connection) -> None:
        self._detach_rows()
        self._run_later(connection)

    def _run_later(self, connection: Connection) -> None:
        for job in self.later:
            job(connection)

    def _apply_rows(self, connection: Connection) -> None:
        read = self._detach_rows()
        changed = [row for row in read if sa.inspect(row).modified]
        if not (changed or self._new or self._gone):
            return
        with connection.open_session() as session:
            for row in read:
                if row not in changed and row not in self._gone:
                    table = type(row).__table__  # type: ignore[attr-defined]  # set by SQLAlchemy
                    # Shared lock: on PostgreSQL another transaction could change it between this look and our commit.
                    same = sa.select(table.c.version).where(table.c.id == row.id).with_for_update(read=True)
                    found = session.connection().execute(same).scalar()
                    if found != row.version:
                        raise StaleError(f"{table.name} {row.id} was changed meanwhile")
            session.add_all([*changed, *self._new])
            for row in self._gone:
                session.delete(row)
            session.commit()
