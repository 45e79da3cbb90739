"""Dead letters: what came in and nobody could handle, what was to be sent and could not be; opened again on request."""

from typing import Literal

from .database import Connection

Box = Literal["inbox", "delivery"]


def reopen(connection: Connection, box: Box, letter: int = 0) -> int:
    """Make a dead letter as new, or all of a box (0); returns how many. Whoever looks at the box next takes them."""
    which, params = ("AND id = ?", (letter,)) if letter else ("", ())
    sql = f"UPDATE {box} SET state = 'open', attempts = 0, due_at = 0 WHERE state = 'dead' {which} RETURNING id"  # noqa: S608
    return len(connection.execute(sql, params))
