"""The plugin of the storms: everything it does can be counted afterwards, in its rows and on people's screens.

`t12` is counted and answered. `a12 800` sets an alarm besides, that rings three times. `b12` is answered with a button
that may be taken once.
"""

import asyncio
from datetime import timedelta

from pendopo import Button, Context, Message, Plugin, Row, phrase, tables
from sqlmodel import col, select

TURNS = 3
PAUSE_MS = 700


class Table(Row, registry=tables("kacau")):
    """The rows of the storms."""


class Hitung(Table, table=True):
    """One message that was counted, with its number in its chat."""

    chat: str
    token: str
    urutan: int


class Bunyi(Table, table=True):
    """One turn of an alarm."""

    token: str
    lagi: int


class Ambil(Table, table=True):
    """One touch that took a button's thing."""

    token: str


plugin = Plugin("kacau", summary="Counts", policy="anyone", tables=Table)


@plugin.on(Message)
async def hitung(ctx: Context) -> None:
    """Count a message: read what is there, write a row, say the number, leave a trace, and plan what was asked for."""
    assert isinstance(ctx.event, Message)
    token, _, rest = ctx.event.text.partition(" ")
    latest = await ctx.first(select(Hitung).where(Hitung.chat == ctx.chat.key).order_by(col(Hitung.id).desc()))
    if int(token[1:]) % 3 == 0:
        await asyncio.sleep(0.02)
    row = await ctx.save(Hitung(chat=ctx.chat.key, token=token, urutan=latest.urutan + 1 if latest else 1))
    ctx.audit("kacau.hitung", f"hitung/{row.id}")
    if token.startswith("a"):
        await ctx.schedule(ctx.now + timedelta(milliseconds=int(rest)), berbunyi, token, TURNS, key=f"alarm:{token}")
    buttons = [Button("umum.ya", ambil, token)] if token.startswith("b") else []
    await ctx.reply(phrase("umum.pilihan", teks=f"{token}={row.urutan}"), buttons=buttons)


@plugin.job()
async def berbunyi(ctx: Context, token: str, lagi: int) -> None:
    """Ring, and plan the next turn in the same transaction."""
    await ctx.save(Bunyi(token=token, lagi=lagi))
    ctx.audit("kacau.bunyi", f"{token}/{lagi}")
    await ctx.reply(phrase("umum.pilihan", teks=f"{token}!{lagi}"))
    if lagi > 1:
        await ctx.schedule(ctx.now + timedelta(milliseconds=PAUSE_MS), berbunyi, token, lagi - 1, key=f"alarm:{token}")


@plugin.action()
async def ambil(ctx: Context, token: str) -> None:
    """Take it, once."""
    await ctx.save(Ambil(token=token))
    ctx.audit("kacau.ambil", token)
    await ctx.reply(phrase("umum.pilihan", teks=f"{token}+"))
