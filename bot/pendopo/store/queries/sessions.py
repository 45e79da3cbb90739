"""Sessions of the dashboard and the tickets that open them: rows, of which only digests of the secrets are kept."""

import hashlib
import secrets
from datetime import timedelta
from typing import NamedTuple

from pendopo.errors import StaleError
from pendopo.store.database import Connection, Database, make_row
from pendopo.store.tables import TicketKind

TICKET_LIFE = timedelta(minutes=5)
LONGEST = timedelta(days=7)
"""After so long everybody signs in anew."""
IDLE = timedelta(hours=12)
IDLE_DECIDING = timedelta(hours=2)
"""So long a session waits for its person; that of somebody who decides over others waits less."""
WINDOW = timedelta(minutes=15)
LONG_WINDOW = timedelta(hours=1)
NOTED = 60_000
"""How old the note of a session's last use may become, in milliseconds."""


class Ticket(NamedTuple):
    """What opens a session, once."""

    hash: str
    kind: TicketKind
    person: int
    path: str
    browser: str
    number: int
    agent: str
    created_at: int


class WebSession(NamedTuple):
    """An open session; `rights` are the posts and mandates its person had when it began."""

    hash: str
    person: int
    rights: str
    agent: str
    how: str
    created_at: int
    seen_at: int


_ticket = make_row(Ticket, kind=TicketKind)
_TICKET = ", ".join(Ticket._fields)
_SESSION = ", ".join(WebSession._fields)
_OPEN = f"SELECT {_SESSION} FROM web_session"


def duration_ms(length: timedelta) -> int:
    return int(length.total_seconds() * 1000)


def hash_secret(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def issue_ticket(connection: Connection, secret: str, ticket: Ticket, now_ms: int) -> None:
    """Put a ticket away, valid for five minutes; those that are over go."""
    connection.execute("DELETE FROM web_ticket WHERE expires_at <= ?", (now_ms,))
    sql = f"INSERT INTO web_ticket ({_TICKET}, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    connection.execute(sql, (hash_secret(secret), *ticket[1:7], now_ms, now_ms + duration_ms(TICKET_LIFE)))


async def find_ticket(database: Database, secret: str, now_ms: int) -> Ticket | None:
    """The valid ticket behind a secret. Looking at it spends nothing."""
    sql = f"SELECT {_TICKET} FROM web_ticket WHERE hash = ? AND expires_at > ?"
    return await database.read_first(_ticket, sql, hash_secret(secret), now_ms)


async def find_shown_ticket(database: Database, browser: str, now_ms: int) -> Ticket | None:
    """The valid ticket that a browser shows as a QR code."""
    sql = f"SELECT {_TICKET} FROM web_ticket WHERE browser = ? AND expires_at > ? ORDER BY created_at DESC LIMIT 1"
    return await database.read_first(_ticket, sql, hash_secret(browser), now_ms)


async def read_number(database: Database, hash_: str, now_ms: int) -> int | None:
    """The number that a browser shows beside its QR code, while that waits to be taken."""
    sql = f"SELECT number FROM web_ticket WHERE hash = ? AND kind = '{TicketKind.QR}' AND expires_at > ?"
    return await database.read_first(int, sql, hash_, now_ms)


def grant_ticket(connection: Connection, hash_: str, person: int) -> None:
    """Let the browser in that shows a ticket. Raises `StaleError` when it is none any more."""
    sql = "UPDATE web_ticket SET kind = ?, person = ? WHERE hash = ? AND kind = ? RETURNING hash"
    if not connection.execute(sql, (TicketKind.GRANTED, person, hash_, TicketKind.QR)):
        raise StaleError("the ticket was used meanwhile")


def delete_ticket(connection: Connection, hash_: str) -> bool:
    """End a ticket; False when it was none any more."""
    return bool(connection.execute("DELETE FROM web_ticket WHERE hash = ? RETURNING hash", (hash_,)))


def delete_tickets(connection: Connection, person: int) -> None:
    """Make every ticket of a person worth nothing."""
    connection.execute("DELETE FROM web_ticket WHERE person = ?", (person,))


def begin_session(connection: Connection, secret: str, person: int, rights: str, agent: str, how: str, now_ms: int) -> None:
    """Open a session; those that are long over go."""
    connection.execute("DELETE FROM web_session WHERE created_at <= ?", (now_ms - duration_ms(LONGEST),))
    sql = f"INSERT INTO web_session ({_SESSION}) VALUES (?, ?, ?, ?, ?, ?, ?)"
    connection.execute(sql, (hash_secret(secret), person, rights, agent, how, now_ms, now_ms))


async def find_session(database: Database, secret: str) -> WebSession | None:
    """The session behind a cookie, whatever its age."""
    return await database.read_first(WebSession, f"{_OPEN} WHERE hash = ?", hash_secret(secret))


async def list_sessions(database: Database, person: int, now_ms: int) -> list[WebSession]:
    """The sessions of a person, the one used last first."""
    sql = f"{_OPEN} WHERE person = ? AND created_at > ? ORDER BY seen_at DESC LIMIT 50"
    return await database.read_all(WebSession, sql, person, now_ms - duration_ms(LONGEST))


def touch_session(connection: Connection, hash_: str, now_ms: int) -> None:
    """It was used."""
    connection.execute("UPDATE web_session SET seen_at = ? WHERE hash = ?", (now_ms, hash_))


def end_sessions(connection: Connection, person: int, hash_: str = "") -> int:
    """End one session of a person, or all; returns how many."""
    one, params = (" AND hash = ?", (person, hash_)) if hash_ else ("", (person,))
    return len(connection.execute(f"DELETE FROM web_session WHERE person = ?{one} RETURNING hash", params))


async def count_tries(database: Database, who: str, now_ms: int, window: timedelta = WINDOW) -> int:
    """How often somebody tried within a time, an hour at most."""
    sql = "SELECT count(*) FROM web_attempt WHERE who = ? AND at > ?"
    return await database.read_first(int, sql, who, now_ms - duration_ms(window)) or 0


def record_try(connection: Connection, who: str, now_ms: int) -> None:
    """Somebody tried; what no longer counts goes, whoever it was."""
    connection.execute("DELETE FROM web_attempt WHERE at <= ?", (now_ms - duration_ms(LONG_WINDOW),))
    connection.execute("INSERT INTO web_attempt (who, at) VALUES (?, ?)", (who, now_ms))
