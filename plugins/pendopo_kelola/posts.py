"""Terms of office: who comes to a post, and who leaves it."""

from typing import Annotated

from pendopo import Context, Person, Post, Prompt, UserError

from pendopo_kelola.plugin import forbid_self, plugin


@plugin.command(
    "kelola angkat", policy="admin_jabatan", confirm=True, examples=["/kelola angkat Kepala Bidang Jalan Rina Hidayat"]
)
async def angkat(
    ctx: Context,
    jabatan: Annotated[Post, Prompt("kelola.tanya.jabatan")],
    orang: Annotated[Person, Prompt("kelola.tanya.orang")],
) -> None:
    """Put somebody on a post that nobody holds, from now on."""
    forbid_self(ctx, orang)
    ctx.directory.appoint(orang, jabatan)
    await ctx.notify(orang, "kelola.kabar_angkat", jabatan=jabatan, oleh=ctx.person)
    await ctx.reply("kelola.diangkat", siapa=orang.name, jabatan=jabatan)


@plugin.command("kelola berhenti", policy="admin_jabatan", confirm=True, examples=["/kelola berhenti Kepala Bidang Jalan"])
async def berhenti(ctx: Context, jabatan: Annotated[Post, Prompt("kelola.tanya.jabatan")]) -> None:
    """End the term of who holds a post, from now on."""
    holders = ctx.people.holders_of(jabatan.code, ctx.now)
    if not holders:
        raise UserError("kelola.sudah_kosong", jabatan=jabatan)
    for holder in holders:
        ctx.directory.dismiss(holder, jabatan)
        await ctx.notify(holder, "kelola.kabar_berhenti", jabatan=jabatan, oleh=ctx.person)
    await ctx.reply("kelola.diberhentikan", siapa=", ".join(holder.name for holder in holders), jabatan=jabatan)
