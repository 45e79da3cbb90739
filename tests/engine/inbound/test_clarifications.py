"""Asking back: what is unclear decides nothing until its writer says what was meant."""

import pytest
from pendopo import Answer, Button, Context, Note, Plugin, phrase
from pendopo.testing import Story
from pendopo_izin import plugin as izin


async def test_a_condition_becomes_a_note_when_its_writer_says_so(story: Story) -> None:
    card = story.sekda.last
    await story.sekda.says("ok tapi menunggu kabar Wali Kota", to=card)
    story.sekda.sees("belum ada yang dicatat", "Izin #1")
    story.kadis.does_not_see("disetujui")
    await story.sekda.presses("Setujui dengan catatan: menunggu kabar Wali Kota")
    story.kadis.sees("disetujui Sekda", "Catatan: menunggu kabar Wali Kota")
    story.group.sees("Disetujui Sekda", "Catatan: menunggu kabar Wali Kota")


async def test_not_yet_leaves_it_open(story: Story) -> None:
    card = story.sekda.last
    await story.sekda.says("oke, saya pelajari", to=card)
    await story.sekda.presses("Belum")
    story.kadis.does_not_see("disetujui")
    await story.sekda.says("acc pak", to=card)
    story.kadis.sees("disetujui Sekda")


async def test_the_meaning_is_asked_privately_when_the_group_reads_along(story: Story) -> None:
    before = len(story.group.messages)
    await story.sekda.says("setuju asal tidak pakai APBD", group=True, to=story.group.last)
    assert len(story.group.messages) == before
    story.sekda.sees("belum ada yang dicatat", "setuju asal tidak pakai APBD")


async def test_a_colleague_who_quotes_the_card_decides_nothing_and_hears_nothing(story: Story) -> None:
    before = len(story.group.messages)
    await story.camat.says("setuju", group=True, to=story.group.last)
    await story.camat.says("siapa yg mewakili?", group=True, to=story.group.last)
    assert len(story.group.messages) == before
    assert story.camat.messages == []
    story.kadis.does_not_see("disetujui")


async def test_what_was_meant_counts_once(story: Story) -> None:
    card = story.sekda.last
    await story.sekda.says("setuju kalau ada wakilnya", to=card)
    asked = story.sekda.last
    await story.sekda.says("setuju", to=card)
    await story.sekda.says("1", to=asked)
    assert sum("disetujui Sekda" in shown.text for shown in story.kadis.messages) == 1
    story.kadis.does_not_see("Catatan")


async def test_a_note_in_a_command_is_read_back() -> None:
    async with Story([izin]) as story:
        await story.kadis.says("/izin rakor Bappenas besok jam 9")
        await story.kadis.presses("Kirim")
        await story.sekda.says("/setuju 1 kalau ada wakilnya")
        story.kadis.does_not_see("disetujui")
        story.sekda.sees("kalau ada wakilnya")
        await story.sekda.presses("Ya, kirim")
        story.kadis.sees("disetujui", "Catatan: kalau ada wakilnya")


async def test_an_author_gets_notes_answers_and_choices_that_are_only_typed() -> None:
    plugin = Plugin("coba", summary="Mencoba", policy="known")

    @plugin.action()
    async def putuskan(ctx: Context, catatan: Note = "") -> None:
        await ctx.reply(phrase("umum.pilihan", teks=f"diputus [{catatan}]"))

    @plugin.action()
    async def jawab(ctx: Context, isi: Answer) -> None:
        await ctx.reply(phrase("umum.pilihan", teks=f"jawaban [{isi}]"))

    @plugin.command("mulai")
    async def mulai(ctx: Context) -> None:
        await ctx.reply("umum.ya_kirim", buttons=[Button("umum.ya_kirim", putuskan, allowed=ctx.person, shown=False)])
        await ctx.reply("umum.batalkan", buttons=[Button("umum.batalkan", jawab)])

    async with Story([plugin]) as story:
        await story.kadis.says("/mulai")
        card, question = story.kadis.messages[-2:]
        assert card.buttons == ()
        await story.kadis.says("siap ok", to=card)
        story.kadis.sees("diputus []")
        await story.kadis.says("besok berdua dengan Sekretaris", to=question)
        story.kadis.sees("jawaban [besok berdua dengan Sekretaris]")


async def test_a_bare_word_below_other_news_is_asked_about(profile: str) -> None:
    async with Story([izin], profile=profile) as story:
        await story.kadis.says("/izin rakor Bappenas besok jam 9")
        await story.kadis.presses("Kirim")
        await story.sekda.says("/izin saya")
        await story.sekda.says("ok")
        story.kadis.does_not_see("disetujui")
        story.sekda.sees("belum ada yang dicatat", "Izin #1")
        await story.sekda.presses("Setujui")
        story.kadis.sees("disetujui Sekda")


@pytest.mark.parametrize("text", ["kirim", "Kirim pak", "ya"])
async def test_a_bare_word_for_the_newest_message_is_as_good_as_its_button(text: str, profile: str) -> None:
    async with Story([izin], profile=profile) as story:
        await story.kadis.says("/izin rakor Bappenas besok jam 9")
        await story.kadis.says(text)
        story.sekda.sees("meminta izin")
        await story.sekda.says("tolak")
        story.sekda.sees("Apa alasan penolakannya?")
