"""A flood is told once, then there is silence; who is not part of it notices nothing."""

from collections.abc import AsyncIterator

import pytest
from pendopo import Button, Context, Message, Plugin, phrase
from pendopo.config import LimitSettings, Settings
from pendopo.engine.inbound.throttle import Throttle
from pendopo.testing import Story

plugin = Plugin("uji", summary="Uji", policy="known")


@plugin.command("halo")
async def halo(ctx: Context) -> None:
    await ctx.reply(phrase("umum.pilihan", teks="hai"), buttons=[Button("umum.ya", lagi, reusable=True)])


@plugin.action()
async def lagi(ctx: Context) -> None:
    await ctx.reply(phrase("umum.pilihan", teks="hai lagi"))


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    settings = Settings(limits=LimitSettings(per_person=3, per_chat=5))
    async with Story([plugin], settings=settings) as told:
        yield told


def list_texts(story: Story) -> list[str]:
    return [shown.text for shown in story.kadis.messages if "Terlalu banyak" in shown.text]


async def test_a_flood_is_told_once_and_then_nothing_is_said_until_it_is_over(story: Story) -> None:
    for _ in range(10):
        await story.kadis.says("/halo")
    assert [shown.text for shown in story.kadis.messages].count("hai") == 3
    assert list_texts(story) == ["Terlalu banyak permintaan sekaligus. Mohon tunggu 60 detik; sampai saat itu bot diam."]
    await story.advance(seconds=61)
    await story.kadis.says("/halo")
    assert [shown.text for shown in story.kadis.messages].count("hai") == 4
    for _ in range(5):
        await story.kadis.says("/halo")
    assert len(list_texts(story)) == 2, "a new flood is told again"


async def test_one_persons_flood_is_nobody_elses(story: Story) -> None:
    for _ in range(5):
        await story.kadis.says("/halo")
    await story.sekda.says("/halo")
    assert story.sekda.last.text == "hai"


async def test_a_chat_has_a_limit_of_its_own_and_chatter_does_not_count(story: Story) -> None:
    for _ in range(20):
        await story.lurah.says("selamat pagi", group=True)
    for actor in (story.kadis, story.sekda, story.camat, story.walikota, story.lurah, story.kadishub):
        await actor.says("/halo", group=True)
    assert [shown.text for shown in story.group.messages].count("hai") == 5


async def test_words_that_are_no_command_and_touches_count_too(story: Story) -> None:
    await story.kadis.says("/halo")
    for _ in range(4):
        await story.kadis.presses("ya")
    assert [shown.text for shown in story.kadis.messages].count("hai lagi") == 2
    assert ["Terlalu banyak" in text for _, text in story.messenger.toasts].count(True) == 1
    for _ in range(10):
        await story.sekda.says("/tidakada")
    assert len(story.sekda.messages) == 4


async def test_without_limits_nobody_is_stopped() -> None:
    async with Story([plugin], settings=Settings(limits=LimitSettings(per_person=0, per_chat=0))) as story:
        for _ in range(200):
            await story.kadis.says("/halo")
        assert len(story.kadis.messages) == 200


def test_a_request_that_is_tried_again_takes_no_second_place() -> None:
    throttle = Throttle(1, 0)
    assert throttle.reserve_request("a", "c", 0, "m1") == 0
    assert throttle.reserve_request("a", "c", 0, "m1") == 0
    assert throttle.reserve_request("a", "c", 0, "m2") == 60_000


def test_memory_is_bounded() -> None:
    throttle = Throttle(1, 1)
    for number in range(50_000):
        throttle.reserve_request(f"p{number}", f"c{number}", 0, f"m{number}")
    assert len(throttle._windows) <= 20_000
    assert len(throttle._granted) <= 20_000


async def test_what_a_listener_answers_is_no_request(profile: str) -> None:
    """Photos, attendance and other chatter that a plugin takes up count against nobody, and none of it is dropped."""
    plugin = Plugin("dengar", summary="Mendengar", policy="anyone")

    @plugin.on(Message)
    async def dengar(ctx: Context) -> None:
        await ctx.reply(phrase("umum.pilihan", teks="dicatat"))

    async with Story([plugin], profile=profile, settings=Settings(limits=LimitSettings(per_person=3, per_chat=3))) as story:
        for _ in range(12):
            await story.kadis.says("hadir", group=True)
        assert [shown.text for shown in story.group.messages] == ["dicatat"] * 12
