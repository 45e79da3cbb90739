"""What /readyz is told."""

from datetime import UTC, datetime, timedelta

import pytest
from pendopo.adapters.waha.health import SessionHealth
from pendopo.testing.conformance import make_text

from .bench import WahaBench

NOW = datetime(2026, 8, 12, 3, 0, tzinfo=UTC)


def test_until_the_session_was_asked_nothing_is_well() -> None:
    health = SessionHealth(1800).get_health(NOW, [])
    assert (health.ok, health.seconds, health.note) == (False, -1.0, "the session's state is not known yet")


@pytest.mark.parametrize("status", ["STOPPED", "STARTING", "SCAN_QR_CODE", "PASSKEY_REQUIRED", "FAILED"])
def test_a_session_that_does_not_work_is_named(status: str) -> None:
    state = SessionHealth(1800)
    state.status = status
    assert state.get_health(NOW, []).note == f"the session is {status}"


def test_silence_while_it_works_is_worth_a_word() -> None:
    state = SessionHealth(1800)
    state.note_working(NOW)
    assert state.get_health(NOW + timedelta(minutes=29), []).note == ""
    late = state.get_health(NOW + timedelta(minutes=31), [])
    assert late.ok
    assert "nothing heard for 31 minutes" in late.note
    state.heard_at = NOW + timedelta(minutes=31)
    heard = state.get_health(NOW + timedelta(minutes=32), [])
    assert (heard.ok, heard.seconds, heard.note) == (True, 60.0, "")


def test_a_gateway_that_tells_nothing_of_what_we_say_is_unwell() -> None:
    """GOWS stopped telling of anything while its session stayed WORKING (WAHA issue #2151); a quiet night is no such thing."""
    state = SessionHealth(1800)
    state.note_working(NOW)
    state.note_event(NOW)
    assert state.get_health(NOW + timedelta(minutes=20), []).ok
    state.note_sent(NOW + timedelta(minutes=20))
    state.note_sent(NOW + timedelta(minutes=24))
    assert state.get_health(NOW + timedelta(minutes=24), []).ok
    deaf = state.get_health(NOW + timedelta(minutes=26), [])
    assert not deaf.ok
    assert "no longer delivers" in deaf.note
    state.note_event(NOW + timedelta(minutes=27))
    assert state.get_health(NOW + timedelta(minutes=40), []).ok


async def test_what_is_said_to_a_person_is_told_of_and_in_a_group_need_not_be(bench: WahaBench) -> None:
    await bench.adapter.send(bench.group, make_text("halo"), "k1")
    assert bench.adapter._state._unconfirmed_since is None
    await bench.adapter.send(bench.person, make_text("halo"), "k2")
    assert bench.adapter._state._unconfirmed_since is not None
    await bench.wait_until_idle()
    assert bench.adapter._state._unconfirmed_since is None


async def test_the_session_tells_of_itself(bench: WahaBench) -> None:
    for status, ok in (("FAILED", False), ("WORKING", True), ("SCAN_QR_CODE", False)):
        bench.waha.owe("session.status", {"name": "kota", "status": status, "statuses": []}, effect=False)
        await bench.wait_until_idle()
        health = bench.adapter.health()
        assert health.ok is ok
        assert ok or status in health.note


async def test_it_is_asked_too(bench: WahaBench) -> None:
    await bench.adapter._watch.probe_session()
    assert bench.adapter.health().ok
    bench.waha.status = "STOPPED"
    await bench.adapter._watch.probe_session()
    assert bench.adapter.health().note == "the session is STOPPED"
