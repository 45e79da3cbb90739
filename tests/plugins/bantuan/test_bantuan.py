"""/bantuan shows what this person may use, from the commands' own signatures."""

from collections.abc import AsyncIterator
from typing import Literal

import pytest
from pendopo import Context, Photo, Plugin, RestOfText
from pendopo.testing import Story
from pendopo.testing.messenger import ShownMessage
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
async def test_it_says_in_six_lines_what_can_be_done(story: Story, text: str) -> None:
    await story.kadis.says(text)
    (told,) = story.kadis.messages
    assert len(told.text.partition("\n\n")[0].splitlines()) <= 6
    story.kadis.sees("/izin menghadiri rakor Bappenas besok jam 9 di Jakarta", "/lapor banjir", "/batal")
    await story.kadis.presses("Izin", on=told)
    story.kadis.sees("/izin [waktu] [keperluan]", "minta izin kepada atasan", "Perintah lain: ", "/izin saya")


async def test_it_shows_only_what_this_person_may_use(story: Story) -> None:
    def titles(shown: ShownMessage) -> str:
        return shown.text + " ".join(choice.title for choice in shown.buttons)

    await story.kadis.says("/bantuan")
    assert "impinan" not in titles(story.kadis.last)
    assert "ahasia" not in titles(story.kadis.last)
    await story.walikota.says("/bantuan")
    await story.walikota.presses("Lapor")
    story.walikota.sees("/pimpinan")
    await story.stranger.says("/bantuan")
    assert "Izin" not in titles(story.stranger.last)


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


async def test_a_subject_has_three_examples_and_only_names_the_rest(profile: str) -> None:
    """/rapat has a score of commands, and none of this must fill a phone."""
    async with Story([bantuan, izin, rapat], profile=profile) as story:
        await story.kadis.says("/bantuan rapat")
        (told,) = story.kadis.messages
        assert told.text.count("Contoh: ") <= 3
        assert ", /rapat " in told.text
        assert len(told.text.splitlines()) <= 8
        await story.kadis.says("/bantuan rapat semua")
        story.kadis.sees("/rapat polling · ")
        await story.kadis.says("/bantuan rapat polling")
        story.kadis.sees("/rapat polling <")
        await story.kadis.says("/bantuan /izin batal")
        story.kadis.sees("/izin batal <")
