"""Rows that tell of a person."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from bot.store import Row


@dataclass(frozen=True)
class PersonalData:
    """Rows that tell of a person: whose they are (`of`), and the `words` in them that are erased with the person.

    With `keep`, the words go by themselves so long after `since`. `files` are fields that name stored files (or JSON that
    does): they are blanked with the person too, and the files go, unless somebody else's row names the same.
    """

    model: type[Row]
    of: str
    words: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    since: str = ""
    keep: timedelta | None = None

    @property
    def table(self) -> sa.Table:
        found: sa.Table = self.model.__table__  # type: ignore[attr-defined]  # set by SQLAlchemy
        return found
