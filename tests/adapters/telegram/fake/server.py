"""A Bot API server for tests: strict, with the real limits, and with failures on request.

It delivers by long poll and by webhook, and says what every chat shows.
"""

import asyncio
import itertools
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx

from .calls import Calls
from .http import Call, Dropped, HttpServer, Reply
from .limits import Flood
from .schema import BadRequest, description, parameters
from .state import BOT, State

TOKEN = "7000000001:AAF-fake_token_for_tests"
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
PATIENCE = 60.0
"""Seconds after which a test that waits for something fails instead."""
ONLY_WHEN_NAMED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
COUNTED = frozenset(
    {
        *("sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup", "sendLocation", "sendVenue", "sendContact"),
        *("editMessageText", "editMessageCaption", "editMessageReplyMarkup"),
    }
)
"""What spends the limits."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong with the next call of a method ("" for any that sends).

    `how` is a status as in "429", "drop" (before anything happened), "drop after", "hang" and "hang after" (no answer ever),
    or "garbage" (done, but the answer is not readable).
    """

    method: str
    how: str
    words: str = "Bad Request: refused for the test"
    after: int = 0


class BotApi:
    """One bot's server: `await start()`, then `url` is the root to configure."""

    def __init__(self, clock: Callable[[], float] = time.time, limits: bool = False) -> None:
        self.state = State()
        self.faults: list[Fault] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.codes: Counter[int] = Counter()
        self.updates: list[dict[str, Any]] = []
        self.allowed: frozenset[str] | None = None
        self.webhook: dict[str, Any] = {}
        self.privacy = False
        self.on_call: Callable[[str], None] = lambda method: None
        self.changed = asyncio.Condition()
        self._clock, self._flood = clock, Flood(clock) if limits else None
        self._run = Calls(self.state, lambda: int(clock()))
        self._http = HttpServer(self._handle)
        self._update_ids = itertools.count(449012333)
        self._poll = 0
        self._pusher: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return self._http.url

    def now(self) -> int:
        return int(self._clock())

    async def start(self) -> None:
        await self._http.start()

    async def stop(self) -> None:
        if self._pusher is not None:
            self._pusher.cancel()
            await asyncio.gather(self._pusher, return_exceptions=True)
        await self._http.stop()

    def cut(self) -> None:
        """Every connection breaks."""
        self._http.cut()

    async def put(self, kind: str, content: Mapping[str, Any]) -> int:
        """A new update for the bot."""
        number = next(self._update_ids)
        await self.put_raw({"update_id": number, kind: dict(content)})
        return number

    async def put_raw(self, *updates: dict[str, Any]) -> None:
        """Updates exactly as they are."""
        async with self.changed:
            self.updates += [update for update in updates if self._wanted(update)]
            self.changed.notify_all()

    async def delivered(self) -> None:
        """Wait until the bot has acknowledged every update."""
        await self.until(lambda: not self.updates)

    async def until(self, happened: Callable[[], bool]) -> None:
        """Wait until something is so; it is looked at after every call and every update."""
        async with asyncio.timeout(PATIENCE), self.changed:
            await self.changed.wait_for(happened)

    def _wanted(self, update: dict[str, Any]) -> bool:
        if self.allowed is None:
            return not ONLY_WHEN_NAMED & set(update)
        known = {name for name, _, _ in description()["types"]["Update"]["fields"]} - {"update_id"}
        return not known & set(update) - self.allowed

    # -- HTTP ----------------------------------------------------------------------------------------------------

    async def _handle(self, call: Call) -> Reply:
        if call.path.startswith(f"/file/bot{TOKEN}/"):
            return self._download(call.path.rsplit("/", 1)[1])
        head, _, method = call.path.removeprefix("/bot").partition("/")
        if head != TOKEN:
            return _failed(401, "Unauthorized")
        if method not in description()["methods"]:
            return _failed(404, "Not Found")
        fault = self._fault(method)
        if fault and not fault.how.endswith("after") and fault.how != "garbage":
            return await self._fail(fault)
        try:
            reply = _done(await self._do(method, parameters(method, await call.form())))
        except BadRequest as error:
            reply = _failed(error.status, str(error), **error.parameters)
        self.codes[reply.status] += 1
        async with self.changed:
            self.changed.notify_all()
        self.on_call(method)  # it has had its effect, and is not answered yet
        return await self._fail(fault) if fault else reply

    def _fault(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault.method == method or (not fault.method and method in COUNTED):
                self.faults.remove(fault)
                return fault
        return None

    async def _fail(self, fault: Fault) -> Reply:
        async with self.changed:
            self.changed.notify_all()
        if fault.how.startswith("drop"):
            raise Dropped
        if fault.how.startswith("hang"):
            await asyncio.Event().wait()
        if fault.how == "garbage":
            return Reply(200, b"<html>", "text/html")
        code = int(fault.how)
        self.codes[code] += 1
        return _failed(code, fault.words, **({"retry_after": fault.after} if fault.after else {}))

    def _download(self, file_id: str) -> Reply:
        file = self.state.files.get(file_id)
        return Reply(200, file.data, "application/octet-stream") if file else _failed(404, "Not Found")

    async def _do(self, method: str, given: dict[str, Any]) -> Any:
        if method != "getUpdates":
            self.calls.append((method, given))
        if self._flood is not None and method in COUNTED:
            late = self._flood.take(given["chat_id"], len(given.get("media", "1")))
            if late:
                raise BadRequest(f"Too Many Requests: retry after {late}", status=429, retry_after=late)
        own = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
        }
        return await own[method](given) if method in own else self._run.run(method, given)

    # -- delivering ----------------------------------------------------------------------------------------------

    async def _get_me(self, given: Mapping[str, Any]) -> Any:
        return BOT | {"can_join_groups": True, "can_read_all_group_messages": not self.privacy}

    async def _get_updates(self, given: Mapping[str, Any]) -> Any:
        if self.webhook:
            raise BadRequest(
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
                409,
            )
        self._poll += 1
        mine = self._poll
        async with self.changed:
            self._allow(given)
            offset = given.get("offset", 0)
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
            self.changed.notify_all()
            with suppress(TimeoutError):
                async with asyncio.timeout(given.get("timeout", 0)):
                    await self.changed.wait_for(lambda: self.updates or self._poll != mine)
            if self._poll != mine:
                raise BadRequest(
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running", 409
                )
            return self.updates[: given.get("limit", 100)]

    def _allow(self, given: Mapping[str, Any]) -> None:
        known = {name for name, _, _ in description()["types"]["Update"]["fields"]}
        if unknown := set(given.get("allowed_updates", ())) - known:
            raise BadRequest(f"Bad Request: there are no updates {sorted(unknown)}")
        if not 1 <= given.get("limit", 100) <= 100:
            raise BadRequest("Bad Request: limit must be from 1 to 100")
        if "allowed_updates" in given:
            self.allowed = frozenset(given["allowed_updates"])

    async def _set_webhook(self, given: Mapping[str, Any]) -> Any:
        if not SECRET.fullmatch(given.get("secret_token", "x")):
            raise BadRequest("Bad Request: secret token contains unallowed characters")
        if not 1 <= given.get("max_connections", 40) <= 100:
            raise BadRequest("Bad Request: max_connections must be from 1 to 100")
        self._allow(given)
        self.webhook = dict(given)
        if self._pusher is None:
            self._pusher = asyncio.create_task(self._push())
        return True

    async def _delete_webhook(self, given: Mapping[str, Any]) -> Any:
        self.webhook = {}
        return True

    async def _get_webhook_info(self, given: Mapping[str, Any]) -> Any:
        return {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates),
            **self.webhook.get("info", {}),
        }

    async def _push(self) -> None:
        """Bring updates to the webhook in order, each again and again until it is answered with 200."""
        async with httpx.AsyncClient() as client:
            while True:
                async with self.changed:
                    await self.changed.wait_for(lambda: bool(self.updates and self.webhook))
                    update = self.updates[0]
                headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
                with suppress(httpx.HTTPError):
                    answer = await client.post(self.webhook["url"], json=update, headers=headers)
                    if answer.status_code == 200:
                        async with self.changed:
                            self.updates.remove(update)
                            self.changed.notify_all()
                        continue
                await asyncio.sleep(0.005)


def _done(result: Any) -> Reply:
    return Reply(200, json.dumps({"ok": True, "result": result}).encode())


def _failed(code: int, words: str, **more: int) -> Reply:
    failure = {"ok": False, "error_code": code, "description": words} | ({"parameters": more} if more else {})
    return Reply(code, json.dumps(failure).encode())
