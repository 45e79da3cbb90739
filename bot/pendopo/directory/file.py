"""The directory file: people, posts and units as an operator writes them. All of it is checked before any is imported."""

import difflib
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from pendopo.adapters.account_forms import AccountFormError, canonicalise_account
from pendopo.errors import DirectoryError
from pendopo.model import Employment, MandateKind, StaffStatus


class Period(Protocol):
    """The fields a term and a mandate have in common."""

    @property
    def person(self) -> str: ...
    @property
    def post(self) -> str: ...
    @property
    def since(self) -> date | None: ...
    @property
    def until(self) -> date | None: ...


P = TypeVar("P", bound=Period)


class UnitEntry(msgspec.Struct, forbid_unknown_fields=True):
    """`[[unit]]`: a part of the administration; `parent` is the code of the unit it belongs to."""

    code: str
    name: str
    parent: str = ""


class PostEntry(msgspec.Struct, forbid_unknown_fields=True):
    """`[[post]]`: a position; `superior` is the code of the post it answers to, `aliases` what it is called besides."""

    code: str
    title: str
    unit: str = ""
    superior: str = ""
    roles: list[str] = []
    aliases: list[str] = []


class PersonEntry(msgspec.Struct, forbid_unknown_fields=True):
    """`[[person]]`: `posts` are codes of posts held without an end, `accounts` are written kind:value.

    `aliases` are what the person is called besides; the rest is what `Employment` holds.
    """

    name: str
    nip: str = ""
    posts: list[str] = []
    accounts: list[str] = []
    locale: str = ""
    aliases: list[str] = []
    status: StaffStatus | None = None
    entered: date | None = None
    rank: str = ""
    leave_taken: dict[str, float] = {}

    @property
    def employment(self) -> Employment:
        """On what terms the person works; the NIP is kept apart."""
        return Employment(self.status, self.entered, self.rank, self.leave_taken)


class TermEntry(msgspec.Struct, forbid_unknown_fields=True):
    """`[[term]]`: a person (by NIP or name) on a post, from `since` to `until`, both days included."""

    person: str
    post: str
    since: date | None = None
    until: date | None = None


class MandateEntry(msgspec.Struct, forbid_unknown_fields=True):
    """`[[mandate]]`: a post lent to a person (by NIP or name), from `since` to `until`, both days included."""

    kind: MandateKind
    post: str
    person: str
    since: date
    until: date | None = None
    basis: str = ""
    may: list[str] = []


class ForumEntry(msgspec.Struct, forbid_unknown_fields=True):
    """`[[forum]]`: `chats` are chat keys written adapter:id, `members` roles."""

    name: str
    chats: list[str] = []
    members: list[str] = []


class DirectoryFile(msgspec.Struct, forbid_unknown_fields=True):
    """A whole directory file."""

    unit: list[UnitEntry] = []
    post: list[PostEntry] = []
    person: list[PersonEntry] = []
    term: list[TermEntry] = []
    mandate: list[MandateEntry] = []
    forum: list[ForumEntry] = []

    def find_entry(self, who: str) -> PersonEntry | None:
        """The person with this NIP, else the one with this name. None unless there is exactly one."""
        matches = [person for person in self.person if person.nip and person.nip == who]
        matches = matches or [person for person in self.person if person.name == who]
        return matches[0] if len(matches) == 1 else None


def read_directory(path: Path) -> DirectoryFile:
    """Read and check a directory file. Raises a `DirectoryError` that lists all faults."""
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        file = msgspec.convert(data, DirectoryFile)
    except FileNotFoundError as error:
        raise DirectoryError(f"there is no directory file {path}") from error
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise DirectoryError(f"{path}: {error}") from error
    except RecursionError as error:
        raise DirectoryError(f"{path}: it is nested too deeply") from error
    if faults := [*canonicalise_accounts(file), *check_file(file)]:
        raise DirectoryError(f"{path}: nothing was taken, since\n" + "\n".join(f"  - {fault}" for fault in faults))
    return file


def canonicalise_accounts(file: DirectoryFile) -> list[str]:
    """Bring all accounts into the form that their adapters make; returns the faults of those that cannot be."""
    faults: list[str] = []
    for person in file.person:
        for at, account in enumerate(person.accounts):
            if not account.partition(":")[2].strip():
                continue  # that it is no account at all is said elsewhere
            try:
                person.accounts[at] = canonicalise_account(account)
            except AccountFormError as error:
                faults.append(f"person {person.name}: account {account!r} {error}")
    return faults


def check_file(file: DirectoryFile) -> list[str]:
    """All faults of a directory file, one sentence each."""
    posts = {post.code: post for post in file.post}
    return [
        *_check_letters(file),
        *_check_names(file),
        *_check_units(file),
        *_check_people(file, posts),
        *_check_periods(file, posts),
        *_check_forums(file),
        *_check_aliases(file),
        *(f"post {code} is its own superior, by {' → '.join(loop)}" for code in posts if (loop := _find_loop(code, posts))),
    ]


def _check_letters(file: DirectoryFile) -> Iterable[str]:
    for field in file.__struct_fields__:
        for number, entry in enumerate(msgspec.to_builtins(getattr(file, field)), 1):
            if any("\0" in text for value in entry.values() for text in (value if isinstance(value, list) else [str(value)])):
                yield f"{field} {number} holds a NUL, which no database keeps"


def _check_names(file: DirectoryFile) -> list[str]:
    faults = _find_doubles("unit", [unit.code for unit in file.unit]) + _find_doubles("post", [post.code for post in file.post])
    faults += _find_doubles("account", [account for person in file.person for account in person.accounts])
    faults += _find_doubles("nip", [person.nip for person in file.person if person.nip])
    faults += _find_doubles("forum", [forum.name for forum in file.forum])
    faults += _find_doubles("chat", [chat for forum in file.forum for chat in forum.chats])
    return faults + _find_namesakes(file)


def _check_units(file: DirectoryFile) -> Iterable[str]:
    units, posts = {unit.code for unit in file.unit}, {post.code for post in file.post}
    for unit in file.unit:
        yield from _report_unknown(f"unit {unit.code}: parent", unit.parent, units)
    for post in file.post:
        yield from _report_unknown(f"post {post.code}: unit", post.unit, units)
        yield from _report_unknown(f"post {post.code}: superior", post.superior, posts)


def _check_people(file: DirectoryFile, posts: Mapping[str, PostEntry]) -> Iterable[str]:
    for person in file.person:
        for code in person.posts:
            yield from _report_unknown(f"person {person.name}: post", code, posts)
        for account in person.accounts:
            if ":" not in account.strip(":"):
                yield f"person {person.name}: account {account!r} is not kind:value"
        for year, days in person.leave_taken.items():
            if not re.fullmatch(r"20\d\d", year) or not 0 <= days <= 366 or days % 0.5:
                yield f"person {person.name}: leave_taken {year} = {days:g} is not a year and its days, half days as .5"


def _check_forums(file: DirectoryFile) -> Iterable[str]:
    roles = {role for post in file.post for role in post.roles}
    for forum in file.forum:
        for role in forum.members:
            yield from _report_unknown(f"forum {forum.name}: role", role, roles)
        for chat in forum.chats:
            if ":" not in chat.strip(":"):
                yield f"forum {forum.name}: chat {chat!r} is not adapter:id"


def _check_aliases(file: DirectoryFile) -> Iterable[str]:
    named: list[tuple[str, list[str]]] = [(f"post {post.code}", post.aliases) for post in file.post]
    for what, aliases in [*named, *((f"person {person.name}", person.aliases) for person in file.person)]:
        for alias in aliases:
            if not any(letter.isalnum() for letter in alias):
                yield f"{what}: the alias {alias!r} holds no letter"


def _check_periods(file: DirectoryFile, posts: Mapping[str, PostEntry]) -> Iterable[str]:
    periods: list[tuple[str, Period]] = [("term", term) for term in file.term]
    for what, entry in [*periods, *(("mandate", mandate) for mandate in file.mandate)]:
        label = f"{what} of {entry.person} as {entry.post}"
        yield from _report_unknown(f"{label}: post", entry.post, posts)
        if file.find_entry(entry.person) is None:
            names = {name for person in file.person for name in (person.name, person.nip) if name}
            yield from _report_unknown(f"{label}: person", entry.person, names) or [f"{label}: several persons are called that"]
        if entry.since and entry.until and entry.until < entry.since:
            yield f"{label}: it ends before it begins"
    yield from _find_overlaps("terms", file.term, lambda term: (term.post, term.person))
    acting = [mandate for mandate in file.mandate if mandate.kind in (MandateKind.PLH, MandateKind.PLT)]
    yield from _find_overlaps("Plh or Plt mandates", acting, lambda mandate: mandate.post)
    beside = [mandate for mandate in file.mandate if mandate.kind not in (MandateKind.PLH, MandateKind.PLT)]
    yield from _find_overlaps("mandates", beside, lambda mandate: (mandate.post, mandate.person))


def _find_overlaps(what: str, entries: Sequence[P], same: Callable[[P], object]) -> Iterable[str]:
    for number, one in enumerate(entries):
        for other in entries[number + 1 :]:
            if same(one) == same(other) and _has_common_day(one, other):
                yield f"{what} for {one.post} overlap: {one.person} and {other.person}"


def _has_common_day(one: Period, other: Period) -> bool:
    """Whether two periods, their last days included, have a day in common."""
    begins = [period.since or date.min for period in (one, other)]
    ends = [period.until or date.max for period in (one, other)]
    return max(begins) <= min(ends)


def _find_doubles(what: str, values: list[str]) -> list[str]:
    return [f"{what} {value} appears twice" for value in dict.fromkeys(values) if values.count(value) > 1]


def _find_namesakes(file: DirectoryFile) -> list[str]:
    """People with the same name and no NIP: one would get the rights of the other."""
    names = [person.name for person in file.person]
    unsure = dict.fromkeys(person.name for person in file.person if not person.nip and names.count(person.name) > 1)
    return [f"person {name} appears twice: give each a nip" for name in unsure]


def _report_unknown(what: str, value: str, known: Collection[str]) -> list[str]:
    if not value or value in known:
        return []
    close = difflib.get_close_matches(value, known, n=1)
    return [f"{what} {value!r} does not exist" + (f"; did you mean {close[0]!r}?" if close else "")]


def _find_loop(code: str, posts: Mapping[str, PostEntry]) -> list[str]:
    path = [code]
    while (above := posts[path[-1]].superior) in posts:
        path.append(above)
        if above == code:
            return path
        if above in path[:-1]:
            return []  # a loop that this post leads into but is not part of: it is reported for its own posts
    return []
