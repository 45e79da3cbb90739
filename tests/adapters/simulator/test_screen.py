"""What one person sees of one chat."""

import pytest

from .bench import GROUP, make_simulator, make_text


async def test_unread_counts_what_others_said_until_it_is_seen() -> None:
    sim = make_simulator()
    await sim.say("rina", "forum", "halo")
    await sim.send(GROUP, make_text("halo juga"), "k1")
    assert [sim.screen(who, "forum").unread for who in ("rina", "dewi")] == [1, 2]
    sim.see("dewi", "forum")
    before = sim.latest
    sim.see("dewi", "forum")
    assert (sim.screen("dewi", "forum").unread, sim.latest) == (0, before)


async def test_nobody_sees_or_writes_in_a_chat_that_is_not_theirs() -> None:
    sim = make_simulator()
    with pytest.raises(LookupError):
        sim.screen("dewi", "rina")
    with pytest.raises(LookupError):
        await sim.say("dewi", "rina", "halo")
