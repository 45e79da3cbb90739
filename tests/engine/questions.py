"""A plugin that asks for all sorts of things, and what its tests say of it."""

from enum import Enum
from typing import Literal

import pytest
from pendopo import Button, Context, Photo, Plugin, RestOfText, UserError, phrase
from pendopo.testing import PROFILES
from pendopo.testing.messenger import ShownMessage

on_every_messenger = pytest.mark.parametrize("story", sorted(PROFILES), indirect=True)


class Sifat(Enum):
    """How urgent."""

    BIASA = "biasa"
    SEGERA = "sangat segera"


def make_plugin(changed: bool = False) -> Plugin:
    """A plugin that asks for all sorts of things; `changed` is how it looks after a deploy."""
    plugin = Plugin("uji", summary="Under test", policy="known")

    @plugin.command("pesan")
    async def pesan(ctx: Context, barang: str, jumlah: int, alasan: RestOfText) -> None:
        if jumlah > 100:
            raise UserError("umum.tidak_ada", param="jumlah", nomor=jumlah)
        if barang == "emas":
            raise UserError("umum.tidak_ada", nomor=79)
        await ctx.reply(phrase("umum.pilihan", teks=f"{jumlah} {barang}: {alasan}"))

    @plugin.command("sifat")
    async def sifat(ctx: Context, sifat: Sifat, warna: Literal["merah", "biru"]) -> None:
        await ctx.reply(phrase("umum.pilihan", teks=f"{sifat.name} {warna}"))

    @plugin.command("yakin", confirm=True)
    async def yakin(ctx: Context, isi: RestOfText) -> None:
        await ctx.reply(phrase("umum.pilihan", teks=f"terkirim {isi}"))

    @plugin.command("foto", confirm=True)
    async def foto(ctx: Context, gambar: Photo, judul: str) -> None:
        await ctx.reply(phrase("umum.pilihan", teks=f"foto {judul} {len(gambar.blob)}"))

    if changed:

        @plugin.command("tanya")
        async def tanya(ctx: Context, baru: int, nama: str) -> None:
            await ctx.reply(phrase("umum.pilihan", teks=f"{baru} {nama}"))

    else:

        @plugin.command("tanya")
        async def tanya(ctx: Context, nama: str, umur: int) -> None:  # type: ignore[misc]  # two versions of one handler
            await ctx.reply(phrase("umum.pilihan", teks=f"{nama} {umur}"))

    @plugin.command("tawar")
    async def tawar(ctx: Context) -> None:
        await ctx.reply(
            phrase("umum.pilihan", teks="tawaran"), buttons=[Button("umum.ya", terima), Button("umum.tidak", tolak)]
        )

    @plugin.action()
    async def tolak(ctx: Context, alasan: RestOfText) -> None:
        await ctx.reply(phrase("umum.pilihan", teks=f"ditolak {alasan}"))

    @plugin.action()
    async def terima(ctx: Context) -> None:
        await ctx.reply(phrase("umum.pilihan", teks="diterima"))

    return plugin


def texts(shown: list[ShownMessage]) -> list[str]:
    return [one.text for one in shown]
