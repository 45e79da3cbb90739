"""Only Meta is listened to, whatever letters are in what it says."""

import json

import pytest
from pendopo.adapters.whatsapp_cloud import WhatsAppCloud
from pendopo.config import WhatsAppCloudSettings
from pendopo.errors import ConfigError, InvalidWebhookError
from pendopo.model import Message

from .conftest import City, Lab
from .people import BUDI, VERIFY, encoded, envelope, headers

ODD = "Selamat pagi 🌅👩‍👧 – “é” \u2028 ꦱꦸꦒꦼꦁ"


@pytest.mark.parametrize("escaped", [True, False], ids=["escaped", "in UTF-8"])
async def test_signatures_over_emoji_and_non_ascii_verify_on_the_raw_bytes(lab: Lab, escaped: bool) -> None:
    value = lab.people.says(BUDI, ODD)
    body = json.dumps(envelope(value), ensure_ascii=escaped, indent=1).encode()
    [incoming] = lab.adapter.receive(body, headers(body))
    [event] = lab.adapter.convert(incoming)
    assert isinstance(event, Message)
    assert event.text == ODD
    again = json.dumps(json.loads(body), ensure_ascii=not escaped).encode()
    with pytest.raises(InvalidWebhookError):
        lab.adapter.receive(again, headers(body))


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 401),
        ({"x-hub-signature-256": ""}, 401),
        ({"x-hub-signature-256": "sha256="}, 403),
        ({"x-hub-signature-256": "sha256=" + "0" * 64}, 403),
        ({"x-hub-signature-256": "sha256=é\udcff"}, 403),
        ({"x-hub-signature": "sha1=" + "0" * 40}, 401),
    ],
)
async def test_a_wrong_signature_is_refused(lab: Lab, given: dict[str, str], status: int) -> None:
    body = encoded(envelope(lab.people.says(BUDI, "halo")))
    with pytest.raises(InvalidWebhookError) as refused:
        lab.adapter.receive(body, given)
    assert refused.value.status == status
    assert "1 webhook requests with a missing or wrong signature" in lab.adapter.health().note
    assert lab.adapter.health().ok


async def test_another_secret_is_wrong_and_so_is_another_body(lab: Lab) -> None:
    body = encoded(envelope(lab.people.says(BUDI, "halo")))
    for signed in (headers(body, "another secret"), headers(body + b" ")):
        with pytest.raises(InvalidWebhookError):
            lab.adapter.receive(body, signed)


async def test_a_wrong_signature_is_403_and_leaves_no_row(city: City) -> None:
    body = encoded(envelope(city.people.says(BUDI, "/izin")))
    assert await city.meta.post(body, {"x-hub-signature-256": "sha256=" + "0" * 64}) == 403
    assert await city.meta.post(body, {}) == 401
    assert await city.stored.list_inbox() == []
    assert await city.meta.post(body) == 200
    assert len(await city.stored.list_inbox()) == 1


async def test_our_address_is_proven_to_meta_alone(lab: Lab) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY}
    assert lab.adapter.answer_challenge(query) == "1158201444"
    for wrong in ({"hub.verify_token": "guess"}, {"hub.mode": "unsubscribe"}, {"hub.verify_token": ""}, {"hub.challenge": ""}):
        with pytest.raises(InvalidWebhookError):
            lab.adapter.answer_challenge({**query, **wrong})
    with pytest.raises(InvalidWebhookError):
        lab.adapter.answer_challenge({})


@pytest.mark.parametrize("empty", ["access_token", "app_secret", "verify_token"])
def test_an_empty_secret_is_refused_at_start(empty: str) -> None:
    given = {"access_token": "a", "app_secret": "b", "verify_token": "c", "phone_number_id": "1", empty: " "}
    with pytest.raises(ConfigError, match=empty):
        WhatsAppCloud(WhatsAppCloudSettings.model_validate(given))


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"{}", b'{"entry": {}}', b"[" * 100_000, b"1" * 5000])
async def test_what_is_no_webhook_is_refused_also_when_it_is_signed(lab: Lab, body: bytes) -> None:
    with pytest.raises(InvalidWebhookError) as refused:
        lab.adapter.receive(body, headers(body))
    assert refused.value.status == 400
