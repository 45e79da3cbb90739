"""Imports a directory file: people keep their ids, and anyone the file no longer lists loses all access."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from pendopo.directory.file import DirectoryFile, PersonEntry
from pendopo.model import AccountSource, Forum, Holding, Mandate, MandateSource, Unit
from pendopo.model.ids import to_ms
from pendopo.store import Connection
from pendopo.store.queries import accounts, deliveries, people, posts, sessions
from pendopo.store.queries.posts import PostRow

KEYS: Mapping[str, Sequence[str]] = {
    "unit": ("code",),
    "post": ("code",),
    "person": ("name",),
    "term": ("person", "post", "since"),
    "mandate": ("kind", "post", "person", "since"),
    "forum": ("name",),
}
"""The fields that identify an entry of each kind."""


def list_differences(before: DirectoryFile, after: DirectoryFile) -> Iterator[tuple[str, str, str, str]]:
    """Each change as (new | gone | changed, the kind of entry, its name, the fields that differ)."""
    for kind in KEYS:
        old, new = _index_by_name(before, kind), _index_by_name(after, kind)
        yield from (("gone", kind, name, "") for name in old if name not in new)
        for name, entry in new.items():
            if name not in old:
                yield "new", kind, name, ""
            elif what := ", ".join(_list_changes(old[name], entry)):
                yield "changed", kind, name, what


def _index_by_name(file: DirectoryFile, kind: str) -> dict[str, dict[str, Any]]:
    entries = [msgspec.structs.asdict(entry) for entry in getattr(file, kind)]
    for entry in entries:
        # One file may name a person by NIP and the other by name.
        person = file.find_entry(entry["person"]) if "person" in entry else None
        if person is not None:
            entry["person"] = person.nip or person.name
    return {_entry_name(kind, entry): entry for entry in entries}


def _entry_name(kind: str, entry: Mapping[str, Any]) -> str:
    if kind == "person" and entry["nip"]:
        return str(entry["nip"])  # the NIP identifies a person even when the name changes
    return " ".join(str(entry[key]) for key in KEYS[kind] if entry[key])


def _list_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for field, value in new.items():
        if sorted(map(str, value)) != sorted(map(str, old[field])) if isinstance(value, list) else value != old[field]:
            yield f"{field}: {_format_value(old[field])} → {_format_value(value)}"


def _format_value(value: Any) -> str:
    return ", ".join(map(str, value)) or "–" if isinstance(value, list) else str(value or "–")


def replace_directory(connection: Connection, file: DirectoryFile, now: int, zone: ZoneInfo) -> None:
    """Replace the directory by the file. People keep their ids; terms and mandates given in a chat stay."""
    listed = accounts.list_accounts_of_file(connection)
    accounts.delete_accounts_of_file(connection)  # accounts people linked themselves stay
    posts.replace_structure(
        connection,
        [Unit(u.code, u.name, u.parent) for u in file.unit],
        [PostRow(p.code, p.title, p.unit, p.superior, p.roles, p.aliases) for p in file.post],
        [Forum(f.name, tuple(f.chats), tuple(f.members)) for f in file.forum],
    )
    people.deactivate_everybody(connection)
    ids = {id(entry): _import_person(connection, entry, now) for entry in file.person}
    _import_periods(connection, file, ids, now, zone)
    for person in people.list_inactive(connection):
        deactivate_person(connection, person, now)
    # An operator who adds an account to the file vouches for its owner; an account that was in it before proves nothing new.
    news = accounts.list_accounts_of_file(connection) - listed
    accounts.confirm_accounts(connection, [alias for alias, _ in news])


def _import_person(connection: Connection, entry: PersonEntry, now: int) -> int:
    """People are matched by NIP, or by name while they have no NIP."""
    id_ = people.find_person(connection, entry.name, entry.nip)
    if id_ is None:
        id_ = people.add_person(connection, entry.name, entry.nip, entry.locale)
    else:
        people.update_person(connection, id_, entry.name, entry.nip, entry.locale)
    people.set_details(connection, id_, entry.aliases, entry.employment)
    accounts.link_accounts(connection, entry.accounts, id_, AccountSource.FILE, now)
    return id_


def deactivate_person(connection: Connection, person: int, now: int) -> None:
    """End all access of a person who left; private messages still waiting for them are not sent."""
    people.deactivate_person(connection, person)
    posts.end_all_of_person(connection, person, now)
    accounts.delete_link_codes(connection, person)
    sessions.end_sessions(connection, person)
    sessions.delete_tickets(connection, person)
    deliveries.bury_private(connection, person, "who it was meant for has left the directory")


def _import_periods(connection: Connection, file: DirectoryFile, ids: dict[int, int], now: int, zone: ZoneInfo) -> None:
    numbers = {entry.nip or entry.name: ids[id(entry)] for entry in file.person}

    def number(who: str) -> int:
        entry = file.find_entry(who)
        return numbers[entry.nip or entry.name] if entry else 0

    terms = [Holding(number(t.person), t.post, *_convert_period(t.since, t.until, zone)) for t in file.term]
    for entry in file.person:
        person = ids[id(entry)]
        _import_holdings(connection, person, entry.posts, [term for term in terms if term.person == person], now)
    posts.end_mandates_of_file(connection, now)
    for m in file.mandate:
        since, until = _convert_period(m.since, m.until, zone)
        mandate = Mandate(number(m.person), m.post, since, until, m.kind, m.basis, tuple(m.may))
        # The same mandate may have been given in a chat and exported from there.
        posts.replace_mandate(connection, mandate, MandateSource.FILE)


def _import_holdings(connection: Connection, person: int, lasting: Sequence[str], terms: Sequence[Holding], now: int) -> None:
    """Hold `lasting` posts from now without an end, and the posts of `terms` exactly for their period."""
    dated = {term.post for term in terms}
    held = posts.list_open_holdings(connection, person)
    for post in held.difference(lasting) | (held & dated):
        posts.close_holding(connection, person, post, now)
    posts.cut_dated_holdings(connection, person, now)
    for term in terms:
        posts.replace_holding(connection, term)
    for post in lasting:
        if post not in held and post not in dated:
            posts.add_holding(connection, Holding(person, post, now))


def _convert_period(since: date | None, until: date | None, zone: ZoneInfo) -> tuple[int, int]:
    """Milliseconds from the start of the first day to the end of the last one; 0 where there is no limit."""
    return _start_of_day(since, zone) if since else 0, _start_of_day(until + timedelta(days=1), zone) if until else 0


def _start_of_day(day: date, zone: ZoneInfo) -> int:
    return to_ms(datetime.combine(day, time(0), zone))
