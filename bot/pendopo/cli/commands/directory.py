"""`pendopo directory`: who is who."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from pendopo.cli.bootstrap.databases import open_offline, open_upgraded
from pendopo.cli.bootstrap.directory_files import export_directory, to_toml
from pendopo.cli.options import GlobalOptions, InjectedOptions
from pendopo.cli.output import PROBLEM, print_json, print_table
from pendopo.directory import Directory
from pendopo.directory.file import DirectoryFile, read_directory
from pendopo.directory.import_file import list_differences


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


async def export_file(*, options: InjectedOptions) -> int:
    """Write the directory to standard output, as a file that `directory import` takes."""
    file = await _read_entries(options)
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
