"""Linking an account to a person by a one-time code: made where the person is known, told where they are not yet."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from pendopo.errors import StaleError
from pendopo.store import Connection, Database
from pendopo.store.queries import accounts
from pendopo.store.queries.accounts import AccountSource
from pendopo.store.queries.people import bump_revision

LIFE = timedelta(minutes=10)
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that are mistaken for one another when read aloud."""


def new_link_code() -> str:
    """Eight letters, about 40 bits: not to be guessed in ten minutes."""
    return "".join(secrets.choice(LETTERS) for _ in range(8))


def digest_code(code: str) -> str:
    """What is stored of a code."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


def offer_code(connection: Connection, code: str, person: int, now_ms: int) -> None:
    """Make a code valid for a person; older ones of the same person are no longer."""
    accounts.add_link_code(connection, digest_code(code), person, now_ms + int(LIFE.total_seconds() * 1000))


async def find_code_owner(database: Database, code: str, now_ms: int) -> int | None:
    """Whose valid code this is."""
    return await accounts.read_link_code(database, digest_code(code), now_ms)


def link_account(connection: Connection, code: str, aliases: Sequence[str], now_ms: int) -> None:
    """Use up a code and link an account by all its aliases. Raises `StaleError` when somebody was faster."""
    person = accounts.use_link_code(connection, digest_code(code), now_ms)
    if person is None:
        raise StaleError("the code was used meanwhile")
    bump_revision(connection)
    accounts.link_accounts(connection, aliases, person, AccountSource.CODE, now_ms)
    accounts.confirm_accounts(connection, aliases)


learn_alias = accounts.learn_account


def doubt_account(connection: Connection, aliases: Sequence[str], person: int, now_ms: int) -> None:
    """An account changed its number: under these names nobody is known until a code, or the directory file, confirms it."""
    bump_revision(connection)
    accounts.doubt_accounts(connection, aliases, person, now_ms)
