"""Each class of errors has its own consequence, and none tells a secret."""

import logging

import pytest
import structlog
from pendopo.errors import (
    ChatClosedError,
    PermanentSendError,
    RecipientUnreachableError,
    SendError,
    TemporarySendError,
    UnknownOutcomeError,
    WindowClosedError,
)
from pendopo.model import Chat
from structlog.testing import capture_logs

from .conftest import CHAT, OFFICIALS, City, Lab, words
from .graph import TOKEN, error
from .people import BUDI
from .wire import Answer

SOON, ACCOUNT = "soon", "account"
CLASSES = {
    SOON: (TemporarySendError, [1, 2, 131000, 131016, 131057, 131208]),
    ACCOUNT: (
        TemporarySendError,
        [130429, 4, 80007, 131048, 131064, 133016, 0, 3, 10, 190, 200, 299, 368, 131005, 131031, 131042, 131045],
    ),
    "window": (WindowClosedError, [131047]),
    "gone": (ChatClosedError, [131020, 131021, 131026, 131030, 131041, 131050, 131207]),
    "person": (RecipientUnreachableError, [130472, 130497, 131049, 131062]),
    "content": (PermanentSendError, [100, 131008, 131009, 131051, 131052, 131053, 131204, 131211, 131215, 132000, 132016]),
}
CASES = [(name, kind, code) for name, (kind, codes) in CLASSES.items() for code in codes]


@pytest.mark.parametrize(("name", "kind", "code"), CASES)
async def test_each_code_is_of_its_class(lab: Lab, name: str, kind: type[SendError], code: int) -> None:
    lab.graph.faults.extend([error(code)] * 2)
    with pytest.raises(kind) as raised:
        await lab.say("halo")
    assert str(raised.value).startswith(str(code))
    if isinstance(raised.value, TemporarySendError):
        assert raised.value.whole_account is (name == ACCOUNT)
        assert bool(raised.value.after) is (name == ACCOUNT)
    assert lab.graph.messages == []


@pytest.mark.parametrize(
    ("answer", "kind", "whole"),
    [
        (Answer(500, b"oops"), UnknownOutcomeError, None),
        (Answer(502, b"<html>"), UnknownOutcomeError, None),
        (Answer(503), TemporarySendError, False),
        (Answer(429, headers=(("Retry-After", "7"),)), TemporarySendError, True),
        (Answer(401), TemporarySendError, True),
        (Answer(404, b"[]"), PermanentSendError, None),
        (Answer(302, headers=(("Location", "http://127.0.0.1:1/"),)), PermanentSendError, None),
        (error(99, 500), TemporarySendError, False),
        (error(99, 400, is_transient=True), TemporarySendError, False),
        (error(99, 400), PermanentSendError, None),
        (Answer(200, b"<html>"), UnknownOutcomeError, None),
        (Answer(0, lost=True), UnknownOutcomeError, None),
    ],
)
async def test_answers_without_a_known_code(lab: Lab, answer: Answer, kind: type[SendError], whole: bool | None) -> None:
    lab.graph.faults.append(answer)
    with pytest.raises(kind) as raised:
        await lab.say("halo")
    if isinstance(raised.value, TemporarySendError):
        assert raised.value.whole_account is whole
        assert raised.value.after == (7.0 if answer.status == 429 else 300.0 if answer.status == 401 else None)


async def test_nobody_listening_is_certainly_not_sent(lab: Lab) -> None:
    await lab.graph.stop()
    with pytest.raises(TemporarySendError):
        await lab.say("halo")
    await lab.graph.start()


async def test_a_person_who_gets_too_much_waits_longer_each_time_and_alone(lab: Lab) -> None:
    lab.graph.pair = 1
    await lab.say("satu", "k1")
    waits = []
    for _ in range(6):
        with pytest.raises(TemporarySendError, match="131056") as raised:
            await lab.say("dua", "k2")
        assert not raised.value.whole_account
        waits.append(raised.value.after)
    assert waits == [4.0, 16.0, 64.0, 256.0, 1024.0, 1024.0]
    other = Chat("whatsapp_cloud", "6281299999999")
    lab.lender.heard[other.id] = lab.clock.now()
    await lab.say("satu", "k3", chat=other)
    lab.clock.move_to(lab.clock.now().replace(minute=59))
    await lab.say("dua", "k2")
    with pytest.raises(TemporarySendError) as raised:
        await lab.say("tiga", "k4")
    assert raised.value.after == 4.0


async def test_a_bad_token_stops_the_account_and_tells_the_operator_until_it_is_good(lab: Lab) -> None:
    broken = lab.make(token="EAAGwrongwrongwrongwrongwrong")
    with pytest.raises(TemporarySendError, match="190") as raised:
        await broken.send(CHAT, words("halo"), "k1")
    assert raised.value.whole_account
    assert not broken.health().ok
    assert broken.health().note.startswith("190")
    lab.graph.faults.append(error(190, 401))
    with pytest.raises(TemporarySendError):
        await lab.say("halo")
    assert not lab.adapter.health().ok
    await lab.say("halo")
    assert lab.adapter.health().ok
    assert lab.adapter.health().seconds == 0


@pytest.mark.parametrize("said", [f"Malformed access token {TOKEN}", f"token: {TOKEN}", "Malformed access token AbC123"])
async def test_no_secret_is_in_an_error_or_a_log(lab: Lab, said: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG))
    lab.graph.faults.append(error(190, 401, message=said))
    with capture_logs() as logs, pytest.raises(TemporarySendError) as raised:
        await lab.say("halo")
    assert logs
    for where in (str(raised.value), str(logs), lab.adapter.health().note, repr(raised.value.__cause__)):
        assert TOKEN not in where
        assert "AbC123" not in where


async def test_a_token_of_any_shape_is_covered(lab: Lab) -> None:
    token = "system-user.token"
    adapter = lab.make(token=token)
    with pytest.raises(TemporarySendError) as raised:
        await adapter.send(CHAT, words("halo"), "k1")
    assert "Bearer •••" in str(raised.value)
    assert token not in str(raised.value)
    assert token not in adapter.health().note


async def test_who_is_not_on_whatsapp_is_told_of_where_it_was_asked(city: City) -> None:
    """The outbox does with each class what it is for: this one closes the chat, and nothing else waits."""
    sekda, kadis = OFFICIALS["sekda"], OFFICIALS["kadis"]
    await city.says(sekda, "halo")
    await city.says(kadis, "/izin rakor besok jam 9")
    city.graph.gone.add(sekda.phone)
    await city.presses(kadis, "Kirim")
    assert any("tidak" in sent.words and "Bambang" in sent.words for sent in city.screen(kadis))


async def test_the_outbox_waits_out_what_passes(city: City) -> None:
    city.graph.faults.extend([error(131000, 500), error(130429), Answer(503)])
    await city.says(BUDI, "/tidakada")
    await city.advance(seconds=60)
    assert len(city.screen(BUDI)) == 1
