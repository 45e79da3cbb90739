"""Whoever speaks to the bot hears something; whoever speaks to people in a group is left alone."""

from collections.abc import AsyncIterator

import pytest
from pendopo.testing import Story
from pendopo_bantuan import plugin as bantuan
from pendopo_disposisi import plugin as disposisi
from pendopo_ingatkan import plugin as ingatkan
from pendopo_izin import plugin as izin
from pendopo_laporan import plugin as laporan
from pendopo_rapat import plugin as rapat

from .chatter import CHATTER

PLUGINS = [izin, laporan, ingatkan, rapat, disposisi, bantuan]


@pytest.fixture
async def story(profile: str) -> AsyncIterator[Story]:
    async with Story(PLUGINS, profile=profile) as told:
        yield told


@pytest.mark.parametrize(
    "text",
    [
        *("halo", "tes", "bagaimana cara izin?", "siap pak", "👍", "?", "rapatnya jadi besok", "123", "/tidakada", "ok"),
        *("izin menyampaikan, besok rapatnya pindah ke Aula Timur", "setuju", "kirim", "apa kabar pak", "hadir"),
        *("mohon petunjuk pak", "P", "test test", "pak kadis di mana", "https://contoh.go.id/surat", "08123456789"),
    ],
)
async def test_nothing_that_is_said_privately_ends_in_silence(story: Story, text: str) -> None:
    await story.kadis.says(text)
    assert len(story.kadis.messages) == 1
    assert story.kadis.last.text


async def test_what_was_not_understood_is_not_lost(story: Story) -> None:
    await story.kadis.says("menghadiri wisuda UPI besok jam 9")
    story.kadis.sees("Belum ada yang dilakukan", "menghadiri wisuda UPI besok jam 9")
    await story.kadis.presses("Izin…")
    story.kadis.sees("Menghadiri wisuda UPI", "Kamis, 13 Agustus 2026, pukul 09.00 WIB")


async def test_a_report_in_a_sentence_is_read_back_before_anybody_sees_it(story: Story) -> None:
    await story.kadis.says("Assalamualaikum, ada pohon tumbang di Kel. Dago")
    story.kadis.sees("Mohon diperiksa", "pohon tumbang di Kel. Dago")
    assert story.group.messages == []
    await story.kadis.presses("Ya, kirim")
    story.kadis.sees("#1 Pohon tumbang")


async def test_a_sentence_that_addresses_the_bot_in_a_group_begins_there(story: Story) -> None:
    await story.kadis.says("@pendopo mohon izin besok jam 9 ke Cirebon", group=True, mention=True)
    story.group.sees("Izin #1", "Ke Cirebon")


async def test_who_addresses_the_bot_in_a_group_and_is_not_understood_hears_it_privately(story: Story) -> None:
    await story.kadis.says("/bantuan")
    before = len(story.group.messages)
    await story.kadis.says("@pendopo tolong carikan notulen yang dulu itu", group=True, mention=True)
    assert len(story.group.messages) == before
    story.kadis.sees("Belum ada yang dilakukan")


async def test_strangers_hear_nothing(story: Story) -> None:
    for text in ("halo", "mohon izin besok", "banjir di Dago"):
        await story.stranger.says(text)
    story.stranger.does_not_see("Izin #")
    story.stranger.does_not_see("Belum ada yang")


async def test_thanks_are_answered_once_and_kindly(story: Story) -> None:
    await story.kadis.says("terima kasih pak 🙏")
    assert story.kadis.last.text == "Sama-sama 🙏"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "/rapat: Evaluasi besok jam 9 undang Kadis PU",
            "/izin, sakit hari ini",
            "*/izin* sakit hari ini",
            "1. /izin sakit hari ini",
        ),
        *(
            "/ izin sakit hari ini",
            "“/izin” sakit hari ini",
            "/izin\u200b sakit hari ini",
            ".izin sakit hari ini",
            "izin: sakit hari ini",
        ),
    ],
)
async def test_a_command_is_one_however_it_was_copied(story: Story, text: str) -> None:
    await story.kadis.says(text)
    assert "Belum ada yang" not in story.kadis.last.text
    assert story.kadis.last.buttons or "1. " in story.kadis.last.text


async def test_two_hundred_messages_of_a_group_trigger_nothing(story: Story) -> None:
    """While an izin waits, a report is open and a meeting is called."""
    assert len(CHATTER) >= 200
    await story.kadis.says("/izin rakor Bappenas besok jam 9", group=True)
    await story.kadis.presses("Kirim", group=True)
    await story.lurah.says("/laporan pohon tumbang di Kel. Dago")
    await story.sekda.says("/rapat Evaluasi besok jam 13 undang Kadis PU", group=True)
    await story.sekda.presses("Undang", group=True)
    before = {name: len(story.actor(name).messages) for name in ("sekda", "kadis", "lurah", "walikota")}
    shown = [message.text for message in story.group.messages]
    for at, text in enumerate(CHATTER):
        await story.actor(["sekda", "kadis", "lurah", "walikota"][at % 4]).says(text, group=True)
    assert [message.text for message in story.group.messages] == shown
    assert {name: len(story.actor(name).messages) for name in before} == before
