"""Verifies the gateway's signature: HMAC SHA-512 over the raw body, in hex, in `X-Webhook-Hmac` (WAHA documentation)."""

import hashlib
import hmac
from collections.abc import Mapping

from pendopo.errors import InvalidWebhookError

HEADER, ALGORITHM = "x-webhook-hmac", "x-webhook-hmac-algorithm"


def verify_signature(key: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Raises `InvalidWebhookError`: 401 for an unsigned request, 403 for a wrong signature. Header names are lower-case."""
    signature = headers.get(HEADER, "")
    if not signature:
        raise InvalidWebhookError("the request is not signed", 401)
    if headers.get(ALGORITHM, "sha512").lower() != "sha512":
        raise InvalidWebhookError("the request is signed by another algorithm than sha512")
    expected = hmac.new(key.encode(), body, hashlib.sha512).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.strip().lower().encode("utf-8", "replace")):
        raise InvalidWebhookError("the signature is wrong")
