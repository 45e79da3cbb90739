"""Events of the gateway, made and taken in."""

import hashlib
import hmac
import json
from typing import Any

from pendopo.adapters.contract import Incoming
from pendopo.adapters.waha import Waha
from pendopo.model import Event, Message

from .fake.server import HMAC_KEY, ME, MY_LID, SESSION

GROUP, RINA, LID = "120363@g.us", "6281200000001@c.us", "382@lid"


def convert_event(adapter: Waha, event: str, payload: Any) -> list[Event]:
    native = {"id": "evt_1", "timestamp": 1_700_000_000_000, "event": event, "session": SESSION, "payload": payload}
    native["me"] = {"id": ME, "lid": MY_LID}
    return [each for incoming in take_delivery(adapter, native) for each in adapter.convert(incoming)]


def make_payload(**more: Any) -> dict[str, Any]:
    return {"id": f"false_{GROUP}_AAA_{RINA}", "from": GROUP, "participant": RINA, "fromMe": False, "body": "halo", **more}


async def convert_message(adapter: Waha, **more: Any) -> Message:
    (event,) = convert_event(adapter, "message", make_payload(**more))
    assert isinstance(event, Message)
    return event


def make_message(**payload: Any) -> dict[str, Any]:
    usual = {
        "id": "false_6281200000001@c.us_AAA",
        "from": "6281200000001@c.us",
        "fromMe": False,
        "body": "halo",
        "timestamp": 1,
    }
    return {"id": "evt_1", "event": "message", "session": SESSION, "payload": {**usual, **payload}}


def sign_body(body: bytes, key: str = HMAC_KEY) -> dict[str, str]:
    """The headers the gateway sends with a body."""
    found = hmac.new(key.encode(), body, hashlib.sha512).hexdigest()
    return {"x-webhook-hmac": found, "x-webhook-hmac-algorithm": "sha512"}


def take_delivery(adapter: Waha, native: Any) -> list[Incoming]:
    body = json.dumps(native, ensure_ascii=False).encode()
    return list(adapter.receive(body, sign_body(body)))
