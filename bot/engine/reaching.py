"""Where and whether words will reach a person: some messengers take free text only for so long after the person last wrote."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

import msgspec

from bot.model import Account, Chat, Person
from bot.plugin.host import WEB, Reach
from bot.store.chats import REACHED, know
from bot.store.delivery import from_ms

from .core import Core

_BEST_FIRST: tuple[Reach, ...] = ("full", "template", "waits")


async def reach(core: Core, person: Person, at: datetime, here: Chat | None) -> Reach:
    """The best way a notice can take at an instant, over all messengers of a person, since one stands in for another."""
    sql = f"SELECT chat, seen_at FROM chat WHERE person = ? AND active = 1 AND {REACHED}"  # noqa: S608  our own words
    rows = await core.database.read(sql, (person.id,))
    chats = [(msgspec.json.decode(chat, type=Chat), from_ms(seen)) for chat, seen in rows]
    heard = {chat.key: (chat, seen) for chat, seen in chats}
    if here is not None and here.adapter != WEB:
        heard[here.key] = (here, core.clock.now())
    elif not heard and (chat := await private_chat(core, person)) is not None:
        heard[chat.key] = (chat, from_ms(0))
    return _best(_of(core, chat, seen, at) for chat, seen in heard.values() if chat.adapter in core.adapters)


async def private_chat(core: Core, person: Person, not_via: str = "") -> Chat | None:
    """The private chat a person used last, else one that a messenger derives from a linked account."""
    sql = f"SELECT chat FROM chat WHERE person = ? AND active = 1 AND {REACHED} ORDER BY seen_at DESC"  # noqa: S608
    rows = await core.database.read(sql, (person.id,))
    used = (msgspec.json.decode(chat, type=Chat) for (chat,) in rows)
    if found := next((chat for chat in used if chat.adapter != not_via), None):
        return found
    account = Account(tuple(core.people.accounts(person))) if core.people.accounts(person) else None
    chats = [adapter.private_chat(account) for adapter in core.adapters.values()] if account else []
    for chat in chats:
        if (
            chat
            and chat.adapter != not_via
            and not await core.database.read("SELECT 1 FROM chat WHERE key = ? AND active = 0", (chat.key,))
        ):
            # From now on it is known whose chat this is: for what becomes of messages there, and what to call it.
            await core.database.write(partial(know, chat=chat, person=person.id))
            return chat
    return None


async def messenger_of(core: Core, delivery: str) -> str:
    """The messenger that a delivery (by its key) went to, "" where there is none."""
    sent = await core.database.read("SELECT chat FROM delivery WHERE key = ?", (delivery,))
    return msgspec.json.decode(sent[0][0], type=Chat).adapter if sent else ""


def _of(core: Core, chat: Chat, seen: datetime, at: datetime) -> Reach:
    able = core.adapters[chat.adapter].capabilities(chat)
    if not able.free_hours or at < seen + timedelta(hours=able.free_hours):
        return "full"
    return "template" if able.template else "waits"


def _best(ways: Iterable[Reach]) -> Reach:
    found = set(ways)
    return next((way for way in _BEST_FIRST if way in found), "none")
