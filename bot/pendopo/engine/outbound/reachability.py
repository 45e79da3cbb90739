"""Where and how a notice reaches a person: some messengers take free text only for a time after the person last wrote."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from pendopo.engine.runtime import Runtime
from pendopo.model import Account, Chat, Person
from pendopo.model.ids import from_ms
from pendopo.plugin.values import WEB, Reach
from pendopo.store.queries import chats
from pendopo.store.queries.deliveries import find_delivery

_BEST_FIRST: tuple[Reach, ...] = ("full", "template", "waits")


async def estimate_reach(runtime: Runtime, person: Person, at: datetime, current: Chat | None) -> Reach:
    """Returns the best way a notice can take at an instant, over all messengers of a person."""
    known = {chat.key: (chat, from_ms(seen)) for chat, seen in await chats.find_chats_of(runtime.database, person.id)}
    if current is not None and current.adapter != WEB:
        known[current.key] = (current, runtime.clock.now())
    elif not known and (chat := await find_private_chat(runtime, person)) is not None:
        known[chat.key] = (chat, from_ms(0))
    return _pick_best(_rate_chat(runtime, chat, seen, at) for chat, seen in known.values() if chat.adapter in runtime.adapters)


async def find_private_chat(runtime: Runtime, person: Person, not_via: str = "") -> Chat | None:
    """Returns the private chat a person used last, else one that a messenger derives from a linked account."""
    used = await chats.find_chats_of(runtime.database, person.id)
    if found := next((chat for chat, _ in used if chat.adapter != not_via), None):
        return found
    account = Account(tuple(runtime.people.accounts_of(person))) if runtime.people.accounts_of(person) else None
    derived = [adapter.private_chat(account) for adapter in runtime.adapters.values()] if account else []
    for chat in derived:
        if chat and chat.adapter != not_via and not await chats.is_closed(runtime.database, chat.key):
            # Records whose chat this is: failures in it are reported by the person's name, and messages can be rerouted.
            await runtime.database.write(partial(chats.note_private_chat, chat=chat, person=person.id))
            return chat
    return None


async def find_quiet_chat(runtime: Runtime, chat: Chat, person: Person | None) -> Chat:
    """Returns where to tell a person something that a group need not read: privately if possible, else in this chat."""
    return chat if chat.private or person is None else await find_private_chat(runtime, person) or chat


async def find_messenger(runtime: Runtime, delivery: str) -> str:
    """Returns the messenger of a delivery (by its key), "" where there is none."""
    found = await find_delivery(runtime.database, delivery)
    return found.chat.adapter if found else ""


def _rate_chat(runtime: Runtime, chat: Chat, seen: datetime, at: datetime) -> Reach:
    capabilities = runtime.adapters[chat.adapter].capabilities(chat)
    if not capabilities.free_hours or at < seen + timedelta(hours=capabilities.free_hours):
        return "full"
    return "template" if capabilities.template else "waits"


def _pick_best(ways: Iterable[Reach]) -> Reach:
    found = set(ways)
    return next((way for way in _BEST_FIRST if way in found), "none")
