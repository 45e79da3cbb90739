"""Never more than so many deliveries in any stretch of so many seconds."""

import heapq

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo.engine.outbound.rate_limits import Limits, Turns
from pendopo.model import Capabilities, Rate


def sent(limits: Limits, able: Capabilities, instants: list[int], lane: str = "a", weight: int = 1) -> list[int]:
    """When each delivery goes that is wanted at these instants, one after the other."""
    gone, now = [], 0
    for wanted in instants:
        now = max(now, wanted)
        while (free := limits.reserve_slot("account", lane, able, now, weight)) > now:
            now = free
        gone.append(now)
    return gone


@given(st.lists(st.integers(0, 20_000), max_size=60).map(sorted), st.integers(1, 5), st.integers(1, 9))
def test_no_stretch_ever_holds_more_than_the_rate(instants: list[int], count: int, seconds: int) -> None:
    gone = sent(Limits(), Capabilities(per_chat=(Rate(count, seconds),)), instants)
    for start in gone:
        assert sum(start <= at < start + seconds * 1000 for at in gone) <= count


@given(st.lists(st.integers(0, 5_000), max_size=40).map(sorted))
def test_two_rates_hold_at_once(instants: list[int]) -> None:
    gone = sent(Limits(), Capabilities(per_chat=(Rate(1, 1), Rate(5, 60))), instants)
    for start in gone:
        assert sum(start <= at < start + 1000 for at in gone) <= 1
        assert sum(start <= at < start + 60_000 for at in gone) <= 5


def test_nothing_waits_longer_than_it_must() -> None:
    assert sent(Limits(), Capabilities(per_chat=(Rate(2, 10),)), [0, 0, 0, 0, 0]) == [0, 0, 10_000, 10_000, 20_000]
    assert sent(Limits(), Capabilities(), [5, 6, 7]) == [5, 6, 7]


def test_chats_have_windows_of_their_own_and_share_the_accounts() -> None:
    limits = Limits()
    own = Capabilities(per_chat=(Rate(1, 10),))
    assert sent(limits, own, [0], "a") == sent(limits, own, [0], "b") == [0]
    shared = Limits()
    together = Capabilities(per_account=(Rate(1, 10),))
    assert sent(shared, together, [0], "a") == [0]
    assert sent(shared, together, [0], "b") == [10_000]


def test_a_clock_that_was_set_back_holds_nothing_up() -> None:
    limits, able = Limits(), Capabilities(per_chat=(Rate(2, 10),))
    assert [limits.reserve_slot("account", "a", able, at) for at in (90_000, 90_000, 0, 10_000)] == [
        90_000,
        90_000,
        10_000,
        10_000,
    ]


def test_a_pause_holds_one_chat_or_all_of_the_account_and_never_gets_shorter() -> None:
    limits = Limits()
    limits.pause_until("a", 5000)
    limits.pause_until("a", 1000)
    assert sent(limits, Capabilities(), [0], "a") == [5000]
    assert sent(limits, Capabilities(), [0], "b") == [0]
    limits.pause_until("account", 9000)
    assert sent(limits, Capabilities(), [0], "b") == [9000]


def test_the_windows_of_chats_unused_for_long_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many chats there are, memory is bounded; the oldest window is surely empty by then."""
    monkeypatch.setattr("pendopo.engine.outbound.rate_limits.REMEMBERED", 2)
    limits, able = Limits(), Capabilities(per_chat=(Rate(1, 10),))
    assert [sent(limits, able, [0], lane) for lane in "abab"] == [[0], [0], [10_000], [10_000]]
    assert [sent(limits, able, [0], lane) for lane in "cda"] == [[0], [0], [0]]


def test_what_went_out_before_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    limits, able = Limits(), Capabilities(per_chat=(Rate(3, 10),))
    limits.recall_sent("account", "a", able, 1_000, 2)
    assert sent(limits, able, [5_000] * 2) == [5_000, 11_000]


def test_an_album_counts_as_many_as_it_has_items_and_one_larger_than_the_rate_still_goes() -> None:
    able = Capabilities(per_chat=(Rate(4, 10),))
    assert sent(Limits(), able, [0, 0, 0], weight=3) == [0, 10_000, 20_000]
    assert sent(Limits(), able, [0, 0], weight=9) == [0, 10_000]


PACE = Capabilities(per_account=(Rate(25, 1.0),))


def play(limits: Limits, able: Capabilities, wanted: list[tuple[int, str, bool]]) -> dict[str, int]:
    """When each lane goes that wants to at an instant, every one asking again when it was told to."""
    queue = [(at, number, lane, urgent) for number, (at, lane, urgent) in enumerate(wanted)]
    heapq.heapify(queue)
    gone: dict[str, int] = {}
    while queue:
        now, number, lane, urgent = heapq.heappop(queue)
        free = limits.reserve_slot("account", lane, able, now, 1, urgent)
        if free > now:
            heapq.heappush(queue, (free, number, lane, urgent))
        else:
            gone[lane] = now
    return gone


@pytest.mark.parametrize("able", [PACE, Capabilities(per_account=(Rate(1, 1.0),)), Capabilities(per_account=(Rate(80, 1.0),))])
def test_an_answer_does_not_wait_behind_a_crowd(able: Capabilities) -> None:
    crowd = [(0, f"c{number}", False) for number in range(500)]
    asked = [(5_000 + 3_000 * number, f"a{number}", True) for number in range(4)]
    gone = play(Limits(), able, [*crowd, *asked])
    assert all(gone[lane] - at <= 2_000 for at, lane, _ in asked)
    assert len(gone) == 504
    instants = sorted(gone.values())
    rate = able.per_account[0]
    assert all(sum(start <= at < start + 1000 for at in instants) <= rate.count for start in instants)


def test_a_crowd_goes_in_its_order_and_asks_about_once_for_each() -> None:
    asked = []

    class Counted(Turns):
        def find_turn(self, lane: str, now_ms: int, urgent: bool) -> int:
            asked.append(lane)
            return super().find_turn(lane, now_ms, urgent)

    limits = Limits()
    limits._turns["account"] = Counted(PACE.per_account[0])
    gone = play(limits, PACE, [(0, f"c{number}", False) for number in range(20_000)])
    assert len(asked) < 3 * 20_000
    assert list(gone)[100:] == sorted(gone, key=lambda lane: int(lane[1:]))[100:]
    assert max(gone.values()) < 20_000 / 18 * 1000


@pytest.mark.parametrize("count", [1, 4, 25])
def test_the_rest_keeps_a_part_of_the_pace_however_many_ask(count: int) -> None:
    able = Capabilities(per_account=(Rate(count, 1.0),))
    asked = [(at, f"a{at}", True) for at in range(0, 60_000, 900 // count)]
    gone = play(Limits(), able, [*asked, *((0, f"c{number}", False) for number in range(200))])
    rest = sum(at < 60_000 for lane, at in gone.items() if lane.startswith("c"))
    assert rest >= 60 * count // 10, f"{rest} in a minute"


def test_one_chat_that_waits_for_its_own_limit_holds_up_nobody() -> None:
    able = Capabilities(per_account=(Rate(25, 1.0),), per_chat=(Rate(1, 60),))
    limits = Limits()
    gone = [limits.reserve_slot("account", "slow", able, 0, 1, False) for _ in range(3)]
    assert gone[1:] == [60_000, 60_000]
    assert limits.reserve_slot("account", "quick", able, 100, 1, False) <= 200
