"""Dead letters: what came in and nobody could handle, what was to be sent and could not be; opened again on request."""

from collections.abc import Sequence
from typing import Literal

from . import delivery, inbox
from .database import Connection
from .states import DeliveryState

Box = Literal["inbox", "delivery"]
STATIONS: dict[Box, str] = {"inbox": inbox.STATION, "delivery": delivery.STATION}
DEAD = (DeliveryState.DEAD,)


def named(which: int | str) -> tuple[str, int | str]:
    """What finds a letter: its number, or its code as people read it out. Of an album, one code is that of several letters."""
    return ("id = ?", int(which)) if isinstance(which, int) or which.isdecimal() else ("code = ?", which.upper())


def reopen(connection: Connection, box: Box, which: int | str = "", states: Sequence[str] = DEAD) -> list[int]:
    """Make letters as new: the named one, or all ("") that are in one of these states; returns their numbers.

    Whoever looks at the box next takes them.
    """
    where = f"state IN ({', '.join('?' * len(states))})"
    params: list[int | str] = [*states]
    if which != "":
        name, value = named(which)
        where += f" AND {name}"
        params.append(value)
    sql = f"UPDATE {box} SET state = '{DeliveryState.OPEN}', attempts = 0, due_at = 0 WHERE {where} RETURNING id, lane"
    found = connection.execute(sql, params)
    for _, lane in found:
        connection.wake(lane, STATIONS[box])
    return [id_ for id_, _ in found]
