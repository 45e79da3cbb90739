"""/bantuan shows what this person may use, from the commands' own signatures."""

from collections.abc import AsyncIterator
from typing import Literal

import pytest
from pendopo import Context, Photo, Plugin, RestOfText
from pendopo.testing import Story
from pendopo_bantuan import plugin as bantuan
from pendopo_izin import plugin as izin
from pendopo_rapat import plugin as rapat


def extra() -> Plugin:
    plugin = Plugin("uji", summary="Under test", policy="known")

    @plugin.command("lapor", aliases=["laporan"], examples=["/lapor banjir"])
    async def lapor(ctx: Context, tingkat: Literal["biasa", "darurat"], isi: RestOfText, foto_bukti: list[Photo] = []) -> None:  # noqa: B006
        """Tell of something that happened.

        Only the first line is shown.
        """

    @plugin.command("rahasia", hidden=True)
    async def rahasia(ctx: Context) -> None: ...

    @plugin.command("pimpinan", policy="role:walikota")
    async def pimpinan(ctx: Context) -> None:
        """For the mayor."""

    return plugin


@pytest.fixture
async def story(profile: str) -> AsyncIterator[Story]:
    async with Story([bantuan, izin, extra()], profile=profile) as told:
        yield told


@pytest.mark.parametrize("text", ["/bantuan", "/help", "/start", "/menu", "bantuan", "/BANTUAN@pendopo"])
async def test_it_lists_the_commands(story: Story, text: str) -> None:
    await story.kadis.says(text)
    story.kadis.sees("/izin · minta izin kepada atasan", "/izin saya · izin Anda", "/lapor · Tell of something that happened.")


async def test_it_shows_only_what_this_person_may_use(story: Story) -> None:
    await story.kadis.says("/bantuan")
    story.kadis.does_not_see("/pimpinan")
    story.kadis.does_not_see("/rahasia")
    await story.walikota.says("/bantuan")
    story.walikota.sees("/pimpinan")
    await story.stranger.says("/bantuan")
    story.stranger.sees("/bantuan")
    story.stranger.does_not_see("/izin ·")


async def test_it_explains_one_command_from_its_signature(story: Story) -> None:
    await story.kadis.says("/bantuan lapor")
    told = story.kadis.last.text
    assert told.startswith("/lapor <tingkat> <isi> [foto bukti]\nTell of something that happened.\n")
    assert "Juga: /laporan" in told
    assert "Contoh: /lapor banjir" in told
    assert "Only the first line" not in told


@pytest.mark.parametrize("word", ["izin", "/izin", "IZIN", "ijin"])
async def test_it_finds_a_command_by_any_of_its_words(story: Story, word: str) -> None:
    await story.kadis.says(f"/bantuan {word}")
    story.kadis.sees("/izin [waktu] [keperluan]", "/izin cuti 14 s.d. 16 Agustus")


@pytest.mark.parametrize("word", ["pimpinan", "tidakada"])
async def test_what_one_may_not_use_is_as_unknown_as_what_does_not_exist(story: Story, word: str) -> None:
    await story.kadis.says(f"/bantuan {word}")
    assert story.kadis.last.text.startswith(f"Tidak ada perintah /{word} untuk Anda.")


async def test_a_mistyped_command_is_answered_with_the_nearest_that_may_be_used(story: Story) -> None:
    await story.kadis.says("/izn besok")
    assert story.kadis.last.text == "Perintah /izn tidak ada. Maksud Anda: /izin?"
    await story.kadis.says("/pimpnan")
    assert "Ketik /bantuan" in story.kadis.last.text
    await story.walikota.says("/pimpnan")
    assert "/pimpinan" in story.walikota.last.text


async def test_of_very_many_that_begin_alike_the_others_are_only_named(profile: str) -> None:
    """/rapat has a score of them, and the list must stay one message."""
    async with Story([bantuan, izin, rapat], profile=profile) as story:
        await story.kadis.says("/bantuan")
        (told,) = story.kadis.messages
        assert "/rapat · undang rapat, atau lihat rapat Anda" in told.text
        assert "Selain itu /rapat …: " in told.text
        assert ", polling" in told.text
        assert "/rapat polling ·" not in told.text
        assert "/izin saya · izin Anda" in told.text
        await story.kadis.says("/bantuan rapat")
        assert any("/rapat polling <" in shown.text for shown in story.kadis.messages)
