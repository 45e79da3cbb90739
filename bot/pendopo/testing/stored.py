"""The stored rows of a bot, for tests that check more than what people see."""

from collections.abc import Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import col, select

from pendopo.store import Database, Row, Unit, tables
from pendopo.store.queries import audit
from pendopo.store.transfer.table_inventory import list_rows, read_table

R = TypeVar("R", bound=Row)


class Stored:
    """Reads the tables of a bot. Keywords filter by column (`await stored.list_inbox(state="dead")`); rows have attributes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_inbox(self, **values: Any) -> Sequence[sa.Row[Any]]:
        """List what messengers delivered, oldest first."""
        return await list_rows(self._database, tables.inbox, values)

    async def list_deliveries(self, **values: Any) -> Sequence[sa.Row[Any]]:
        """List what was or will be sent, oldest first."""
        return await list_rows(self._database, tables.delivery, values)

    async def list_buttons(self, **values: Any) -> Sequence[sa.Row[Any]]:
        """List the buttons of deliveries, by delivery and position."""
        rows = await list_rows(self._database, tables.button, values)
        return sorted(rows, key=lambda row: (row.delivery, row.ordinal))

    async def list_dialogs(self, **values: Any) -> Sequence[sa.Row[Any]]:
        """List the open questions."""
        return await list_rows(self._database, tables.dialog, values)

    async def list_reminders(self, **values: Any) -> Sequence[sa.Row[Any]]:
        """List planned and past reminders, without those of recurring jobs."""
        return [row for row in await list_rows(self._database, tables.reminder, values) if not row.key.startswith("cron:")]

    async def list_calendar_entries(self, **values: Any) -> Sequence[sa.Row[Any]]:
        """List calendar entries, one row for each person."""
        return await list_rows(self._database, tables.agenda, values)

    async def list_audit_lines(self, actions: str = "") -> Sequence[audit.Line]:
        """List the audit log, oldest first; `actions` is the prefix of the actions to list."""
        lines = await audit.list_lines(self._database, 0, 2**31)
        return [line for line in lines if line.action.startswith(actions)]

    async def list_rows(self, model: type[R]) -> Sequence[R]:
        """List all rows of a plugin's table, oldest first."""
        return await Unit(self._database).all(select(model).order_by(col(model.id)))

    async def list_table(self, name: str) -> Sequence[sa.Row[Any]]:
        """All rows of any table, by its name in the database."""
        return await self._database.query_objects(lambda session: read_table(session.connection(), name))
