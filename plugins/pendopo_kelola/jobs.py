"""The daily upkeep: what need not be kept goes, and the head of the audit log is told where it cannot be changed any more."""

from pendopo import Context

from pendopo_kelola.plugin import plugin


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
