"""`pendopo inbox` and `pendopo outbox`: list, show, retry letters. A running bot looks for retried ones every few seconds."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from cyclopts import CycloptsError, Parameter

from pendopo.cli.bootstrap.databases import open_offline
from pendopo.cli.options import GlobalOptions, InjectedOptions
from pendopo.cli.output import PROBLEM, escape_controls, format_instant, print_json, print_table, truncate_text
from pendopo.errors import OperatorError
from pendopo.store import Connection, Database
from pendopo.store.queries import dead_letters
from pendopo.store.queries.audit import AuditEntry, append_entry
from pendopo.store.tables import DeliveryState, InboxState

InboxChoice = Literal["dead", "open"]
OutboxChoice = Literal["dead", "open", "held"]
IdArgument = Annotated[str, Parameter(name="ID")]
AllFlag = Annotated[bool, Parameter(name="--all", negative="", help="All that are dead.")]
RETRYABLE = (DeliveryState.DEAD, DeliveryState.OPEN, DeliveryState.HELD)
"""States in which a letter may be retried by its number or code; `--all` retries dead ones only."""
LIMIT = 100
"""Letters listed when no limit is given."""


class Box(msgspec.Struct, frozen=True):
    """One of the two tables of letters."""

    table: dead_letters.Box
    verb: str
    states: Mapping[str, tuple[str, ...]]
    """By the word of `--state`, the states that it lists."""
    body: str
    """The column of a letter's content."""


INBOX = Box("inbox", "inbox", {"dead": dead_letters.DEAD, "open": (InboxState.OPEN,)}, "body")
OUTBOX = Box(
    "delivery",
    "outbox",
    {"dead": dead_letters.DEAD, "open": (DeliveryState.OPEN, DeliveryState.SENDING), "held": (DeliveryState.HELD,)},
    "content",
)


def list_inbox_letters(*, state: InboxChoice = "dead", limit: int = LIMIT, options: InjectedOptions) -> int:
    """List deliveries of messengers that are not handled.

    Parameters
    ----------
    state
        `dead`: given up after several tries. `open`: waiting, or being tried again.
    limit
        How many to show, the newest first.
    """
    return asyncio.run(_list_box(INBOX, state, limit, options))


def list_outbox_letters(*, state: OutboxChoice = "dead", limit: int = LIMIT, options: InjectedOptions) -> int:
    """List messages of the bot that are not sent.

    Parameters
    ----------
    state
        `dead`: given up. `open`: waiting, or being tried again.
        `held`: waiting for the window, that is until the person writes.
    limit
        How many to show, the newest first.
    """
    return asyncio.run(_list_box(OUTBOX, state, limit, options))


def show_inbox_letter(which: IdArgument, /, *, options: InjectedOptions) -> int:
    """Show one delivery of a messenger whole, with what went wrong.

    Parameters
    ----------
    which
        Its number in `pendopo inbox list`, or the code that was told to the person.
    """
    return asyncio.run(_show_row(INBOX, which, options))


def show_outbox_letter(which: IdArgument, /, *, options: InjectedOptions) -> int:
    """Show one message of the bot whole, with what went wrong.

    Parameters
    ----------
    which
        Its number in `pendopo outbox list`, or its code.
    """
    return asyncio.run(_show_row(OUTBOX, which, options))


def retry_inbox_letters(which: IdArgument = "", /, *, all_: AllFlag = False, options: InjectedOptions) -> int:
    """Handle dead letters again. A bot that runs takes them up within seconds, otherwise its next start does.

    Parameters
    ----------
    which
        The number of one of them, or its code.
    """
    return asyncio.run(_retry_rows(INBOX, which, all_, options))


def retry_outbox_letters(which: IdArgument = "", /, *, all_: AllFlag = False, options: InjectedOptions) -> int:
    """Send dead letters again. A bot that runs takes them up within seconds, otherwise its next start does.

    Parameters
    ----------
    which
        The number of one of them, or its code.
    """
    return asyncio.run(_retry_rows(OUTBOX, which, all_, options))


async def _list_box(box: Box, state: OutboxChoice, limit: int, options: GlobalOptions) -> int:
    settings = options.load_settings()
    states = box.states[state]
    async with open_offline(settings) as database:
        rows = await dead_letters.list_letters(database, box.table, states, limit)
        count = await dead_letters.count_letters(database, box.table, states)
    if options.json:
        print_json({"state": state, "count": count, "letters": [row._asdict() for row in rows]})
    else:
        _print_list(box, state, rows, count, ZoneInfo(settings.timezone))
    return PROBLEM if state == "dead" and rows else 0


def _print_list(box: Box, state: OutboxChoice, rows: Sequence[dead_letters.Letter], count: int, zone: ZoneInfo) -> None:
    cells = [
        (row.id, format_instant(row.at, zone), row.lane, row.about, row.attempts, row.code, truncate_text(row.error))
        for row in rows
    ]
    print_table(("ID", "SINCE", "CHAT", "WHAT", "TRIES", "CODE", "WHY"), cells)
    if not rows:
        print(f"Nothing is {state}.")
    elif state == "dead":
        more = f" ({count} in all)" if count > len(rows) else ""
        print(f"\nRead one: pendopo {box.verb} show ID   Try again: pendopo {box.verb} retry ID{more}")


async def _show_row(box: Box, which: str, options: GlobalOptions) -> int:
    settings = options.load_settings()
    async with open_offline(settings) as database:
        letter = await _read_box_row(database, box, which)
    if options.json:
        print_json(letter)
        return 0
    zone = ZoneInfo(settings.timezone)
    for name, value in letter.items():
        text = format_instant(value, zone) if name.endswith("_at") else value
        print(f"{name:<12} {escape_controls(_format_json(value) if isinstance(value, dict | list) else str(text))}")
    return 0


def _format_json(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode().replace("\n", "\n" + " " * 13)


async def _read_box_row(database: Database, box: Box, which: str) -> dict[str, Any]:
    """Read a row as a dict by column, its JSON decoded. Raises `OperatorError` when there is none."""
    row = await dead_letters.read_letter(database, box.table, which)
    if row is None:
        raise OperatorError(f"there is no {which} in the {box.verb}")
    for name in (box.body, "chat"):
        if name in row:
            row[name] = _decode_json(row[name])
    return row


def _decode_json(value: Any) -> Any:
    """Decode JSON; anything else becomes text."""
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return bytes(value).decode("utf-8", "backslashreplace") if not isinstance(value, str) else value


async def _retry_rows(box: Box, which: str, all_: bool, options: GlobalOptions) -> int:
    if bool(which) is all_:
        raise CycloptsError(msg=f"say which: pendopo {box.verb} retry ID, or --all for all that are dead")
    async with open_offline(options.load_settings()) as database:
        if which:
            letter = await _read_box_row(database, box, which)
            if letter["state"] not in RETRYABLE:
                raise OperatorError(f"{which} is {letter['state']}: there is nothing to try again")
        count = await database.write(lambda connection: _reopen_letters(connection, box, which))
    many = "1 letter" if count == 1 else f"{count} letters"
    options.print_answer(
        {"retried": count}, f"{many} to be tried again: within seconds by a bot that runs, otherwise when one starts."
    )
    return 0


def _reopen_letters(connection: Connection, box: Box, which: str) -> int:
    """Reopen one letter, or all dead ones, and record it in the audit log. Returns their number."""
    ids = dead_letters.reopen_letters(connection, box.table, which, RETRYABLE if which else dead_letters.DEAD)
    if ids:
        append_entry(connection, AuditEntry("sistem.ulang", box.table, {"nomor": ids}), time.time_ns() // 1_000_000)
    return len(ids)
