"""After a send, only a clear yes and a clear no are certain: status × body, the same table for every adapter."""

import itertools
import json
import logging
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from pendopo.adapters.contract import Adapter
from pendopo.adapters.telegram import Telegram
from pendopo.adapters.telegram.api import Timing
from pendopo.adapters.waha import Waha
from pendopo.adapters.whatsapp_cloud import WhatsAppCloud
from pendopo.config import WhatsAppCloudSettings
from pendopo.errors import SendError, UnknownOutcomeError
from pendopo.model import Chat, ChatKind
from pendopo.testing.conformance import make_text

from tests.adapters.hosts import BareHost
from tests.adapters.telegram import bench as telegram
from tests.adapters.test_bounded_http import HostileServer, serve_hostile
from tests.adapters.waha import bench as waha

CHATS = {
    "telegram": Chat("telegram", "-1001", ChatKind.GROUP),
    "waha": Chat("waha", "62812@c.us"),
    "cloud": Chat("cloud", "62812"),
}
SENT = {
    "telegram": {"ok": True, "result": {"message_id": 7}},
    "waha": {"id": "true_62812@c.us_3EB0AA"},
    "cloud": {"messages": [{"id": "wamid.7"}]},
}
REFUSED = {
    "telegram": {"ok": False, "error_code": 400, "description": "Bad Request: message text is empty"},
    "waha": {"statusCode": 422, "message": "no such thing"},
    "cloud": {"error": {"message": "Invalid parameter", "code": 100}},
}
FOREIGN = {
    "nothing": b"",
    "words": b"Bad Gateway",
    "page": b"<html><body>Sign in</body></html>",
    "list": b"[]",
    "null": b"null",
    "number": b"7",
    "text": b'"ok"',
    "torn": b'{"ok": true, "res',
    "deep": b"[" * 500,
    "large": b'["' + b"x" * 300_000 + b'"]',
}
UNCLEAR = {"telegram": {504}, "waha": {502, 504}, "cloud": {500, 502, 504}}
"""The errors after which a body that is not the messenger's own leaves it open whether the message went out."""


class Seen(BareHost):
    async def get_last_seen(self, chat: Chat) -> datetime | None:
        return self.now()


def make_adapter(name: str, url: str) -> Adapter:
    if name == "telegram":
        return Telegram(telegram.settings(url), timing=Timing(connect=5, read=5, upload=5))
    if name == "waha":
        return Waha(waha.settings(url), patience=5)
    secrets = {"access_token": "x", "phone_number_id": "1", "app_secret": "s", "verify_token": "v"}
    return WhatsAppCloud(WhatsAppCloudSettings.model_validate({**secrets, "graph_base_url": url}), name="cloud", patience=5)


@pytest.fixture
async def server() -> AsyncIterator[HostileServer]:
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
    async with serve_hostile() as made:
        yield made


async def send(server: HostileServer, name: str, status: int, body: bytes) -> str:
    server.status, server.body = status, body
    adapter = make_adapter(name, server.url)
    adapter.connect(Seen())
    try:
        await adapter.send(CHATS[name], make_text("halo"), "k1")
    except UnknownOutcomeError:
        return "perhaps"
    except SendError:
        return "no"
    finally:
        await adapter.close()
    return "yes"


@pytest.mark.parametrize("name", CHATS)
async def test_what_the_messenger_says_in_its_own_form_is_certain(server: HostileServer, name: str) -> None:
    for status in (200, 201):
        assert await send(server, name, status, json.dumps(SENT[name]).encode()) == "yes"
    for status in (400, 404, 429):
        assert await send(server, name, status, json.dumps(REFUSED[name]).encode()) == "no"


@pytest.mark.parametrize("name", CHATS)
async def test_a_success_that_is_not_the_messengers_own_is_none(server: HostileServer, name: str) -> None:
    for status, (kind, body) in itertools.product((200, 201, 204), FOREIGN.items()):
        assert await send(server, name, status, body) == "perhaps", (status, kind)


@pytest.mark.parametrize("name", CHATS)
async def test_an_error_is_never_a_yes_and_never_a_fault_of_ours(server: HostileServer, name: str) -> None:
    for status, (kind, body) in itertools.product((302, 400, 404, 429, 500, 502, 504), FOREIGN.items()):
        said = await send(server, name, status, body)
        assert said == "perhaps" if status in UNCLEAR[name] else said in ("no", "perhaps"), (status, kind, said)
