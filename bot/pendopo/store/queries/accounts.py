"""Accounts of messengers by their aliases, whose they are, and the codes that link them."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from pendopo.store.database import Connection, Database


class AccountSource(StrEnum):
    """Who said whose an account is; `SEEN`: the messenger named it beside another, and it counts while that one does."""

    FILE = "file"
    CODE = "code"
    SEEN = "seen"


class AccountRow(NamedTuple):
    """An alias and the person it belongs to."""

    alias: str
    person: int
    source: str
    beside: str


_LINK = """INSERT INTO account (alias, person, linked_at, source) VALUES (?, ?, ?, ?)
ON CONFLICT (alias) DO UPDATE SET person = excluded.person, linked_at = excluded.linked_at, source = excluded.source,
beside = ''"""
_LEARN = """INSERT INTO account (alias, person, linked_at, source, beside) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (alias) DO UPDATE SET person = excluded.person, linked_at = excluded.linked_at, beside = excluded.beside
WHERE account.source = excluded.source"""
_DOUBT = """INSERT INTO unconfirmed (alias, person, since) VALUES (?, ?, ?)
ON CONFLICT (alias) DO UPDATE SET person = excluded.person, since = excluded.since"""
_VALID = "hash = ? AND used_at = 0 AND expires_at > ?"


async def list_accounts(database: Database) -> list[AccountRow]:
    """All accounts, also those that nobody has confirmed."""
    return [AccountRow(*row) for row in await database.read("SELECT alias, person, source, beside FROM account")]


async def list_unconfirmed(database: Database) -> dict[str, int]:
    """The persons of accounts that changed their number and are nobody's until that is confirmed, by alias."""
    return dict(await database.read("SELECT alias, person FROM unconfirmed"))


def list_accounts_of_file(connection: Connection) -> set[tuple[str, int]]:
    """The accounts that the directory file names, and whose they are."""
    sql = "SELECT alias, person FROM account WHERE source = ?"
    return {(alias, person) for alias, person in connection.execute(sql, (AccountSource.FILE,))}


def delete_accounts_of_file(connection: Connection) -> None:
    """Forget the accounts that the directory file names."""
    connection.execute("DELETE FROM account WHERE source = ?", (AccountSource.FILE,))


def link_accounts(connection: Connection, aliases: Sequence[str], person: int, source: AccountSource, now_ms: int) -> None:
    """Make accounts a person's, whosever they were."""
    connection.executemany(_LINK, [(alias, person, now_ms, source) for alias in aliases])


def learn_account(connection: Connection, alias: str, beside: str, person: int, now_ms: int) -> None:
    """Note an alias that the messenger named beside a known one: it counts as long as that one does."""
    connection.execute(_LEARN, (alias, person, now_ms, AccountSource.SEEN, beside))


def unlink_accounts(connection: Connection, aliases: Iterable[str]) -> None:
    """Make accounts nobody's."""
    connection.executemany("DELETE FROM account WHERE alias = ?", [(alias,) for alias in aliases])


def doubt_accounts(connection: Connection, aliases: Sequence[str], person: int, now_ms: int) -> None:
    """Let accounts act for nobody until they are confirmed."""
    connection.executemany(_DOUBT, [(alias, person, now_ms) for alias in aliases])


def confirm_accounts(connection: Connection, aliases: Iterable[str]) -> None:
    """Let accounts act for their person again."""
    connection.executemany("DELETE FROM unconfirmed WHERE alias = ?", [(alias,) for alias in aliases])


def add_link_code(connection: Connection, hash_: str, person: int, expires_at: int) -> None:
    """Make a code valid for a person; older ones of the same person are no longer."""
    delete_link_codes(connection, person)
    connection.execute("INSERT INTO link_code (hash, person, expires_at) VALUES (?, ?, ?)", (hash_, person, expires_at))


async def read_link_code(database: Database, hash_: str, now_ms: int) -> int | None:
    """The person whom a valid code belongs to."""
    rows = await database.read(f"SELECT person FROM link_code WHERE {_VALID}", (hash_, now_ms))
    return int(rows[0][0]) if rows else None


def use_link_code(connection: Connection, hash_: str, now_ms: int) -> int | None:
    """Use up a valid code; returns the person whom it belonged to."""
    sql = f"UPDATE link_code SET used_at = ? WHERE {_VALID} RETURNING person"
    found = connection.execute(sql, (now_ms, hash_, now_ms))
    return int(found[0][0]) if found else None


def delete_link_codes(connection: Connection, person: int) -> None:
    """Make a person's codes worth nothing."""
    connection.execute("DELETE FROM link_code WHERE person = ?", (person,))
