"""Where and whether words will reach a person: some messengers take free text only for so long after the person last wrote."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.model import Account, Chat, Person
from bot.plugin.host import WEB, Reach
from bot.store import chats
from bot.store.delivery import from_ms

if TYPE_CHECKING:
    from .core import Core

_BEST_FIRST: tuple[Reach, ...] = ("full", "template", "waits")


async def reach(core: "Core", person: Person, at: datetime, here: Chat | None) -> Reach:
    """The best way a notice can take at an instant, over all messengers of a person, since one stands in for another."""
    heard = {chat.key: (chat, from_ms(seen)) for chat, seen in await chats.find_chats_of(core.database, person.id)}
    if here is not None and here.adapter != WEB:
        heard[here.key] = (here, core.clock.now())
    elif not heard and (chat := await core.private_chat(person)) is not None:
        heard[chat.key] = (chat, from_ms(0))
    return _best(_of(core, chat, seen, at) for chat, seen in heard.values() if chat.adapter in core.adapters)


async def private_chat(core: "Core", person: Person, beside: str) -> Chat | None:
    """The private chat a person used last, else one that a messenger derives from a linked account."""
    used = await chats.find_chats_of(core.database, person.id)
    if found := next((chat for chat, _ in used if chat.adapter != beside), None):
        return found
    account = Account(tuple(core.people.accounts(person))) if core.people.accounts(person) else None
    derived = [adapter.private_chat(account) for adapter in core.adapters.values()] if account else []
    for chat in derived:
        if chat and chat.adapter != beside and not await chats.is_closed(core.database, chat.key):
            # From now on it is known whose chat this is: for what becomes of messages there, and what to call it.
            await core.database.write(partial(chats.know, chat=chat, person=person.id))
            return chat
    return None


def _of(core: "Core", chat: Chat, seen: datetime, at: datetime) -> Reach:
    able = core.adapters[chat.adapter].capabilities(chat)
    if not able.free_hours or at < seen + timedelta(hours=able.free_hours):
        return "full"
    return "template" if able.template else "waits"


def _best(ways: Iterable[Reach]) -> Reach:
    found = set(ways)
    return next((way for way in _BEST_FIRST if way in found), "none")
