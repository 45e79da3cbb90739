"""At the door: who is let in, under which key, and what is left outside for which reason."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from pendopo.adapters.waha import Waha
from pendopo.adapters.waha.incoming import SkipDecision, StoreDecision, decide_event
from pendopo.errors import InvalidWebhookError
from pendopo.model import DeliveryReport, Event, MemberChanged, Message, MessageEdited, Reaction

from .events import make_message, sign_body, take_delivery
from .fake.server import SESSION

SAMPLES = sorted((Path(__file__).parent / "webhooks").glob("*.json"))
READ = {path: path.read_bytes() for path in SAMPLES}
SKIPPED = {
    **dict.fromkeys(("01", "02", "03"), "calls are not taken"),
    **dict.fromkeys(("04", "44", "45"), "no chat of people: a channel, a status or a broadcast"),
    **dict.fromkeys(("05", "06", "35", "36"), "it has no id"),
    **dict.fromkeys(("07", "08", "09", "40", "41", "42"), "the session's state, for health"),
    **dict.fromkeys(("10", "33", "34", "38", "39"), "an echo of our own"),
    "14": "a message not yet readable; it comes again when it is",
    **dict.fromkeys(("19", "20", "21", "22"), "labels of the phone"),
    **dict.fromkeys(("23", "43"), "an engine's raw event"),
    "24": "an engine's state, told by session.status",
    "25": "told by group.v2.join",
    "26": "told by group.v2.leave",
    "30": "a group's settings",
    "32": "who is typing",
    "37": "it does not say which chat",
}
KINDS: dict[str, list[type[Event]]] = {
    "11": [Reaction],
    "12": [DeliveryReport],
    "13": [DeliveryReport],
    "15": [MessageEdited],
    "16": [MessageEdited],
    "17": [],  # a vote in a poll of before this process, and its options have no numbers: not one of ours
    "27": [MemberChanged],
    "28": [MemberChanged],
    "29": [MemberChanged],
    "18": [Message],
    "31": [],
}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
async def test_every_documented_event_is_converted_or_skipped_for_a_reason(sample: Path, adapter: Waha) -> None:
    native = json.loads(READ[sample]) | {"session": SESSION}
    number = sample.stem[:2]
    judged = decide_event(native)
    if number in SKIPPED:
        assert judged == SkipDecision(SKIPPED[number])
        assert take_delivery(adapter, native) == []
        return
    assert isinstance(judged, StoreDecision)
    (incoming,) = take_delivery(adapter, native)
    kinds = [type(event) for event in adapter.convert(incoming)]
    assert [kind.__name__ for kind in kinds] == [kind.__name__ for kind in KINDS.get(number, [])] or number == "46"


def test_every_documented_event_has_a_sample() -> None:
    assert len(SAMPLES) == 46
    assert {path.stem[:2] for path in SAMPLES} == SKIPPED.keys() | KINDS.keys() | {"46"}


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"a": NaN}'])
async def test_what_is_no_event_is_refused_though_it_is_signed(adapter: Waha, body: bytes) -> None:
    with pytest.raises(InvalidWebhookError) as refused:
        adapter.receive(body, sign_body(body))
    assert refused.value.status == 400


async def test_a_message_and_its_twin_are_one(adapter: Waha) -> None:
    one, twin = make_message(), make_message() | {"event": "message.any", "id": "evt_2"}
    first, second = take_delivery(adapter, one) + take_delivery(adapter, twin)
    assert (first.key, first.kind, first.chat) == (second.key, second.kind, second.chat)


@pytest.mark.parametrize(
    "ours", [{"fromMe": True}, {"source": "api"}, {"id": "true_6281200000001@c.us_AAA"}, {"fromMe": True, "id": "AAA"}]
)
async def test_our_own_echoes_are_left_outside(adapter: Waha, ours: dict[str, Any]) -> None:
    for event in ("message", "message.any", "message.reaction", "message.edited"):
        assert take_delivery(adapter, make_message(**ours) | {"event": event}) == []


async def test_another_session_of_the_same_gateway_is_not_ours(adapter: Waha) -> None:
    assert take_delivery(adapter, make_message() | {"session": "lain"}) == []


async def test_a_group_that_changes_twice_over_changes_once(adapter: Waha) -> None:
    payload = {"type": "join", "timestamp": 1, "group": {"id": "1@g.us"}, "participants": [{"id": "6281200000001@c.us"}]}
    events = [{"id": f"evt_{n}", "event": "group.v2.participants", "session": SESSION, "payload": payload} for n in range(2)]
    first, second = take_delivery(adapter, events[0]) + take_delivery(adapter, events[1])
    assert first.key == second.key
    other = take_delivery(adapter, {**events[0], "payload": {**payload, "type": "leave"}})[0]
    assert other.key != first.key


@pytest.mark.parametrize("seed", range(20))
async def test_whatever_is_signed_never_breaks_the_door(adapter: Waha, seed: int) -> None:
    """Mutations of all samples: fields dropped, of another type, or nonsense. Only `InvalidWebhookError` may come of them."""
    dice = random.Random(seed)
    for sample in SAMPLES:
        native = _mutated(dice, json.loads(READ[sample]) | {"session": SESSION})
        body = json.dumps(native).encode()
        try:
            taken = adapter.receive(body, sign_body(body))
        except InvalidWebhookError:
            continue
        for incoming in taken:
            assert incoming.key
            assert incoming.chat
            assert incoming.key.isprintable()
        cut = body[: dice.randrange(len(body))]
        with pytest.raises(InvalidWebhookError):
            adapter.receive(cut, sign_body(cut))


def _mutated(dice: random.Random, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _mutated(dice, each) for key, each in value.items() if dice.random() > 0.05}
    if isinstance(value, list):
        return [_mutated(dice, each) for each in value]
    junk: list[Any] = [None, True, -1, 1e300, "", "\x00", "@c.us", "true__", {}, [], {"id": []}, "x" * 5000, "\ud800"]
    return dice.choice(junk) if dice.random() < 0.08 else value


async def test_a_sample_that_names_no_chat_in_its_id_is_read_by_its_sender(adapter: Waha) -> None:
    native = json.loads(READ[SAMPLES[-1]]) | {"session": SESSION}
    (event,) = adapter.convert(take_delivery(adapter, native)[0])
    assert (event.chat.id, event.account and event.account.aliases) == ("999@c.us", ("whatsapp:999",))


async def test_half_an_emoji_is_replaced_and_spoils_nothing(adapter: Waha) -> None:
    body = json.dumps(make_message(body="\ud83d halo")).encode()
    (incoming,) = adapter.receive(body, sign_body(body))
    (event,) = adapter.convert(incoming)
    assert isinstance(event, Message)
    assert event.text == "\ufffd halo"
