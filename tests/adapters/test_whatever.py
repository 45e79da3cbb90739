"""Whatever comes to a webhook, wrongly signed or rightly: it is refused, or stored soundly and read or complained of."""

import hashlib
import hmac
import json
import random
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo.adapters.console import Console
from pendopo.adapters.console.adapter import TypedLine
from pendopo.adapters.console.adapter import pack_incoming as pack_typed
from pendopo.adapters.contract import Adapter, Incoming
from pendopo.adapters.dashboard import Dashboard, pack_press, pack_text
from pendopo.adapters.simulator.convert import NativeChat, NativeMessage, NativePress, NativeSender
from pendopo.adapters.simulator.convert import convert_incoming as convert_simulated
from pendopo.adapters.simulator.convert import pack_incoming as pack_native
from pendopo.adapters.telegram import Telegram
from pendopo.adapters.waha import Waha
from pendopo.adapters.whatsapp_cloud import WhatsAppCloud
from pendopo.config import TelegramSettings, WahaSettings, WhatsAppCloudSettings
from pendopo.errors import InvalidWebhookError
from pendopo.model import ChatKind, Event

from tests.adapters.hosts import BareHost
from tests.oddities import dice, mutated, scratched

HERE = Path(__file__).parent
SECRET = "rahasia_sekali"
AT = datetime(2026, 8, 12, 3, 20, tzinfo=UTC)


def telegram() -> Telegram:
    settings = TelegramSettings.model_validate({"token": "7000000001:x", "webhook_secret": SECRET, "mode": "webhook"})
    return Telegram(settings, "https://kota.test")


def cloud() -> WhatsAppCloud:
    values = {"access_token": "x", "phone_number_id": "106540352242922", "app_secret": SECRET, "verify_token": "y"}
    return WhatsAppCloud(WhatsAppCloudSettings.model_validate(values))


def waha() -> Waha:
    return Waha(WahaSettings.model_validate({"base_url": "http://127.0.0.1:9", "api_key": "x", "hmac_key": SECRET}))


def signed(name: str, body: bytes, secret: str = SECRET) -> dict[str, str]:
    """The headers with which the messenger shows that it is itself."""
    if name == "telegram":
        return {"x-telegram-bot-api-secret-token": secret}
    digest = hmac.new(secret.encode(), body, hashlib.sha512 if name == "waha" else hashlib.sha256).hexdigest()
    if name == "waha":
        return {"x-webhook-hmac": digest, "x-webhook-hmac-algorithm": "sha512"}
    return {"x-hub-signature-256": f"sha256={digest}"}


MADE: dict[str, Adapter] = {"telegram": telegram(), "whatsapp_cloud": cloud(), "waha": waha()}
for _adapter in MADE.values():
    _adapter.connect(BareHost())
SAMPLES = {
    "telegram": sorted((HERE / "telegram" / "updates").glob("*.json")),
    "whatsapp_cloud": sorted((HERE / "whatsapp_cloud" / "webhooks").glob("*.json")),
    "waha": sorted((HERE / "waha" / "webhooks").glob("*.json")),
}
names = pytest.mark.parametrize("name", sorted(MADE))


def sample(name: str, chance: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(chance.choice(SAMPLES[name]).read_bytes())
    return found | {"session": "default"} if name == "waha" else found


def take(name: str, body: bytes, headers: Mapping[str, str]) -> list[Event]:
    """What comes of a delivery. Only the errors that are declared may be raised, and what is stored can be stored anywhere."""
    adapter = MADE[name]
    try:
        taken = adapter.receive(body, headers)
    except InvalidWebhookError:
        return []
    events: list[Event] = []
    for one in taken:
        assert one.key
        assert one.chat
        assert not any("\0" in part for part in (one.key, one.kind, one.chat, one.album))
        one.body.decode()
        try:
            events += adapter.convert(one)
        except (ValueError, msgspec.MsgspecError):
            continue
    check(events)
    return events


def check(events: list[Event]) -> None:
    assert msgspec.json.decode(msgspec.json.encode(events), type=list[Event]) == events
    for event in events:
        assert event.key
        assert event.chat.id
        said = {name: value for name, value in msgspec.structs.asdict(event).items() if name != "raw"}
        assert b"\\u0000" not in msgspec.json.encode(said)  # PostgreSQL keeps none, and plugins keep what is said


@names
@given(
    body=st.binary(max_size=300)
    | st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(repr).map(str.encode)
)
def test_bytes_that_are_nothing_lead_to_nothing(name: str, body: bytes) -> None:
    assert take(name, body, signed(name, body)) == []


@names
@given(chance=dice)
def test_spoilt_samples_are_refused_or_read_or_complained_of(name: str, chance: random.Random) -> None:
    for _ in range(5):
        body = json.dumps(mutated(sample(name, chance), chance)).encode()
        take(name, body, signed(name, body))


@names
@given(chance=dice)
def test_scratched_samples_are_refused_or_read_or_complained_of(name: str, chance: random.Random) -> None:
    for _ in range(5):
        body = scratched(json.dumps(sample(name, chance), ensure_ascii=False).encode(), chance)
        take(name, body, signed(name, body))


@names
@given(chance=dice, given_=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=140))
def test_nothing_comes_in_without_the_signature_of_these_very_bytes(name: str, chance: random.Random, given_: str) -> None:
    body = json.dumps(sample(name, chance)).encode()
    right = signed(name, body)
    for wrong in (
        {},
        signed(name, body, "tebakan"),
        dict.fromkeys(right, given_),
        {key: value[:-1] for key, value in right.items()},
    ):
        with pytest.raises(InvalidWebhookError):
            MADE[name].receive(body, wrong)
    if name != "telegram":  # which shows a secret and signs nothing
        with pytest.raises(InvalidWebhookError):
            MADE[name].receive(body + b" ", right)


def test_what_is_right_does_come_in() -> None:
    """Else all of the above would hold for a door that is shut."""
    chance = random.Random(1)
    for name in MADE:
        bodies = [json.dumps(sample(name, chance)).encode() for _ in range(60)]
        assert sum(len(take(name, body, signed(name, body))) for body in bodies) > 5, name


SAID = "\u202eapa \U0001f600"
OWN: dict[str, tuple[Any, Incoming]] = {
    "console": (
        Console(lambda printed: None).convert,
        pack_typed(TypedLine(id="1", chat="2", title="t", group=True, sender="3", name="n", at=AT, text=SAID)),
    ),
    "dashboard press": (Dashboard().convert, pack_press("1", 2, AT, "token", {"a": SAID})),
    "dashboard line": (Dashboard().convert, pack_text("1", 2, AT, SAID)),
    "simulator message": (
        lambda one: [convert_simulated("simulator", one)],
        pack_native(
            NativeMessage(id="1", chat=NativeChat("2", ChatKind.GROUP, "t"), sender=NativeSender("3", "n"), at=AT, text=SAID)
        ),
    ),
    "simulator press": (
        lambda one: [convert_simulated("simulator", one)],
        pack_native(
            NativePress(
                id="1", chat=NativeChat("2", ChatKind.GROUP, "t"), sender=NativeSender("3", "n"), at=AT, message="4", token="5"
            )
        ),
    ),
}


@pytest.mark.parametrize("name", sorted(OWN))
@given(chance=dice)
def test_of_our_own_deliveries_a_spoilt_one_is_read_or_complained_of(name: str, chance: random.Random) -> None:
    convert, whole = OWN[name]
    spoilt = json.dumps(mutated(json.loads(whole.body), chance)).encode()
    for body in (whole.body, spoilt, scratched(whole.body, chance)):
        try:
            events = convert(msgspec.structs.replace(whole, body=body))
        except (msgspec.MsgspecError, UnicodeDecodeError):
            assert body != whole.body
            continue
        assert msgspec.json.decode(msgspec.json.encode(events), type=list[Event]) == events
