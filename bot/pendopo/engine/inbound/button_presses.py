"""Finds the choice that a person made: by pressing a button, or by typing a number or word in answer to a message."""

import re
from collections.abc import Sequence

import msgspec

from pendopo.engine import quoted_message
from pendopo.engine.runtime import Runtime
from pendopo.errors import StaleError
from pendopo.i18n import LOCALES
from pendopo.model import ButtonPress, Message, Person, Phrase
from pendopo.model.ids import parse_lane_key
from pendopo.plugin.values import ENGINE
from pendopo.store import Connection
from pendopo.store.queries import chats
from pendopo.store.queries import deliveries as delivery_rows
from pendopo.store.queries.buttons import StoredButton, find_button, find_buttons_of, use_up_buttons

_NUMBER = re.compile(r"\s*#?(\d{1,2})[\s.!)]*$")
_BECAUSE = re.compile(r"^(karena|krn|sebab|alasan(nya)?|because)\b[\s:,]*", re.IGNORECASE)
FRESH_MS = 24 * 3600 * 1000
"""How long a message can be answered by a bare number that does not quote it, in milliseconds."""


class ButtonLookup:
    """Finds the choice behind a press or a typed answer."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def find_pressed(self, event: ButtonPress, person: Person | None) -> StoredButton | None:
        """Returns the choice of a pressed button; None for an unknown token, or one issued in another chat."""
        button = await find_button(self._runtime.database, event.token)
        if button is None:
            return None
        place = await delivery_rows.find_place(self._runtime.database, button.delivery)
        if place and (place[0] == event.chat.key or await self._is_same_chat(event, person, *place)):
            return button
        return None

    async def _is_same_chat(self, event: ButtonPress, person: Person | None, lane: str, native_id: str) -> bool:
        """Tells whether two chat ids are one private chat: the same person pressed the very same message."""
        if person is None or not event.chat.private or not native_id or native_id != event.message:
            return False
        owner = await chats.find_owner(self._runtime.database, lane)
        return owner == person.id and parse_lane_key(lane).adapter == event.chat.adapter

    async def find_quoted(self, event: Message) -> StoredButton | None:
        """Finds the choice that a message names of the one it quotes, by number, label or synonym.

        A number also finds a choice that is closed, so that the person can be told. Words in a group find only open choices:
        "ok" under a decided matter is chatter.
        """
        key = await quoted_message.find_quoted_key(self._runtime, event)
        if not key:
            return None
        by_number = _NUMBER.match(event.text) is not None
        all_ = await self._all(key)
        live = [p for p in all_ if not p.used_at and p.expires_at > self._runtime.now_ms()]
        over = all_ if by_number else [p for p in all_ if p.used_at and event.chat.private]
        return self._match_choice(live, event.text) or self._match_choice(over, event.text)

    async def find_unquoted(self, event: Message, person: Person | None) -> StoredButton | Phrase | None:
        """Finds the choice meant by a bare number, or in private by a bare word. Returns a `Phrase` when several fit."""
        if event.reply_to or not (_NUMBER.match(event.text) or (event.chat.private and len(event.text) < 200 and event.text)):
            return None
        return await self._match_recent(event, person)

    async def find_answer(self, prompt: str, text: str) -> StoredButton | None:
        """Finds the choice that an answer names of a question."""
        return self._match_choice(await self._find_valid(prompt), text)

    async def _match_recent(self, event: Message, person: Person | None) -> StoredButton | Phrase | None:
        open_ = []
        for key in await self._list_recent(event.chat.key):
            # The choices of a question count while its dialog is open, and then the dialog takes them.
            choices = [
                press for press in await self._find_valid(key) if not press.used_at and not press.route.startswith(f"{ENGINE}.")
            ]
            mine = [press for press in choices if press.is_for(person) and (event.chat.private or press.allowed)]
            # "Ya, tapi …" is no yes to something it does not even quote.
            if mine and (chosen := self._match_choice(mine, event.text)) and not chosen.words:
                open_.append(chosen)
        if len(open_) > 1:
            return Phrase("tombol.yang_mana")
        return open_[0] if open_ else None

    async def _list_recent(self, lane: str) -> list[str]:
        numbered = await delivery_rows.find_numbered(self._runtime.database, lane)
        return [key for key, sent_at in numbered if self._runtime.now_ms() - sent_at < FRESH_MS]

    async def _find_valid(self, delivery: str) -> list[StoredButton]:
        return [p for p in await self._all(delivery) if p.expires_at > self._runtime.now_ms()]

    async def _all(self, delivery: str) -> list[StoredButton]:
        return await find_buttons_of(self._runtime.database, delivery)

    def _match_choice(self, choices: Sequence[StoredButton], text: str) -> StoredButton | None:
        number = _NUMBER.match(text)
        if number:
            return next((press for press in choices if press.ordinal == int(number[1])), None)
        typed = text.strip().lower()
        for press in choices:
            for word in self._list_labels(press.label):
                if typed == word or typed.startswith((word + " ", word + ",", word + ":")):
                    return msgspec.structs.replace(press, words=_BECAUSE.sub("", text.strip()[len(word) :].lstrip(" ,:")))
        return None

    def _list_labels(self, label: Phrase) -> list[str]:
        """Returns the names of a choice, longest first: its label in each language, and the synonyms under `….kata`."""
        catalogues = self._runtime.catalogues
        names = [catalogues.render_text(label, locale).lower().rstrip(" .…!") for locale in LOCALES]
        more = Phrase(f"{label.key}.kata")
        if catalogues.has_key(more.key):
            names += [word for locale in LOCALES for word in catalogues.render_text(more, locale).lower().split()]
        return sorted(set(names), key=len, reverse=True)


def mark_used(connection: Connection, token: str, group: str, person: int, now_ms: int) -> None:
    """Marks a choice as used, and all others of its message. Raises `StaleError` when one was used before."""
    if group and not use_up_buttons(connection, group, person, now_ms):
        raise StaleError(f"the choice {token} was already made")
