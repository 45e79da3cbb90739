"""Accounts whose names do not agree any more: they are nobody's until somebody confirms them."""

from functools import partial

import structlog

from pendopo.engine.runtime import Runtime
from pendopo.model import Account, Chat, Person
from pendopo.plugin import Context, phrase
from pendopo.plugin.context import effects_of
from pendopo.store.queries import accounts, chats

log = structlog.get_logger(__name__)
WATCHING = "admin_sistem"
"""The role of those who are told."""
_BURIED = "whose account this is, is to be confirmed"


async def doubt_account(runtime: Runtime, ctx: Context, account: Account, owner: Person) -> None:
    """Marks an account as unconfirmed: one of its names says that it is a person's, another that it is not.

    What waits for that person there is not sent any more; they are told on their other messengers, and administrators too.
    """
    doubt_names(runtime, ctx, account.aliases, owner)
    ctx.audit("account.contradicted", f"person/{owner.id}", names=list(account.aliases))
    here = [ctx.chat] if ctx.chat.private else []
    derived = (adapter.private_chat(account) for adapter in runtime.adapters.values())
    left = {chat.key: chat for chat in (*here, *derived) if chat is not None}
    stop_private_messages(ctx, *left.values())
    other = [chat for chat, _ in await chats.find_chats_of(runtime.database, owner.id) if chat.key not in left]
    for chat in other:
        await ctx.send(chat, phrase("akun.diragukan", aplikasi=ctx.chat.adapter))
    for admin in ctx.people.with_role(WATCHING, ctx.now):
        if admin.id != owner.id:
            await ctx.notify(admin, phrase("akun.diragukan_admin", siapa=owner.name, aplikasi=ctx.chat.adapter))


def doubt_names(runtime: Runtime, ctx: Context, names: tuple[str, ...], owner: Person) -> None:
    """Marks names of an account as nobody's until a code, or the directory file, confirms them."""
    now = runtime.now_ms()
    effects_of(ctx).unit.later.append(lambda connection: accounts.doubt_accounts(connection, names, owner.id, now))
    log.warning("an account is to be confirmed", event_name="account_doubted", person=owner.id)


def stop_private_messages(ctx: Context, *left: Chat) -> None:
    """What waits in these chats for the person they belonged to is not sent, and nothing more goes there."""
    effects_of(ctx).unit.later += [partial(chats.leave_private_chat, key=chat.key, error=_BURIED) for chat in left]
