"""Only the gateway is listened to: signatures are over the raw bytes."""

import json

import pytest
from pendopo.adapters.waha import Waha
from pendopo.adapters.waha.webhook import verify_signature
from pendopo.errors import ConfigError, InvalidWebhookError

from .bench import settings
from .events import make_message, sign_body


def test_the_documented_signature_verifies() -> None:
    body = b'{"event":"message","session":"default","engine":"WEBJS"}'
    digest = (
        "208f8a55dde9e05519e898b10b89bf0d0b3b0fdf11fdbf09b6b90476301b98d8"
        "097c462b2b17a6ce93b6b47a136cf2e78a33a63f6752c2c1631777076153fa89"
    )
    verify_signature("my-secret-key", body, {"x-webhook-hmac": digest, "x-webhook-hmac-algorithm": "sha512"})
    verify_signature("my-secret-key", body, {"x-webhook-hmac": digest.upper()})


async def test_signatures_are_over_the_bytes_and_not_over_what_they_mean(adapter: Waha) -> None:
    native = make_message(body="😀 émoji – ﷽")
    plain, escaped = json.dumps(native, ensure_ascii=False).encode(), json.dumps(native).encode()
    assert plain != escaped
    assert adapter.receive(plain, sign_body(plain))[0].key == adapter.receive(escaped, sign_body(escaped))[0].key
    with pytest.raises(InvalidWebhookError) as refused:
        adapter.receive(plain, sign_body(escaped))
    assert refused.value.status == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"x-webhook-hmac": ""}, 401),
        ({"x-webhook-hmac": "00"}, 403),
        ({"x-webhook-hmac": "bukan-hex-é😀"}, 403),
        ({"x-webhook-hmac": "0" * 128}, 403),
        ({**sign_body(b"{}"), "x-webhook-hmac-algorithm": "md5"}, 403),
        (sign_body(b"{}", "another key"), 403),
    ],
)
async def test_unsigned_is_401_and_wrongly_signed_403(adapter: Waha, headers: dict[str, str], status: int) -> None:
    with pytest.raises(InvalidWebhookError) as refused:
        adapter.receive(b"{}", headers)
    assert refused.value.status == status
    assert "1 requests with a wrong signature" in adapter.health().note


async def test_no_key_no_webhook() -> None:
    with pytest.raises(ConfigError, match="hmac_key"):
        Waha(settings("http://waha:3000", hmac_key=""))
    with pytest.raises(ConfigError, match="base_url"):
        Waha(settings("waha:3000"))
    with pytest.raises(InvalidWebhookError) as refused:
        Waha(settings("http://waha:3000", "websocket")).receive(b"{}", {})
    assert refused.value.status == 404
