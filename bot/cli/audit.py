"""`pendopo audit`: the chain of what was decided, checked and written out."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from bot.store import Database, audit

from .compose import beside
from .given import Given, Options
from .output import print_json, shown

BATCH = 1000
PROBLEM = 1
COLUMNS = ("id", *audit.COLUMNS, "previous", "hash")


def verify(*, given: Given) -> int:
    """Check that no line of the audit log was changed, removed or put between others.

    Keep the printed head elsewhere: with it, one can also see later whether the end was cut off.
    """
    return asyncio.run(_verify(given))


def export(*, lines: Literal["text", "json"] = "text", given: Given) -> int:
    """Write the audit log, one line an entry, oldest first.

    Parameters
    ----------
    lines
        `json` gives everything, with the hashes; so does --json.
    """
    return asyncio.run(_export(given, as_json=given.json or lines == "json"))


async def _verify(given: Options) -> int:
    async with beside(given.settings()) as database:
        verdict = await audit.verify(database)
    if given.json:
        print_json({"ok": not verdict.broken_at, **msgspec.structs.asdict(verdict)})
    elif verdict.broken_at:
        print(
            f"BROKEN at line {verdict.broken_at}: it, or what stood before it, was changed or removed.\n"
            f"The {verdict.rows} lines before it hold. Compare with a backup (pendopo restore) before you trust what follows."
        )
    else:
        erased = f" The words of {verdict.erased} were erased, as later lines account for." if verdict.erased else ""
        print(f"{verdict.rows} lines, all whole. Head: {verdict.head}{erased}")
    return PROBLEM if verdict.broken_at else 0


async def _export(given: Options, as_json: bool) -> int:
    settings = given.settings()
    zone = ZoneInfo(settings.timezone)
    async with beside(settings) as database:
        names: dict[int, str] = dict(await database.read("SELECT id, name FROM person"))
        async for row in _rows(database):
            entry = _entry(row)
            if as_json:
                print_json(entry)
            else:
                print(_line(entry, names, shown(entry["at"], zone)))
    return 0


def _entry(row: Sequence[Any]) -> dict[str, Any]:
    """A line with its note; one that was erased has none."""
    *values, body = row
    note = msgspec.json.decode(body, type=audit.Note) if body else audit.Note()
    return dict(zip(COLUMNS, values, strict=True)) | msgspec.structs.asdict(note) | {"erased": body is None}


def _line(entry: dict[str, Any], names: dict[int, str], at: str) -> str:
    who = names.get(entry["person"]) or entry["account"] or "the bot"
    who = f"{who} ({entry['capacity']})" if entry["capacity"] else who
    parts = (str(entry["id"]), at, who, entry["action"], entry["object"], entry["reason"])
    return "\t".join(" ".join(part.split()) for part in parts).rstrip()


async def _rows(database: Database) -> AsyncIterator[Sequence[Any]]:
    """All entries, in constant memory."""
    last = 0
    while True:
        names = ", ".join(f"a.{name}" for name in COLUMNS)
        joined = "audit a LEFT JOIN audit_note n ON n.id = a.id"
        sql = f"SELECT {names}, n.body FROM {joined} WHERE a.id > ? ORDER BY a.id LIMIT ?"  # noqa: S608  our own names
        rows = await database.read(sql, (last, BATCH))
        for row in rows:
            yield row
        if len(rows) < BATCH:
            return
        last = rows[-1][0]
