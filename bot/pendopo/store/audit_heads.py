"""How far the audit log reached, in a file beside the data: the log itself cannot see that its end is gone.

The file also says that there was a database at all, so that a start does not make an empty one in its place.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
import sqlalchemy as sa

from pendopo.model.ids import from_ms
from pendopo.store.database import Database
from pendopo.store.queries.audit import Head, has_head, read_head

FILE = "audit-heads.json"


class HeadRecord(msgspec.Struct, frozen=True):
    """The newest head seen in a database, and those that were seen and are not in it any more."""

    newest: Head = Head()
    lost: list[Head] = []


def read_record(folder: Path, url: str) -> HeadRecord | None:
    """What is known of a database; None when it was never seen."""
    return _read_file(folder).get(_name_database(url))


async def update_record(folder: Path, database: Database) -> list[Head]:
    """Note the head of a database; returns the heads that were seen before and are not in its log any more."""
    newest, known = await read_head(database), read_record(folder, database.url)
    before = known or HeadRecord()
    heads = {head.line: head for head in (*before.lost, before.newest)}.values()
    lost = [head for head in heads if not await has_head(database, head)]
    record = HeadRecord(newest, lost)
    if record != known and database.url != "sqlite://":
        write_record(folder, database.url, record)
    return lost


def append_head(file: Path, head: Head) -> None:
    """Write a head into a file that is only added to, such as one on another machine."""
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f"{from_ms(head.at):%Y-%m-%dT%H:%M:%SZ} {head}\n")


def read_head_file(file: Path) -> list[str]:
    """The last head in such a file, as LINE:HASH; none when there is no file."""
    with suppress(OSError, UnicodeDecodeError):
        return [line.split()[-1] for line in file.read_text(encoding="utf-8").splitlines() if line.strip()][-1:]
    return []


def remember_head(folder: Path, url: str, head: Head) -> None:
    """Note the head of a database that is about to be replaced."""
    known = read_record(folder, url) or HeadRecord()
    write_record(folder, url, HeadRecord(head, [*known.lost, known.newest]))


def explain_lost(lost: Sequence[Head], newest: Head) -> str:
    """A sentence about heads that are not in a log that ends at `newest`; "" when there are none."""
    if not lost:
        return ""
    last = max(lost, key=lambda head: head.line)
    since = f", known since {from_ms(last.at):%Y-%m-%d %H:%M} UTC," if last.at else ""
    known = f"line {last.line} ({last.hash[:12]}){since}"
    if last.line > newest.line:
        return f"{known} is missing, and {last.line - newest.line} lines with it: the log ends at line {newest.line}."
    return f"{known} is another line now: what was there was taken out."


def write_record(folder: Path, url: str, record: HeadRecord) -> None:
    """Keep what is known of a database; whoever reads meanwhile sees the old or the new."""
    draft = folder / f".{FILE}.{os.getpid()}"
    draft.write_bytes(msgspec.json.encode(_read_file(folder) | {_name_database(url): record}))
    os.replace(draft, folder / FILE)


def _read_file(folder: Path) -> dict[str, HeadRecord]:
    with suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.json.decode((folder / FILE).read_bytes(), type=dict[str, HeadRecord])
    return {}


def _name_database(url: str) -> str:
    named = sa.make_url(url)
    return named.set(drivername=named.get_backend_name()).render_as_string(hide_password=True)
