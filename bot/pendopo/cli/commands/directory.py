"""`pendopo directory`: who is who."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from cyclopts import Parameter

from pendopo.cli.bootstrap.databases import open_offline, open_upgraded
from pendopo.cli.bootstrap.directory_files import export_directory, make_workbook, to_toml
from pendopo.cli.options import GlobalOptions, InjectedOptions
from pendopo.cli.output import PROBLEM, print_json, print_table
from pendopo.directory import Directory
from pendopo.directory.file import DirectoryFile, check_file, read_directory
from pendopo.directory.import_file import list_differences
from pendopo.directory.spreadsheet import read_sheets
from pendopo.directory.staff_table import StaffMap, convert_sheets, list_leaving, list_without_superior, read_map
from pendopo.errors import DirectoryError, OperatorError

MOST_LEAVING = 0.05
"""The share of people who may lose access by one table without a word: more is rather a table of one unit, or a wrong one."""


async def import_file(file: Path, /, *, options: InjectedOptions) -> int:
    """Check a directory file and take it: all of it, or nothing when something in it is wrong.

    Persons are matched by their NIP, or by their name where there is none. A person who is not in the file loses
    all access. A running bot uses the new directory at once.

    Parameters
    ----------
    file
        A TOML file with [[unit]], [[post]], [[person]], [[term]], [[mandate]] and [[forum]] (docs/configuration.md).
    """
    entries = read_directory(file)
    settings = options.load_settings()
    async with open_upgraded(settings) as database:
        changed = await Directory(database, ZoneInfo(settings.timezone)).import_file(file, datetime.now(UTC))
    if options.json:
        print_json({"changed": changed, "persons": len(entries.person), "posts": len(entries.post), "units": len(entries.unit)})
    elif changed:
        print(f"Taken: {len(entries.person)} persons, {len(entries.post)} posts, {len(entries.unit)} units.")
        print("A bot that runs decides by it from now on.")
    else:
        print("The directory says this already; nothing was changed.")
    return 0


async def convert_table(
    file: Path,
    /,
    *,
    map_: Annotated[Path | None, Parameter(name="--map")] = None,
    unit: str = "",
    really: Annotated[bool, Parameter(negative="")] = False,
    options: InjectedOptions,
) -> int:
    """Make a directory file of a table of the personnel office, and write it to standard output.

    See it with `directory diff`, then take it with `directory import`. People are matched by NIP. Roles, superiors, accounts
    and names besides stay as the directory has them.

    Parameters
    ----------
    file
        An Excel, OpenDocument or CSV file with a row of headings: name, NIP, post, unit.
    map_
        A TOML file that says what columns are called, and which roles posts have (docs/directory.md).
    unit
        The code of a unit: whatever is outside of it stays as it is.
    really
        Also when more than one in twenty people would lose access.
    """
    settings = options.load_settings()
    async with open_upgraded(settings) as database:
        base = await export_directory(database, ZoneInfo(settings.timezone))
    made = convert_sheets(read_sheets(file), read_map(map_) if map_ else StaffMap(), base, unit)
    if faults := check_file(made):
        raise DirectoryError("nothing was taken, since\n" + "\n".join(f"  - {fault}" for fault in faults))
    leaving = list_leaving(made, base)
    if len(leaving) > len(base.person) * MOST_LEAVING and not really:
        named = ", ".join(leaving[:10]) + (", …" if len(leaving) > 10 else "")
        raise OperatorError(
            f"{len(leaving)} of {len(base.person)} people are not in {file} and would lose all access: {named}. "
            "If the table is that of one unit, name it with --unit; if it is meant, say --really"
        )
    if above := list_without_superior(made, base):
        print(f"Nobody stands over {len(above)} new posts: {', '.join(above[:10])}. See `superiors` of --map.", file=sys.stderr)
    if leaving:
        print(f"Will lose access: {', '.join(leaving)}", file=sys.stderr)
    print(to_toml(made), end="")
    return 0


async def export_file(*, xlsx: Path | None = None, options: InjectedOptions) -> int:
    """Write the directory to standard output, as a file that `directory import` takes.

    Parameters
    ----------
    xlsx
        An Excel file to write people, posts and accounts into instead, as `directory convert` takes it.
    """
    file = await _read_entries(options)
    if xlsx is not None:
        await asyncio.to_thread(xlsx.write_bytes, make_workbook(file))
        options.print_answer({"file": str(xlsx), "persons": len(file.person)}, f"{xlsx}: {len(file.person)} persons.")
        return 0
    if options.json:
        print_json(msgspec.to_builtins(file))
    else:
        print(to_toml(file), end="")
    return 0


async def show_differences(file: Path, /, *, options: InjectedOptions) -> int:
    """Show what taking a directory file would change, and change nothing. The exit code is 1 when something would.

    Parameters
    ----------
    file
        A directory file, as for `import`.
    """
    changes = list(list_differences(await _read_entries(options), read_directory(file)))
    if options.json:
        print_json([{"change": change, "kind": kind, "name": name, "what": what} for change, kind, name, what in changes])
    else:
        print_table(("CHANGE", "KIND", "NAME", "WHAT"), changes)
        if not changes:
            print("The directory says this already.")
    return PROBLEM if changes else 0


async def show_directory(*, options: InjectedOptions) -> int:
    """Show the people, their posts and accounts."""
    file = await _read_entries(options)
    titles = {post.code: post.title for post in file.post}
    people = [(who.name, [titles.get(code, code) for code in who.posts], who.accounts) for who in file.person]
    if options.json:
        print_json([{"name": name, "posts": posts, "accounts": accounts} for name, posts, accounts in people])
    elif people:
        print_table(("NAME", "POSTS", "ACCOUNTS"), [(who, ", ".join(posts), ", ".join(names)) for who, posts, names in people])
    else:
        print("Nobody is in the directory yet: pendopo directory import FILE")
    return 0


async def _read_entries(options: GlobalOptions) -> DirectoryFile:
    settings = options.load_settings()
    async with open_offline(settings) as database:
        return await export_directory(database, ZoneInfo(settings.timezone))
