"""A bot whose handlers count, and fail where a test says so."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pendopo import Context, Message, Photo, Plugin, RestOfText, Row, phrase, tables
from pendopo.testing import Story
from pendopo_izin import plugin as izin


class Table(Row, registry=tables("hitung")):
    """Rows of the plugin under test."""


class Angka(Table, table=True):
    """A counter."""

    nilai: int = 0


def make_plugin() -> tuple[Plugin, dict[str, Any]]:
    plugin = Plugin("hitung", summary="Under test", policy="known", tables=Table)
    box: dict[str, Any] = {"fail": [], "runs": 0, "meet": None}

    @plugin.command("tulis")
    async def tulis(ctx: Context, teks: RestOfText) -> None:
        box["runs"] += 1
        if box["fail"]:
            raise box["fail"].pop(0)
        await ctx.reply(phrase("umum.pilihan", teks=f"tertulis {teks}"))

    @plugin.command("mulai")
    async def mulai(ctx: Context) -> None:
        await ctx.save(Angka(nilai=0))

    @plugin.command("tambah")
    async def tambah(ctx: Context) -> None:
        row = await ctx.get(Angka, 1)
        box["runs"] += 1
        if box["meet"] is not None:
            await box["meet"].wait()
        row.nilai += 1

    @plugin.command("foto")
    async def foto(ctx: Context, gambar: list[Photo], judul: RestOfText = "") -> None:
        await ctx.reply(phrase("umum.pilihan", teks=f"{len(gambar)} foto {judul}"))

    @plugin.on(Message)
    async def dengar(ctx: Context) -> None:
        box.setdefault("heard", []).append(ctx.event)

    return plugin, box


World = tuple[Story, dict[str, Any]]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    plugin, box = make_plugin()
    async with Story([plugin], database=f"sqlite:///{tmp_path}/x.db", raises=False) as story:
        yield story, box


@pytest.fixture
async def story(profile: str) -> AsyncIterator[Story]:
    """An izin of the Kadis waits for the Sekda; modules with a story of another kind have a fixture of their own."""
    async with Story([izin], profile=profile) as told:
        await told.kadis.says("/izin rakor Bappenas besok jam 9", group=True)
        await told.kadis.presses("Kirim", group=True)
        yield told
