"""Commands as people and their keyboards really type them."""

import re
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo import Context, Plugin, RestOfText, phrase
from pendopo.adapters.contract import Incoming
from pendopo.engine.routing.router import Router
from pendopo.model import Event
from pendopo.plugin.command_text import INVISIBLE, QUOTES, SLASHES, parse_command, parse_first_word
from pendopo.testing import Story

from tests.oddities import texts


@pytest.mark.parametrize(
    "text",
    [
        "/izin sakit",
        "/IZIN sakit",
        "/Izin  sakit",
        "  /izin sakit",
        "\n/izin sakit",
        "／izin sakit",
        "⁄izin sakit",
        "∕izin sakit",
        "\u200e/izin sakit",
        "\ufeff/izin\nsakit",
        "\u2068/izin sakit",
        "/izin@pendopo sakit",
        "/izin@PENDOPO sakit",
        "/izin\u00a0sakit",
    ],
)
def test_a_command_is_recognised_however_it_is_typed(text: str) -> None:
    typed = parse_command(text)
    assert typed is not None
    assert (typed.word, typed.rest) == ("izin", "sakit")


@pytest.mark.parametrize(
    "text", ["", "izin", "tolong /izin", "/ izin", "//izin", "/izin!", "/-izin", "/_", "\\izin", "1/izin", "🙏 /izin"]
)
def test_what_is_no_command_is_none(text: str) -> None:
    assert parse_command(text) is None


def test_the_whole_word_counts_and_not_its_beginning() -> None:
    typed = parse_command("/izinkan saya")
    assert typed is not None
    assert typed.word == "izinkan"


def test_quotes_a_keyboard_made_round_are_straight_again() -> None:
    typed = parse_command("/tulis “rapat besok” ‘ya’ «x»")
    assert typed is not None
    assert typed.rest == '"rapat besok" \'ya\' "x"'


@given(st.text())
def test_no_text_at_all_breaks_it(text: str) -> None:
    for typed in (parse_command(text), parse_command(f"/{text}"), parse_first_word(text)):
        if typed is not None:
            assert typed.word == typed.word.lower()
            assert " " not in typed.word
            assert typed.rest == typed.rest.strip()


WORDS = ("/izin", "/izin@bot", "/", "@", "／Izin", "izin saya", "_", "“rapat”")


@given(texts(*WORDS))
def test_a_word_of_a_command_can_be_looked_up_and_what_follows_is_all_that_followed(text: str) -> None:
    for typed in (parse_command(text), parse_command(f"/{text}"), parse_first_word(text)):
        if typed is not None:
            assert typed.word
            assert re.fullmatch(r"\w+\.?", typed.word.replace("\u0307", ""))  # İ in lower case is i with a dot of its own
            assert not set(typed.word) & {*INVISIBLE, *SLASHES, "\0", "@"}
            assert typed.rest == "" or text.translate(QUOTES).rstrip().endswith(typed.rest)


@given(
    word=st.from_regex(r"[^\W_]\w{0,20}", fullmatch=True), before=st.text(INVISIBLE + " \n\t", max_size=5), rest=texts(*WORDS)
)
def test_a_command_is_recognised_with_whatever_before_and_behind_it(word: str, before: str, rest: str) -> None:
    for slash in SLASHES:
        typed = parse_command(f"{before}{slash}{word} {rest}")
        assert typed is not None
        assert (typed.word, typed.bot, typed.rest) == (word.lower(), "", rest.translate(QUOTES).strip())


@given(text=texts(*WORDS))
def test_whatever_is_typed_the_router_answers_and_suggests_only_what_there_is(text: str) -> None:
    router = Router([make_plugin()])
    for typed in (parse_command(f"/{text}"), parse_first_word(text)):
        if typed is not None:
            found = router.find_command(typed)
            assert found is None or found[0] in router.commands.values()
            assert all(route in router.commands.values() for route in router.similar_commands(typed.word))


def make_plugin() -> Plugin:
    plugin = Plugin("uji", summary="Under test", policy="known")

    @plugin.command("tulis", aliases=["catat"])
    async def tulis(ctx: Context, teks: RestOfText) -> None:
        await ctx.reply(phrase("umum.pilihan", teks=f"tertulis: {teks}"))

    return plugin


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    async with Story([make_plugin()]) as told:
        yield told


@pytest.mark.parametrize("text", ["/tulis@pendopo halo", "/TULIS halo", "／tulis halo", "/catat halo", "@pendopo /tulis halo"])
async def test_a_command_runs_in_a_group(story: Story, text: str) -> None:
    await story.kadis.says(text, group=True, mention=text.startswith("@"))
    assert story.group.last.text == "tertulis: halo"


@pytest.mark.parametrize("text", ["/tulis@bot_lain halo", "tulis halo", "tolong /tulis halo", "/lainnya sama sekali"])
async def test_what_is_for_somebody_else_is_left_alone_in_a_group(story: Story, text: str) -> None:
    await story.kadis.says(text, group=True)
    assert story.group.messages == []


async def test_a_caption_is_read_like_a_text(story: Story) -> None:
    await story.kadis.says("/tulis halo", photos=[b"x"])
    assert story.kadis.last.text == "tertulis: halo"


async def test_the_slash_may_be_left_out_in_a_private_chat(story: Story) -> None:
    await story.kadis.says("Tulis halo")
    assert story.kadis.last.text == "tertulis: halo"


async def test_izinkan_never_triggers_izin(story: Story) -> None:
    await story.kadis.says("/tuliskan halo")
    story.kadis.does_not_see("tertulis")


async def test_a_message_that_was_edited_does_not_run_again(story: Story) -> None:
    from pendopo.adapters.contract import Incoming
    from pendopo.model import Account, Chat, MessageEdited

    await story.kadis.says("/tulis halo")
    messenger = story.messenger
    edited = MessageEdited(
        key="e1",
        chat=Chat("memory", "kadis"),
        at=story.clock.now(),
        account=Account(("memory:kadis",)),
        message="n1",
        text="/tulis lain",
    )
    messenger.convert = lambda incoming: [edited]
    assert messenger.host is not None
    await messenger.host.accept([Incoming("e1", "edited", "kadis", b"{}")])
    await story.wait_until_idle()
    assert [shown.text for shown in story.kadis.messages] == ["tertulis: halo"]


async def test_bots_and_channels_are_not_listened_to(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    converting = story.messenger.convert
    import msgspec

    def as_service(incoming: Incoming) -> Sequence[Event]:
        (event,) = converting(incoming)
        assert event.account is not None
        return [msgspec.structs.replace(event, account=msgspec.structs.replace(event.account, service=True))]

    monkeypatch.setattr(story.messenger, "convert", as_service)
    await story.kadis.says("/tulis halo", group=True)
    assert story.group.messages == []
