"""Timers ring at their instant, also when somebody moves the time."""

import asyncio
from datetime import timedelta

from pendopo.engine.clock import SystemClock
from pendopo.testing import FakeClock
from pendopo.testing.clock import START


def never() -> None:
    raise AssertionError("this timer was cancelled")


async def test_what_is_past_rings_soon_and_what_is_cancelled_never() -> None:
    clock, rung = SystemClock(), asyncio.Event()
    clock.call_at(clock.now_ms() - 1000, rung.set)
    clock.call_at(clock.now_ms() - 1000, never).cancel()
    await rung.wait()


async def test_when_the_time_is_moved_what_fell_due_rings() -> None:
    clock, rung = SystemClock(), asyncio.Event()
    clock.call_at(clock.now_ms() + 3_600_000, rung.set)
    far = clock.call_at(clock.now_ms() + 400 * 86_400_000, never)
    before = clock.now()
    await clock.shift(timedelta(hours=2))
    await rung.wait()
    assert clock.now() - before >= timedelta(hours=2)
    far.cancel()
    far.cancel()


async def test_the_two_ways_to_ask_for_the_time_agree() -> None:
    clock = SystemClock()
    await clock.shift(timedelta(days=3, milliseconds=7))
    assert abs(clock.now().timestamp() * 1000 - clock.now_ms()) < 1000


def test_the_tests_clock_rings_in_order_and_stands_still_in_between() -> None:
    clock, rung = FakeClock(), list[str]()
    base = clock.now_ms()
    clock.call_at(base + 2000, lambda: rung.append("b"))
    clock.call_at(base + 1000, lambda: rung.append("a"))
    clock.call_at(base + 1500, lambda: rung.append("never")).cancel()
    assert clock.now() == START
    until = START + timedelta(seconds=3)
    while clock.step_until(until):
        pass
    assert rung == ["a", "b"]
    assert clock.now() == until


def test_the_tests_clock_never_goes_back() -> None:
    clock = FakeClock()
    clock.move_to(START - timedelta(days=1))
    assert clock.now() == START
