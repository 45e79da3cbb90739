"""Each event becomes one piece of committed work, or a dead letter; nothing of it stops anything else."""

from collections.abc import Sequence

import msgspec
from pendopo import Context, Message, Plugin, phrase
from pendopo.adapters.contract import Incoming
from pendopo.errors import StoreError
from pendopo.model import Event
from pendopo.store.queries import dead_letters
from pendopo.testing import Story
from pendopo.testing.messenger import NativeDelivery

from .conftest import Angka, Table, World


async def test_a_handler_that_failed_runs_again_and_then_its_chat_goes_on_in_order(world: World) -> None:
    story, box = world
    box["fail"] = [RuntimeError("once")]
    await story.kadis.says("/tulis satu")
    await story.kadis.says("/tulis dua")
    assert story.kadis.messages == []
    await story.sekda.says("/tulis cepat")
    assert story.sekda.last.text == "tertulis cepat"
    await story.advance(seconds=5)
    assert [shown.text for shown in story.kadis.messages] == ["tertulis satu", "tertulis dua"]


async def test_after_three_tries_it_is_a_dead_letter_with_a_code_and_the_chat_goes_on(world: World) -> None:
    story, box = world
    box["fail"] = [RuntimeError("broken")] * 3
    await story.kadis.says("/tulis satu")
    await story.kadis.says("/tulis dua")
    await story.advance(seconds=10)
    (dead,) = await story.stored.list_inbox(state="dead")
    assert dead.error == "RuntimeError: broken"
    assert dead.code in story.kadis.messages[0].text
    assert story.kadis.messages[1].text == "tertulis dua"
    assert box["runs"] == 4


async def test_while_messengers_crowd_chats_take_turns_and_each_keeps_its_order(world: World) -> None:
    story, box = world
    story.app.inbox.lanes.is_pressed = lambda: True
    at = story.clock.now()
    natives = [
        story.messenger.make_native(who, True, who, at, text=f"{who} {n}") for who in ("kadis", "sekda") for n in range(4)
    ]
    await story.deliver(*natives)
    heard = [event.text for event in box["heard"]]
    for who in ("kadis", "sekda"):
        assert [text for text in heard if text.startswith(who)] == [f"{who} {n}" for n in range(4)]
    if not story.app.database.postgres:  # there a lane is taken only a moment after it was woken
        assert heard == [f"{who} {n}" for n in range(4) for who in ("kadis", "sekda")]


async def test_a_database_that_is_away_again_and_again_makes_no_dead_letter(world: World) -> None:
    story, box = world
    box["fail"] = [StoreError("away")] * 5
    await story.kadis.says("/tulis satu")
    await story.advance(seconds=10)
    assert box["runs"] == 6
    assert story.kadis.last.text == "tertulis satu"


async def test_a_dead_letter_can_be_tried_again_by_the_operator(world: World) -> None:
    story, box = world
    box["fail"] = [RuntimeError("broken")] * 3
    await story.kadis.says("/tulis satu")
    await story.advance(seconds=10)
    await story.app.database.write(lambda c: dead_letters.reopen_letters(c, "inbox"))
    await story.app.rescan_work()
    await story.wait_until_idle()
    assert story.kadis.last.text == "tertulis satu"


def several(story: Story, *texts: str) -> NativeDelivery:
    """One delivery that holds several messages, as WhatsApp makes them."""
    converting = story.messenger.convert

    def convert(incoming: Incoming) -> Sequence[Event]:
        (event,) = converting(incoming)
        if not isinstance(event, Message) or event.text != "several":
            return [event]
        return [msgspec.structs.replace(event, key=f"{event.key}.{n}", text=text) for n, text in enumerate(texts)]

    story.messenger.convert = convert
    return story.messenger.make_native("kadis", True, "kadis", story.clock.now(), text="several")


async def test_one_delivery_may_hold_several_messages_and_each_is_its_own(world: World) -> None:
    story, _ = world
    await story.deliver(several(story, "/tulis satu", "/tulis dua", "/tulis tiga"))
    assert [shown.text for shown in story.kadis.messages] == ["tertulis satu", "tertulis dua", "tertulis tiga"]


async def test_of_several_messages_in_one_delivery_those_done_are_not_done_again_when_one_fails(world: World) -> None:
    story, box = world
    native = several(story, "/tulis satu", "/tulis dua")
    failing = iter([None, RuntimeError("second"), None])

    class Steps:
        def __bool__(self) -> bool:
            self.now = next(failing, None)
            return self.now is not None

        def pop(self, index: int) -> Exception | None:
            return self.now

    box["fail"] = Steps()
    await story.deliver(native)
    assert [shown.text for shown in story.kadis.messages] == ["tertulis satu"]
    await story.advance(seconds=5)
    assert [shown.text for shown in story.kadis.messages] == ["tertulis satu", "tertulis dua"]
    assert box["runs"] == 3


async def test_an_album_is_one_message_with_all_its_pictures_wherever_the_caption_stands(world: World) -> None:
    story, _ = world
    await story.kadis.says("/foto banjir", photos=[b"1", b"2", b"3"])
    assert [shown.text for shown in story.kadis.messages] == ["3 foto banjir"]


async def test_an_album_waits_for_its_parts_and_what_comes_after_it_waits_too(world: World) -> None:
    story, _ = world
    first, second = story.kadis._make_deliveries("/foto banjir", False, None, False, [b"1", b"2"], {})
    await story.messenger.deliver(first)
    await story.wait_until_idle()
    assert story.kadis.messages == []
    await story.messenger.deliver(
        second, story.messenger.make_native("kadis", True, "kadis", story.clock.now(), text="/tulis lalu")
    )
    await story.advance(seconds=2)
    assert [shown.text for shown in story.kadis.messages] == ["2 foto banjir", "tertulis lalu"]


async def test_an_album_survives_a_restart_between_its_parts(world: World) -> None:
    story, _ = world
    first, second = story.kadis._make_deliveries("/foto banjir", False, None, False, [b"1", b"2"], {})
    await story.messenger.deliver(first)
    await story.restart()
    await story.messenger.deliver(second)
    await story.advance(seconds=2)
    assert [shown.text for shown in story.kadis.messages] == ["2 foto banjir"]


async def test_an_album_of_a_handler_that_fails_is_tried_again_whole(world: World) -> None:
    story, box = world
    story.messenger.files.clear()
    natives = story.kadis._make_deliveries("/tulis x", False, None, False, [b"1", b"2"], {})
    box["fail"] = [RuntimeError("once")]
    await story.deliver(*natives)
    await story.advance(seconds=5)
    assert [shown.text for shown in story.kadis.messages] == ["tertulis x"]
    assert {row.state for row in await story.stored.list_inbox()} == {"done"}


async def test_a_photo_that_cannot_be_fetched_is_asked_for_again(world: World) -> None:
    story, _ = world
    natives = story.kadis._make_deliveries("/foto banjir", False, None, False, [b"1"], {})
    story.messenger.files.clear()
    await story.deliver(*natives)
    assert "Mohon kirim sekali lagi" in story.kadis.last.text


async def test_a_delivery_without_anything_in_it_is_done(world: World) -> None:
    story, _ = world
    story.messenger.convert = lambda incoming: []
    await story.kadis.says("apa saja")
    assert [row.state for row in await story.stored.list_inbox()] == ["done"]


async def test_of_several_messages_in_one_delivery_one_that_dies_stays_visible_and_the_rest_goes_on(world: World) -> None:
    story, box = world
    box["fail"] = [RuntimeError("broken")] * 3
    await story.deliver(several(story, "/tulis satu", "/tulis dua"))
    await story.advance(seconds=10)
    assert story.kadis.last.text == "tertulis dua"
    assert [(row.state, row.error) for row in await story.stored.list_inbox()] == [("dead", "RuntimeError: broken")]


async def test_of_two_listeners_one_that_fails_takes_nothing_from_the_other_and_bothers_nobody() -> None:
    one, two = (Plugin(name, summary="Under test", policy="known") for name in ("satu", "dua"))
    listening = Plugin("hitung", summary="Under test", policy="known", tables=Table)

    @one.on(Message)
    async def gagal(ctx: Context) -> None:
        await ctx.reply(phrase("umum.pilihan", teks="half done"))
        raise RuntimeError("always")

    @two.on(Message)
    async def dengar(ctx: Context) -> None:
        await ctx.reply(phrase("umum.pilihan", teks="terdengar"))

    @listening.on(Message)
    async def simpan(ctx: Context) -> None:
        await ctx.save(Angka(nilai=9))

    async with Story([one, two, listening], raises=False) as story:
        await story.kadis.says("halo", group=True)
        await story.advance(seconds=10)
        assert [shown.text for shown in story.group.messages] == ["terdengar"]
        assert [angka.nilai for angka in await story.stored.list_rows(Angka)] == [9]
        assert [row.state for row in await story.stored.list_inbox()] == ["done"]
