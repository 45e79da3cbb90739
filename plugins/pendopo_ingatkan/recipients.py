"""The recipient of a reminder in its text: `saya`, a person, or `grup`."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pendopo import Context, Message, Person, UserError

_SELF = re.compile(r"\s*(?:saya|aku|gue|gua|abdi|me)\b[\s:,]*(?:untuk\b|to\b)?\s*", re.IGNORECASE)
_GROUP = re.compile(
    r"\s*@?(?:grup|group|semua|kami|kita|forum)(?:\s+ini)?\b[\s:,]*(?:untuk\b|to\b)?\s*|\s*di sini\b[\s:,]*", re.IGNORECASE
)
# "kirim ke grup" is what is to be done, "kirim data grup" whom to tell.
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


def parse_recipient(ctx: Context, text: str) -> Recipient:
    """Reads the recipient. Raises `UserError` for an unknown name, and for a group in a private chat."""
    if found := _SELF.match(text):
        return Recipient(ctx.person, text[found.end() :].strip())
    named = _find_mentioned(ctx, text) or _find_named(ctx, text)
    if named is not None:
        return named
    for pattern in (_GROUP, _GROUP_LAST):
        if found := (pattern.match(text) or (pattern.search(text) if pattern is _GROUP_LAST else None)):
            return _make_group(ctx, (text[: found.start()] + " " + text[found.end() :]).strip())
    if unknown := _UNKNOWN.search(text):
        close = ", ".join(person.called for person in ctx.people.persons_like(unknown[1]))
        raise UserError("ingatkan.siapa_mirip" if close else "ingatkan.siapa", tertulis=unknown[0][:60], mirip=close)
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
    """The longest name at the start, or after an `@`. Raises `UserError` when it fits several people."""
    found = [
        (end - start, start, end, person) for name, person in _iter_names(ctx) for start, end in _find_positions(name, text)
    ]
    if not found:
        return None
    longest = max(length for length, *_ in found)
    best = {person.id: (start, end, person) for length, start, end, person in found if length == longest}
    if len(best) > 1:
        who = ", ".join(f"{person.name} ({person.called})" for *_, person in best.values())
        raise UserError("ingatkan.siapa_mirip", tertulis=text[:60], mirip=who)
    start, end, person = next(iter(best.values()))
    return Recipient(person, f"{text[:start].strip()} {text[end:].strip(' ,:')}".strip())


def _iter_names(ctx: Context) -> Iterator[tuple[str, Person]]:
    for person in ctx.people.persons.values():
        yield person.name, person
        for post in ctx.people.posts_of(person, ctx.now):
            yield post.title, person


def _find_positions(name: str, text: str) -> Iterator[tuple[int, int]]:
    for found in re.finditer(rf"(?<!\w)(@?){re.escape(name)}(?!\w)", text, re.IGNORECASE):
        if found[1] or not text[: found.start()].strip():
            yield found.start(), found.end()
