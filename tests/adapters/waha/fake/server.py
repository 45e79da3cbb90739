"""A WAHA of our own, over real HTTP and websocket on the loopback; strict where the real one is, and as unreliable."""

import asyncio
import base64
import hashlib
import hmac
import json
import re
import socket
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from .schema import SCHEMAS, Operation, faults, operations

KEY, HMAC_KEY, SESSION = "k3y-of-the-gateway", "k3y-of-the-webhook", "kota"
ME, MY_LID = "6281200009999@c.us", "999000999000999@lid"
ATTEMPTS = 15


@dataclass
class Bubble:
    """One message in a chat."""

    id: str
    chat: str
    mine: bool
    at: int
    text: str = ""
    file: bytes | None = None
    file_name: str = ""
    options: list[str] = field(default_factory=list)
    place: tuple[float, float] | None = None
    vcard: str = ""
    reply_to: str = ""
    participant: str = ""

    @property
    def full(self) -> str:
        tail = f"_{self.participant}" if self.participant else ""
        return f"{'true' if self.mine else 'false'}_{self.chat}_{self.id}{tail}"


class Waha:
    """One server with one session. Each of `broken` is what happens to one of the next sends.

    `down`: 500 and no effect; `lost`: the effect, and the connection breaks; `slow`: the effect, and no answer until `patience`
    is set; `starting`: the session does not work; `refused`: 400; `closed`: WhatsApp's error 463; `busy`: 429.
    """

    def __init__(self, engine: str = "GOWS", version: str = "2026.7.1") -> None:
        self.engine, self.version, self.status = engine, version, "WORKING"
        self.chats: dict[str, list[Bubble]] = {}
        self.lids: dict[str, str | None] = {}
        self.files: dict[str, bytes] = {}
        self.deleted: set[str] = set()
        self.broken: list[str] = []
        self.calls: list[tuple[str, Any]] = []
        self.given: list[str] = []
        """Files that were asked for."""
        self.owed: list[tuple[bytes, bool]] = []
        self.delivered: list[bytes] = []
        self.answers: list[int] = []
        self.webhook = ""
        self.sockets: list[WebSocket] = []
        self.connected = asyncio.Condition()
        self.patience = asyncio.Event()
        self.keeps_messages = True
        self.redirects = False
        self.now = int(time.time())
        self.url = ""
        self._count = 0
        self._operations = operations()

    # -- what it is asked ----------------------------------------------------------------------------------------

    async def answer(self, request: Request) -> Response:
        if request.headers.get("x-api-key") != KEY:
            return JSONResponse({"message": "Unauthorized", "statusCode": 401}, 401)
        raw = request.scope["raw_path"].decode()
        if raw.startswith("/api/files/"):
            return self._file(raw.removeprefix(f"/api/files/{SESSION}/"))
        for operation in self._operations:
            if operation.method == request.method and (found := operation.pattern.fullmatch(raw)):
                return await self._do(operation, found.groupdict(), request)
        return JSONResponse({"message": f"Cannot {request.method} {raw}", "error": "Not Found", "statusCode": 404}, 404)

    async def _do(self, operation: Operation, steps: Mapping[str, str], request: Request) -> Response:
        body = json.loads(await request.body()) if operation.body else {}
        wrong = faults(body, SCHEMAS[operation.body]) if operation.body else []
        wrong += [f"query {name} should not exist" for name in request.query_params if name not in operation.query]
        wrong += [f"{name} is not escaped" for name, value in steps.items() if "@" in value]
        if wrong:
            return JSONResponse({"message": wrong, "error": "Bad Request", "statusCode": 400}, 400)
        steps = {name: value.replace("%40", "@") for name, value in steps.items()}
        self.calls.append((operation.name, {**steps, **body}))
        if operation.name == "GET /api/server/version":
            return JSONResponse({"version": self.version, "engine": self.engine, "tier": "CORE", "browser": None})
        if steps.get("session", body.get("session", SESSION)) != SESSION:
            return JSONResponse({"message": "Session not found", "error": "Not Found", "statusCode": 404}, 404)
        if operation.name == "GET /api/sessions/{session}":
            return JSONResponse({"name": SESSION, "status": self.status, "me": {"id": ME, "pushName": "Bot"}})
        if self.status != "WORKING":
            return self._starting()
        return await self._effect(operation, steps, body)

    def _starting(self) -> Response:
        said = {"error": "Session status is not as expected. Try again later or restart it", "session": SESSION}
        return JSONResponse(
            {**said, "status": self.status if self.status != "WORKING" else "STARTING", "expected": ["WORKING"]}, 422
        )

    async def _effect(self, operation: Operation, steps: Mapping[str, str], body: Mapping[str, Any]) -> Response:
        name = operation.name
        if name in ("POST /api/sendSeen", "POST /api/startTyping", "POST /api/stopTyping"):
            return JSONResponse({"result": True}, 201)
        if name.startswith("POST /api/send"):
            return await self._send(name, body)
        if name.startswith("GET /api/{session}/lids"):
            return self._numbers(steps.get("lid"))
        chat = self.chats.get(steps["chatId"], [])
        if name.endswith("/messages"):
            if not self.keeps_messages:
                return JSONResponse({"message": "Enable NOWEB store", "statusCode": 400}, 400)
            return JSONResponse([self.payload(bubble) for bubble in chat if bubble.mine][::-1])
        found = next((each for each in chat if each.full.startswith(steps["messageId"])), None)
        if found is None:
            return JSONResponse({"message": "Message not found", "statusCode": 404}, 404)
        if operation.method == "PUT":
            found.text = body["text"]
            return JSONResponse(None)
        self.deleted.discard(found.file_name)
        return JSONResponse(self.payload(found))

    def _numbers(self, lid: str | None) -> Response:
        if lid is not None:
            return JSONResponse({"lid": lid, "pn": self.lids.get(lid)})
        return JSONResponse([{"lid": lid, "pn": pn} for lid, pn in self.lids.items() if pn])

    async def _send(self, name: str, body: Mapping[str, Any]) -> Response:
        how = self.broken.pop(0) if self.broken else ""
        match how:
            case "down":
                return JSONResponse({"statusCode": 500, "exception": {"message": "boom", "stack": "Error: boom at …"}}, 500)
            case "closed":
                said = "2 UNKNOWN: server returned error 463"
                return JSONResponse({"statusCode": 500, "exception": {"message": said, "code": 2}}, 500)
            case "starting":
                return self._starting()
            case "busy":
                return JSONResponse({"message": "rate-overlimit", "statusCode": 429}, 429, {"retry-after": "7"})
            case "refused":
                return JSONResponse({"message": ["text is refused for the test"], "statusCode": 400}, 400)
        bubble = self._post(name, body)
        if how == "lost":
            return _Torn()
        if how == "slow":
            await self.patience.wait()
        if self.engine == "NOWEB":
            return JSONResponse({"key": {"remoteJid": bubble.chat, "fromMe": True, "id": bubble.id}}, 201)
        if self.engine == "WEBJS":
            return JSONResponse({"id": {"fromMe": True, "id": bubble.id, "_serialized": bubble.full}}, 201)
        return JSONResponse(self.payload(bubble), 201)

    def _post(self, name: str, body: Mapping[str, Any]) -> Bubble:
        """What WhatsApp shows: a message whose id was seen before is the same message (where the engine takes ids)."""
        known = body.get("id") if self.engine in ("GOWS", "NOWEB") else None
        chat = self.chats.setdefault(body["chatId"], [])
        if known and (same := next((each for each in chat if each.id == known), None)):
            return same
        bubble = Bubble(known or self.new_id(), body["chatId"], True, self.tick())
        if bubble.chat.endswith("@g.us"):
            bubble.participant = MY_LID
        bubble.text = body.get("text", body.get("caption", ""))
        if file := body.get("file"):
            bubble.file = base64.b64decode(file["data"])
        if poll := body.get("poll"):
            bubble.text, bubble.options = poll["name"], poll["options"]
            assert len(poll["options"]) <= 12
            assert all(len(each) <= 100 for each in poll["options"])
        if "latitude" in body:
            bubble.place = (body["latitude"], body["longitude"])
        if contacts := body.get("contacts"):
            bubble.vcard = contacts[0]["vcard"]
        bubble.reply_to = body.get("reply_to", "")
        chat.append(bubble)
        self.owe("message.any", self.payload(bubble), effect=False)
        self.owe("message.ack", {"id": bubble.full, "from": bubble.chat, "fromMe": True, "ack": 1, "ackName": "SERVER"})
        return bubble

    def _file(self, name: str) -> Response:
        self.given.append(name)
        if self.redirects:
            return Response(status_code=302, headers={"location": "http://169.254.169.254/latest"})
        if name not in self.files or name in self.deleted:
            return JSONResponse({"message": "Not Found", "statusCode": 404}, 404)
        return Response(self.files[name], media_type="image/png")

    # -- what it tells -------------------------------------------------------------------------------------------

    def payload(self, bubble: Bubble, **data: Any) -> dict[str, Any]:
        """A message as events and answers have it."""
        found: dict[str, Any] = {
            "id": bubble.full,
            "timestamp": bubble.at,
            "from": bubble.chat,
            "fromMe": bubble.mine,
            "source": "api" if bubble.mine else "app",
            "to": None,
            "participant": bubble.participant or None,
            "body": bubble.text,
            "hasMedia": bubble.file is not None,
            "media": None,
            "ack": 1,
            "ackName": "SERVER",
            "vCards": [],
            "_data": data,
        }
        if bubble.file is not None and bubble.file_name:
            url = f"http://localhost:3000/api/files/{SESSION}/{bubble.file_name}"
            found["media"] = {"url": url, "mimetype": "image/png", "filename": None, "s3": None, "error": None}
        return found

    def event(self, name: str, payload: Any) -> dict[str, Any]:
        return {
            "id": f"evt_{self.new_id().lower()}",
            "timestamp": self.now * 1000,
            "event": name,
            "session": SESSION,
            "metadata": {},
            "me": {"id": ME, "pushName": "Bot", "lid": MY_LID, "jid": ME.replace("@c.us", ":12@s.whatsapp.net")},
            "payload": payload,
            "environment": {"version": self.version, "engine": self.engine, "tier": "CORE", "browser": None},
        }

    def owe(self, name: str, payload: Any, effect: bool = True) -> None:
        """Have an event delivered; `effect`: the bot stores something of it."""
        self.owed.append((json.dumps(self.event(name, payload), ensure_ascii=False).encode(), effect))

    async def call(self, body: bytes, key: str = HMAC_KEY) -> int:
        """One request to the webhook."""
        signed = hmac.new(key.encode(), body, hashlib.sha512).hexdigest()
        headers = {"content-type": "application/json", "x-webhook-hmac": signed, "x-webhook-hmac-algorithm": "sha512"}
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(self.webhook, content=body, headers=headers)
        self.answers.append(answer.status_code)
        return answer.status_code

    async def deliver(self) -> int:
        """Deliver what is owed, each until it is taken; returns how many of them have an effect."""
        effects = 0
        while self.owed:
            body, effect = self.owed.pop(0)
            self.delivered.append(body)
            effects += effect
            if self.webhook:
                for _ in range(ATTEMPTS):
                    if await self.call(body) == 200:
                        break
            else:
                await self.push(body.decode())
        return effects

    async def push(self, text: str) -> None:
        """Send one event to every websocket, when there is one."""
        async with self.connected:
            await self.connected.wait_for(lambda: self.sockets)
        for each in self.sockets:
            await each.send_text(text)

    async def listen(self, connection: WebSocket) -> None:
        await connection.accept()
        asked = connection.query_params
        if asked.get("x-api-key") != KEY or asked.get("session") != SESSION:
            await connection.close(1008, "Unauthorized")
            return
        assert "message" in asked["events"].split(",")
        async with self.connected:
            self.sockets.append(connection)
            self.connected.notify_all()
        try:
            async for _ in connection.iter_text():
                pass
        finally:
            self.sockets.remove(connection)

    def new_id(self) -> str:
        self._count += 1
        return f"3AEB{self._count:016X}"

    def tick(self) -> int:
        self.now += 1
        return self.now


class _Torn(Response):
    """An answer that breaks off."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 201, "headers": [(b"content-length", b"100")]})
        await send({"type": "http.response.body", "body": b'{"id', "more_body": False})


@asynccontextmanager
async def serving(waha: Waha) -> AsyncIterator[Waha]:
    """The server, on a port of its own."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    waha.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    methods = ["GET", "POST", "PUT", "DELETE"]
    app = Starlette(routes=[WebSocketRoute("/ws", waha.listen), Route("/{path:path}", waha.answer, methods=methods)])
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="websockets-sansio")
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    # Without its main loop, which looks for an end ten times a second: a test would wait for that.
    await server.startup([listener])
    try:
        yield waha
    finally:
        waha.patience.set()
        for each in server.servers:
            each.close()
        for connection in list(server.server_state.connections):
            connection.shutdown()
        listener.close()


def formatted(text: str) -> tuple[str, list[str]]:
    """A text as WhatsApp shows it, and what of it is bold. The look-alikes of marks read as what they look like."""
    bold = [found.strip("_") for found in re.findall(r"(?<!\w)\*(\S(?:[^*\n]*\S)?)\*(?!\w)", text)]
    text = re.sub(r"```(.+?)```", r"\1", text, flags=re.DOTALL)
    for mark in (r"\*", "_", "~"):
        text = re.sub(rf"(?<!\w){mark}(\S(?:[^{mark}\n]*\S)?){mark}(?!\w)", r"\1", text)
    return text.translate(str.maketrans("∗ˍ∼ˋ", "*_~`")), bold
