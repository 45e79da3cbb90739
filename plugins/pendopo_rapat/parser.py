"""Reads the text of a meeting besides its time: title, place, and participants."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from pendopo import Chat, Context, DateRange, Day, HolidayRule, Message, Person, TimeRange, UserError, When, start_of

from pendopo_rapat.settings import RapatOptions

_CLAUSE = re.compile(r"(?<!\w)(?:(meng)?(undang)|dipimpin(?:\s+oleh)?|notulis|kuorum)\s+", re.IGNORECASE)
_HERE = re.compile(r"(?<!\w)(?:di\s+sini|disini|di\s+grup\s+ini)(?!\w)", re.IGNORECASE)
_PLACE = re.compile(r"(?<!\w)di\s+(?!sini\b)", re.IGNORECASE)
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
    kuorum = int(number[0]) if number else 0
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


def resolve_invitees(ctx: Context, text: str, chat: Chat) -> list[Person]:
    """All that a list names: persons, posts, units, roles, forums, `@grup`. Raises `UserError` for unknown names."""
    return list(dict.fromkeys(person for part in _split_list(text) for person in _resolve_part(ctx, part, chat)))


def resolve_remaining(ctx: Context, text: str, chat: Chat) -> list[Person]:
    """All that a list names; unknown names are skipped."""
    found: list[Person] = []
    for part in _split_list(text):
        with suppress(UserError):
            found += _resolve_part(ctx, part, chat)
    return list(dict.fromkeys(found))


def _split_list(text: str) -> list[str]:
    return [part for p in re.split(r"[,;\n]", text) if (part := p.strip(" .@"))]


def _resolve_part(ctx: Context, part: str, chat: Chat) -> Sequence[Person]:
    whole = _resolve_word(ctx, part, chat)
    if whole is not None:
        return whole
    found: list[Person] = []
    for word in re.split(r"\s+(?:dan|serta|and|&)\s+", part):
        named = _resolve_word(ctx, word.strip(" @"), chat)
        if named is None:
            close = ", ".join(person.called for person in ctx.people.persons_like(word))
            raise UserError("rapat.undang_mirip" if close else "rapat.undang_siapa", tertulis=word[:60], mirip=close)
        found += named
    return found


def _resolve_word(ctx: Context, word: str, chat: Chat) -> Sequence[Person] | None:
    """The persons that one name stands for; None for an unknown one."""
    lowered = word.lower()
    if lowered in _ALL:
        return _resolve_group(ctx, chat)
    for forum in ctx.people.forums:
        if forum.name.lower() == lowered:
            return ctx.people.members_of(forum, ctx.now)
    for mention in ctx.event.mentions if isinstance(ctx.event, Message) else ():
        if mention.text.strip("@ ").lower() == lowered and (known := ctx.people.by_alias((mention.alias,))):
            return [known]
    if role := ctx.people.with_role(lowered.replace(" ", "_"), ctx.now):
        return role
    found, left = ctx.people.named_in(word)
    if found is not None and not left.strip():
        return [found]
    return _resolve_unit(ctx, word)


def _resolve_unit(ctx: Context, word: str) -> list[Person] | None:
    unit, left = ctx.people.unit_names.first_in(word)
    if unit is None or left.strip():
        return None
    posts = (post for post in ctx.people.posts.values() if post.unit and ctx.people.is_within(post.unit, unit.code))
    return [person for post in posts for person in ctx.people.holders_of(post.code, ctx.now)]


def _resolve_group(ctx: Context, chat: Chat) -> Sequence[Person]:
    forum = ctx.people.forum_of(chat.key)
    if forum is None:
        raise UserError("rapat.grup_tanpa_forum")
    return ctx.people.members_of(forum, ctx.now)


def resolve_person(ctx: Context, text: str) -> Person | None:
    """The person a text names; None for empty text. Raises `UserError` unless it names exactly one."""
    if not text.strip():
        return None
    found = _resolve_word(ctx, text.strip(" .,@"), ctx.chat)
    if not found or len(found) != 1:
        raise UserError("rapat.undang_siapa", tertulis=text[:60])
    return found[0]


def split_person(ctx: Context, text: str) -> tuple[Person | None, str]:
    """The person mentioned or named after an `@`, else None; and the text without them."""
    for mention in ctx.event.mentions if isinstance(ctx.event, Message) else ():
        if mention.alias and mention.text in text and (known := ctx.people.by_alias((mention.alias,))):
            return known, text.replace(mention.text, " ", 1).strip()
    for at in [found.end() for found in re.finditer("@", text)]:
        for length in range(len(text), at, -1):
            named, left = ctx.people.named_in(text[at:length])
            if named is not None and not left.strip():
                return named, f"{text[: at - 1].strip()} {text[length:].strip()}".strip(" ,;:")
    return None, text


def resolve_deadline(ctx: Context, waktu: When) -> datetime | None:
    """The moment of a deadline; for a day, when offices close. None for a time that is none."""
    if isinstance(waktu, (Day, DateRange)):
        return ctx.at(waktu.on if isinstance(waktu, Day) else waktu.end, ctx.options(RapatOptions).tutup)
    if isinstance(waktu, TimeRange) and waktu.end is not None:
        return waktu.end
    start = start_of(waktu)
    return start if isinstance(start, datetime) else None
