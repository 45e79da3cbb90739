"""A plugin that says something, and what came of it on the messenger and in the database."""

from datetime import timedelta

import msgspec
from pendopo import Button, Context, MessageRef, Plugin, RestOfText, phrase
from pendopo.testing import PROFILES, Story


def make_plugin() -> Plugin:
    plugin = Plugin("uji", summary="Under test", policy="known")

    @plugin.command("ulang")
    async def ulang(ctx: Context, teks: RestOfText) -> None:
        for part in teks.split():
            await ctx.reply(phrase("umum.pilihan", teks=part))

    @plugin.command("kartu")
    async def kartu(ctx: Context) -> None:
        sent = await ctx.reply(phrase("umum.pilihan", teks="awal"), buttons=[Button("umum.ya", ubah, "x", reusable=True)])
        await ctx.schedule(ctx.now, nanti, sent.key)

    @plugin.command("kabari")
    async def kabari(ctx: Context) -> None:
        for person in ctx.people.with_role("sekda", ctx.now):
            await ctx.notify(person, phrase("umum.pilihan", teks="kabar"))

    @plugin.job(policy="anyone")
    async def nanti(ctx: Context, kunci: str) -> None:
        await ctx.edit(MessageRef(kunci), phrase("umum.pilihan", teks="akhir"), resend=True)

    @plugin.command("surat")
    async def surat(ctx: Context) -> None:
        file = await ctx.files.make_document("surat.pdf", b"%PDF-1.4", "application/pdf")
        await ctx.reply(
            phrase("umum.pilihan", teks="Boleh?"), document=file, buttons=[Button("umum.ya", ubah, "x", reusable=True)]
        )

    @plugin.command("garis")
    async def garis(ctx: Context) -> None:
        sent = await ctx.reply(phrase("umum.pilihan", teks="awal"))
        await ctx.schedule(ctx.now + timedelta(minutes=1), garisi, sent.key)

    @plugin.job(policy="anyone")
    async def garisi(ctx: Context, kunci: str) -> None:
        await ctx.edit(MessageRef(kunci), phrase("umum.pilihan", teks="akhir"))

    @plugin.action()
    async def ubah(ctx: Context, apa: str) -> None:
        await ctx.update(phrase("umum.pilihan", teks="diubah"))

    return plugin


def list_texts(story: Story, name: str = "kadis") -> list[str]:
    return [shown.text for shown in story.messenger.screen if shown.chat == name]


def forgetful(story: Story) -> None:
    """A messenger that makes a repeated send twice."""
    story.messenger.able = msgspec.structs.replace(PROFILES["telegram"], idempotent=False)
