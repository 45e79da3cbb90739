"""Rows that tell of a person."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from pendopo.store import Row


@dataclass(frozen=True)
class PersonalData:
    """Rows that tell of a person: whose they are (`subject`), and the `text_fields` in them that are erased with the person.

    With a `retention`, the words go by themselves so long after `since`. `file_fields` name stored files (or JSON
    does): they are blanked with the person too, and the files go, unless somebody else's row names the same.
    """

    model: type[Row]
    subject: str
    text_fields: tuple[str, ...] = ()
    file_fields: tuple[str, ...] = ()
    since: str = ""
    retention: timedelta | None = None

    @property
    def table(self) -> sa.Table:
        found: sa.Table = self.model.__table__  # type: ignore[attr-defined]  # set by SQLAlchemy
        return found
