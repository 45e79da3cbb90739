"""People who join or leave, their posts, and their accounts."""

from typing import Annotated

from pendopo import Context, Person, Post, Prompt, RestOfText, UserError, is_number, phrase

from pendopo_kelola.plugin import forbid_self, plugin

Employee = Annotated[Person, Prompt("kelola.tanya.orang")]


@plugin.command("kelola tambah", policy="admin", confirm=True, examples=["/kelola tambah Siti Aminah 198002182005012004"])
async def tambah(ctx: Context, nama: Annotated[RestOfText, Prompt("kelola.tanya.nama")]) -> None:
    """Add a person to the directory by name, and by NIP if they have one."""
    words = nama.split()
    # A NIP, the number of a civil servant, has 18 digits.
    nip = words.pop() if len(words) > 1 and len(words[-1]) == 18 and is_number(words[-1]) else ""
    name = " ".join(words)[:200]
    if not any(letter.isalpha() for letter in name):
        raise UserError("kelola.nama_kosong", param="nama")
    ctx.directory.admit_person(name, nip)
    await ctx.reply("kelola.ditambah", siapa=name)


@plugin.command("kelola keluar", policy="admin_orang", confirm=True, examples=["/kelola keluar Siti Aminah"])
async def keluar(ctx: Context, orang: Employee) -> None:
    """Remove a person: all access ends at once, on every messenger."""
    forbid_self(ctx, orang)
    ctx.directory.remove_person(orang)
    await ctx.reply("kelola.dikeluarkan", siapa=orang.name)


@plugin.command("kelola tautkan", policy="admin_orang", examples=["/kelola tautkan Siti Aminah"])
async def tautkan(ctx: Context, orang: Employee) -> None:
    """Make a code with which a person links an account, once."""
    if not ctx.chat.private:
        raise UserError("kelola.hanya_pribadi")
    forbid_self(ctx, orang)
    wait = [phrase("kelola.kode_tunggu", siapa=orang.name)] if ctx.people.has_accounts(orang) else []
    await ctx.reply(phrase("kelola.kode", siapa=orang.name, kode=ctx.directory.issue_link_code(orang)), *wait)


@plugin.command("kelola lepas", policy="admin_orang", confirm=True, examples=["/kelola lepas Siti Aminah telegram"])
async def lepas(ctx: Context, orang: Employee, aplikasi: Annotated[str, Prompt("kelola.tanya.aplikasi")]) -> None:
    """Unlink a person's account: a lost phone, a changed number."""
    forbid_self(ctx, orang)
    ctx.directory.unlink_accounts(orang, aplikasi.lower())
    await ctx.notify(orang, "kelola.kabar_lepas", aplikasi=aplikasi.lower(), oleh=ctx.person)
    await ctx.reply("kelola.dilepas", siapa=orang.name, aplikasi=aplikasi.lower())


@plugin.command(
    "kelola angkat", policy="admin_angkat", confirm=True, examples=["/kelola angkat Kepala Bidang Jalan Rina Hidayat"]
)
async def angkat(
    ctx: Context,
    jabatan: Annotated[Post, Prompt("kelola.tanya.jabatan")],
    orang: Employee,
) -> None:
    """Appoint a person to a vacant post from now on."""
    forbid_self(ctx, orang)
    ctx.directory.appoint(orang, jabatan)
    await ctx.notify(orang, "kelola.kabar_angkat", jabatan=jabatan, oleh=ctx.person)
    await ctx.reply("kelola.diangkat", siapa=orang.name, jabatan=jabatan)


@plugin.command("kelola berhenti", policy="admin_jabatan", confirm=True, examples=["/kelola berhenti Kepala Bidang Jalan"])
async def berhenti(ctx: Context, jabatan: Annotated[Post, Prompt("kelola.tanya.jabatan")]) -> None:
    """End the term of a post's holder now."""
    holders = ctx.people.holders_of(jabatan.code, ctx.now)
    if not holders:
        raise UserError("kelola.sudah_kosong", jabatan=jabatan)
    for holder in holders:
        ctx.directory.dismiss(holder, jabatan)
        await ctx.notify(holder, "kelola.kabar_berhenti", jabatan=jabatan, oleh=ctx.person)
    await ctx.reply("kelola.diberhentikan", siapa=", ".join(holder.name for holder in holders), jabatan=jabatan)
