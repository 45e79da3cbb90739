"""Finds the choice that a person made: by pressing a button, or by typing a number or word in answer to a message."""

from collections.abc import Sequence

from pendopo.engine import quoted_message
from pendopo.engine.inbound.dialogs import INTERNAL
from pendopo.engine.inbound.typed_choices import (
    Doubt,
    Takes,
    TypedChoice,
    find_rest,
    find_takes,
    list_doubts,
    read_answer,
    read_choice,
    read_number,
    split_words,
)
from pendopo.engine.runtime import Runtime
from pendopo.i18n import LOCALES
from pendopo.model import ButtonPress, Message, Person, Phrase
from pendopo.model.ids import parse_lane_key
from pendopo.plugin.values import ENGINE
from pendopo.store.queries import chats
from pendopo.store.queries import deliveries as delivery_rows
from pendopo.store.queries.buttons import StoredButton, find_button, find_buttons_of

FRESH_MS = 24 * 3600 * 1000
"""How long a message can be answered by a bare number that does not quote it, in milliseconds."""
RENUMBERED_MS = 60_000
"""How long after a change of a message a number that meant something else in it is asked about, in milliseconds."""
MOST_READ = 200
"""Characters of a text that quotes nothing, or names no choice clearly, which are looked at."""
LONGEST_ANSWER = 4000
"""Characters of a typed choice, with the words that come with it."""


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

    async def find_quoted(self, event: Message, person: Person | None) -> StoredButton | Doubt | None:
        """Finds the choice that a message names of the one it quotes, by number, label or synonym; a `Doubt` if unclear.

        A number also finds a choice that is closed, so that the person can be told. Words in a group find only open choices:
        "ok" under a decided matter is chatter. So is what names no choice there, unless its writer was asked by name.
        """
        key = await quoted_message.find_quoted_key(self._runtime, event)
        if not key or not event.text:
            return None
        buttons = await find_buttons_of(self._runtime.database, key)
        all_ = [self._describe(button) for button in buttons if button.shown or button.is_for(person)]
        live = [choice for choice in all_ if self._is_live(choice.button)]
        mine = [choice for choice in live if choice.button.is_for(person)]
        over = all_ if read_number(event.text) else [choice for choice in all_ if choice.button.used_at and event.chat.private]
        text = event.text[:LONGEST_ANSWER]
        found = read_choice(mine, text) or read_choice(live, text)
        if found is not None and self._was_renumbered(event, found, [each.button for each in all_]):
            return Doubt([found])
        return found or read_choice(over, text) or self._read_unclear(event, mine)

    def _was_renumbered(self, event: Message, found: StoredButton, all_: Sequence[StoredButton]) -> bool:
        """Tells whether a number meant another choice until a moment ago, so that its writer may not have seen the change.

        In a private chat its writer made the change. Where messages cannot be changed the new one came by itself, and quoting
        it shows that it was seen.
        """
        in_place = self._runtime.adapters[event.chat.adapter].capabilities(event.chat).edit
        if event.chat.private or not in_place or not read_number(event.text):
            return False
        since = self._runtime.now_ms() - RENUMBERED_MS
        return any(old.gone_at > since and old.ordinal == found.ordinal for old in all_)

    def _read_unclear(self, event: Message, mine: Sequence[TypedChoice]) -> StoredButton | Doubt | None:
        """Reads what names no choice clearly; only choices that name their person count as asked in a group."""
        asked = [choice for choice in mine if choice.button.allowed or event.chat.private]
        choices = [choice for choice in asked if not choice.button.route.startswith(f"{ENGINE}.")]
        return read_answer(choices, event.text) or list_doubts(choices, event.text[:MOST_READ])

    async def find_unquoted(self, event: Message, person: Person | None) -> StoredButton | Doubt | Phrase | None:
        """Finds the choice meant by a bare number, or in private by a bare word. Returns a `Phrase` when several fit.

        A word counts at once for the newest message, or with the item's number; below other messages it is asked about.
        """
        if event.reply_to or not event.text or len(event.text) >= MOST_READ:
            return None
        if read_number(event.text):
            numbered = await delivery_rows.find_numbered(self._runtime.database, event.chat.key)
            return self._match_recent(event, await self._list_recent(event, person, numbered))
        if not event.chat.private:
            return None
        recent = await delivery_rows.find_offering(self._runtime.database, event.chat.key)
        offered = await self._list_recent(event, person, recent)
        found = self._match_recent(event, offered)
        named = any(letter.isdecimal() for letter in event.text)
        if isinstance(found, StoredButton) and found.delivery != recent[0][0] and not named:
            return Doubt([found])
        return found or self._read_begun(event, offered)

    async def find_answer(self, prompt: str, text: str) -> StoredButton | None:
        """Finds the choice that an answer names of a question."""
        buttons = await find_buttons_of(self._runtime.database, prompt)
        return self._match_choice([button for button in buttons if button.expires_at > self._runtime.now_ms()], text)

    async def _list_recent(
        self, event: Message, person: Person | None, recent: Sequence[tuple[str, int]]
    ) -> list[list[StoredButton]]:
        """Lists what each of the latest messages still offers to a person, the newest first."""
        fresh = [key for key, sent_at in recent if self._runtime.now_ms() - sent_at < FRESH_MS]
        # The choices of a question count while its dialog is open, and then the dialog takes them.
        live = [
            button
            for button in await find_buttons_of(self._runtime.database, *fresh)
            if self._is_live(button) and button.route not in INTERNAL
        ]
        mine = [button for button in live if button.is_for(person) and (event.chat.private or button.allowed)]
        return [[button for button in mine if button.delivery == key] for key in fresh]

    def _match_recent(self, event: Message, offered: Sequence[Sequence[StoredButton]]) -> StoredButton | Phrase | None:
        open_ = []
        for at, choices in enumerate(offered):
            # "Ya, tapi …" is no yes to something it does not even quote.
            if choices and (chosen := self._match_choice(choices, event.text)) and not chosen.words:
                if not chosen.route.startswith(f"{ENGINE}."):
                    open_.append(chosen)
                elif at == 0:
                    return chosen  # the engine has just asked back, so this is meant
        decisive = [button for button in open_ if button.group] or open_  # papers on offer do not compete with decisions
        if len(decisive) > 1:
            return Phrase("tombol.yang_mana")
        return decisive[0] if decisive else None

    def _read_begun(self, event: Message, offered: Sequence[Sequence[StoredButton]]) -> Doubt | Phrase | None:
        """Reads words that begin with a decision and go on ("setuju kalau …"), with which no item is quoted.

        Where a number follows, a command of that name is meant: "setuju 4, 5, 6".
        """
        begun = []
        for buttons in offered:
            choices = [self._describe(each) for each in buttons if each.group and not each.route.startswith(f"{ENGINE}.")]
            rests = [rest for choice in choices if (rest := find_rest(choice, event.text))]
            if any(rest.lstrip("#")[:1].isdecimal() for rest in rests):
                return None
            if rests:
                begun.append(choices)
        if len(begun) > 1:
            return Phrase("tombol.yang_mana")
        return list_doubts(begun[0], event.text) if begun else None

    def _is_live(self, button: StoredButton) -> bool:
        return not button.used_at and button.on_screen and button.expires_at > self._runtime.now_ms()

    def _match_choice(self, choices: Sequence[StoredButton], text: str) -> StoredButton | None:
        return read_choice([self._describe(button) for button in choices], text[:LONGEST_ANSWER])

    def _describe(self, button: StoredButton) -> TypedChoice:
        route = self._runtime.router.routes.get(button.route)
        takes = find_takes(route.params, button.args) if route else Takes.NOTHING
        return TypedChoice(button, self._list_names(button.label), takes)

    def _list_names(self, label: Phrase) -> frozenset[tuple[str, ...]]:
        """Returns the names of a choice: its label in each language, and the synonyms under `….kata`."""
        catalogues = self._runtime.catalogues
        names = [catalogues.render_text(label, locale) for locale in LOCALES]
        more = Phrase(f"{label.key}.kata")
        if catalogues.has_key(more.key):
            names += [word for locale in LOCALES for word in catalogues.render_text(more, locale).split()]
        return frozenset(name for name in map(split_words, names) if name)
