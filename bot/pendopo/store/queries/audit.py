"""The audit log's rows: appended in the transaction of what they tell of, each bound to the one before by its hash.

The chain covers who did what, when and in what capacity, by numbers; words and addresses lie beside it in a note, of which the
chain holds only the salted digest. So a person's data can be erased, and the chain still holds. A note that is gone must be
accounted for by a later row that says so; any other change, of a row or a note, breaks the chain visibly.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from pendopo.model.ids import new_key
from pendopo.store.database import Connection, Database, Record

START = "0" * 64
LOCK = 72140001
ERASING = frozenset({"data.hapus", "sistem.retensi"})
"""Actions whose notes list the notes they took away (`catatan`: ranges of row numbers)."""
ACCEPTED = "sistem.hilang"
"""The action of a line in which an operator accounts for lines that are gone; its detail holds their heads (`kepala`)."""
COLUMNS = ("at", "person", "messenger", "capacity", "action", "object", "digest", "correlation")
_encode = msgspec.json.Encoder(order="sorted").encode
_names = ", ".join(COLUMNS)
_INSERT = f"INSERT INTO audit ({_names}, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_JOINED = ", ".join(f"a.{name}" for name in COLUMNS)
_LINES = f"SELECT a.id, {_JOINED}, a.previous, a.hash, n.body FROM audit a LEFT JOIN audit_note n ON n.id = a.id"
_SELECT = f"""SELECT a.id, a.previous, a.hash, n.salt, n.body, {_JOINED} FROM audit a LEFT JOIN audit_note n ON n.id = a.id
WHERE a.id > ? ORDER BY a.id LIMIT ?"""
_KEPT = ", ".join(f"'{action}'" for action in sorted(ERASING))
_NOTES = f"SELECT a.id FROM audit a JOIN audit_note n ON n.id = a.id WHERE a.action NOT IN ({_KEPT})"


class AuditEntry(msgspec.Struct, frozen=True):
    """One line for the audit log, before it is chained. `detail` is JSON-able."""

    action: str
    object: str = ""
    detail: Any = {}
    reason: str = ""


class Line(NamedTuple):
    """One line as it stands in the log; `body` is its note as JSON, None once that is erased."""

    id: int
    at: int
    person: int
    messenger: str
    capacity: str
    action: str
    object: str
    digest: str
    correlation: str
    previous: str
    hash: str
    body: str | None

    @property
    def note(self) -> "AuditNote":
        """The line's words; none where they are erased."""
        return msgspec.json.decode(self.body, type=AuditNote) if self.body else AuditNote()


class Head(msgspec.Struct, frozen=True):
    """How far the log reaches: the number of a line, its hash, and when it was written (UTC, milliseconds)."""

    line: int = 0
    hash: str = START
    at: int = 0

    def __str__(self) -> str:
        return f"{self.line}:{self.hash}"


class AuditActor(msgspec.Struct, frozen=True):
    """Who did something: the person's number, the account, in what capacity, and the delivery it came with."""

    person: int = 0
    account: str = ""
    capacity: str = ""
    correlation: str = ""
    messenger: str = ""


class AuditNote(msgspec.Struct, frozen=True):
    """The words of a line, which may be erased."""

    account: str = ""
    reason: str = ""
    detail: Any = {}


NOBODY = AuditActor()


def append_entry(connection: Connection, entry: AuditEntry, now_ms: int, by: AuditActor = NOBODY) -> None:
    """Write one line. Appending is serial: SQLite has one writer, PostgreSQL takes a lock for the rest of the transaction."""
    if connection.postgres:
        connection.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
    previous = connection.read_first(str, "SELECT hash FROM audit ORDER BY id DESC LIMIT 1") or START
    salt, body = new_key(), _encode(AuditNote(by.account, entry.reason, entry.detail)).decode()
    digest = digest_note(salt, body)
    row = (now_ms, by.person, by.messenger, by.capacity, entry.action, entry.object, digest, by.correlation)
    id_ = connection.insert(_INSERT, (*row, previous, hash_row(previous, row)))
    connection.execute("INSERT INTO audit_note (id, salt, body) VALUES (?, ?, ?)", (id_, salt, body))


def digest_note(salt: str, body: str) -> str:
    """What a line holds of its note."""
    return hashlib.sha256(f"{salt}{body}".encode()).hexdigest()


def hash_row(previous: str, row: Sequence[Any]) -> str:
    """The hash of a line with these columns that follows another."""
    return hashlib.sha256(previous.encode() + _encode(row)).hexdigest()


class Verdict(msgspec.Struct, frozen=True):
    """What checking the chain found: how many rows hold, the first that does not (0: all do), and how many notes are erased."""

    rows: int
    broken_at: int
    head: str
    erased: int = 0


async def verify_chain(database: Database, batch: int = 5000) -> Verdict:
    """Recompute the whole chain, in memory that does not grow with it."""
    previous, count, last = START, 0, 0
    gone, accounted = Ranges(), Ranges()
    while True:
        rows = await database.read(_SELECT, (last, batch))
        for id_, said, hash_, salt, body, *row in rows:
            if said != previous or hash_ != hash_row(previous, row) or (salt is not None and digest_note(salt, body) != row[6]):
                return Verdict(count, id_, previous, len(gone))
            if salt is None:
                gone.add(id_, id_)
            elif row[4] in ERASING:
                accounted.add_pairs(msgspec.json.decode(body)["detail"].get("catatan", ()))
            previous, count, last = hash_, count + 1, id_
        if len(rows) < batch:
            return Verdict(count, gone.first_outside(accounted), previous, len(gone))


async def list_lines(database: Database, after: int, limit: int) -> list[Line]:
    """The lines that follow one by its number, the oldest first."""
    return await _list(database, "a.id > ? ORDER BY a.id LIMIT ?", after, limit)


async def list_latest(database: Database, limit: int, before: int = 2**62, person: int = 0, object_: str = "") -> list[Line]:
    """The lines before one by its number, the newest first: those of a person, else those about an object, else all."""
    if person:
        return await _list(database, "a.id < ? AND a.person = ? ORDER BY a.id DESC LIMIT ?", before, person, limit)
    if object_:
        return await _list(database, "a.id < ? AND a.object = ? ORDER BY a.id DESC LIMIT ?", before, object_, limit)
    return await _list(database, "a.id < ? ORDER BY a.id DESC LIMIT ?", before, limit)


async def list_about(database: Database, object_: str) -> list[Line]:
    """All lines about an object (`izin/7`), the oldest first."""
    return await _list(database, "a.object = ? ORDER BY a.id", object_)


async def read_salts(database: Database, ids: Iterable[int]) -> dict[int, str]:
    """The salts of notes that are not erased, by the number of their line."""
    sql = "SELECT salt FROM audit_note WHERE id = ?"
    found = {id_: await database.read_first(str, sql, id_) for id_ in ids}
    return {id_: salt for id_, salt in found.items() if salt is not None}


async def list_latest_about_items(database: Database, limit: int) -> list[Line]:
    """The newest lines that tell of something with a number (`izin/7`), the newest first."""
    return await _list(database, "a.object LIKE '%/%' ORDER BY a.id DESC LIMIT ?", limit)


async def _list(database: Database, which: str, *params: int | str) -> list[Line]:
    return await database.read_all(Line, f"{_LINES} WHERE {which}", *params)


async def list_actions(database: Database, after: int, limit: int) -> list[str]:
    """What was done in the lines that follow one by its number, the oldest first."""
    return await database.read_all(str, "SELECT action FROM audit WHERE id > ? ORDER BY id LIMIT ?", after, limit)


async def read_newest(database: Database) -> tuple[int, str]:
    """The number of the newest line and its hash."""
    rows = await database.read("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1")
    return (int(rows[0][0]), str(rows[0][1])) if rows else (0, START)


async def read_head(database: Database) -> Head:
    """The head of the log as it stands."""
    found = await database.read_first(Head, "SELECT id, hash, at FROM audit ORDER BY id DESC LIMIT 1")
    return found or Head()


async def list_accepted(database: Database) -> list[str]:
    """The heads of which a line of the log says that they are gone, as LINE:HASH."""
    lines = await _list(database, "a.action = ? ORDER BY a.id LIMIT ?", ACCEPTED, 1000)
    return [head for line in lines for head in line.note.detail.get("kepala", ())]


async def has_head(database: Database, head: Head) -> bool:
    """Whether the line is in the log and has this hash, or begins with it; before the first line every log is the same."""
    found = await database.read_first(str, "SELECT hash FROM audit WHERE id = ?", head.line)
    return head.line == 0 or (found or "").startswith(head.hash)


_GUARDED = (("audit", "UPDATE"), ("audit", "DELETE"), ("audit_note", "UPDATE"))
_REFUSAL = "the audit log is only appended to"
_ROW_TRIGGERS = {"UPDATE": 19, "DELETE": 11}
"""`tgtype` of a trigger before each row (PostgreSQL, pg_trigger.h)."""
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION audit_only_append() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
)
_FOUND_POSTGRES = f"""SELECT t.tgname, t.tgtype FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid AND c.relnamespace = to_regnamespace(current_schema()) JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND trim(p.prosrc) = 'BEGIN RAISE EXCEPTION ''{_REFUSAL}''; END'"""
_FOUND_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


def _list_guards(postgres: bool) -> dict[str, tuple[str | int, str]]:
    """What protects the log, by name: as the database shows it, and the statement that makes it."""
    guards: dict[str, tuple[str | int, str]] = {}
    for table, verb in _GUARDED:
        name = f"{table}_no_{verb.lower()}"
        begun = f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
        made = f"{begun}BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        shown: tuple[str | int, str] = (made, made)
        guards[name] = (_ROW_TRIGGERS[verb], f"{begun}FOR EACH ROW EXECUTE FUNCTION audit_only_append()") if postgres else shown
    return guards


async def list_missing_guards(database: Database) -> list[str]:
    """What should protect the log in the database, and is gone or another."""
    found: dict[str, str | int] = dict(await database.read(_FOUND_POSTGRES if database.postgres else _FOUND_SQLITE))
    return [name for name, (shown, _) in _list_guards(database.postgres).items() if found.get(name) != shown]


def restore_guards(connection: Connection) -> list[str]:
    """Make again what protects the log and is gone; returns the names."""
    found: dict[str, str | int] = dict(connection.execute(_FOUND_POSTGRES if connection.postgres else _FOUND_SQLITE))
    guards = _list_guards(connection.postgres)
    missing = [name for name, (shown, _) in guards.items() if found.get(name) != shown]
    if missing and connection.postgres:
        connection.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        connection.execute(_FUNCTION)
    for name in missing:
        table = name.partition("_no_")[0]
        connection.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if connection.postgres else ""))
        connection.execute(guards[name][1])
    return missing


def find_old_notes(connection: Connection, before_ms: int, limit: int) -> list[int]:
    """The oldest notes from before an instant, so many at the most; those that account for others stay."""
    return _numbers(connection.execute(f"{_NOTES} AND a.at < ? ORDER BY a.id LIMIT ?", (before_ms, limit)))


def find_notes_of(connection: Connection, person: int) -> list[int]:
    """The notes on what a person did, and on what was done about them; those that account for others stay."""
    return _numbers(connection.execute(f"{_NOTES} AND (a.person = ? OR a.object = ?)", (person, f"person/{person}")))


def _numbers(rows: Iterable[Record]) -> list[int]:
    return [id_ for (id_,) in rows]


def erase_notes(connection: Connection, ids: Iterable[int]) -> list[list[int]]:
    """Take notes away; returns their numbers as ranges, which the line that accounts for it must hold as `catatan`."""
    ranges = Ranges()
    for id_ in sorted(ids):
        connection.execute("DELETE FROM audit_note WHERE id = ?", (id_,))
        ranges.add(id_, id_)
    return ranges.pairs()


class Ranges:
    """Row numbers as ranges: notes mostly go in long runs."""

    def __init__(self) -> None:
        self._pairs: list[list[int]] = []

    def add(self, first: int, last: int) -> None:
        """Add numbers; those that follow the last range make it longer."""
        if self._pairs and self._pairs[-1][1] + 1 == first:
            self._pairs[-1][1] = last
        else:
            self._pairs.append([first, last])

    def add_pairs(self, pairs: Iterable[Sequence[int]]) -> None:
        for first, last in pairs:
            self.add(first, last)

    def pairs(self) -> list[list[int]]:
        return self._pairs

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self._pairs)

    def first_outside(self, others: "Ranges") -> int:
        """The first number here that lies in no range of the others; 0 when all do."""
        ordered, at = sorted(others._pairs), 0
        for first, last in self._pairs:
            number = first
            while number <= last:
                while at < len(ordered) and ordered[at][1] < number:
                    at += 1
                if at == len(ordered) or ordered[at][0] > number:
                    return number
                number = ordered[at][1] + 1
        return 0
