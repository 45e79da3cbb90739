"""What is held about one person, everywhere: written out, or erased; the audit log keeps what was done, not the words."""

import re
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from bot.directory.directory import bump
from bot.directory.taking import leave
from bot.model import Chat, Person
from bot.plugin.personal import Personal
from bot.store import Connection
from bot.store.audit import ERASING, Entry, append, erase_notes
from bot.store.delivery import encode

from . import sweep
from .core import Core
from .retention import NOTHING_SAID, blank

ERASED = "(dihapus)"
SHORTEST = 4
"""Words shorter than this tell of nobody, and stand in too many messages."""
OWN: dict[str, str] = {
    "person": "SELECT id, name, nip, locale FROM person WHERE id = ?",
    "terms": "SELECT post, since, until FROM holding WHERE person = ? ORDER BY id",
    "mandates": "SELECT kind, post, since, until, basis, may FROM mandate WHERE person = ? ORDER BY id",
    "accounts": "SELECT alias, linked_at, source FROM account WHERE person = ? ORDER BY alias",
    "unconfirmed": "SELECT alias, since FROM unconfirmed WHERE person = ? ORDER BY alias",
    "chats": "SELECT key, seen_at FROM chat WHERE person = ? ORDER BY key",
    "sessions": "SELECT agent, how, created_at, seen_at FROM web_session WHERE person = ? ORDER BY created_at",
    "reminders": "SELECT route, args, due_at, state FROM reminder WHERE person = ? ORDER BY id",
    "told": "SELECT d.content, d.sent_at FROM delivery d JOIN chat c ON c.key = d.lane WHERE c.person = ? ORDER BY d.id",
    "said": "SELECT i.body, i.received_at FROM inbox i JOIN chat c ON c.key = i.lane WHERE c.person = ? ORDER BY i.id",
    "audit": "SELECT a.at, a.action, a.object, n.body FROM audit a LEFT JOIN audit_note n ON n.id = a.id "
    "WHERE a.person = ? ORDER BY a.id",
}
"""What the core holds of a person, by their number."""
_PRIVATE = "lane IN (SELECT key FROM chat WHERE person = ?)"
_NOTES = """SELECT a.id FROM audit a JOIN audit_note n ON n.id = a.id
WHERE (a.person = ? OR a.object = ?) AND a.action NOT IN ({skip})"""


async def export(core: Core, person: Person) -> dict[str, Any]:
    """Everything held about a person, JSON-able."""
    found: dict[str, Any] = {}
    for name, sql in OWN.items():
        rows = await core.database.read(sql, (person.id,))
        found[name] = [[_shown(value) for value in row] for row in rows]
    for plugin in core.router.plugins.values():
        for personal in plugin.personal:
            table = personal.table
            names = [column.name for column in table.columns]
            sql = f"SELECT {', '.join(names)} FROM {table.name} WHERE {personal.of} = ? ORDER BY id"  # noqa: S608  declared names
            rows = await core.database.read(sql, (person.id,))
            found[table.name] = [dict(zip(names, map(_shown, row), strict=True)) for row in rows]
    return found


def _shown(value: Any) -> Any:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, (bytes, memoryview)) else value


async def files_of(core: Core, person: Person) -> list[str]:
    """The stored files that rows about a person name."""
    found: dict[str, None] = {}
    for plugin in core.router.plugins.values():
        for held in (held for held in plugin.personal if held.files):
            sql = f"SELECT {', '.join(held.files)} FROM {held.table.name} WHERE {held.of} = ?"  # noqa: S608  declared names
            for row in await core.database.read(sql, (person.id,)):
                found |= dict.fromkeys(name for value in row for name in sweep.names_in(value))
    return list(found)


async def erase(core: Core, person: Person) -> dict[str, int]:
    """Erase the words about a person everywhere, and end every access; returns how many rows of what were touched."""
    files = await files_of(core, person)
    now = core.now_ms()
    doubtful = (alias for alias, who in core.people.unconfirmed.items() if who == person.id)
    aliases = [*core.people.accounts(person), *doubtful]
    personal = [held for plugin in core.router.plugins.values() for held in plugin.personal]

    def job(connection: Connection) -> dict[str, int]:
        leave(connection, person.id, now)
        words = {person.name, *(value for held in personal for value in _words(connection, held, person.id))}
        touched = {held.table.name: _erase_rows(connection, held, person.id) for held in personal if held.words or held.files}
        touched |= _erase_messages(connection, person.id, aliases)
        touched["delivery"] += _erase_mentions(connection, words) + _erase_mentions(connection, files)
        _erase_places(connection, person.id)
        _erase_identity(connection, person.id, aliases)
        notes = _erase_notes(connection, person.id)
        touched["audit_note"] = sum(last - first + 1 for first, last in notes)
        append(connection, Entry("data.hapus", f"person/{person.id}", {"jumlah": touched, "catatan": notes}), now)
        bump(connection)
        return touched

    touched = await core.database.write(job, alone=True)
    await core.directory.load(core.clock.now())
    touched["file"] = await sweep.discard(core, files)
    return touched


def _erase_rows(connection: Connection, held: Personal, person: int) -> int:
    table = held.table
    values = {word: blank(table.c[word]) for word in (*held.words, *held.files)} | {"version": table.c.version + 1}
    return int(connection.alchemy.execute(sa.update(table).where(table.c[held.of] == person).values(values)).rowcount)


def _erase_messages(connection: Connection, person: int, aliases: Sequence[str]) -> dict[str, int]:
    """What they said and were told; in groups, the deliveries that name one of their accounts."""
    told = connection.execute(
        f"UPDATE delivery SET content = ?, error = '' WHERE {_PRIVATE} RETURNING id",  # noqa: S608  our own words
        (NOTHING_SAID, person),
    )
    said = connection.execute(
        f"UPDATE inbox SET body = ?, error = '' WHERE state <> 'open' AND {_PRIVATE} RETURNING id",  # noqa: S608  our own words
        (b"", person),
    )
    inside = "position(? in body) > 0" if connection.postgres else "instr(body, ?) > 0"
    sql = f"SELECT id, body FROM inbox WHERE state <> 'open' AND {inside}"  # noqa: S608  our own words
    for value in {alias.partition(":")[2].encode() for alias in aliases}:
        whole = re.compile(rb"(?<!\w)" + re.escape(value) + rb"(?!\w)")  # 62811 is not in 628110
        named = [(id_,) for id_, body in connection.execute(sql, (value,)) if whole.search(bytes(body))]
        connection.executemany("UPDATE inbox SET body = '', error = '' WHERE id = ?", named)
        said += named
    return {"delivery": len(told), "inbox": len(said)}


def _words(connection: Connection, held: Personal, person: int) -> Sequence[str]:
    """What is about to be erased of a person's rows, as it may stand in messages to others."""
    table = held.table
    query = sa.select(*(table.c[word] for word in held.words)).where(table.c[held.of] == person)
    rows = connection.alchemy.execute(query).all() if held.words else []
    return [value for row in rows for value in row if isinstance(value, str) and len(value) >= SHORTEST]


def _erase_mentions(connection: Connection, words: Collection[str]) -> int:
    """Messages to others that hold words of the person: what was asked of them, what was decided."""
    inside = "position(? in content) > 0" if connection.postgres else "instr(content, ?) > 0"
    sql = f"UPDATE delivery SET content = ? WHERE state IN ('sent', 'dead') AND {inside} RETURNING id"  # noqa: S608  own words
    return sum(len(connection.execute(sql, (NOTHING_SAID, encode(word).decode()[1:-1]))) for word in words)


def _erase_places(connection: Connection, person: int) -> None:
    """The private chats themselves: their names are the person's numbers with the messengers."""
    nowhere = Chat("erased", str(person))
    chat = encode(nowhere).decode()
    for (lane,) in connection.execute("SELECT key FROM chat WHERE person = ?", (person,)):
        connection.execute("UPDATE inbox SET lane = ? WHERE lane = ? AND state <> 'open'", (nowhere.key, lane))
        connection.execute("UPDATE delivery SET lane = ?, chat = ? WHERE lane = ?", (nowhere.key, chat, lane))
        beginning = encode(Chat(*lane.split(":", 1))).decode().removesuffix("}") + "%"
        connection.execute("UPDATE delivery SET asked_in = '' WHERE asked_in LIKE ?", (beginning,))
        connection.execute("UPDATE reminder SET chat = ? WHERE chat LIKE ?", (chat, beginning))


def _erase_identity(connection: Connection, person: int, aliases: Sequence[str]) -> None:
    connection.execute("UPDATE person SET name = ?, nip = '', locale = '' WHERE id = ?", (ERASED, person))
    connection.execute("UPDATE reminder SET args = '{}' WHERE person = ?", (person,))
    connection.execute("UPDATE reminder SET state = 'cancelled' WHERE person = ? AND state = 'waiting'", (person,))
    for alias in aliases:
        connection.execute("DELETE FROM dialog WHERE owner = ?", (alias,))
    for table in ("account", "unconfirmed", "refusal", "chat", "web_session", "web_ticket"):
        connection.execute(f"DELETE FROM {table} WHERE person = ?", (person,))  # noqa: S608  our own tables


def _erase_notes(connection: Connection, person: int) -> list[list[int]]:
    skip = ", ".join(f"'{action}'" for action in sorted(ERASING))
    rows = connection.execute(_NOTES.format(skip=skip), (person, f"person/{person}"))
    return erase_notes(connection, [row[0] for row in rows])


__all__ = ["erase", "export", "files_of"]
