"""What failed for good is tried again by whoever keeps the installation."""

from typing import Literal

from pendopo import Context

from pendopo_kelola.plugin import SYSTEM, plugin


@plugin.action(policy=SYSTEM)
async def ulangi(ctx: Context, kotak: Literal["masuk", "keluar"], nomor: int) -> None:
    """Try a dead letter again; 0 is all of them."""
    ctx.operations.retry_dead_letter("inbox" if kotak == "masuk" else "delivery", nomor)
    await ctx.reply("kelola.diulang", nomor=nomor or "–")


__all__ = ["ulangi"]
