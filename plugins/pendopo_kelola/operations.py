"""What operators do from a chat, and the daily maintenance."""

from typing import Literal

from pendopo import Context

from pendopo_kelola.plugin import plugin
from pendopo_kelola.policies import SYSTEM


@plugin.action(policy=SYSTEM)
async def ulangi(ctx: Context, kotak: Literal["masuk", "keluar"], nomor: int) -> None:
    """Try a dead letter again; 0 is all of them."""
    ctx.operations.retry_dead_letter("inbox" if kotak == "masuk" else "delivery", nomor)
    await ctx.reply("kelola.diulang", nomor=nomor or "–")


@plugin.job(cron="10 2 * * *", policy="system")
async def rawat(ctx: Context) -> None:
    """Remove old words, and post the head of the audit log."""
    upkeep = await ctx.operations.run_maintenance()
    if upkeep.post_to is None:
        return
    await ctx.send(upkeep.post_to, "kelola.kepala_audit", nomor=upkeep.line, sidik=upkeep.head)
    if upkeep.removed:
        removed = ", ".join(f"{name} {count}" for name, count in upkeep.removed.items())
        await ctx.send(upkeep.post_to, "kelola.retensi", rincian=removed)
