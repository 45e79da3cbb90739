"""Linking an account to a person by a one-time code: made where the person is known, told where they are not yet."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from bot.errors import StaleError
from bot.store import Connection, Database

from .directory import bump

LIFE = timedelta(minutes=10)
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that are mistaken for one another when read aloud."""


def new_code() -> str:
    """Eight letters, about 40 bits: not to be guessed in ten minutes."""
    return "".join(secrets.choice(LETTERS) for _ in range(8))


def digest(code: str) -> str:
    """What is stored of a code."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


def offer(connection: Connection, code: str, person: int, now_ms: int) -> None:
    """Make a code valid for a person; older ones of the same person are no longer."""
    connection.execute("DELETE FROM link_code WHERE person = ?", (person,))
    expires = now_ms + int(LIFE.total_seconds() * 1000)
    connection.execute("INSERT INTO link_code (hash, person, expires_at) VALUES (?, ?, ?)", (digest(code), person, expires))


async def owner(database: Database, code: str, now_ms: int) -> int | None:
    """Whose valid code this is."""
    sql = "SELECT person FROM link_code WHERE hash = ? AND used_at = 0 AND expires_at > ?"
    rows = await database.read(sql, (digest(code), now_ms))
    return int(rows[0][0]) if rows else None


def link(connection: Connection, code: str, aliases: Sequence[str], now_ms: int) -> None:
    """Use up a code and link an account by all its aliases. Raises `StaleError` when somebody was faster."""
    sql = "UPDATE link_code SET used_at = ? WHERE hash = ? AND used_at = 0 AND expires_at > ? RETURNING person"
    found = connection.execute(sql, (now_ms, digest(code), now_ms))
    if not found:
        raise StaleError("the code was used meanwhile")
    bump(connection)
    for alias in aliases:
        connection.execute(
            """INSERT INTO account (alias, person, linked_at, source) VALUES (?, ?, ?, 'code')
            ON CONFLICT (alias) DO UPDATE SET person = excluded.person, linked_at = excluded.linked_at, source = 'code',
            beside = ''""",
            (alias, found[0][0], now_ms),
        )
        connection.execute("DELETE FROM unconfirmed WHERE alias = ?", (alias,))


def learn(connection: Connection, alias: str, beside: str, person: int, now_ms: int) -> None:
    """The messenger named an account by a known alias and by another: the other counts as long as the known one does."""
    connection.execute(
        """INSERT INTO account (alias, person, linked_at, source, beside) VALUES (?, ?, ?, 'seen', ?)
        ON CONFLICT (alias) DO UPDATE SET person = excluded.person, linked_at = excluded.linked_at, beside = excluded.beside
        WHERE account.source = 'seen'""",
        (alias, person, now_ms, beside),
    )


def doubt(connection: Connection, aliases: Sequence[str], person: int, now_ms: int) -> None:
    """An account changed its number: under these names nobody is known until a code, or the directory file, confirms it."""
    bump(connection)
    for alias in aliases:
        connection.execute(
            """INSERT INTO unconfirmed (alias, person, since) VALUES (?, ?, ?)
            ON CONFLICT (alias) DO UPDATE SET person = excluded.person, since = excluded.since""",
            (alias, person, now_ms),
        )
