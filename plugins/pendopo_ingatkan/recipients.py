"""The recipient of a reminder in its text: `saya`, a person, or `grup`."""

import re
from itertools import islice
from typing import NamedTuple

from pendopo import (
    Context,
    Message,
    NameMatch,
    Person,
    PersonListReader,
    UnclearName,
    UserError,
    find_name_end,
    format_reference,
)

MOST = 4
"""Persons offered at most."""
NAMES = 20
"""Names looked at in one text."""

_SELF = re.compile(
    r"\s*(?:saya|sya|sy|saia|aku|ku|gue|gua|gw|abdi|kuring|urang|me|diri\s+sendiri)\b[\s:,]*(?:untuk\b|to\b)?\s*", re.IGNORECASE
)
_GROUP = re.compile(
    r"\s*@?(?:grup|group|semua|kami|kita|forum)(?:\s+ini)?\b[\s:,]*(?:untuk\b|to\b)?\s*|\s*di sini\b[\s:,]*", re.IGNORECASE
)
# In "kirim ke grup" the group belongs to the task, in "kirim data grup" it is the recipient.
_GROUP_LAST = re.compile(r"(?<!\bke)(?<!\bdi)(?<!\bdari)(?<!\buntuk)(?<!\bdalam)(?<!\boleh)\s+@?grup\s*$", re.IGNORECASE)
_UNKNOWN = re.compile(r"(?<!\w)@(\w[\w.]*)")


class Recipient(NamedTuple):
    """A person, or None for the group; and the rest of the text."""

    person: Person | None
    isi: str

    @property
    def name(self) -> str:
        """The recipient as buttons and questions keep it."""
        return str(self.person.id) if self.person else "grup"


def parse_recipient(ctx: Context, text: str, param: str) -> Recipient:
    """Reads the recipient of the text in an argument. Raises `UserError` for a name that is not clear, and for a group in a
    private chat."""
    if found := _SELF.match(text):
        return Recipient(ctx.person, text[found.end() :].strip())
    named = _find_mentioned(ctx, text) or _find_named(ctx, text)
    if named is not None:
        return named
    for pattern in (_GROUP, _GROUP_LAST):
        if found := (pattern.match(text) or (pattern.search(text) if pattern is _GROUP_LAST else None)):
            return _make_group(ctx, (text[: found.start()] + " " + text[found.end() :]).strip())
    if unclear := _find_unclear(ctx, text):
        raise _ask_recipient(ctx, unclear, text, param)
    return Recipient(ctx.person, text)


def restore_recipient(ctx: Context, name: str, isi: str) -> Recipient:
    """The recipient from `Recipient.name`."""
    if name == "grup":
        return _make_group(ctx, isi)
    person = ctx.people.find_person(int(name))
    if person is None:
        raise UserError("ingatkan.siapa", tertulis=name)
    return Recipient(person, isi)


def _make_group(ctx: Context, isi: str) -> Recipient:
    if ctx.chat.private:
        raise UserError("ingatkan.grup_di_grupnya")
    return Recipient(None, isi)


def _find_mentioned(ctx: Context, text: str) -> Recipient | None:
    mentions = ctx.event.mentions if isinstance(ctx.event, Message) else ()
    for mention in mentions:
        if mention.alias and mention.text in text and (person := ctx.people.by_alias((mention.alias,))):
            return Recipient(person, text.replace(mention.text, " ", 1).strip(" ,:"))
    return None


def _find_named(ctx: Context, text: str) -> Recipient | None:
    """The name at the start, or after an `@`; None where nobody is named surely."""
    for found in _list_addressed(ctx, text):
        if found.sure:
            return Recipient(found.values[0], found.cut_from(text).strip(" ,:"))
    return None


def _list_addressed(ctx: Context, text: str) -> list[NameMatch[Person]]:
    """The name that an `@` marks, and the one that the text begins with."""
    marked = (found for found in islice(ctx.people.iter_names(text, ctx.sender), NAMES) if text[found.start] == "@")
    return [found for found in (next(marked, None), ctx.people.find_opening(text, ctx.sender)) if found is not None]


def _find_unclear(ctx: Context, text: str) -> UnclearName | None:
    """What may be the name of a recipient, but of nobody surely: behind an `@` or a title, a role, a given name, a group."""
    if addressed := _list_addressed(ctx, text):
        found = addressed[0]
        return UnclearName(found.start, found.end, text[found.start : found.end].strip(), found.values[:MOST])
    if unknown := _UNKNOWN.search(text):
        near = ctx.people.persons_like(unknown[1], MOST, ctx.sender)
        return UnclearName(unknown.start(), unknown.end(), unknown[0], near)
    listed, rest = PersonListReader(ctx.people, ctx.sender).read_opening(text)
    if listed.unclear:
        return listed.unclear[0]
    if listed.persons:  # "para camat"
        end = len(text) - len(rest)
        return UnclearName(0, end, text[:end].strip(), listed.persons[:MOST])
    if end := find_name_end(text):
        return UnclearName(0, end, text[:end].strip(), ctx.people.persons_like(text[:end], MOST, ctx.sender))
    given = ctx.people.suggest_given_name(text, ctx.sender)
    return UnclearName(given.start, given.end, text[given.start : given.end], given.values[:MOST]) if given else None


def _ask_recipient(ctx: Context, unclear: UnclearName, text: str, param: str) -> UserError:
    """Asks whom a reminder is for; the rest of the text is kept, and it may be for oneself."""
    error = ctx.explain_unclear([unclear._replace(choices=[who for who in unclear.choices if who != ctx.person])], param, text)
    others = [(label, value) for label, value in error.options if "@#" in str(value)]
    own = (ctx.translate("ingatkan.untuk_saya"), f"{format_reference(ctx.person)} {text.replace('@', '')}")
    return UserError("ingatkan.untuk_siapa", param, [*others, own], tertulis=unclear.said[:60])
