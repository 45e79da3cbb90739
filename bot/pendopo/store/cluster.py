"""What several processes on one PostgreSQL agree on: which of them has a role, and how fast messengers are used."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pendopo.store.database import Connection

if TYPE_CHECKING:
    import psycopg

ROLES = 72140
"""The class of our session locks, so that nobody else's lock on the server is taken for one of them."""


async def take_role(connection: "psycopg.AsyncConnection[Any]", name: str) -> bool:
    """Take the lock of a role for as long as the connection lasts; False while another holds it."""
    cursor = await connection.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", (ROLES, name))
    found = await cursor.fetchone()
    return bool(found and found[0])


async def release_role(connection: "psycopg.AsyncConnection[Any]", name: str) -> None:
    """Let go of the lock of a role."""
    await connection.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", (ROLES, name))


async def keep_alive(connection: "psycopg.AsyncConnection[Any]") -> None:
    """Give a sign of life: the server cuts off a connection that stands still."""
    await connection.execute("SELECT 1")


def take_turn(
    connection: Connection, names: Sequence[str], counts: Sequence[int], spans: Sequence[int], weight: int, now_ms: int
) -> int:
    """When the next delivery may go under limits of a count in a span (milliseconds); its place is taken if that is now."""
    connection.execute("SET LOCAL synchronous_commit = off")
    sql = "SELECT pendopo_pace(?::text[], ?::bigint[], ?::bigint[], ?::integer, ?::bigint)"
    return int(connection.execute(sql, (names, counts, spans, weight, now_ms))[0][0])
