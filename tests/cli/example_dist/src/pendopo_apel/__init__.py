"""/apel: who is at the morning roll call."""

from pendopo import Context, Plugin, Row, tables
from sqlalchemy import BigInteger
from sqlmodel import Field, select


class Table(Row, registry=tables("apel")):
    """The base of this plugin's rows."""


class Hadir(Table, table=True):
    """Somebody who is there."""

    orang: int = Field(sa_type=BigInteger)


plugin = Plugin("apel", summary="Apel pagi", policy="known", tables=Table)


@plugin.command("apel", examples=["/apel"])
async def hadir(ctx: Context) -> None:
    """Say that I am there."""
    there = {row.orang for row in await ctx.all(select(Hadir))}
    if ctx.person.id not in there:
        await ctx.save(Hadir(orang=ctx.person.id))
    await ctx.reply("apel.hadir", siapa=ctx.person, jumlah=len(there | {ctx.person.id}))
