"""What all tables hold of one person, read or erased; and the words in them that need not be kept any longer."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from pendopo.model import Chat
from pendopo.model.ids import NIGHT, parse_lane_key
from pendopo.store.database import Connection, Database, Record
from pendopo.store.queries.chats import stored_pattern
from pendopo.store.queries.deliveries import NOTHING_SAID, PRIVATE, encode
from pendopo.store.tables import DeliveryState, InboxState, ReminderState

ERASED = "(dihapus)"
NOWHERE = "erased"
"""The messenger of the chats of erased persons: none."""
_HELD = {
    "person": ("id, name, nip, locale", "FROM person WHERE id = ?"),
    "terms": ("post, since, until", "FROM holding WHERE person = ? ORDER BY id"),
    "mandates": ("kind, post, since, until, basis, may", "FROM mandate WHERE person = ? ORDER BY id"),
    "accounts": ("alias, linked_at, source", "FROM account WHERE person = ? ORDER BY alias"),
    "unconfirmed": ("alias, since", "FROM unconfirmed WHERE person = ? ORDER BY alias"),
    "chats": ("key, seen_at", "FROM chat WHERE person = ? ORDER BY key"),
    "sessions": ("agent, how, created_at, seen_at", "FROM web_session WHERE person = ? ORDER BY created_at"),
    "reminders": ("route, args, due_at, state", "FROM reminder WHERE person = ? ORDER BY id"),
    "told": ("d.content, d.sent_at", "FROM delivery d JOIN chat c ON c.key = d.lane WHERE c.person = ? ORDER BY d.id"),
    "said": ("i.body, i.received_at", "FROM inbox i JOIN chat c ON c.key = i.lane WHERE c.person = ? ORDER BY i.id"),
    "audit": (
        "a.at, a.action, a.object, n.body",
        "FROM audit a LEFT JOIN audit_note n ON n.id = a.id WHERE a.person = ? ORDER BY a.id",
    ),
    "employment": ("aliases, employment", "FROM person WHERE id = ?"),
}
"""By what it is, the columns and the rest of the query."""
_PRIVATE = "lane IN (SELECT key FROM chat WHERE person = ?)"
_HANDLED = f"state <> '{InboxState.OPEN}'"
_SETTLED = f"state IN ('{DeliveryState.SENT}', '{DeliveryState.DEAD}')"


async def read_held(database: Database, person: int) -> dict[str, list[dict[str, Any]]]:
    """What the core holds of a person, by what it is; each row by its columns, instants in milliseconds."""
    found = {}
    for name, (columns, rest) in _HELD.items():
        names = [column.rpartition(".")[2] for column in columns.split(", ")]
        rows = await database.read(f"SELECT {columns} {rest}", (person,))
        found[name] = [dict(zip(names, row, strict=True)) for row in rows]
    return found


async def read_rows(database: Database, table: sa.Table, owner: str, person: int, columns: Sequence[str]) -> list[Record]:
    """These columns of a plugin's rows about a person; `owner` is the column with the person's number."""
    return await database.read(f"SELECT {', '.join(columns)} FROM {table.name} WHERE {owner} = ? ORDER BY id", (person,))


def get_values(connection: Connection, table: sa.Table, owner: str, person: int, columns: Sequence[str]) -> list[Any]:
    """All values in these columns of a plugin's rows about a person."""
    query = sa.select(*(table.c[name] for name in columns)).where(table.c[owner] == person)
    return [value for row in connection.alchemy.execute(query) for value in row] if columns else []


def blank_rows(connection: Connection, table: sa.Table, owner: str, person: int, columns: Sequence[str]) -> int:
    """Blank these columns of a plugin's rows about a person; returns how many rows there are."""
    return _blank(connection, table, columns, table.c[owner] == person)


# -- erasing one person --------------------------------------------------------------------------------------------


def erase_messages(connection: Connection, person: int, aliases: Sequence[str]) -> tuple[int, int]:
    """Erase what a person was told and said, and in groups the deliveries that name an account of theirs; returns how many."""
    told = connection.execute(
        f"UPDATE delivery SET content = ?, error = '' WHERE {PRIVATE} RETURNING id", (NOTHING_SAID, person)
    )
    erase_said = f"UPDATE inbox SET body = ?, error = '' WHERE {_HANDLED} AND {_PRIVATE} RETURNING id"
    said = connection.execute(erase_said, (b"", person))
    sql = f"SELECT id, body FROM inbox WHERE {_HANDLED} AND {_holds(connection, 'body')}"
    for value in {alias.partition(":")[2].encode() for alias in aliases}:
        whole = re.compile(rb"(?<!\w)" + re.escape(value) + rb"(?!\w)")  # 62811 is not in 628110
        named = [(id_,) for id_, body in connection.execute(sql, (value,)) if whole.search(bytes(body))]
        connection.executemany("UPDATE inbox SET body = '', error = '' WHERE id = ?", named)
        said += named
    return len(told), len(said)


def erase_mentions(connection: Connection, words: Collection[str]) -> int:
    """Erase messages to others that hold one of these words: what was asked of them, what was decided; returns how many."""
    sql = f"UPDATE delivery SET content = ? WHERE {_SETTLED} AND {_holds(connection, 'content')} RETURNING id"
    return sum(len(connection.execute(sql, (NOTHING_SAID, encode(word).decode()[1:-1]))) for word in words)


def erase_places(connection: Connection, person: int) -> None:
    """Erase the private chats of a person from all rows: their names are the person's numbers with the messengers."""
    nowhere = Chat(NOWHERE, str(person))
    chat = encode(nowhere).decode()
    for (lane,) in connection.execute("SELECT key FROM chat WHERE person = ?", (person,)):
        connection.execute(f"UPDATE inbox SET lane = ? WHERE lane = ? AND {_HANDLED}", (nowhere.key, lane))
        sql = "UPDATE delivery SET lane = ?, chat = ? WHERE lane IN (?, ?)"
        connection.execute(sql, (nowhere.key, chat, lane, f"{lane}{NIGHT}"))
        beginning = stored_pattern(Chat(*parse_lane_key(lane)[:2]))
        connection.execute("UPDATE delivery SET asked_in = '' WHERE asked_in LIKE ?", (beginning,))
        connection.execute("UPDATE reminder SET chat = ? WHERE chat LIKE ?", (chat, beginning))


def erase_identity(connection: Connection, person: int, aliases: Sequence[str]) -> None:
    """Erase who a person is, and end whatever of theirs goes on."""
    blank = "UPDATE person SET name = ?, nip = '', locale = '', aliases = '[]', employment = '{}' WHERE id = ?"
    connection.execute(blank, (ERASED, person))
    connection.execute("UPDATE reminder SET args = '{}' WHERE person = ?", (person,))
    cancel = f"UPDATE reminder SET state = '{ReminderState.CANCELLED}' WHERE person = ? AND state = '{ReminderState.WAITING}'"
    connection.execute(cancel, (person,))
    for alias in aliases:
        connection.execute("DELETE FROM dialog WHERE owner = ?", (alias,))
    for table in ("account", "unconfirmed", "refusal", "chat", "web_session", "web_ticket"):
        connection.execute(f"DELETE FROM {table} WHERE person = ?", (person,))


def _holds(connection: Connection, column: str) -> str:
    return f"position(? in {column}) > 0" if connection.postgres else f"instr({column}, ?) > 0"


# -- what need not be kept -----------------------------------------------------------------------------------------


def blank_old_inbox(connection: Connection, before_ms: int, limit: int) -> int:
    """Blank the words of old deliveries of messengers, so many at the most; returns how many."""
    old = f"SELECT id FROM inbox WHERE {_HANDLED} AND received_at < ? AND length(body) > 0 ORDER BY id LIMIT ?"
    return len(connection.execute(f"UPDATE inbox SET body = ? WHERE id IN ({old}) RETURNING id", (b"", before_ms, limit)))


def blank_old_deliveries(connection: Connection, before_ms: int, limit: int) -> int:
    """Blank the words of old deliveries of ours, so many at the most; returns how many."""
    old = f"SELECT id FROM delivery WHERE {_SETTLED} AND created_at < ? AND content <> '{NOTHING_SAID}' ORDER BY id LIMIT ?"
    sql = f"UPDATE delivery SET content = ? WHERE id IN ({old}) RETURNING id"
    return len(connection.execute(sql, (NOTHING_SAID, before_ms, limit)))


def blank_old_field(connection: Connection, table: sa.Table, name: str, since: str, before: datetime, limit: int) -> int:
    """Blank a column of a plugin's old rows, so many at the most; `since` is the column with their age. Returns how many."""
    column = table.c[name]
    old = sa.select(table.c.id).where(table.c[since] < before.astimezone(UTC), *_filled(column)).limit(limit)
    return _blank(connection, table, [name], table.c.id.in_(old))


def _blank(connection: Connection, table: sa.Table, columns: Sequence[str], where: "sa.ColumnElement[bool]") -> int:
    values = {name: _blank_of(table.c[name]) for name in columns} | {"version": table.c.version + 1}
    return int(connection.alchemy.execute(sa.update(table).where(where).values(values)).rowcount)


def _filled(column: "sa.Column[object]") -> Iterator["sa.ColumnElement[bool]"]:
    yield column.is_not(None)
    if not column.nullable:
        yield column != _blank_of(column)


def _blank_of(column: "sa.Column[object]") -> object:
    """What stands in a field whose words are gone."""
    if column.nullable:
        return None
    kind = getattr(column.type, "impl", column.type)  # a type of SQLModel's own says nothing of what it holds
    return kind.python_type()
