"""The directory file: people, posts and units as an operator writes them. All of it is checked before any of it is taken."""

import difflib
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from bot.errors import DirectoryError


class UnitEntry(msgspec.Struct, forbid_unknown_fields=True):
    """`[[unit]]`"""

    code: str
    name: str
    parent: str = ""


class PostEntry(msgspec.Struct, forbid_unknown_fields=True):
    """`[[post]]`"""

    code: str
    title: str
    unit: str = ""
    superior: str = ""
    roles: list[str] = []


class PersonEntry(msgspec.Struct, forbid_unknown_fields=True):
    """`[[person]]`"""

    name: str
    nip: str = ""
    posts: list[str] = []
    accounts: list[str] = []
    locale: str = ""


class ForumEntry(msgspec.Struct, forbid_unknown_fields=True):
    """`[[forum]]`"""

    name: str
    chats: list[str] = []
    members: list[str] = []


class DirectoryFile(msgspec.Struct, forbid_unknown_fields=True):
    """A whole directory file."""

    unit: list[UnitEntry] = []
    post: list[PostEntry] = []
    person: list[PersonEntry] = []
    forum: list[ForumEntry] = []


def read_directory(path: Path) -> DirectoryFile:
    """Read and check a directory file. Raises `DirectoryError` that names every fault in it."""
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        file = msgspec.convert(data, DirectoryFile)
    except FileNotFoundError as error:
        raise DirectoryError(f"there is no directory file {path}") from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise DirectoryError(f"{path}: {error}") from error
    if faults := check(file):
        raise DirectoryError(f"{path}: nothing was taken, since\n" + "\n".join(f"  - {fault}" for fault in faults))
    return file


def check(file: DirectoryFile) -> list[str]:
    """Everything that is wrong with a directory file, one sentence each."""
    units, posts = {unit.code for unit in file.unit}, {post.code: post for post in file.post}
    faults = _doubles("unit", [unit.code for unit in file.unit]) + _doubles("post", [post.code for post in file.post])
    faults += _doubles("account", [account for person in file.person for account in person.accounts])
    faults += _doubles("nip", [person.nip for person in file.person if person.nip])
    faults += _doubles("forum", [forum.name for forum in file.forum])
    faults += _doubles("chat", [chat for forum in file.forum for chat in forum.chats])
    faults += _namesakes(file)
    for unit in file.unit:
        faults += _unknown(f"unit {unit.code}: parent", unit.parent, units)
    for post in file.post:
        faults += _unknown(f"post {post.code}: unit", post.unit, units)
        faults += _unknown(f"post {post.code}: superior", post.superior, set(posts))
    for person in file.person:
        for code in person.posts:
            faults += _unknown(f"person {person.name}: post", code, set(posts))
        faults += [f"person {person.name}: account {a!r} is not kind:value" for a in person.accounts if ":" not in a.strip(":")]
    roles = {role for post in file.post for role in post.roles}
    for forum in file.forum:
        for role in forum.members:
            faults += _unknown(f"forum {forum.name}: role", role, roles)
        faults += [f"forum {forum.name}: chat {c!r} is not adapter:id" for c in forum.chats if ":" not in c.strip(":")]
    faults += [f"post {code} is its own superior, by {' → '.join(loop)}" for code in posts if (loop := _loop(code, posts))]
    return faults


def _doubles(what: str, values: list[str]) -> list[str]:
    return [f"{what} {value} appears twice" for value in dict.fromkeys(values) if values.count(value) > 1]


def _namesakes(file: DirectoryFile) -> list[str]:
    """Persons whom nothing tells apart: the rights of one would be those of the other."""
    names = [person.name for person in file.person]
    unsure = dict.fromkeys(person.name for person in file.person if not person.nip and names.count(person.name) > 1)
    return [f"person {name} appears twice: give each a nip" for name in unsure]


def _unknown(what: str, value: str, known: set[str]) -> list[str]:
    if not value or value in known:
        return []
    close = difflib.get_close_matches(value, known, n=1)
    return [f"{what} {value!r} does not exist" + (f"; did you mean {close[0]!r}?" if close else "")]


def _loop(code: str, posts: dict[str, PostEntry]) -> list[str]:
    path = [code]
    while (above := posts[path[-1]].superior) in posts:
        path.append(above)
        if above == code:
            return path
        if above in path[:-1]:
            return []  # somebody else's loop, reported there
    return []
