"""Dead letters: what came in and nobody could handle, what was to be sent and could not be; opened again on request."""

from typing import Literal

from . import delivery, inbox
from .database import Connection

Box = Literal["inbox", "delivery"]
STATIONS = {"inbox": inbox.STATION, "delivery": delivery.STATION}


def reopen(connection: Connection, box: Box, letter: int = 0) -> int:
    """Make a dead letter as new, or all of a box (0); returns how many. Whoever looks at the box next takes them."""
    which, params = ("AND id = ?", (letter,)) if letter else ("", ())
    sql = f"UPDATE {box} SET state = 'open', attempts = 0, due_at = 0 WHERE state = 'dead' {which} RETURNING lane"  # noqa: S608
    lanes = [lane for (lane,) in connection.execute(sql, params)]
    for lane in lanes:
        connection.wake(lane, STATIONS[box])
    return len(lanes)
