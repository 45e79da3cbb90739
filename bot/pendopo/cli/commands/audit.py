"""`pendopo audit`: verifies and exports the audit log."""

from collections.abc import AsyncIterator
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from pendopo.cli.bootstrap.databases import open_offline
from pendopo.cli.options import InjectedOptions
from pendopo.cli.output import PROBLEM, format_instant, print_json
from pendopo.store import Database
from pendopo.store.queries import audit, people

BATCH = 1000
"""Lines read at a time, so that an export of any length takes the same memory."""


async def verify_log(*, options: InjectedOptions) -> int:
    """Check that no line of the audit log was changed, removed or put between others.

    Keep the printed head elsewhere: with it, one can also see later whether the end was cut off.
    """
    async with open_offline(options.load_settings()) as database:
        verdict = await audit.verify_chain(database)
    if options.json:
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


async def export_log(*, lines: Literal["text", "json"] = "text", options: InjectedOptions) -> int:
    """Write the audit log, one line an entry, oldest first.

    Parameters
    ----------
    lines
        `json` gives everything, with the hashes; so does --json.
    """
    settings = options.load_settings()
    zone = ZoneInfo(settings.timezone)
    async with open_offline(settings) as database:
        names = await people.list_names(database)
        async for line in _iter_lines(database):
            entry = _parse_audit_row(line)
            if options.json or lines == "json":
                print_json(entry)
            else:
                print(_format_audit_entry(entry, names, format_instant(entry["at"], zone)))
    return 0


def _parse_audit_row(line: audit.Line) -> dict[str, Any]:
    """Return a line with its note, or without one when it was erased."""
    entry = line._asdict()
    erased = entry.pop("body") is None
    return entry | msgspec.structs.asdict(line.note) | {"erased": erased}


def _format_audit_entry(entry: dict[str, Any], names: dict[int, str], at: str) -> str:
    who = names.get(entry["person"]) or entry["account"] or "the bot"
    who = f"{who} ({entry['capacity']})" if entry["capacity"] else who
    parts = (str(entry["id"]), at, who, entry["action"], entry["object"], entry["reason"])
    return "\t".join(" ".join(part.split()) for part in parts).rstrip()


async def _iter_lines(database: Database) -> AsyncIterator[audit.Line]:
    """Iterate over all entries in constant memory."""
    last = 0
    while lines := await audit.list_lines(database, last, BATCH):
        for line in lines:
            yield line
        last = lines[-1].id
