"""A choice is made by touch, by number, by label or by synonym; whatever is not a valid choice gets a polite sentence."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
from pendopo import Button, Context, Plugin, RestOfText, UserError, phrase
from pendopo.testing import PROFILES, Story

from tests.oddities import SIGNS
from tests.tampering import change_rows


def make_plugin(changed: bool = False) -> Plugin:
    plugin = Plugin("izin", summary="Under test", policy="known", path=Path(__file__).parents[3] / "plugins" / "pendopo_izin")
    plugin.tables = None

    @plugin.command("minta")
    async def minta(ctx: Context, hal: RestOfText) -> None:
        sekda = ctx.people.superior_of(ctx.person, ctx.now)
        buttons = [
            Button("izin.tombol.setujui", putus, hal, allowed=sekda),
            Button("izin.tombol.tolak", tolak, hal, allowed=sekda),
        ]
        await ctx.reply(phrase("umum.pilihan", teks=f"minta {hal}"), buttons=buttons)
        if sekda is not None:
            await ctx.notify(sekda, phrase("umum.pilihan", teks=f"minta {hal}"), buttons=buttons)

    @plugin.command("warna")
    async def warna(ctx: Context, warna: Literal["merah", "biru"]) -> None:
        await ctx.reply(phrase("umum.pilihan", teks=warna))

    @plugin.command("bebas")
    async def bebas(ctx: Context) -> None:
        await ctx.reply(phrase("umum.pilihan", teks="pilih"), buttons=[Button("umum.ya", hitung, 1, reusable=True)])

    @plugin.action()
    async def hitung(ctx: Context, n: int) -> None:
        await ctx.reply(phrase("umum.pilihan", teks="hitung"))

    @plugin.action()
    async def tolak(ctx: Context, hal: str, alasan: RestOfText) -> None:
        if alasan == "kosong":
            raise UserError("umum.tidak_ada", param="alasan", nomor=1)
        await ctx.reply(phrase("umum.pilihan", teks=f"{hal} ditolak: {alasan}"))

    if changed:

        @plugin.action()
        async def putus(ctx: Context, nomor: int, lain: str) -> None:
            await ctx.reply(phrase("umum.pilihan", teks="tidak mungkin"))

    else:

        @plugin.action()
        async def putus(ctx: Context, hal: str) -> None:  # type: ignore[misc]  # two versions of one handler
            await ctx.reply(phrase("umum.pilihan", teks=f"{hal} disetujui"))

    return plugin


@pytest.fixture
async def story(tmp_path: Path, profile: str) -> AsyncIterator[Story]:
    async with Story([make_plugin()], database=f"sqlite:///{tmp_path}/x.db", profile=profile) as told:
        yield told


@pytest.fixture
async def numbers() -> AsyncIterator[Story]:
    """A messenger without buttons."""
    async with Story([make_plugin()], profile="whatsapp_group") as told:
        yield told


def get_newest_words(story: Story, name: str) -> str:
    """What the bot said last to somebody: the short note of a touch, or a message."""
    actor = story.actor(name)
    return actor.toast or actor.last.text


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("1", "cuti disetujui"),
        (" #1. ", "cuti disetujui"),
        ("setuju", "cuti disetujui"),
        ("Setujui", "cuti disetujui"),
        ("ACC", "cuti disetujui"),
        ("ok pak", "cuti disetujui"),
        ("approve", "cuti disetujui"),
        ("approved", "cuti disetujui"),
        ("2 ", "Mohon tuliskan alasan"),
        ("tolak karena banyak rapat", "cuti ditolak: banyak rapat"),
        ("Tolak, banyak rapat", "cuti ditolak: banyak rapat"),
        ("tolak", "alasan"),
    ],
)
async def test_quoting_a_message_answers_it(story: Story, answer: str, outcome: str) -> None:
    await story.kadis.says("/minta cuti")
    await story.sekda.says(answer, to=story.sekda.messages[0])
    assert outcome.lower() in story.sekda.last.text.lower().replace("apa alasan", "mohon tuliskan alasan")


@pytest.mark.parametrize("answer", ["setujukah?", "oke-oke saja nanti", "3", "99", "kenapa?", "tolakan"])
async def test_quoting_with_other_words_decides_nothing_and_is_asked_about(story: Story, answer: str) -> None:
    await story.kadis.says("/minta cuti")
    await story.sekda.says(answer, to=story.sekda.messages[0])
    assert len(story.sekda.messages) == 2
    story.sekda.sees("belum ada yang dicatat", answer)
    story.sekda.does_not_see("disetujui")


async def test_touching_decides_and_a_second_touch_says_who_did(story: Story) -> None:
    await story.kadis.says("/minta cuti")
    card = story.sekda.last
    await story.sekda.presses("Setujui", on=card)
    assert story.sekda.last.text == "cuti disetujui"
    await story.sekda.presses("Tolak…", on=card)
    assert get_newest_words(story, "sekda") == "Sudah dijawab oleh Sekda."
    await story.restart()
    await story.sekda.presses("Setujui", on=card)
    assert get_newest_words(story, "sekda") == "Sudah dijawab oleh Sekda."


async def test_the_wrong_person_is_refused_politely_and_the_right_one_still_may(story: Story) -> None:
    await story.kadis.says("/minta cuti", group=True)
    card = story.group.last
    await story.camat.presses("Setujui", group=True, on=card)
    assert (story.camat.toast or story.group.last.text) == "Pilihan ini bukan untuk Anda."
    await story.sekda.presses("Setujui", group=True, on=card)
    assert story.group.last.text == "cuti disetujui"


async def test_a_forged_token_is_refused_politely(story: Story) -> None:
    await story.kadis.says("/minta cuti")
    await story.sekda.presses_token("forged", story.sekda.last)
    assert get_newest_words(story, "sekda") == "Tombol ini tidak berlaku di sini."


async def test_whatever_stands_where_a_token_should_is_refused_politely(story: Story) -> None:
    await story.kadis.says("/minta cuti")
    token = (await story.stored.list_buttons(ordinal=1))[0].token
    spoilt = (
        token[:-1],
        f"{token}x",
        f" {token}",
        f"{token}\0",
        token.swapcase(),
        f"{token}.{token}",
        "' OR 1=1 --",
        "%",
        "9" * 5000,
    )
    for forged in (*spoilt, *SIGNS):
        await story.advance(minutes=1)  # else it would be too much at once
        await story.sekda.presses_token(forged, story.sekda.last)
        assert get_newest_words(story, "sekda") == "Tombol ini tidak berlaku di sini.", repr(forged)
    assert {row.used_at for row in await story.stored.list_buttons()} == {0}
    assert {row.state for row in await story.stored.list_inbox()} == {"done"}


async def test_whatever_is_typed_where_numbers_are_chosen_is_a_choice_or_is_not(numbers: Story) -> None:
    await numbers.kadis.says("/minta cuti")
    for said in (*SIGNS, "٣", "1" * 300, "0", "-1", "1.1", "①", "99", "1\u202e2", "setujui" * 100):
        await numbers.advance(minutes=1)
        await numbers.sekda.says(said, to=numbers.sekda.messages[0])
    assert {row.used_at for row in await numbers.stored.list_buttons()} == {0}
    assert {row.state for row in await numbers.stored.list_inbox()} == {"done"}


async def test_a_token_of_another_chat_is_refused_politely(story: Story) -> None:
    await story.kadis.says("/minta cuti", group=True)
    token = (await story.stored.list_buttons(ordinal=1))[0].token
    await story.kadishub.presses_token(token, story.group.last)
    assert get_newest_words(story, "kadishub") == "Tombol ini tidak berlaku di sini."


async def test_an_old_choice_is_refused_politely(story: Story) -> None:
    await story.kadis.says("/minta cuti")
    await story.advance(days=31)
    await story.sekda.presses("Setujui")
    assert get_newest_words(story, "sekda") == "Pilihan ini sudah tidak berlaku."
    await story.sekda.says("1", to=story.sekda.messages[0])
    assert get_newest_words(story, "sekda") == "Pilihan ini sudah tidak berlaku."


async def test_a_button_whose_action_changed_in_a_deploy_is_refused_politely(story: Story) -> None:
    await story.kadis.says("/minta cuti")
    story._plugins = [make_plugin(changed=True)]
    await story.restart()
    await story.sekda.presses("Setujui")
    assert get_newest_words(story, "sekda") == "Pilihan ini sudah tidak berlaku."


async def test_a_button_of_a_plugin_that_is_gone_is_refused_politely(story: Story) -> None:
    await story.kadis.says("/minta cuti")
    story._plugins = []
    await story.restart()
    await story.sekda.presses("Setujui")
    assert get_newest_words(story, "sekda") == "Pilihan ini sudah tidak berlaku."


async def test_a_button_to_keep_can_be_touched_again(story: Story) -> None:
    await story.kadis.says("/bebas")
    card = story.kadis.last
    for _ in range(3):
        await story.kadis.presses("ya", on=card)
    assert [shown.text for shown in story.kadis.messages[1:]] == ["hitung"] * 3


async def test_a_button_stops_turning_whatever_comes_of_it(story: Story) -> None:
    await story.kadis.says("/minta cuti")
    if not PROFILES[story.messenger.profile].buttons:
        return
    await story.sekda.presses("Tolak…")
    assert len(story.messenger.toasts) == 1
    await story.sekda.says("kosong")
    await story.sekda.says("penuh")
    assert story.sekda.last.text == "cuti ditolak: penuh"


async def test_a_refusal_by_an_action_that_asks_again_answers_the_touch_too() -> None:
    async with Story([make_plugin()]) as story:
        await story.kadis.says("/minta cuti")
        token = story.sekda.last.buttons[1].token
        await change_rows(story.app.database, "button", {"token": token}, args='{"hal":"cuti","alasan":"kosong"}')
        await story.sekda.presses_token(token, story.sekda.last)
        assert [text for _, text in story.messenger.toasts] == [""]
        assert "Nomor 1" in story.sekda.last.text


async def test_a_bare_number_counts_where_there_is_no_doubt(numbers: Story) -> None:
    await numbers.kadis.says("/minta cuti")
    assert "1. Setujui\n2. Tolak…\nBalas (kutip) pesan ini dengan angka" in numbers.sekda.last.text
    await numbers.sekda.says("1")
    assert numbers.sekda.last.text == "cuti disetujui"


async def test_where_there_is_doubt_a_bare_number_is_asked_to_quote(numbers: Story) -> None:
    await numbers.kadis.says("/minta cuti")
    await numbers.kadishub.says("/minta dinas")
    await numbers.sekda.says("1")
    assert "Balas (kutip) pesan yang dimaksud" in numbers.sekda.last.text
    await numbers.sekda.says("1", to=numbers.sekda.messages[0])
    assert numbers.sekda.last.text == "cuti disetujui"
    await numbers.sekda.says("1")
    assert numbers.sekda.last.text == "dinas disetujui"


async def test_a_question_that_was_answered_leaves_no_doubt_about_a_bare_number(numbers: Story) -> None:
    await numbers.sekda.says("/warna")
    assert "1. merah" in numbers.sekda.last.text
    await numbers.sekda.says("merah")
    await numbers.kadis.says("/minta cuti")
    await numbers.sekda.says("1")
    assert numbers.sekda.last.text == "cuti disetujui"


@pytest.mark.parametrize("chatter", ["saya tanya dulu", "usul tadi setuju", "terima kasih"])
async def test_a_sentence_that_quotes_nothing_is_no_decision(numbers: Story, chatter: str) -> None:
    await numbers.kadis.says("/minta cuti")
    await numbers.sekda.says(chatter)
    assert len(numbers.sekda.messages) == 2
    assert numbers.sekda.last.text in (f"Belum ada yang dilakukan dengan “{chatter}”.", "Sama-sama 🙏")
    numbers.sekda.does_not_see("disetujui")


@pytest.mark.parametrize("said", ["ok tapi nanti saya tanya dulu", "setuju dengan usul tadi", "pak, setuju kalau ada gantinya"])
async def test_a_decision_with_more_words_that_quotes_nothing_is_asked_about(numbers: Story, said: str) -> None:
    await numbers.kadis.says("/minta cuti")
    await numbers.sekda.says(said)
    assert f"Dari “{said}” belum ada yang dicatat." in numbers.sekda.last.text
    numbers.sekda.does_not_see("disetujui")
    await numbers.kadis.says("/minta dinas")
    await numbers.sekda.says(said)
    assert numbers.sekda.last.text.startswith("Ada beberapa hal yang menunggu jawaban Anda.")


async def test_a_bare_number_in_a_group_is_chatter_unless_it_is_the_one_who_was_asked(numbers: Story) -> None:
    await numbers.kadis.says("/minta cuti", group=True)
    for actor in (numbers.camat, numbers.kadis, numbers.stranger):
        await actor.says("1", group=True)
    assert len(numbers.group.messages) == 1
    await numbers.sekda.says("1", group=True)
    assert numbers.group.last.text == "cuti disetujui"


async def test_ok_under_a_decided_matter_in_a_group_is_chatter(numbers: Story) -> None:
    await numbers.kadis.says("/minta cuti", group=True)
    card = numbers.group.last
    await numbers.sekda.says("1", group=True, to=card)
    count = len(numbers.group.messages)
    await numbers.camat.says("ok siap", group=True, to=card)
    assert len(numbers.group.messages) == count
    await numbers.sekda.says("2", group=True, to=card)
    assert numbers.group.last.text == "Sudah dijawab oleh Sekda."


async def test_a_bare_number_a_day_later_decides_nothing(numbers: Story) -> None:
    await numbers.kadis.says("/minta cuti")
    await numbers.advance(hours=25)
    await numbers.sekda.says("1")
    assert numbers.sekda.last.text == "Belum ada yang dilakukan dengan “1”."
