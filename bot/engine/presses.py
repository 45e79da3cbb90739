"""Choices that were made: a touched button, a number, or a word that answers a message."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from bot.errors import StaleError
from bot.i18n import LOCALES
from bot.model import ButtonPress, Message, Person, Said
from bot.model.ids import parse_lane_key
from bot.plugin.host import ENGINE
from bot.store import Connection

from .core import Core

_NUMBER = re.compile(r"\s*#?(\d{1,2})[\s.!)]*$")
_BECAUSE = re.compile(r"^(karena|krn|sebab|alasan(nya)?|because)\b[\s:,]*", re.IGNORECASE)
FRESH_MS = 24 * 3600 * 1000
"""A bare number answers only what was asked within this time."""

_FIELDS = "token, delivery, ordinal, label, route, args, allowed, group_key, expires_at, used_at, used_by"


class Press(msgspec.Struct, frozen=True):
    """A choice, found again: what it leads to, and the words that came with it (`tolak karena hujan`)."""

    token: str
    delivery: str
    ordinal: int
    label: Said
    route: str
    args: dict[str, Any]
    allowed: Sequence[int]
    group: str
    expires_at: int
    used_at: int
    used_by: int
    words: str = ""

    def for_(self, person: Person | None) -> bool:
        return not self.allowed or (person is not None and person.id in self.allowed)


class Presses:
    """Finds the choice behind what somebody touched or typed."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def touched(self, event: ButtonPress, person: Person | None) -> Press | None:
        """The choice of a touched button; None when the token was never ours, or was given in another chat."""
        found = await self._find("token = ?", event.token)
        if not found:
            return None
        rows = await self._core.database.read("SELECT lane, native_id FROM delivery WHERE key = ?", (found[0].delivery,))
        if rows and (rows[0][0] == event.chat.key or await self._renamed(event, person, *rows[0])):
            return found[0]
        return None

    async def _renamed(self, event: ButtonPress, person: Person | None, lane: str, native_id: str) -> bool:
        """Whether it is the same private chat under another name: the same person, touching the very same message."""
        if person is None or not event.chat.private or not native_id or native_id != event.message:
            return False
        owner = await self._core.database.read("SELECT person FROM chat WHERE key = ?", (lane,))
        return bool(owner) and owner[0][0] == person.id and parse_lane_key(lane).adapter == event.chat.adapter

    async def quoted(self, event: Message) -> Press | None:
        """The choice that a message names of the message it quotes, by number, label or synonym.

        A number on something that is over finds it too, so that this can be told. Words in a group find only what is still
        to be chosen: "ok" under a decided matter is chatter.
        """
        key = await self._core.quoted(event)
        if not key:
            return None
        by_number = _NUMBER.match(event.text) is not None
        all_ = await self._find("delivery = ?", key)
        live = [p for p in all_ if not p.used_at and p.expires_at > self._core.now_ms()]
        over = all_ if by_number else [p for p in all_ if p.used_at and event.chat.private]
        return self._chosen(live, event.text) or self._chosen(over, event.text)

    async def unquoted(self, event: Message, person: Person | None) -> Press | Said | None:
        """The choice of a bare number, or privately of a bare word, where there is no doubt; a sentence tells of doubt."""
        if event.reply_to or not (_NUMBER.match(event.text) or (event.chat.private and len(event.text) < 200 and event.text)):
            return None
        return await self._unquoted(event, person)

    async def of_prompt(self, prompt: str, text: str) -> Press | None:
        """The choice of a question that an answer to it names."""
        return self._chosen(await self._of(prompt), text)

    async def _unquoted(self, event: Message, person: Person | None) -> Press | Said | None:
        open_ = []
        for key in await self._recent(event.chat.key):
            # The choices of a question count while its dialog is open, and then the dialog takes them.
            choices = [press for press in await self._of(key) if not press.used_at and not press.route.startswith(f"{ENGINE}.")]
            mine = [press for press in choices if press.for_(person) and (event.chat.private or press.allowed)]
            # "Ya, tapi …" is no yes to something it does not even quote.
            if mine and (chosen := self._chosen(mine, event.text)) and not chosen.words:
                open_.append(chosen)
        if len(open_) > 1:
            return Said("tombol.yang_mana")
        return open_[0] if open_ else None

    async def _recent(self, lane: str) -> list[str]:
        rows = await self._core.database.read(
            "SELECT key, sent_at FROM delivery WHERE lane = ? AND choices = 'numbers' ORDER BY id DESC LIMIT 5", (lane,)
        )
        return [key for key, sent_at in rows if self._core.now_ms() - sent_at < FRESH_MS]

    async def _of(self, delivery: str) -> list[Press]:
        return [p for p in await self._find("delivery = ?", delivery) if p.expires_at > self._core.now_ms()]

    async def _find(self, where: str, value: str) -> list[Press]:
        if "\0" in value:  # none of ours has one, and PostgreSQL would not even look
            return []
        sql = f"SELECT {_FIELDS} FROM button WHERE {where} ORDER BY ordinal"  # noqa: S608  two fixed conditions
        return [_press(row) for row in await self._core.database.read(sql, (value,))]

    def _chosen(self, choices: Sequence[Press], text: str) -> Press | None:
        number = _NUMBER.match(text)
        if number:
            return next((press for press in choices if press.ordinal == int(number[1])), None)
        said = text.strip().lower()
        for press in choices:
            for word in self._words(press.label):
                if said == word or said.startswith((word + " ", word + ",", word + ":")):
                    return msgspec.structs.replace(press, words=_BECAUSE.sub("", text.strip()[len(word) :].lstrip(" ,:")))
        return None

    def _words(self, label: Said) -> list[str]:
        """What a choice is called: its label in every language, and the other words its catalogue lists under `….kata`."""
        catalogues = self._core.catalogues
        names = [catalogues.words(label, locale).lower().rstrip(" .…!") for locale in LOCALES]
        more = Said(f"{label.key}.kata")
        if catalogues.has(more.key):
            names += [word for locale in LOCALES for word in catalogues.words(more, locale).lower().split()]
        return sorted(set(names), key=len, reverse=True)


def _press(row: Sequence[Any]) -> Press:
    token, delivery, ordinal, label, route, args, allowed, group, expires_at, used_at, used_by = row
    return Press(
        token,
        delivery,
        ordinal,
        msgspec.json.decode(label, type=Said),
        route,
        msgspec.json.decode(args),
        msgspec.json.decode(allowed),
        group,
        expires_at,
        used_at,
        used_by,
    )


def use_up(connection: Connection, token: str, group: str, person: int, now_ms: int) -> None:
    """Mark a choice as made, with all others of its message. Raises `StaleError` when somebody was faster."""
    sql = "UPDATE button SET used_at = ?, used_by = ? WHERE {} AND used_at = 0 RETURNING token"
    if not group:
        return
    if not connection.execute(sql.format("group_key = ?"), (now_ms, person, group)):
        raise StaleError(f"the choice {token} was already made")
