"""Reads the text of a meeting besides its time: title, place, and participants."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple

from pendopo import (
    Chat,
    Context,
    DateRange,
    Day,
    HolidayRule,
    Message,
    Person,
    PersonList,
    PersonListReader,
    TimeRange,
    UnclearName,
    UserError,
    When,
    parse_number,
    start_of,
)

from pendopo_rapat.settings import RapatOptions

_CLAUSE = re.compile(r"(?<!\w)(?:(meng)?(undang)|dipimpin(?:\s+oleh)?|notulis|kuorum)\s+", re.IGNORECASE)
_HERE = re.compile(r"(?<!\w)(?:di\s+sini|disini|di\s+grup\s+ini)(?!\w)", re.IGNORECASE)
_PLACE = re.compile(r"(?<!\w)di\s+(?!sini\b)", re.IGNORECASE)
MOST_PEOPLE = 100_000
"""The largest quorum that is taken."""
MOST_NAMES = 20
"""Names looked at in one text."""
_ALL = frozenset({"grup", "group", "semua", "forum", "kami", "grup ini"})
_OFF: Mapping[HolidayRule, re.Pattern[str]] = {
    "before": re.compile(r"\W*\b(?:di)?maju(?:kan)?\s+(?:bila|kalau|jika)\s+(?:hari\s+)?libur\b", re.IGNORECASE),
    "after": re.compile(r"\W*\b(?:di)?mundur(?:kan)?\s+(?:bila|kalau|jika)\s+(?:hari\s+)?libur\b", re.IGNORECASE),
    "keep": re.compile(r"\W*\btermasuk\s+(?:hari\s+)?libur\b", re.IGNORECASE),
    "skip": re.compile(
        r"\W*\b(?:lewati|kecuali|selain|except)\s+(?:(?:pada|saat|di)\s+)?"
        r"(?:(?:tanggal|tgl)\s+merah|(?:hari\s+)?libur(?:\s+nasional)?|hari\s+(?:besar|raya)|holidays|public\s+holidays)\b",
        re.IGNORECASE,
    ),
}


class MeetingText(NamedTuple):
    """The parts of a text, "" where missing; `sini` means in this chat."""

    judul: str
    tempat: str = ""
    sini: bool = False
    undang: str = ""
    pimpinan: str = ""
    notulis: str = ""
    kuorum: int = 0


def parse_meeting(text: str) -> MeetingText:
    """Splits the text of a meeting into its parts."""
    found = list(_CLAUSE.finditer(text))
    head = text[: found[0].start()] if found else text
    clauses: dict[str, str] = {}
    for at, match in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(text)
        clauses[(match[2] or match[0]).split()[0].lower()] = text[match.end() : end].strip(" ,;.\n")
    sini = any(_HERE.search(part) for part in (head, *clauses.values()))
    clauses = {key: _HERE.sub(" ", value).strip(" ,;.") for key, value in clauses.items()}
    judul, tempat = split_place(_HERE.sub(" ", head))
    invited = clauses.get("undang", "")
    if "undang" in clauses and not tempat and (cut := _PLACE.search(invited)):
        invited, tempat = invited[: cut.start()].strip(" ,"), invited[cut.end() :].strip()
    number = re.search(r"\d+", clauses.get("kuorum", ""))
    kuorum = parse_number(number[0], MOST_PEOPLE) or 0 if number else 0
    return MeetingText(judul, tempat, sini, invited, clauses.get("dipimpin", ""), clauses.get("notulis", ""), kuorum)


def split_place(text: str) -> tuple[str, str]:
    """A title and the place at its end ("… di Balai Kota")."""
    found = list(_PLACE.finditer(text))
    if not found:
        return re.sub(r"\s{2,}", " ", text).strip(" ,;.-–\n"), ""
    last = found[-1]
    return re.sub(r"\s{2,}", " ", text[: last.start()]).strip(" ,;.-–\n"), text[last.end() :].strip(" ,;.\n")


def parse_off_days(text: str) -> tuple[HolidayRule, str]:
    """The rule for turns on holidays, "skip" by default, and the text without it."""
    for policy, pattern in _OFF.items():
        if found := pattern.search(text):
            return policy, f"{text[: found.start()]} {text[found.end() :]}".strip()
    return "skip", text


def resolve_invitees(ctx: Context, text: str, chat: Chat, param: str, whole: str = "") -> list[Person]:
    """All that a list names: persons, posts, units, groups, forums, `@grup`. Raises `UserError` for names that are not clear.

    The list is the value of the argument `param`, or stands in it (`whole`).
    """
    listed = _make_reader(ctx, chat).read_list(text)
    if listed.unclear:
        raise _explain_unclear(ctx, listed, text, param, whole)
    return list(listed.persons)


def resolve_remaining(ctx: Context, text: str, chat: Chat) -> list[Person]:
    """All that a list names; unknown names are skipped."""
    with suppress(UserError):
        return list(_make_reader(ctx, chat).read_list(text).persons)
    return []


def resolve_person(ctx: Context, text: str, param: str, whole: str) -> Person | None:
    """The person a text names; None for empty text. Raises `UserError` unless it names exactly one."""
    if not text.strip():
        return None
    listed = _make_reader(ctx, ctx.chat).read_list(text)
    if len(listed.persons) == 1 and not listed.unclear:
        return listed.persons[0]
    unclear = listed.unclear or [UnclearName(0, len(text), text.strip(), listed.persons[:6])]
    raise _explain_unclear(ctx, PersonList((), unclear), text, param, whole)


def _explain_unclear(ctx: Context, listed: PersonList, text: str, param: str, whole: str) -> UserError:
    at = max(whole.find(text), 0) if whole else 0
    unclear = [name._replace(start=name.start + at, end=name.end + at) for name in listed.unclear]
    return ctx.explain_unclear(unclear, param, whole or text)


def _make_reader(ctx: Context, chat: Chat) -> PersonListReader:
    return PersonListReader(ctx.people, ctx.sender, partial(_resolve_special, ctx, chat))


def _resolve_special(ctx: Context, chat: Chat, said: str) -> Sequence[Person] | None:
    """Whom this chat's own words mean: `grup`, and mentions."""
    lowered = said.strip(" .@").lower()
    if lowered in _ALL:
        return _resolve_group(ctx, chat)
    for mention in ctx.event.mentions if isinstance(ctx.event, Message) else ():
        if mention.text.strip("@ ").lower() == lowered and (known := ctx.people.by_alias((mention.alias,))):
            return [known]
    return None


def _resolve_group(ctx: Context, chat: Chat) -> Sequence[Person]:
    forum = ctx.people.forum_of(chat.key)
    if forum is None:
        raise UserError("rapat.grup_tanpa_forum")
    return ctx.people.members_of(forum, ctx.now)


_NOT_ASSIGNED = re.compile(
    r"(?:\b(?:ke|kepada|dari|dengan|dgn|bersama|via|lewat|melalui|untuk|utk|di|milik|oleh\s+pihak|rumah|kantor|surat|ruang|usul|arahan|"
    r"permintaan|laporan|undangan)\s+(?:(?:pak|bu|ibu|bapak|bpk|yth)\.?\s+){0,3}@?)$",
    re.IGNORECASE,
)
"""Words before a name that is part of the task: "kirim surat ke Kadis PU"."""


class Assignee(NamedTuple):
    """The person that a task is for, None while that is not clear; the words left, and whom else it may mean."""

    person: Person | None
    words: str
    choices: Sequence[Person] = ()


def split_assignee(ctx: Context, text: str) -> Assignee:
    """The person mentioned, named after an `@`, or the only one named otherwise; and the text without them."""
    for mention in ctx.event.mentions if isinstance(ctx.event, Message) else ():
        if mention.alias and mention.text in text and (known := ctx.people.by_alias((mention.alias,))):
            return Assignee(known, text.replace(mention.text, " ", 1).strip())
    named = list(islice(ctx.people.iter_names(text, ctx.sender), MOST_NAMES))
    marked = [found for found in named if text[found.start] == "@"]
    found = marked[0] if marked else named[0] if len(named) == 1 else None
    if found is not None and found.sure and (marked or not _NOT_ASSIGNED.search(text[: found.start])):
        return Assignee(found.values[0], found.cut_from(text).strip(" ,;:"))
    choices = list(dict.fromkeys(person for each in marked or named for person in each.values))
    return Assignee(None, text, choices[:6])


def resolve_deadline(ctx: Context, waktu: When) -> datetime | None:
    """The moment of a deadline; for a day, when offices close. None for a time that is none."""
    if isinstance(waktu, (Day, DateRange)):
        return ctx.at(waktu.on if isinstance(waktu, Day) else waktu.end, ctx.options(RapatOptions).tutup)
    if isinstance(waktu, TimeRange) and waktu.end is not None:
        return waktu.end
    start = start_of(waktu)
    return start if isinstance(start, datetime) else None
