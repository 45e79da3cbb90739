"""A whole bot as a process of its own, to be killed: `python -m tests.chaos.child PORT DATABASE DATA_DIR IDEMPOTENT`."""

import asyncio
import logging
import sys

import structlog
from pendopo import Context, Message, Plugin, Row, phrase, tables
from pendopo.config import LimitSettings, Settings
from pendopo.engine.app import App
from pendopo.engine.clock import SystemClock
from pendopo.store import open_database
from sqlmodel import col, select

from tests.chaos.adapter import ChaosAdapter


class Table(Row, registry=tables("hitung")):
    """The counter's rows."""


class Hitung(Table, table=True):
    """One message that was counted."""

    chat: str
    teks: str
    urutan: int


plugin = Plugin("hitung", summary="Counts", policy="anyone", tables=Table)


@plugin.on(Message)
async def hitung(ctx: Context) -> None:
    """Count a message: read what is there, write a row, say the number, leave a trace."""
    message = ctx.event
    assert isinstance(message, Message)
    latest = await ctx.first(select(Hitung).where(Hitung.chat == ctx.chat.id).order_by(col(Hitung.id).desc()))
    row = await ctx.save(Hitung(chat=ctx.chat.id, teks=message.text, urutan=latest.urutan + 1 if latest else 1))
    ctx.audit("hitung", f"hitung/{row.id}")
    await ctx.reply(phrase("umum.pilihan", teks=f"{message.text}={row.urutan}"))


async def main(port: int, database: str, folder: str, idempotent: bool) -> None:
    settings = Settings(data_dir=folder, limits=LimitSettings(per_person=0, per_chat=0))
    app = App(settings, open_database(database), [ChaosAdapter(port, idempotent)], [plugin], SystemClock())
    await app.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4] == "yes"))
