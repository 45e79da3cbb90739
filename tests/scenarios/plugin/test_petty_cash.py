"""A cash book: money is read whole, kept exactly, and belongs to the month of the installation's zone."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from pendopo import Context, Moment, Money, Plugin, RestOfText, Row, Rupiah, format_rupiah, tables
from pendopo.errors import PluginError
from pendopo.testing import Story
from sqlalchemy.exc import StatementError
from sqlmodel import Field, func, select

SENTENCES = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "kas.dicatat"
msgstr "#{nomor} Rp{jumlah} dicatat: {uraian}. Saldo {saldo}."

msgid "kas.rekap"
msgstr "{mulai}: {jumlah}"
"""


class Table(Row, registry=tables("kas")):
    """The base of the rows."""


class Catatan(Table, table=True):
    """An amount that came in."""

    jumlah: Decimal = Field(sa_type=Money)
    uraian: str
    dibuat: datetime = Field(sa_type=Moment)


def make_plugin(folder: Path) -> Plugin:
    (folder / "locale").mkdir()
    (folder / "locale" / "id.po").write_text(SENTENCES, encoding="utf-8")
    plugin = Plugin("kas", summary="Kas", policy="known", tables=Table, path=folder)

    @plugin.command("kas masuk")
    async def masuk(ctx: Context, jumlah: Rupiah, uraian: RestOfText) -> None:
        row = await ctx.save(Catatan(jumlah=jumlah, uraian=uraian, dibuat=ctx.now))
        before = await ctx.scalar(select(func.sum(Catatan.jumlah)))
        saldo = format_rupiah((before or Decimal(0)) + jumlah)
        await ctx.reply("kas.dicatat", nomor=row.id, jumlah=jumlah, uraian=uraian, saldo=saldo)

    @plugin.command("kas rekap")
    async def rekap(ctx: Context) -> None:
        first = ctx.today.replace(day=1)
        found = await ctx.all(select(Catatan).where(Catatan.dibuat >= ctx.at(first)))
        await ctx.reply("kas.rekap", mulai=first, jumlah=sum(row.jumlah for row in found))

    @plugin.command("kas salah")
    async def salah(ctx: Context) -> None:
        naive = ctx.now.replace(tzinfo=None)
        with pytest.raises(StatementError, match="a time without a zone"):
            await ctx.all(select(Catatan).where(Catatan.dibuat >= naive))
        with pytest.raises(PluginError, match="a time without a zone"):
            await ctx.schedule(naive, rekap)
        await ctx.reply("umum.ya")

    return plugin


@pytest.fixture
async def story(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    # 03.00 WIB on the first of August, which is still July in UTC
    async with Story([make_plugin(tmp_path)], database=database_url, start=datetime(2026, 7, 31, 20, tzinfo=UTC)) as told:
        yield told


async def test_an_amount_is_taken_whole_and_kept_exactly(story: Story) -> None:
    await story.kadis.says("/kas masuk 250 ribu iuran")
    story.kadis.sees("#1 Rp250.000 dicatat: iuran. Saldo Rp250.000.")
    await story.kadis.says("/kas masuk Rp 75.000,50 air")
    story.kadis.sees("#2 Rp75.000,50 dicatat: air. Saldo Rp325.000,50.")
    await story.kadis.says("/kas masuk dua ratus lima puluh ribu sewa kursi")
    story.kadis.sees("#3 Rp250.000 dicatat: sewa kursi. Saldo Rp575.000,50.")
    rows = await story.stored.list_rows(Catatan)
    assert [row.jumlah for row in rows] == [Decimal(250_000), Decimal("75000.50"), Decimal(250_000)]
    assert [str(row.jumlah) for row in rows] == ["250000", "75000.50", "250000"]
    assert rows[0].dibuat == story.clock.now()
    assert rows[0].dibuat.utcoffset() is not None


async def test_an_amount_in_doubt_is_asked_for_with_what_may_be_meant(story: Story) -> None:
    await story.kadis.says("/kas masuk 5 galon air 50rb")
    story.kadis.sees("Berapa rupiah yang dimaksud dengan “5 galon air 50rb”?")
    await story.kadis.presses("Rp50.000")
    story.kadis.sees("Rp50.000 dicatat: galon air 50rb")


async def test_what_is_no_amount_is_asked_for(story: Story) -> None:
    await story.kadis.says("/kas masuk iuran")
    story.kadis.sees("“iuran” belum terbaca sebagai jumlah uang. Tulis misalnya 250rb")


async def test_what_was_noted_at_night_belongs_to_the_month_that_people_have(story: Story) -> None:
    await story.kadis.says("/kas masuk 250rb iuran")
    await story.kadis.says("/kas rekap")
    story.kadis.sees("Sabtu, 1 Agustus 2026: 250.000")


async def test_a_time_without_a_zone_is_refused(story: Story) -> None:
    await story.kadis.says("/kas salah")
    story.kadis.sees("ya")
