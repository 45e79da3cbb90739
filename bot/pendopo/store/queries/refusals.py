"""The table `refusal`: the last refusal of each person."""

from typing import NamedTuple

from pendopo.store.database import Connection, Database


class StoredRefusal(NamedTuple):
    """What was refused and why; `args` and `reason` are JSON."""

    at: int
    route: str
    args: str
    rule: str
    reason: str


_KEEP = """INSERT INTO refusal (person, at, route, args, rule, reason) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (person) DO UPDATE SET at = excluded.at, route = excluded.route, args = excluded.args, rule = excluded.rule,
reason = excluded.reason"""


def keep_refusal(connection: Connection, person: int, refusal: StoredRefusal) -> None:
    """Keep a refusal in place of the person's last one."""
    connection.execute(_KEEP, (person, *refusal))


async def find_refusal(database: Database, person: int) -> StoredRefusal | None:
    """The last refusal of a person."""
    sql = "SELECT at, route, args, rule, reason FROM refusal WHERE person = ?"
    return await database.read_first(StoredRefusal, sql, person)
