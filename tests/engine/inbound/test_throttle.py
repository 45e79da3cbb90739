"""Who asks for much at once is told so once and waits for their turn; who does not notices nothing."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from pendopo import Button, Context, Message, Plugin, RestOfText, phrase
from pendopo.config import LimitSettings, Settings
from pendopo.engine.inbound.throttle import LONGEST_WAIT_MS, Throttle
from pendopo.testing import Story
from pendopo.testing.actor import ChatView

plugin = Plugin("uji", summary="Uji", policy="known")


@plugin.command("halo")
async def halo(ctx: Context) -> None:
    await ctx.reply(phrase("umum.pilihan", teks="hai"), buttons=[Button("umum.ya", lagi, reusable=True)])


@plugin.action()
async def lagi(ctx: Context) -> None:
    await ctx.reply(phrase("umum.pilihan", teks="hai lagi"))


@plugin.command("kata")
async def kata(ctx: Context, teks: RestOfText) -> None:
    await ctx.reply(phrase("umum.pilihan", teks=teks))


@plugin.command("siapa", policy="anyone")
async def siapa(ctx: Context) -> None:
    await ctx.reply(phrase("umum.pilihan", teks="siapa"), buttons=[Button("umum.ya", siap, reusable=True)])


@plugin.action(policy="anyone")
async def siap(ctx: Context) -> None:
    await ctx.reply(phrase("umum.pilihan", teks="siap"))


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    settings = Settings(limits=LimitSettings(per_person=3, per_chat=5))
    async with Story([plugin], settings=settings) as told:
        yield told


def list_texts(story: Story) -> list[str]:
    return [shown.text for shown in story.kadis.messages if "sekaligus" in shown.text]


def count_greetings(chat: ChatView) -> int:
    return [shown.text for shown in chat.messages].count("hai")


async def test_what_is_too_much_at_once_is_told_once_and_done_afterwards(story: Story) -> None:
    for _ in range(10):
        await story.kadis.says("/halo")
    assert count_greetings(story.kadis) == 3
    assert list_texts(story) == [
        "Permintaan Anda banyak sekaligus. Sisanya dikerjakan satu per satu, mulai 60 detik lagi; tidak perlu diulang."
    ]
    await story.advance(seconds=61)
    assert count_greetings(story.kadis) == 4
    await story.advance(minutes=2)
    assert count_greetings(story.kadis) == 10
    await story.advance(minutes=1)
    for _ in range(5):
        await story.kadis.says("/halo")
    assert len(list_texts(story)) == 2, "a new flood is told again"


async def test_what_waits_keeps_its_order_and_survives_a_restart(database_url: str) -> None:
    settings = Settings(limits=LimitSettings(per_person=3, per_chat=5))
    async with Story([plugin], settings=settings, database=database_url) as story:
        for number in range(6):
            await story.kadis.says(f"/kata {number}")
        assert [row.state for row in await story.stored.list_inbox()] == ["done"] * 3 + ["waiting"] * 3
        await story.restart()
        await story.advance(minutes=3)
        said = [shown.text for shown in story.kadis.messages if shown.text.isdecimal()]
        assert said == [str(number) for number in range(6)]


async def test_what_does_not_fit_into_ten_minutes_is_not_done_and_its_sender_is_told(story: Story) -> None:
    for _ in range(60):
        await story.kadis.says("/halo")
    assert len(list_texts(story)) == 1
    await story.advance(minutes=10)
    assert 25 < count_greetings(story.kadis) < 35
    assert not await story.stored.list_inbox(state="waiting")


async def test_whoever_asks_for_more_than_fits_hears_that_it_is_not_done(story: Story) -> None:
    story.app.dispatcher.throttle._last["memory:kadis"] = story.app.core.now_ms() + LONGEST_WAIT_MS
    await story.kadis.says("/halo")
    story.kadis.sees("tidak dikerjakan; silakan ulangi")
    assert story.app.metrics.handled["throttled"] == 1


async def test_one_persons_flood_is_nobody_elses(story: Story) -> None:
    for _ in range(5):
        await story.kadis.says("/halo")
    await story.sekda.says("/halo")
    assert story.sekda.last.text == "hai"


async def test_a_chat_has_a_limit_of_its_own_that_is_shared_and_chatter_does_not_count(story: Story) -> None:
    for _ in range(20):
        await story.lurah.says("selamat pagi", group=True)
    for _ in range(3):
        for actor in (story.kadis, story.sekda):
            await actor.says("/halo", group=True)
    assert count_greetings(story.group) == 5, "the chat is full"
    for actor in (story.camat, story.walikota, story.lurah, story.kadishub):
        await actor.says("/halo", group=True)
    assert count_greetings(story.group) == 9, "nobody's first request waits for others"
    await story.camat.says("/halo", group=True)
    assert count_greetings(story.group) == 9
    await story.advance(minutes=2)
    assert count_greetings(story.group) == 11, "nothing is lost"


async def test_words_that_are_no_command_and_touches_count_too(story: Story) -> None:
    await story.kadis.says("/halo")
    for _ in range(4):
        await story.kadis.presses("ya")
    assert [shown.text for shown in story.kadis.messages].count("hai lagi") == 2
    assert ["sekaligus" in text for _, text in story.messenger.toasts].count(True) == 1
    for _ in range(10):
        await story.sekda.says("/tidakada")
    assert len(story.sekda.messages) == 4
    await story.advance(minutes=1, seconds=30)
    assert [shown.text for shown in story.kadis.messages].count("hai lagi") == 4


@pytest.mark.parametrize("count", [10, 200, 1000])
async def test_a_crowd_that_does_one_thing_each_at_one_instant_is_served(count: int) -> None:
    async with Story([plugin], settings=Settings()) as story:
        await story.kadis.says("/siapa", group=True)
        card = story.group.last
        people = [story.actor(f"orang{number}") for number in range(count)]
        token = card.buttons[0].token
        pressed = [actor._make_delivery(True, token=token, message=card.id) for actor in people]
        asked = [actor._make_deliveries("/siapa", True, None, False, (), {})[0] for actor in people]
        await asyncio.gather(*(story.messenger.deliver(native) for native in [*pressed, *asked]))
        await story.wait_until_idle()
        said = [shown.text for shown in story.group.messages]
        assert (said.count("siap"), said.count("siapa")) == (count, count + 1)


@pytest.mark.parametrize("text", ["/halo", "/kata darurat"])
async def test_four_who_flood_silence_only_themselves(text: str) -> None:
    async with Story([plugin]) as story:
        for _ in range(32):
            for actor in (story.kadis, story.sekda, story.camat, story.lurah):
                await actor.says("/halo", group=True)
        before = len(story.group.messages)
        await story.walikota.says(text, group=True)
        await story.kadishub.presses("ya", group=True)
        await story.wait_until_idle()
        assert [shown.text for shown in story.group.messages[before:]] == [text.split()[-1].replace("/halo", "hai"), "hai lagi"]


async def test_an_answer_that_the_bot_asked_for_counts_for_its_person_only(story: Story) -> None:
    for _ in range(3):
        for actor in (story.kadis, story.sekda):
            await actor.says("/halo", group=True)
    for _ in range(3):
        await story.camat.says("/kata", group=True)
        await story.camat.says("satu", group=True, to=story.group.last)
        await story.advance(minutes=1)
    assert [shown.text for shown in story.group.messages].count("satu") == 3


async def test_what_waits_is_counted(story: Story) -> None:
    for _ in range(5):
        await story.kadis.says("/halo")
    assert story.app.metrics.handled["waited"] == 2


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
    assert max(len(throttle._own), len(throttle._shared), len(throttle._granted)) <= 20_000


def test_who_asked_least_is_served_first() -> None:
    throttle = Throttle(0, 4)
    assert [throttle.reserve_request("much", "c", 0, f"m{n}") for n in range(4)] == [0] * 4
    assert throttle.reserve_request("much", "c", 0, "m5") == 60_000
    assert [throttle.reserve_request("new", "c", 10, f"n{n}") for n in range(2)] == [0, 0]
    assert throttle.reserve_request("new", "c", 10, "n2") > 0, "two of four is an equal share"
    assert throttle.reserve_request("late", "c", 20, "l1") == 0


def test_in_a_large_crowd_a_few_requests_of_each_wait_for_nobody() -> None:
    throttle = Throttle(30, 120)
    for number in range(1000):
        assert throttle.reserve_request(f"p{number}", "c", 0, f"a{number}") == 0
    assert [throttle.reserve_request("p7", "c", 0, f"b{n}") for n in range(4)] == [0] * 4
    assert throttle.reserve_request("p7", "c", 0, "b4") > 0


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
