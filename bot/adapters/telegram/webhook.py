"""Having updates brought (Bot API, setWebhook), and seeing to it that they still are."""

import asyncio

import structlog
from telegram.error import InvalidToken, TelegramError

from .client import Client, Timing
from .errors import safe
from .fields import Object, whole, words
from .polling import REFUSED
from .pulse import Pulse
from .update import KINDS

log = structlog.get_logger(__name__)

CONNECTIONS = 40


class Webhook:
    """Tells Telegram our address, and looks from time to time whether it is still the one, until cancelled."""

    def __init__(self, client: Client, url: str, secret: str, pulse: Pulse, timing: Timing, token: str) -> None:
        self._client, self._url, self._secret = client, url, secret
        self._pulse, self._timing, self._token = pulse, timing, token
        self._set = False
        self._last_error = 0

    async def run(self) -> None:
        failures = 0
        while True:
            try:
                await self._look()
                failures, wait = 0, self._timing.look
            except TelegramError as error:
                wait = self._timing.back_off[min(failures, len(self._timing.back_off) - 1)]
                failures += 1
                self._failed(error)
            await asyncio.sleep(wait)

    async def _look(self) -> None:
        if not self._set:
            await self._announce()
            self._set = True
        info = await self._client.call("getWebhookInfo")
        if words(info, "url") != self._url:
            # A second bot on the same token, or somebody's hand: the last one to speak gets the updates.
            log.error("another webhook address was set; ours is set again", event_name="webhook_taken")
            await self._announce()
        self._pulse.beat()
        self._note(info)

    async def _announce(self) -> None:
        await self._client.call(
            "setWebhook",
            url=self._url,
            secret_token=self._secret,
            max_connections=CONNECTIONS,
            allowed_updates=list(KINDS),
        )

    def _note(self, info: Object) -> None:
        """Pass on what Telegram says it could not deliver since the last look."""
        at = whole(info, "last_error_date") or 0
        if at > self._last_error:
            self._pulse.fail(f"Telegram could not deliver: {words(info, 'last_error_message')}")
        self._last_error = max(at, self._last_error)

    def _failed(self, error: TelegramError) -> None:
        note = safe(error, self._token)
        log.warning("the webhook could not be set", event_name="webhook_failed", error=note)
        if isinstance(error, InvalidToken):
            self._pulse.trouble(REFUSED)
        else:
            self._pulse.fail(note)
