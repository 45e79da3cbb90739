"""Whoever keeps a chat decides which plugins answer there."""

import itertools
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from pendopo import Button, Context, Message, Person, Plugin, RestOfText
from pendopo.testing import Story
from pendopo_bantuan import plugin as bantuan
from pendopo_kelola import plugin as kelola

from .conftest import directory

FORUM = '\n[[forum]]\nname = "Forum"\nchats = ["memory:forum"]\nmembers = ["kepala_opd", "staf"]\n'


def sapa() -> Plugin:
    """A plugin that answers a command, a touch, a time and whatever is said."""
    plugin = Plugin("sapa", summary="Sapa", policy="known", path=Path("."))

    @plugin.command("sapa", examples=["/sapa"])
    async def halo(ctx: Context, isi: RestOfText) -> None:
        """Greet."""
        await ctx.schedule(ctx.now + timedelta(minutes=5), ingat, ctx.person)
        await ctx.reply("umum.pilihan", teks=f"halo {isi}", buttons=[Button("umum.ya", balas, reusable=True)])

    @plugin.command("jumlah", examples=["/jumlah 1 2"])
    async def jumlah(ctx: Context, satu: int, dua: int) -> None:
        """Add."""
        await ctx.reply("umum.pilihan", teks=f"jumlah {satu + dua}")

    @plugin.action()
    async def balas(ctx: Context) -> None:
        """Answer."""
        await ctx.reply("umum.pilihan", teks="dibalas")

    @plugin.job()
    async def ingat(ctx: Context, siapa: Person) -> None:
        """Remind."""
        await ctx.reply("umum.pilihan", teks=f"ingat, {siapa.name}")

    @plugin.on(Message)
    async def dengar(ctx: Context) -> None:
        """Hear."""
        await ctx.reply("umum.pilihan", teks="terdengar")

    return plugin


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with Story([bantuan, kelola, sapa()], database=f"sqlite:///{tmp_path}/x.db", directory=directory()) as told:
        yield told


async def switch(story: Story, text: str, who: str = "asep") -> None:
    await story.actor(who).says(text, group=True)


async def test_what_is_off_says_so_in_one_sentence_there_and_works_elsewhere(story: Story) -> None:
    await switch(story, "/plugin mati sapa")
    story.group.sees("Plugin sapa dimatikan di percakapan ini", "/plugin nyala sapa")
    for words in ("/sapa semua", "/sapa"):
        await story.actor("rina").says(words, group=True)
        assert story.group.last.text == "Plugin sapa dimatikan di percakapan ini. Admin dapat menyalakannya: /plugin nyala sapa"
    await story.actor("rina").says("/sapa semua")
    story.actor("rina").sees("halo semua")
    await switch(story, "/plugin nyala sapa")
    await story.actor("rina").says("/sapa semua", group=True)
    story.group.sees("halo semua")


async def test_a_listener_is_silent_where_its_plugin_is_off(story: Story) -> None:
    await switch(story, "/plugin mati sapa")
    said = len(story.group.messages)
    await story.actor("rina").says("selamat pagi", group=True)
    assert len(story.group.messages) == said


async def test_help_and_suggestions_do_not_show_it_there(story: Story) -> None:
    await switch(story, "/plugin mati sapa")
    await story.actor("rina").says("/bantuan", group=True)
    assert "/sapa" not in story.group.last.text
    said = len(story.group.messages)
    await story.actor("rina").says("/sappa", group=True)
    assert len(story.group.messages) == said
    await story.actor("rina").says("/bantuan")
    assert "/sapa" in story.actor("rina").last.text


async def test_a_button_says_so_and_works_again_afterwards_and_a_plan_is_kept(story: Story) -> None:
    await story.actor("rina").says("/sapa semua", group=True)
    shown = story.group.last
    await switch(story, "/plugin mati sapa")
    await story.actor("rina").presses("ya", on=shown, group=True)
    assert "dimatikan di percakapan ini" in story.actor("rina").toast
    story.group.does_not_see("dibalas")
    await story.advance(minutes=6)
    story.group.sees("ingat, Rina Hidayat")
    await switch(story, "/plugin nyala sapa")
    await story.actor("rina").presses("ya", on=shown, group=True)
    story.group.sees("dibalas")


async def test_a_question_that_is_open_ends(story: Story) -> None:
    await story.actor("rina").says("/sapa", group=True)
    question = story.group.last
    await switch(story, "/plugin mati sapa")
    await story.actor("rina").says("semua", group=True, to=question)
    story.group.does_not_see("halo semua")
    await switch(story, "/plugin nyala sapa")
    await story.actor("rina").says("semua", group=True, to=question)
    story.group.does_not_see("halo semua")


async def test_a_question_in_the_middle_ends_too(story: Story) -> None:
    await story.actor("rina").says("/jumlah", group=True)
    question = story.group.last
    await switch(story, "/plugin mati sapa")
    await story.actor("rina").says("1", group=True, to=question)
    assert "dimatikan di percakapan ini" in story.group.last.text
    assert await story.stored.list_dialogs() == []


async def test_it_is_kept_over_a_restart(story: Story) -> None:
    await switch(story, "/plugin mati sapa")
    await story.restart()
    await story.actor("rina").says("/sapa semua", group=True)
    assert "dimatikan di percakapan ini" in story.group.last.text


async def test_it_is_in_the_audit_log(story: Story) -> None:
    await switch(story, "/plugin mati sapa")
    await switch(story, "/plugin nyala sapa")
    found = [line for line in await story.stored.list_audit_lines() if line.object == "plugin/sapa" and line.person]
    assert [(line.action, line.object) for line in found] == [
        ("direktori.mati", "plugin/sapa"),
        ("direktori.nyala", "plugin/sapa"),
    ]


async def test_the_list_says_what_is_on(story: Story) -> None:
    await switch(story, "/plugin mati sapa")
    await switch(story, "/plugin")
    story.group.sees("• sapa: mati", "• kelola: selalu nyala", "• bantuan: selalu nyala")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/plugin mati kelola", "Plugin kelola adalah bagian inti dan tidak dapat dimatikan."),
        ("/plugin mati sappa", "Tidak ada plugin sappa. Yang dapat diatur: sapa."),
        ("/plugin nyala sapa", "Plugin sapa memang sudah menyala di percakapan ini."),
    ],
)
async def test_what_cannot_be_switched_off_is_refused_in_a_sentence(story: Story, words: str, answer: str) -> None:
    await switch(story, words)
    story.group.sees(answer)


@pytest.mark.parametrize("who", ["rina", "bambang", "orang_asing"])
async def test_only_who_keeps_a_chat_switches_its_plugins(story: Story, who: str) -> None:
    for words in ("/plugin", "/plugin mati sapa"):
        await switch(story, words, who)
    await story.actor("rina").says("/sapa semua", group=True)
    story.group.sees("halo semua")
    story.group.does_not_see("selalu nyala")


async def test_in_a_forum_only_those_who_belong_to_it_may(tmp_path: Path) -> None:
    """Dani keeps Dinas PU, and does not belong to this forum."""
    async with Story([kelola, sapa()], directory=directory() + FORUM) as story:
        await switch(story, "/plugin mati sapa", "dani")
        await story.actor("rina").says("/sapa semua", group=True)
        story.group.sees("halo semua")
        await switch(story, "/plugin mati sapa", "asep")
        story.group.sees("Plugin sapa dimatikan")
    async with Story([kelola, sapa()], directory=directory()) as story:
        await switch(story, "/plugin mati sapa", "dani")
        story.group.sees("Plugin sapa dimatikan")


async def test_a_stranger_is_not_told_what_is_off(story: Story) -> None:
    await switch(story, "/plugin mati sapa")
    await switch(story, "/sapa semua", "orang_asing")
    assert "dimatikan" not in story.group.last.text or "✅" in story.group.last.text


@pytest.mark.postgres
async def test_another_process_knows_before_it_answers_anything_else(postgres_url: str) -> None:
    first, second = (Story([kelola, sapa()], database=postgres_url, directory=directory()) for _ in range(2))
    second.messenger._numbers = itertools.count(10_000)
    async with first, second:
        await switch(first, "/plugin mati sapa")
        await second.actor("rina").says("/sapa semua", group=True)
        await first.wait_until_idle()
        shown = [each.text for told in (first, second) for each in told.group.messages]
    assert any(text.startswith("✅ Plugin sapa dimatikan") for text in shown)
    assert any(text.startswith("Plugin sapa dimatikan") for text in shown)
    assert "halo semua" not in shown
