"""Whether a webhook request is Meta's (Meta, "Webhooks: getting started", May 2026)."""

import hashlib
import hmac
from collections.abc import Mapping

from bot.errors import Refused

HEADER = "x-hub-signature-256"


def signed(secret: str, body: bytes) -> str:
    """The header's value for these bytes."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def verify(secret: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Compare on the raw bytes: JSON written anew differs at the first emoji. Raises `Refused`, 401 without a signature."""
    given = headers.get(HEADER, "")
    if not given:
        raise Refused(f"no {HEADER}", 401)
    if not _same(given, signed(secret, body)):
        raise Refused(f"{HEADER} does not fit the body", 403)


def answer(token: str, query: Mapping[str, str]) -> str:
    """The echo that proves our address. Raises `Refused` when the question is not Meta's."""
    if query.get("hub.mode") != "subscribe" or not _same(query.get("hub.verify_token", ""), token):
        raise Refused("hub.verify_token is not ours", 403)
    if not query.get("hub.challenge"):
        raise Refused("no hub.challenge", 400)
    return query["hub.challenge"]


def _same(given: str, expected: str) -> bool:
    """In constant time; as bytes, since a stranger may send letters that `compare_digest` refuses."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
