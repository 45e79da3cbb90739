"""The directory in the database, and its latest snapshot in memory."""

import hashlib
from datetime import datetime
from pathlib import Path

import msgspec

from bot.model import Person
from bot.store import Connection, Database
from bot.store.delivery import to_ms

from .file import DirectoryFile, PersonEntry, read_directory
from .people import Forum, Holding, People, Post, Unit

HASH = "directory.sha256"
_ACCOUNT = """INSERT INTO account (alias, person, linked_at) VALUES (?, ?, ?)
ON CONFLICT (alias) DO UPDATE SET person = excluded.person, linked_at = excluded.linked_at, source = 'file'"""


class Directory:
    """Holds the snapshot that everybody decides by; `load` takes a new one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.people = People()

    async def load(self) -> People:
        """Read the directory anew from the database."""
        read = self._database.read
        holdings = [Holding(*row) for row in await read("SELECT person, post, since, until FROM holding ORDER BY id")]
        posts = {
            code: Post(code, title, unit, superior, frozenset(msgspec.json.decode(roles)))
            for code, title, unit, superior, roles in await read("SELECT code, title, unit, superior, roles FROM post")
        }
        held = [holding for holding in holdings if not holding.until and holding.post in posts]
        titles = {holding.person: posts[holding.post].title for holding in reversed(held)}
        persons = {
            id_: Person(id_, name, titles.get(id_, ""), locale)
            for id_, name, locale in await read("SELECT id, name, locale FROM person WHERE active = 1")
        }
        aliases = {alias: person for alias, person in await read("SELECT alias, person FROM account") if person in persons}
        units = {row[0]: Unit(*row) for row in await read("SELECT code, name, parent FROM unit")}
        self.people = People(persons, aliases, posts, units, holdings, await self._forums())
        return self.people

    async def _forums(self) -> list[Forum]:
        chats: dict[str, list[str]] = {}
        for chat, forum in await self._database.read("SELECT chat, forum FROM forum_chat ORDER BY chat"):
            chats.setdefault(forum, []).append(chat)
        rows = await self._database.read("SELECT name, members FROM forum ORDER BY name")
        return [Forum(name, tuple(chats.get(name, ())), tuple(msgspec.json.decode(members))) for name, members in rows]

    async def take_file(self, path: Path, now: datetime) -> bool:
        """Import a directory file unless this very content was imported before. Raises `DirectoryError`, nothing taken."""
        file = read_directory(path)
        digest = hashlib.sha256(msgspec.json.encode(file)).hexdigest()
        found = await self._database.read("SELECT value FROM setting WHERE key = ?", (HASH,))
        if found and found[0][0] == digest:
            return False
        await self._database.write(lambda connection: _replace(connection, file, digest, to_ms(now)))
        await self.load()
        return True


def _replace(connection: Connection, file: DirectoryFile, digest: str, now: int) -> None:
    """Make the directory what the file says. Persons keep their number; whoever is no longer in it loses every access."""
    for table in ("unit", "post", "forum", "forum_chat"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608  names of our own tables
    connection.execute("DELETE FROM account WHERE source = 'file'")  # people linked the others themselves
    connection.executemany(
        "INSERT INTO unit (code, name, parent) VALUES (?, ?, ?)", [(u.code, u.name, u.parent) for u in file.unit]
    )
    connection.executemany(
        "INSERT INTO post (code, title, unit, superior, roles) VALUES (?, ?, ?, ?, ?)",
        [(p.code, p.title, p.unit, p.superior, msgspec.json.encode(p.roles).decode()) for p in file.post],
    )
    connection.execute("UPDATE person SET active = 0")
    for entry in file.person:
        _take_person(connection, entry, now)
    connection.execute(
        "UPDATE holding SET until = ? WHERE until = 0 AND person IN (SELECT id FROM person WHERE active = 0)", (now,)
    )
    for forum in file.forum:
        members = msgspec.json.encode(forum.members).decode()
        connection.execute("INSERT INTO forum (name, members) VALUES (?, ?)", (forum.name, members))
        connection.executemany(
            "INSERT INTO forum_chat (chat, forum) VALUES (?, ?)", [(chat, forum.name) for chat in forum.chats]
        )
    connection.execute("DELETE FROM setting WHERE key = ?", (HASH,))
    connection.execute("INSERT INTO setting (key, value) VALUES (?, ?)", (HASH, digest))


def _take_person(connection: Connection, entry: PersonEntry, now: int) -> None:
    """A person is the same one by their NIP, or while they had none by their name."""
    found = connection.execute("SELECT id FROM person WHERE nip = ? AND nip <> ''", (entry.nip,))
    found = found or connection.execute("SELECT id FROM person WHERE name = ? AND nip = ''", (entry.name,))
    if found:
        id_ = found[0][0]
        connection.execute(
            "UPDATE person SET name = ?, nip = ?, locale = ?, active = 1 WHERE id = ?",
            (entry.name, entry.nip, entry.locale, id_),
        )
    else:
        sql = "INSERT INTO person (name, nip, locale) VALUES (?, ?, ?) RETURNING id"
        id_ = connection.execute(sql, (entry.name, entry.nip, entry.locale))[0][0]
    _hold(connection, id_, entry.posts, now)
    connection.executemany(
        _ACCOUNT,
        [(alias, id_, now) for alias in entry.accounts],
    )


def _hold(connection: Connection, person: int, posts: list[str], now: int) -> None:
    held = {row[0] for row in connection.execute("SELECT post FROM holding WHERE person = ? AND until = 0", (person,))}
    for post in held.difference(posts):
        connection.execute("UPDATE holding SET until = ? WHERE person = ? AND post = ? AND until = 0", (now, person, post))
    for post in posts:
        if post not in held:
            connection.execute("INSERT INTO holding (person, post, since) VALUES (?, ?, ?)", (person, post, now))
