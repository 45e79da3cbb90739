"""A directory file becomes the directory: people stay themselves, and whoever is not in it loses every access."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from bot.store import Connection
from bot.store.delivery import to_ms

from .file import DirectoryFile, PersonEntry

_ACCOUNT = """INSERT INTO account (alias, person, linked_at) VALUES (?, ?, ?)
ON CONFLICT (alias) DO UPDATE SET person = excluded.person, linked_at = excluded.linked_at, source = 'file', beside = ''"""
_MANDATE = "INSERT INTO mandate (person, post, since, until, kind, basis, may, source) VALUES (?, ?, ?, ?, ?, ?, ?, 'file')"

_SAME = """DELETE FROM mandate WHERE kind = ? AND post = ? AND person = ? AND (until = 0 OR until > ?)
AND (? = 0 OR since < ?)"""


def replace(connection: Connection, file: DirectoryFile, now: int, zone: ZoneInfo) -> None:
    """Make the directory what the file says. Persons keep their number; what was given in a chat for a time stays."""
    for table in ("unit", "post", "forum", "forum_chat"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608  names of our own tables
    listed = _listed(connection)
    connection.execute("DELETE FROM account WHERE source = 'file'")  # people linked the others themselves
    _take_structure(connection, file)
    connection.execute("UPDATE person SET active = 0")
    ids = {id(entry): _take_person(connection, entry, now) for entry in file.person}
    _take_periods(connection, file, ids, now, zone)
    for (person,) in connection.execute("SELECT id FROM person WHERE active = 0"):
        leave(connection, person, now)
    # Whoever writes an account into the file that was not in it knows whose it is; one that stays in it says nothing new.
    news = _listed(connection) - listed
    connection.executemany("DELETE FROM unconfirmed WHERE alias = ?", [(alias,) for alias, _ in news])


def _listed(connection: Connection) -> set[tuple[str, int]]:
    """The accounts that the file names, and whose they are."""
    return {(alias, person) for alias, person in connection.execute("SELECT alias, person FROM account WHERE source = 'file'")}


def _take_structure(connection: Connection, file: DirectoryFile) -> None:
    connection.executemany(
        "INSERT INTO unit (code, name, parent) VALUES (?, ?, ?)", [(u.code, u.name, u.parent) for u in file.unit]
    )
    connection.executemany(
        "INSERT INTO post (code, title, unit, superior, roles) VALUES (?, ?, ?, ?, ?)",
        [(p.code, p.title, p.unit, p.superior, msgspec.json.encode(p.roles).decode()) for p in file.post],
    )
    for forum in file.forum:
        members = msgspec.json.encode(forum.members).decode()
        connection.execute("INSERT INTO forum (name, members) VALUES (?, ?)", (forum.name, members))
        connection.executemany(
            "INSERT INTO forum_chat (chat, forum) VALUES (?, ?)", [(chat, forum.name) for chat in forum.chats]
        )


def _take_person(connection: Connection, entry: PersonEntry, now: int) -> int:
    """A person is the same one by their NIP, or while they had none by their name."""
    found = connection.execute("SELECT id FROM person WHERE nip = ? AND nip <> ''", (entry.nip,))
    found = found or connection.execute("SELECT id FROM person WHERE name = ? AND nip = ''", (entry.name,))
    if found:
        id_ = int(found[0][0])
        connection.execute(
            "UPDATE person SET name = ?, nip = ?, locale = ?, active = 1 WHERE id = ?",
            (entry.name, entry.nip, entry.locale, id_),
        )
    else:
        id_ = add_person(connection, entry.name, entry.nip, entry.locale)
    connection.executemany(_ACCOUNT, [(alias, id_, now) for alias in entry.accounts])
    return id_


def add_person(connection: Connection, name: str, nip: str = "", locale: str = "") -> int:
    """Somebody new; returns their number."""
    sql = "INSERT INTO person (name, nip, locale) VALUES (?, ?, ?) RETURNING id"
    return int(connection.execute(sql, (name, nip, locale))[0][0])


def leave(connection: Connection, person: int, now: int) -> None:
    """Somebody is no longer here: every access ends, and what was still to be told to them privately is not sent."""
    connection.execute("UPDATE person SET active = 0 WHERE id = ?", (person,))
    for table in ("holding", "mandate"):
        sql = f"UPDATE {table} SET until = ? WHERE person = ? AND (until = 0 OR until > ?)"  # noqa: S608  our own tables
        connection.execute(sql, (now, person, now))
    for table in ("link_code", "web_session", "web_ticket"):
        connection.execute(f"DELETE FROM {table} WHERE person = ?", (person,))  # noqa: S608  our own tables
    connection.execute(
        """UPDATE delivery SET state = 'dead', error = 'who it was meant for has left the directory'
        WHERE state IN ('open', 'held') AND lane IN (SELECT key FROM chat WHERE person = ?)""",
        (person,),
    )


def _take_periods(connection: Connection, file: DirectoryFile, ids: dict[int, int], now: int, zone: ZoneInfo) -> None:
    numbers = {entry.nip or entry.name: ids[id(entry)] for entry in file.person}

    def number(who: str) -> int:
        entry = file.named(who)
        return numbers[entry.nip or entry.name] if entry else 0

    terms = [(number(t.person), t.post, *_period(t.since, t.until, zone)) for t in file.term]
    for entry in file.person:
        _hold(connection, ids[id(entry)], entry.posts, [term for term in terms if term[0] == ids[id(entry)]], now)
    connection.execute("UPDATE mandate SET until = ? WHERE source = 'file' AND (until = 0 OR until > ?)", (now, now))
    for m in file.mandate:
        since, until = _period(m.since, m.until, zone)
        may = msgspec.json.encode(m.may).decode()
        # The same one may have been given in a chat, and exported from there.
        same = (m.kind, m.post, number(m.person), since, until, until)
        connection.execute(_SAME, same)
        connection.execute(_MANDATE, (number(m.person), m.post, since, until, m.kind, m.basis, may))


def _hold(
    connection: Connection, person: int, posts: Sequence[str], terms: Sequence[tuple[int, str, int, int]], now: int
) -> None:
    """Posts without an end are held on from now; those with a period exactly in it."""
    dated = {post for _, post, _, _ in terms}
    held = {row[0] for row in connection.execute("SELECT post FROM holding WHERE person = ? AND until = 0", (person,))}
    for post in held.difference(posts) | (held & dated):
        connection.execute("UPDATE holding SET until = ? WHERE person = ? AND post = ? AND until = 0", (now, person, post))
    connection.execute("DELETE FROM holding WHERE person = ? AND since > ?", (person, now))
    connection.execute("UPDATE holding SET until = ? WHERE person = ? AND until > ?", (now, person, now))
    for term in terms:
        connection.execute("DELETE FROM holding WHERE person = ? AND post = ? AND since = ?", term[:3])
        connection.execute("INSERT INTO holding (person, post, since, until) VALUES (?, ?, ?, ?)", term)
    for post in posts:
        if post not in held and post not in dated:
            connection.execute("INSERT INTO holding (person, post, since) VALUES (?, ?, ?)", (person, post, now))


def _period(since: date | None, until: date | None, zone: ZoneInfo) -> tuple[int, int]:
    """From the first moment of the first day to the last moment of the last one."""
    return _begin(since, zone) if since else 0, _begin(until + timedelta(days=1), zone) if until else 0


def _begin(day: date, zone: ZoneInfo) -> int:
    return to_ms(datetime.combine(day, time(0), zone))
