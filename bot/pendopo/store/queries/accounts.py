"""Accounts of messengers by their aliases, whose they are, and the codes that link them."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

import msgspec

from pendopo.errors import StaleError
from pendopo.model import AccountSource
from pendopo.store.database import Connection, Database, make_row, to_json
from pendopo.store.queries.settings import bump_revision

LINK_CODE_LIFE = timedelta(minutes=10)
LINK_WAIT = timedelta(days=1)
"""How long the accounts of a person may object before a code that somebody else made links another."""
LINK_CODE_LENGTH = 8
"""Letters, about 40 bits: not to be guessed in ten minutes."""


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
    return await database.read_all(AccountRow, "SELECT alias, person, source, beside FROM account")


async def list_unconfirmed(database: Database) -> dict[str, int]:
    """The persons of accounts that changed their number and are nobody's until that is confirmed, by alias."""
    return dict(await database.read("SELECT alias, person FROM unconfirmed"))


def list_accounts_of_file(connection: Connection) -> set[tuple[str, int]]:
    """The accounts that the directory file names, and whose they are."""
    rows = connection.execute("SELECT alias, person FROM account WHERE source = ?", (AccountSource.FILE,))
    return {(alias, person) for alias, person in rows}


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
    """An account changed its number: under these names nobody is known until a code, or the directory file, confirms it."""
    bump_revision(connection)
    connection.executemany(_DOUBT, [(alias, person, now_ms) for alias in aliases])


def confirm_accounts(connection: Connection, aliases: Iterable[str]) -> None:
    """Let accounts act for their person again."""
    connection.executemany("DELETE FROM unconfirmed WHERE alias = ?", [(alias,) for alias in aliases])


def add_link_code(connection: Connection, code: str, person: int, now_ms: int, maker: int = 0) -> None:
    """Make a code valid for a person; older ones of the same person, and accounts that wait by them, are no longer."""
    delete_link_codes(connection, person)
    expires_at = now_ms + int(LINK_CODE_LIFE.total_seconds() * 1000)
    sql = "INSERT INTO link_code (hash, person, expires_at, maker) VALUES (?, ?, ?, ?)"
    connection.execute(sql, (digest_code(code), person, expires_at, maker))


class LinkRow(NamedTuple):
    """A code by its digest: whose it is, who made it (0: the person), and the account that waits to be linked by it."""

    hash: str
    person: int
    maker: int
    aliases: Sequence[str] = ()


_make_link = make_row(LinkRow, aliases=msgspec.json.Decoder(tuple[str, ...]).decode)
_LINKS = "SELECT hash, person, maker, aliases FROM link_code WHERE "


async def find_link_code(database: Database, code: str, now_ms: int) -> LinkRow | None:
    """A code that is valid."""
    return await database.read_first(_make_link, f"{_LINKS}{_VALID}", digest_code(code), now_ms)


async def find_waiting_link(database: Database, digest: str) -> LinkRow | None:
    """An account that waits to be linked."""
    return await database.read_first(_make_link, f"{_LINKS}hash = ? AND due_at > 0", digest)


def use_link_code(connection: Connection, code: str, aliases: Sequence[str], now_ms: int, due_at: int = 0) -> None:
    """Use up a code: link an account by all its aliases, or let it wait until `due_at`. Raises `StaleError` when it is used."""
    sql = f"UPDATE link_code SET used_at = ?, due_at = ?, aliases = ? WHERE {_VALID} RETURNING person"
    person = connection.read_first(int, sql, now_ms, due_at, to_json(aliases), digest_code(code), now_ms)
    if person is None:
        raise StaleError("the code was used meanwhile")
    if not due_at:
        _link_confirmed(connection, aliases, person, now_ms)


def end_waiting_link(connection: Connection, link: LinkRow, linked: bool, now_ms: int) -> None:
    """Link an account that waited, or never. Raises `StaleError` when that was decided meanwhile."""
    sql = "UPDATE link_code SET due_at = 0 WHERE hash = ? AND due_at > 0 RETURNING person"
    if connection.read_first(int, sql, link.hash) is None:
        raise StaleError("whether the account is linked was decided meanwhile")
    if linked:
        _link_confirmed(connection, link.aliases, link.person, now_ms)


def _link_confirmed(connection: Connection, aliases: Sequence[str], person: int, now_ms: int) -> None:
    bump_revision(connection)
    link_accounts(connection, aliases, person, AccountSource.CODE, now_ms)
    confirm_accounts(connection, aliases)


def digest_code(code: str) -> str:
    """What is stored of a code."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


def delete_link_codes(connection: Connection, person: int) -> None:
    """Make a person's codes worth nothing."""
    connection.execute("DELETE FROM link_code WHERE person = ?", (person,))
