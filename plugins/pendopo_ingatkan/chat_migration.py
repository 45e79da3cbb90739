"""A group that goes on under another id keeps its reminders."""

import msgspec
from pendopo import ChatMigrated, Context
from sqlmodel import col, or_, select

from pendopo_ingatkan.jobs import bunyikan
from pendopo_ingatkan.models import ACTIVE, Pengingat
from pendopo_ingatkan.plugin import plugin


@plugin.on(ChatMigrated, policy="anyone")
async def pindah(ctx: Context) -> None:
    """Rewrite where reminders were set and where they come out."""
    event = ctx.event
    if not isinstance(event, ChatMigrated):
        return
    old, new = f"chat:{event.chat.key}", msgspec.structs.replace(event.chat, id=event.new_id)
    here = or_(Pengingat.tujuan == old, col(Pengingat.asal).contains(f'"{event.chat.id}"'))
    for pengingat in await ctx.all(select(Pengingat).where(here)):
        if pengingat.chat.key != event.chat.key:
            continue
        pengingat.asal, pengingat.kutipan = msgspec.json.encode(new).decode(), ""  # messages have other ids there
        if pengingat.tujuan == old:
            pengingat.tujuan = f"chat:{new.key}"
        if pengingat.status == ACTIVE and pengingat.berikut is not None:
            await ctx.schedule(pengingat.berikut, bunyikan, pengingat.tujuan, key=pengingat.key, chat=new)


__all__ = ["pindah"]
