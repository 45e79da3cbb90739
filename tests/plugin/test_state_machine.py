"""Rows go from state to state as declared, and each move is in the audit log."""

from dataclasses import dataclass

import pytest
from pendopo import Context, Plugin, StateMachine, UserError, phrase
from pendopo.errors import PluginError
from pendopo.testing import Story

MOVES = {"baru": {"jalan"}, "jalan": {"usai"}, "usai": frozenset[str]()}
STATES = StateMachine("uji", MOVES, refusal="uji.sudah", words="uji.status")


@dataclass
class Thing:
    """What is in a state."""

    id: int | None = 7
    status: str = "baru"


@pytest.mark.parametrize("before", MOVES)
@pytest.mark.parametrize("to", MOVES)
def test_a_row_enters_only_the_states_that_follow_its_own(before: str, to: str) -> None:
    thing = Thing(status=before)
    if to in MOVES[before]:
        assert STATES.enter(thing, to) == before
        assert thing.status == to
        return
    with pytest.raises(UserError) as caught:
        STATES.enter(thing, to)
    assert (caught.value.key, thing.status) == ("uji.sudah", before)
    assert caught.value.words == {"nomor": 7, "status": phrase(f"uji.status.{before}")}


def test_a_row_in_another_state_than_required_is_refused() -> None:
    STATES.require(Thing(), "jalan", "baru")
    with pytest.raises(UserError, match=r"uji\.sudah"):
        STATES.require(Thing(), "jalan", "usai")


def test_a_move_to_a_state_that_is_none_is_refused_at_start() -> None:
    with pytest.raises(PluginError, match="uji moves to 'lama', which is no state of it"):
        StateMachine("uji", {"baru": {"lama"}}, refusal="uji.sudah", words="uji.status")


async def test_a_move_is_in_the_audit_log() -> None:
    plugin = Plugin("uji", summary="Under test", policy="known")

    @plugin.command("jalan")
    async def jalan(ctx: Context) -> None:
        STATES.move(ctx, Thing(), "jalan", "uji.mulai", "karena perlu", kali=2)

    async with Story([plugin]) as story:
        await story.kadis.says("/jalan")
        [line] = await story.stored.list_audit_lines("uji.mulai")
    assert (line.object, line.note.reason) == ("uji/7", "karena perlu")
    assert line.note.detail == {"dari": "baru", "ke": "jalan", "kali": 2}
