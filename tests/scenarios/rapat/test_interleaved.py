"""Quorum and votes are right however answers come: all at once, twice, by two ways, changed, from two messengers."""

import asyncio
import itertools
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pendopo.testing import Story
from pendopo.testing.actor import Actor
from pendopo.testing.messenger import NativeDelivery
from pendopo_rapat.models.meetings import Peserta
from pendopo_rapat.models.minutes import Bahan, Notulen
from pendopo_rapat.models.proposals import Keputusan, Suara, Usul

from tests.oddities import times
from tests.plugins.rapat.town import ON_WA, get_head, get_state, list_actions, make_town

PEOPLE = (1, 3, 4, 5, 6, 7)
"""Heads of departments, two of them on WhatsApp."""
CALL = "/rapat Evaluasi hari ini jam 11 di sini undang " + ", ".join(f"Kadis {n:02d}" for n in PEOPLE)
ANSWERS = ("setuju", "tolak", "abstain")

Step = tuple[int, str, bool]
"""Who, how, and whether the messenger delivers it twice."""

ways = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(["group", "private", "command"]), st.booleans()), max_size=16
)
votes = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(ANSWERS), st.booleans()), max_size=16)
FEW = settings(max_examples=times(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def opened(story: Story) -> None:
    sekda = story.actor("sekda")
    await sekda.says(CALL, group=True)
    await sekda.presses("Undang", group=True)
    await story.advance(minutes=35)
    await sekda.says("/rapat mulai 1", group=True)


def come(story: Story, who: int, how: str) -> NativeDelivery:
    """One way to say that one is there."""
    actor = get_head(story, who)
    if how == "group" and who not in ON_WA:
        return actor._make_deliveries("hadir", True, None, False, (), {})[0]
    if how == "private" and (shown := [s for s in actor.messages if s.buttons and s.buttons[0].title == "Hadir"]):
        return actor._make_delivery(False, token=shown[-1].buttons[0].token, message=shown[-1].id)
    return actor._make_deliveries("/hadir 1", False, None, False, (), {})[0]


async def all_at_once(story: Story, steps: Sequence[tuple[Actor, NativeDelivery, bool]]) -> None:
    """Everything is handed over without waiting for anything, some of it twice."""
    sent = [actor.messenger.deliver(native, *([native] if twice else [])) for actor, native, twice in steps]
    again = [actor.messenger.deliver(native) for actor, native, twice in steps if twice]
    await asyncio.gather(*sent, *again)
    await story.wait_until_idle()


@given(ways)
@FEW
def test_who_is_there_is_counted_once(steps: list[Step]) -> None:
    asyncio.run(_attendance(steps))


async def _attendance(steps: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        async with make_town(Path(folder)) as story:
            await opened(story)
            await all_at_once(story, [(get_head(story, who), come(story, who, how), twice) for who, how, twice in steps])
            await story.advance(seconds=5)
            there = len({who for who, _, _ in steps})
            assert sum(1 for row in await story.stored.list_rows(Peserta) if row.hadir) == there
            assert (await list_actions(story)).count("rapat.hadir") == there
            enough = "✔" if there >= 4 else "belum tercapai"
            story.group.sees(f"Hadir {there}/6, kuorum 4 {enough}")
            assert sum(s.text.endswith("kuorum 4 ✔") for s in story.group.messages) == (there >= 4)
            await story.actor("sekda").says("/putus Pompa diganti", group=True)
            assert len(await story.stored.list_rows(Keputusan)) == int(there >= 4)


@given(votes, st.booleans())
@FEW
def test_every_vote_is_counted_as_it_was_last_said(steps: list[Step], secret: bool) -> None:
    asyncio.run(_voting(steps, secret))


async def _voting(steps: list[Step], secret: bool) -> None:
    with TemporaryDirectory() as folder:
        async with make_town(Path(folder)) as story:
            await opened(story)
            for who in PEOPLE:
                await get_head(story, who).says("/hadir 1")
            await story.actor("sekda").says("/usul rahasia Pompa" if secret else "/usul Pompa", group=True)
            cards = []
            for who, answer, _ in steps:  # a card for every vote: one that was answered shows new buttons
                await get_head(story, who).says("/usul daftar 1")
                shown = get_head(story, who).last
                cards.append((shown.id, shown.buttons[ANSWERS.index(answer)].token))
            expected = await _cast(story, steps, cards, secret)
            await story.actor("sekda").says("/usul tutup 1", group=True)
            await story.advance(seconds=1)
            counts = {answer: list(expected.values()).count(answer) for answer in ANSWERS}
            told = f"Setuju {counts['setuju']}, keberatan {counts['tolak']}, abstain {counts['abstain']}, diam 0; kuorum 4"
            story.group.sees("Usul #1", told)
            agreed = len(expected) >= 4 and counts["setuju"] > counts["tolak"]
            assert [row.status for row in await story.stored.list_rows(Usul)] == ["disepakati" if agreed else "ditolak"]


async def _cast(story: Story, steps: list[Step], cards: list[tuple[str, str]], secret: bool) -> dict[int, str]:
    """Let everybody vote side by side, each person in their own order; returns what must be counted."""
    expected: dict[int, str] = {}
    presses: list[tuple[Actor, NativeDelivery, bool]] = []
    for (who, answer, twice), (shown, token) in zip(steps, cards, strict=True):
        actor = get_head(story, who)
        if who not in expected or not secret:
            expected[who] = answer
        presses.append((actor, actor._make_delivery(False, token=token, message=shown), twice))
    lanes = [list(group) for _, group in itertools.groupby(sorted(presses, key=lambda p: p[0].name), lambda p: p[0].name)]

    async def one(lane: list[tuple[Actor, NativeDelivery, bool]]) -> None:
        for actor, native, twice in lane:
            await actor.messenger.deliver(native)
            if twice:
                await actor.messenger.deliver(native)

    await asyncio.gather(*(one(lane) for lane in lanes))
    await story.wait_until_idle()
    return expected


async def test_votes_and_counting_at_the_same_moment_leave_no_vote_uncounted(tmp_path: Path) -> None:
    async with make_town(tmp_path) as story:
        await opened(story)
        for who in PEOPLE:
            await get_head(story, who).says("/hadir 1")
        sekda = story.actor("sekda")
        await sekda.says("/usul Pompa", group=True)
        presses = []
        for who in PEOPLE:
            await get_head(story, who).says("/usul daftar 1")
            shown = get_head(story, who).last
            presses.append(
                (
                    get_head(story, who),
                    get_head(story, who)._make_delivery(False, token=shown.buttons[0].token, message=shown.id),
                    False,
                )
            )
        count = sekda._make_deliveries("/usul tutup 1", False, None, False, (), {})[0]
        await all_at_once(story, [*presses[:3], (sekda, count, True), *presses[3:]])
        await story.advance(seconds=1)
        votes = len(await story.stored.list_rows(Suara))
        story.group.sees("Usul #1", f"Setuju {votes}, keberatan 0")


async def test_thirty_who_say_at_the_same_moment_that_they_are_there_are_thirty(tmp_path: Path) -> None:
    async with make_town(tmp_path) as story:
        sekda = story.actor("sekda")
        await sekda.says("/rapat Evaluasi hari ini jam 11 di sini undang @grup", group=True)
        await sekda.presses("Undang", group=True)
        await story.advance(minutes=35)
        await sekda.says("/rapat mulai 1", group=True)
        await all_at_once(story, [(get_head(story, n), come(story, n, "private"), True) for n in range(1, 29)])
        await story.advance(seconds=5)
        story.group.sees("Hadir 28/30, kuorum 16 ✔")
        assert (await list_actions(story)).count("rapat.hadir") == 28
        assert await story.stored.list_inbox(state="dead") == []


async def test_closing_and_talking_at_the_same_moment_leaves_minutes_of_what_was_recorded(tmp_path: Path) -> None:
    """What is said beside the closing is either in the minutes or not recorded at all."""
    async with make_town(tmp_path) as story:
        await opened(story)
        sekda = story.actor("sekda")
        talk = [
            (get_head(story, 1), get_head(story, 1)._make_deliveries(f"kalimat {n}", True, None, False, (), {})[0], False)
            for n in range(5)
        ]
        close = sekda._make_deliveries("/rapat tutup 1", False, None, False, (), {})[0]
        await all_at_once(story, [*talk[:2], (sekda, close, True), *talk[2:]])
        await story.advance(seconds=1)
        assert await get_state(story) == "ditutup"
        (minutes,) = await story.stored.list_rows(Notulen)
        assert minutes.isi.count("kalimat") == len(await story.stored.list_rows(Bahan))


async def test_two_decisions_at_once_have_two_numbers_and_one_is_put_aside_once(tmp_path: Path) -> None:
    async with make_town(tmp_path) as story:
        await opened(story)
        for n in PEOPLE:
            await get_head(story, n).says("/hadir 1")
        sekda = story.actor("sekda")
        await sekda.says("/putus Dua pompa", group=True)
        one = sekda._make_deliveries("/putus mengganti 1 Tiga pompa", True, None, False, (), {})[0]
        two = sekda._make_deliveries("/putus mengganti 1 Empat pompa", False, None, False, (), {})[0]
        await all_at_once(story, [(sekda, one, True), (sekda, two, True)])
        made = [(row.urut, row.mengganti) for row in await story.stored.list_rows(Keputusan)]
        assert made == [(1, 0), (2, 1)]


@pytest.mark.parametrize("twice", [False, True])
async def test_two_approvals_at_once_freeze_one_version(tmp_path: Path, twice: bool) -> None:
    async with make_town(tmp_path) as story:
        await opened(story)
        sekda = story.actor("sekda")
        await sekda.says("/rapat tutup", group=True)
        await story.advance(seconds=1)
        edit = sekda._make_deliveries("/notulen tambah 1 Susulan", True, None, False, (), {})[0]
        seal = sekda._make_deliveries("/notulen sahkan 1", False, None, False, (), {})[0]
        await all_at_once(story, [(sekda, edit, twice), (sekda, seal, twice)])
        minutes = await story.stored.list_rows(Notulen)
        (frozen,) = [row.versi for row in minutes if row.status == "disahkan"]
        assert frozen == max(row.versi for row in minutes), "nothing is written after what was approved"
        assert (await list_actions(story)).count("rapat.sahkan") == 1
