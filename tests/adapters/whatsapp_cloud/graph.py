"""A Graph API in the test: strict about what it takes, and as moody as the real one."""

import asyncio
import base64
import hashlib
import itertools
import json
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from . import rules
from .approvals import ACCOUNT, Approvals
from .rules import Refused, require
from .wire import Answer, Request, Wire

TOKEN = "EAAGm0PX4ZCpsBAKZBq7cityBotAccessToken"
NUMBER = "106540352242922"
DISPLAY = "15550783881"
TITLES = {
    4: "Application request limit reached",
    190: "Invalid OAuth access token - Cannot parse access token",
    131026: "Message undeliverable",
    131047: "Re-engagement message",
    131056: "(Business Account, Consumer Account) pair rate limit hit",
    130429: "Rate limit hit",
}


class Sent(NamedTuple):
    """A message that the platform took."""

    wamid: str
    chat: str
    body: dict[str, Any]

    @property
    def words(self) -> str:
        """What a person reads."""
        shown = self.body[self.body["type"]]
        if self.body["type"] == "interactive":
            return str(shown["body"]["text"])
        if self.body["type"] == "template":
            return str(shown["components"][0]["parameters"][0]["text"])
        return str(shown.get("body", shown.get("caption", ""))) if isinstance(shown, dict) else ""

    @property
    def buttons(self) -> dict[str, str]:
        """The id of each button or row by its title."""
        action = self.body.get("interactive", {}).get("action", {})
        rows = [row for section in action.get("sections", []) for row in section["rows"]]
        return {each["title"]: each["id"] for each in [*(b["reply"] for b in action.get("buttons", [])), *rows]}


class File(NamedTuple):
    """A file on the platform."""

    mime: str
    data: bytes
    until: datetime
    sha256: str = ""
    url: str = ""


class FakeGraph:
    """One phone number on the Cloud API, over real HTTP.

    `faults` answer calls to come in place of what they would do, where one is None that call is made, and calls that only mark
    something as read are not meant; each of `lost` breaks
    the connection after a message was taken, each of `slow` holds the answer back until the event is set. `closed` are chats
    whose window is shut: refused at once, or with `late` taken and reported as failed in `owed`; `gone` are people who cannot
    be reached. `pair` is how many messages to one person go at once, each paid back by six seconds. `moved` leads from a file
    to another address.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._wire = Wire(self._answer)
        self._numbers = itertools.count(1)
        self.messages: list[Sent] = []
        self.reads: list[dict[str, Any]] = []
        self.calls: list[Request] = []
        self.media: dict[str, File] = {}
        self.moved: dict[str, str] = {}
        self.uploads = 0
        self.known: set[str] = set()
        self.faults: deque[Answer | None] = deque()
        self.lost: deque[None] = deque()
        self.slow: deque[asyncio.Event] = deque()
        self.closed: set[str] = set()
        self.late = False
        self.gone: set[str] = set()
        self.pair = 0
        self.owed: list[dict[str, Any]] = []
        self.approvals = Approvals(NUMBER, DISPLAY)
        self._times: dict[str, list[datetime]] = {}

    @property
    def origin(self) -> str:
        return self._wire.origin

    async def start(self) -> None:
        await self._wire.start()

    async def stop(self) -> None:
        await self._wire.stop()

    def seconds(self) -> str:
        """The time as webhooks write it."""
        return str(int(self._now().timestamp()))

    def to(self, chat: str) -> list[Sent]:
        """What somebody sees, oldest first."""
        return [sent for sent in self.messages if sent.chat == chat]

    def put(self, data: bytes, mime: str = "image/jpeg", **more: Any) -> str:
        """A file that a person sent; returns its media id."""
        id_ = f"9{next(self._numbers):015}"
        self.media[id_] = File(mime, data, self._now() + timedelta(days=7), **more)
        return id_

    # -- the server ------------------------------------------------------------------------------------------------

    async def _answer(self, request: Request) -> Answer:
        self.calls.append(request)
        try:
            if request.headers.get("authorization") != f"Bearer {TOKEN}":
                raise Refused(190, f"Cannot parse access token {request.headers.get('authorization', '')}", 401)
            return await self._route(request)
        except Refused as refused:
            return error(refused.code, refused.status, refused.details)

    async def _route(self, request: Request) -> Answer:
        if request.method == "GET" and request.path.startswith("/attachments/"):
            return self._attachment(request)
        ticks = b'"status"' in request.body[:80]
        if not ticks and self.faults and (fault := self.faults.popleft()):
            return fault
        version, _, path = request.path.removeprefix("/").partition("/")
        require(version.startswith("v") and version.endswith(".0"), "no version", 2500)
        if (request.method, path) == ("POST", f"{NUMBER}/messages"):
            return await self._message(request)
        if (request.method, path) == ("POST", f"{NUMBER}/media"):
            return self._upload(request)
        if (request.method, path) == ("GET", NUMBER):
            return make_answer(**self.approvals.number(request))
        if (request.method, path) == ("GET", f"{ACCOUNT}/message_templates"):
            return make_answer(**self.approvals.listed(request, f"{self.origin}/{version}"))
        if request.method == "GET" and "/" not in path:
            return self._media(path, request)
        raise Refused(100, f"no {request.method} {path}", 404)

    async def _message(self, request: Request) -> Answer:
        require(request.headers.get("content-type") == "application/json", "no JSON", 100)
        body = json.loads(request.body)
        if isinstance(body, dict) and "status" in body:
            return self._read(body)
        mimes = {id_: file.mime for id_, file in self.media.items() if self._now() < file.until}
        chat = rules.Message(body, mimes, self.known).check()
        require(chat not in self.gone, "not on WhatsApp", 131026)
        shut = chat in self.closed and body["type"] != "template"
        if shut and not self.late:
            raise Refused(131047, "More than 24 hours have passed since the customer last replied")
        self._paced(chat)
        sent = Sent(f"wamid.HBgL{next(self._numbers):08}", chat, body)
        self.messages.append(sent)
        self.known.add(sent.wamid)
        if shut:
            self.owed.append(self.status(sent, "failed", code=131047))
        if self.slow:
            await self.slow.popleft().wait()
        if self.lost:
            self.lost.popleft()
            return Answer(0, lost=True)
        contact = {"input": chat, "wa_id": chat} if "to" in body else {"input": chat, "user_id": chat}
        return make_answer(
            messaging_product="whatsapp", contacts=[contact], messages=[{"id": sent.wamid, "message_status": "accepted"}]
        )

    def _read(self, body: dict[str, Any]) -> Answer:
        rules.fields(body, ("messaging_product", "status", "message_id"), ("typing_indicator",))
        require(body["status"] == "read" and body["message_id"] in self.known, "no such message")
        require(body.get("typing_indicator", {"type": "text"}) == {"type": "text"}, "no such indicator")
        self.reads.append(body)
        return make_answer(success=True)

    def _paced(self, chat: str) -> None:
        if not self.pair:
            return
        since = self._now() - timedelta(seconds=6 * self.pair)
        times = self._times[chat] = [at for at in self._times.get(chat, []) if at > since]
        require(len(times) < self.pair, "too many messages to this person", 131056)
        times.append(self._now())

    def status(self, sent: Sent, state: str, code: int = 0, **more: Any) -> dict[str, Any]:
        """The status webhook's value for a message of ours."""
        status = {
            "id": sent.wamid,
            "status": state,
            "timestamp": self.seconds(),
            "biz_opaque_callback_data": sent.body["biz_opaque_callback_data"],
            **({"recipient_id": sent.chat} if "to" in sent.body else {"recipient_user_id": sent.chat}),
            **more,
        }
        if code:
            details = {"details": "Message failed to send because more than 24 hours have passed"}
            status["errors"] = [{"code": code, "title": TITLES.get(code, "Error"), "error_data": details}]
        return {"messaging_product": "whatsapp", "metadata": metadata(), "statuses": [status]}

    # -- media -----------------------------------------------------------------------------------------------------

    def _upload(self, request: Request) -> Answer:
        parts = _multipart(request)
        require(set(parts) == {"file", "type", "messaging_product"}, f"parts {sorted(parts)}", 100)
        require(parts["messaging_product"][1] == b"whatsapp", "messaging_product must be whatsapp", 100)
        mime, data = parts["type"][1].decode(), parts["file"][1]
        require(f"Content-Type: {mime}" in parts["file"][0] and 'filename="' in parts["file"][0], "types differ", 100)
        most = 5_000_000 if mime.startswith("image/") else 100_000_000
        require(0 < len(data) <= most, f"{len(data)} bytes", 131053)
        self.uploads += 1
        id_ = f"8{next(self._numbers):015}"
        self.media[id_] = File(mime, data, self._now() + timedelta(days=30))
        return make_answer(id=id_)

    def _media(self, id_: str, request: Request) -> Answer:
        file = self.media.get(id_)
        if file is None or request.query.get("phone_number_id", NUMBER) != NUMBER or self._now() >= file.until:
            raise Refused(100, f"no object {id_}")
        until = int((self._now() + timedelta(minutes=5)).timestamp())
        sha256 = file.sha256 or base64.b64encode(hashlib.sha256(file.data).digest()).decode()
        url = file.url or f"{self.origin}/attachments/{id_}?ext={until}"
        size = str(len(file.data))
        return make_answer(messaging_product="whatsapp", url=url, mime_type=file.mime, sha256=sha256, file_size=size, id=id_)

    def _attachment(self, request: Request) -> Answer:
        file = self.media.get(request.path.rpartition("/")[2])
        if file is None or self._now().timestamp() >= int(request.query["ext"]):
            return Answer(404, b"URL signature expired")
        if elsewhere := self.moved.get(request.path.rpartition("/")[2]):
            return Answer(302, headers=(("Location", elsewhere),))
        return Answer(200, file.data, (("Content-Type", file.mime),))


def metadata() -> dict[str, str]:
    return {"display_phone_number": DISPLAY, "phone_number_id": NUMBER}


def make_answer(**body: Any) -> Answer:
    return Answer(200, json.dumps(body).encode(), (("Content-Type", "application/json"),))


def error(code: int, status: int = 400, details: str = "", **more: Any) -> Answer:
    """An error as the Graph API words it."""
    body = {
        "message": f"(#{code}) {TITLES.get(code, 'Something went wrong')}",
        "type": "OAuthException",
        "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": details},
        "fbtrace_id": "Az8or2yhqkZfEZ",
        **more,
    }
    return Answer(status, json.dumps({"error": body}).encode(), (("Content-Type", "application/json"),))


def _multipart(request: Request) -> dict[str, tuple[str, bytes]]:
    kind, _, boundary = request.headers["content-type"].partition("; boundary=")
    require(kind == "multipart/form-data", "no form", 100)
    found = {}
    for piece in request.body.split(b"--" + boundary.encode())[1:-1]:
        head, _, data = piece[2:-2].partition(b"\r\n\r\n")
        words = head.decode()
        found[words.partition('name="')[2].partition('"')[0]] = (words, data)
    return found
