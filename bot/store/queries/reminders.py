"""Reminders: when which route runs for whom."""

from typing import NamedTuple

from ..database import Database


class Waiting(NamedTuple):
    """A reminder whose time is yet to come, in milliseconds."""

    route: str
    due_at: int
    person: int


async def list_next(database: Database, limit: int) -> list[Waiting]:
    """The reminders that are due next."""
    sql = "SELECT route, due_at, person FROM reminder WHERE state = 'waiting' ORDER BY due_at LIMIT ?"
    return [Waiting(*row) for row in await database.read(sql, (limit,))]


async def count_late(database: Database, before_ms: int) -> int:
    """How many reminders should have come before an instant; of very many the first thousand are counted."""
    sql = "SELECT count(*) FROM (SELECT 1 FROM reminder WHERE state = 'waiting' AND due_at < ? LIMIT 1000) AS late"
    return int((await database.read(sql, (before_ms,)))[0][0])


async def count_reminders(database: Database) -> int:
    """How many reminders there are, whatever their state, but for those that come by a clock."""
    return int((await database.read("SELECT count(*) FROM reminder WHERE key NOT LIKE 'cron:%'"))[0][0])
