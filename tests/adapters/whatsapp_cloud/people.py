"""People with WhatsApp on their phones, and Meta's webhooks that tell of what they do."""

import hashlib
import hmac
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from .graph import FakeGraph, metadata

APP_SECRET = "f00dfacecafe-app-secret"
VERIFY = "verify-me-ünïcode"
Value = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody; without a `user` they are from before 2026, without a `phone` they show none."""

    phone: str
    user: str = ""
    name: str = "Budi 😀"


BUDI = Person("6281200000001", "ID.13491208655302741918")
GROUP = "Y2FwaV9ncm91cDoxNzA1NTU1MDEzOToxMjAzNjM0MDQ2OTQyMzM4MjAZD"


def envelope(*values: Value, field: str = "messages") -> Value:
    """One request with an entry for each value."""
    entries = [{"id": f"10229012934039{n}", "changes": [{"value": v, "field": field}]} for n, v in enumerate(values)]
    return {"object": "whatsapp_business_account", "entry": entries}


def merged(*values: Value) -> Value:
    """The same as one change, as Meta does under load: all messages, then all contacts."""
    names = [name for name in ("messages", "contacts", "statuses") if any(name in value for value in values)]
    return {**values[0], **{name: [item for value in values for item in value.get(name, [])] for name in names}}


def encoded(body: Any) -> bytes:
    """As Meta writes it: everything beyond ASCII escaped."""
    return json.dumps(body).encode()


def headers(body: bytes, secret: str = APP_SECRET) -> dict[str, str]:
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-hub-signature-256": f"sha256={signature}", "content-type": "application/json"}


class People:
    """What people do, each a value for a webhook."""

    def __init__(self, graph: FakeGraph) -> None:
        self._graph = graph
        self._numbers = itertools.count(1)

    def value(self, person: Person, kind: str, what: Any, *, drop: Sequence[str] = (), **more: Any) -> Value:
        """A message of a type, without the fields in `drop`: contacts, from, wa_id or user_id."""
        wamid = f"wamid.SBgM{next(self._numbers):08}"
        self._graph.known.add(wamid)
        self._graph.closed.discard(more.get("group_id", person.phone or person.user))
        message = {"id": wamid, "timestamp": self._graph.seconds(), "type": kind, kind: what, **more}
        contact: Value = {"profile": {"name": person.name}}
        if person.phone and "from" not in drop:
            message["from"] = person.phone
        if person.phone and "wa_id" not in drop:
            contact["wa_id"] = person.phone
        if person.user and "user_id" not in drop:
            message["from_user_id"] = contact["user_id"] = person.user
        value = {"messaging_product": "whatsapp", "metadata": metadata(), "contacts": [contact], "messages": [message]}
        if "contacts" in drop:
            del value["contacts"]
        return value

    def says(self, person: Person, words: str, **more: Any) -> Value:
        return self.value(person, "text", {"body": words}, **more)

    def touches(self, person: Person, message: str, title: str, **more: Any) -> Value:
        """A button or a row of a message of the bot."""
        sent = next(each for each in self._graph.messages if each.wamid == message)
        kind = "list_reply" if sent.body["interactive"]["type"] == "list" else "button_reply"
        reply = {"type": kind, kind: {"id": sent.buttons[title], "title": title}}
        context = {"from": metadata()["display_phone_number"], "id": message}
        return self.value(person, "interactive", reply, context=context, **more)

    def shows(self, person: Person, data: bytes, caption: str = "", **more: Any) -> Value:
        media = self._graph.put(data)
        sha256 = hashlib.sha256(data).hexdigest()
        image = {"id": media, "mime_type": "image/jpeg", "sha256": sha256} | ({"caption": caption} if caption else {})
        return self.value(person, "image", image, **more)


class Meta:
    """Meta's side of the webhook: signs, posts, and posts again until it gets a 200."""

    def __init__(self, client: httpx.AsyncClient, path: str = "/hooks/whatsapp_cloud") -> None:
        self._client, self._path = client, path
        self.waiting: list[bytes] = []
        self.last = b""

    async def post(self, body: bytes, signed: dict[str, str] | None = None) -> int:
        """One request; returns the answer's status."""
        sent = headers(body) if signed is None else signed
        return (await self._client.post(self._path, content=body, headers=sent)).status_code

    async def deliver(self, *values: Value) -> None:
        """Each value in a request of its own, until it is taken."""
        self.waiting += [encoded(envelope(value)) for value in values]
        await self.settle()

    async def settle(self) -> None:
        while self.waiting:
            self.last = self.waiting[0]
            if await self.post(self.waiting[0]) == 200:
                del self.waiting[0]
