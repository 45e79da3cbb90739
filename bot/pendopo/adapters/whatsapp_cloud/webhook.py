"""Verifies that a webhook request is Meta's (Meta, "Webhooks: getting started", May 2026)."""

import hashlib
import hmac
from collections.abc import Mapping

from pendopo.errors import InvalidWebhookError

HEADER = "x-hub-signature-256"


def verify_signature(secret: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Verify the raw bytes, as re-encoded JSON differs at any emoji. Raises `InvalidWebhookError`, 401 without a signature."""
    signature = headers.get(HEADER, "")
    if not signature:
        raise InvalidWebhookError(f"no {HEADER}", 401)
    if not _is_equal(signature, "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()):
        raise InvalidWebhookError(f"{HEADER} does not fit the body", 403)


def get_echo(token: str, query: Mapping[str, str]) -> str:
    """The challenge to echo. Raises `InvalidWebhookError` if the request is not Meta's."""
    if query.get("hub.mode") != "subscribe" or not _is_equal(query.get("hub.verify_token", ""), token):
        raise InvalidWebhookError("hub.verify_token is not ours", 403)
    if not query.get("hub.challenge"):
        raise InvalidWebhookError("no hub.challenge", 400)
    return query["hub.challenge"]


def _is_equal(given: str, expected: str) -> bool:
    """Compare in constant time; as bytes, since `compare_digest` refuses non-ASCII text, which strangers may send."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
