"""What people press on a drawing that was changed meanwhile is counted, once, or refused for a reason in the matter."""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import msgspec
import pytest
from pendopo import Button, Context, Plugin, Row, phrase, tables
from pendopo.model import Rate
from pendopo.testing import PROFILES, Story
from pendopo.testing.messenger import ShownMessage
from pendopo_disposisi import plugin as disposisi
from pendopo_disposisi.models import Disposisi
from pendopo_ingatkan import plugin as ingatkan
from pendopo_ingatkan.models import Pengingat
from pendopo_izin import plugin as izin
from pendopo_izin.models import Izin
from pendopo_rapat import plugin as rapat
from pendopo_rapat.models.meetings import Jawaban, Peserta
from pendopo_rapat.models.proposals import Suara
from sqlmodel import col, select

from tests.oddities import times

OVER = "Pilihan ini sudah tidak berlaku."
LAGS = (0.5, 2, 10)
GROUP_PACE = msgspec.structs.replace(PROFILES["telegram"], per_chat=(Rate(1, 1.0), Rate(18, 60.0)))
"""What Telegram lets a bot send to a group."""


class Table(Row, registry=tables("pilih")):
    """The rows of the poll."""


class Pilihan(Table, table=True):
    """One answer."""

    siapa: str
    jawab: str


plugin = Plugin("pilih", summary="A poll that redraws its card at each answer", policy="anyone", tables=Table)


@plugin.command("mulai")
async def mulai(ctx: Context) -> None:
    """Ask."""
    await ctx.reply(phrase("umum.pilihan", teks="0"), buttons=make_buttons())


@plugin.action()
async def jawab(ctx: Context, apa: str) -> None:
    """Count an answer and redraw the card."""
    assert ctx.account is not None
    given = await ctx.all(select(Pilihan).order_by(col(Pilihan.id)))
    if all(row.siapa != ctx.account.id for row in given):
        await ctx.save(Pilihan(siapa=ctx.account.id, jawab=apa))
    await ctx.update(phrase("umum.pilihan", teks=f"{len(given) + 1}"), buttons=make_buttons())


def make_buttons() -> list[Button]:
    return [Button(f"umum.{label}", jawab, label, reusable=True) for label in ("ya", "batalkan")]


async def press_one_by_one(stories: Sequence[Story], people: int, gap: float, most: float, seed: int) -> None:
    """Each presses once, all in their own order, what they saw up to so many seconds ago."""
    draw, first = random.Random(seed), stories[0]
    names = [f"orang{n}" for n in range(people)]
    draw.shuffle(names)
    for at, name in enumerate(names):
        here = stories[at % len(stories)]
        actor = here.actor(name)
        actor.messenger.screen = first.messenger.screen
        await actor.presses(draw.choice(["ya", "Batal"]), group=True, seconds_ago=draw.uniform(0, most))
        for story in stories:
            await story.advance(seconds=gap)


async def count_answers(story: Story) -> int:
    rows = await story.stored.list_rows(Pilihan)
    assert len({row.siapa for row in rows}) == len(rows), "nobody is counted twice"
    return len(rows)


@pytest.mark.parametrize("seed", range(times(3)))
@pytest.mark.parametrize(("gap", "most"), [(0.1, 3), (0.6, 3), (1.0, 30)])
async def test_of_n_people_who_press_once_n_are_counted_whatever_their_delay_and_order(
    gap: float, most: float, seed: int
) -> None:
    async with Story([plugin]) as story:
        story.messenger.able = GROUP_PACE
        await story.kadis.says("/mulai", group=True)
        await story.advance(seconds=most)
        await press_one_by_one([story], 40, gap, most, seed)
        assert await count_answers(story) == 40
        assert OVER not in [text for _, text in story.messenger.toasts]
        await story.advance(minutes=5)
        assert story.group.last.text == "40", "the last drawing shows all"


@pytest.fixture
async def two(postgres_url: str) -> AsyncIterator[tuple[Story, Story]]:
    """Two processes of one bot, which show on one screen."""
    first, second = (Story([plugin], database=postgres_url) for _ in range(2))
    second.messenger._numbers = itertools.count(10_000)
    async with first, second:
        second.messenger.screen = first.messenger.screen
        yield first, second


@pytest.mark.postgres
async def test_so_it_is_on_two_processes(two: tuple[Story, Story]) -> None:
    first, second = two
    for story in two:
        story.messenger.able = GROUP_PACE
    await first.kadis.says("/mulai", group=True)
    await settle(*two)
    for story in two:
        await story.advance(seconds=3)
    await press_one_by_one(two, 30, 0.6, 3, seed=1)
    await settle(*two)
    assert await count_answers(first) == 30
    assert OVER not in [text for story in two for _, text in story.messenger.toasts]
    assert second.messenger.toasts


async def settle(*stories: Story) -> None:
    for _ in range(3):
        for story in stories:
            await story.wait_until_idle()


@pytest.mark.parametrize("count", [10, 200])
async def test_all_at_one_instant_are_counted(count: int) -> None:
    async with Story([plugin]) as story:
        story.messenger.able = GROUP_PACE
        await story.kadis.says("/mulai", group=True)
        card = story.group.last
        token = card.buttons[0].token
        pressed = [story.actor(f"orang{n}")._make_delivery(True, token=token, message=card.id) for n in range(count)]
        await asyncio.gather(*(story.messenger.deliver(native) for native in pressed))
        await story.advance(minutes=3)
        assert await count_answers(story) == count


async def test_changes_that_wait_are_made_once_so_that_the_screen_keeps_up() -> None:
    async with Story([plugin]) as story:
        story.messenger.able = GROUP_PACE
        await story.kadis.says("/mulai", group=True)
        await press_one_by_one([story], 30, 0.6, 0, seed=1)
        await story.advance(minutes=1)
        assert story.group.last.text == "30"
        assert story.group.last.edited <= 18


def make_renumbered() -> Plugin:
    plugin = Plugin("ubah", summary="A card whose choices change places", policy="anyone")

    @plugin.command("kartu")
    async def kartu(ctx: Context) -> None:
        buttons = [Button("umum.ya", pilih, "ya", reusable=True), Button("umum.batalkan", pilih, "batal", reusable=True)]
        sent = await ctx.reply(phrase("umum.pilihan", teks="pilih"), buttons=buttons)
        await ctx.schedule(ctx.now + timedelta(seconds=10), ganti, sent.key)

    @plugin.job(policy="anyone")
    async def ganti(ctx: Context, key: str) -> None:
        buttons = [Button("umum.batalkan", pilih, "batal", reusable=True)]
        await ctx.edit(key, phrase("umum.pilihan", teks="pilih lagi"), buttons=buttons)

    @plugin.action()
    async def pilih(ctx: Context, apa: str) -> None:
        await ctx.reply(phrase("umum.pilihan", teks=f"jadi {apa}"))

    return plugin


@pytest.mark.parametrize(("after", "said"), [(5, "jadi ya"), (12, ""), (80, "jadi batal")])
async def test_a_number_that_meant_something_else_a_moment_ago_is_asked_about(after: int, said: str) -> None:
    async with Story([make_renumbered()], profile="whatsapp_group") as story:
        await story.kadis.says("/kartu", group=True)
        await story.advance(seconds=after)
        card = next(shown for shown in story.group.messages if "pilih" in shown.text)
        await story.kadis.says("1", group=True, to=card)
        assert [shown.text for shown in story.group.messages if shown.text.startswith("jadi")] == ([said] if said else [])
        assert len(story.group.messages) + len(story.kadis.messages) == 2, "something is said in any case"


# -- every message of the plugins that ship which is redrawn while several may press it ----------------------------


@pytest.fixture
async def town() -> AsyncIterator[Story]:
    async with Story([rapat, izin, disposisi, ingatkan]) as told:
        told.messenger.able = GROUP_PACE
        yield told


async def open_meeting(story: Story) -> None:
    await story.sekda.says(
        "/rapat Evaluasi banjir hari ini jam 11 di sini undang Kadis PU, Kadishub, Camat Coblong, Lurah Dago", group=True
    )
    await story.sekda.presses("Undang", group=True)
    await story.advance(minutes=35)
    await story.sekda.says("/rapat mulai 1", group=True)
    await story.advance(seconds=20)


def is_over(story: Story) -> bool:
    return OVER in [text for _, text in story.messenger.toasts] or any(OVER in shown.text for shown in story.messenger.screen)


@pytest.mark.parametrize("lag", LAGS)
async def test_attendance(town: Story, lag: float) -> None:
    await open_meeting(town)
    for actor in (town.kadis, town.kadishub, town.camat, town.lurah):
        await actor.presses("Hadir", group=True, seconds_ago=lag)
        await town.advance(seconds=0.6)
    assert sum(1 for row in await town.stored.list_rows(Peserta) if row.hadir) == 4
    assert not is_over(town)


@pytest.mark.parametrize("lag", LAGS)
async def test_votes(town: Story, lag: float) -> None:
    await open_meeting(town)
    people = (town.kadis, town.kadishub, town.camat, town.lurah)
    for actor in people:
        await actor.says("hadir", group=True)
    await town.sekda.says("/usul Pompa diganti", group=True)
    await town.advance(seconds=20)
    for actor in people:
        await actor.presses("Setuju", group=True, seconds_ago=lag)
        await town.advance(seconds=0.6)
    assert [row.jawab for row in await town.stored.list_rows(Suara)] == ["setuju"] * 4
    assert not is_over(town)


@pytest.mark.parametrize("lag", LAGS)
async def test_a_time_is_chosen_and_chosen_anew_by_one_person_with_two_phones(town: Story, lag: float) -> None:
    await town.sekda.says("/rapat polling Evaluasi Jumat jam 9; Jumat jam 13 undang Kadis PU, Kadishub", group=True)
    await town.sekda.presses("Tanyakan", group=True)
    await town.advance(seconds=20)
    asked = town.kadis.last
    for label in ("Bisa", "Tidak bisa", "Bisa"):
        await town.kadis.presses(label, on=asked, seconds_ago=lag)
        await town.advance(seconds=0.6)
    assert [row.jawab for row in await town.stored.list_rows(Jawaban) if row.orang] == ["ya"]
    assert not is_over(town)


@pytest.mark.parametrize("lag", LAGS)
async def test_a_card_that_an_escalation_redrew(town: Story, lag: float) -> None:
    await town.kadis.says("/izin rakor Bappenas 14 Agustus jam 9")
    await town.kadis.presses("Kirim")
    await town.advance(days=1)
    first, second = (pick(actor.messages, "Setujui", town) for actor in (town.sekda, town.walikota))
    await town.sekda.presses("Setujui", on=first)
    await town.advance(seconds=lag)
    await town.walikota.presses("Setujui", on=second)
    assert [row.status for row in await town.stored.list_rows(Izin)] == ["disetujui"]
    assert not is_over(town), "who comes second hears what became of it"
    assert "disetujui" in (town.walikota.toast or town.walikota.last.text)


@pytest.mark.parametrize("lag", LAGS)
async def test_a_disposisi_that_was_received_is_said_to_be_so(town: Story, lag: float) -> None:
    await town.sekda.says("/disposisi Camat Coblong cek pompa sebelum Jumat", group=True)
    await town.advance(seconds=20)
    for _ in range(2):
        await town.camat.presses("Diterima", on=pick(town.camat.messages, "Diterima", town))
        await town.advance(seconds=lag / 2)
    assert [row.status for row in await town.stored.list_rows(Disposisi)] == ["diterima"]
    assert not is_over(town)


@pytest.mark.parametrize("lag", LAGS)
async def test_a_reminder_for_a_group_is_done_once(town: Story, lag: float) -> None:
    await town.kadis.says("/ingatkan grup 10 menit lagi periksa pompa", group=True)
    await town.advance(minutes=11)
    shown = town.group.last
    for _ in range(2):
        await town.kadis.presses("Selesai", on=pick([shown], "Selesai", town), group=True)
        await town.advance(seconds=lag / 2)
    assert [row.status for row in await town.stored.list_rows(Pengingat)] == ["selesai"]
    assert not is_over(town)


def pick(messages: Sequence[ShownMessage], label: str, story: Story) -> ShownMessage:
    """The newest message that ever had this button, as it stood then."""
    for shown in reversed(messages):
        for _, content in reversed(shown.drawn):
            old = msgspec.structs.replace(shown, content=content)
            if label in [choice.title for choice in old.buttons]:
                return old
    raise AssertionError(f"nothing ever offered {label}: {story.group.transcript()}")
