"""Sets the webhook (Bot API, setWebhook) and checks that it stays set."""

import asyncio

import structlog
from telegram.error import InvalidToken, TelegramError

from pendopo.adapters.foreign_json import get_int, get_text
from pendopo.adapters.telegram.api import BotApiClient, Timing
from pendopo.adapters.telegram.errors import redact_error
from pendopo.adapters.telegram.health import ConnectionHealth
from pendopo.adapters.telegram.incoming import UPDATE_KINDS
from pendopo.adapters.telegram.polling import REFUSED_NOTE
from pendopo.model import pick_delay

log = structlog.get_logger(__name__)

CONNECTIONS = 40
"""`max_connections`; 40 is also the default of the Bot API."""


class Webhook:
    """Sets our URL as the webhook and checks it every `Timing.look` seconds, until cancelled."""

    def __init__(
        self, client: BotApiClient, url: str, secret: str, pulse: ConnectionHealth, timing: Timing, token: str
    ) -> None:
        self._client, self._url, self._secret = client, url, secret
        self._pulse, self._timing, self._token = pulse, timing, token
        self._is_set = False
        self._last_error = 0

    async def run(self) -> None:
        """Set and check the webhook until cancelled; failures are retried with back-off."""
        failures = 0
        while True:
            try:
                await self._check_webhook()
                failures, wait = 0, self._timing.look
            except TelegramError as error:
                wait = pick_delay(self._timing.back_off, failures)
                failures += 1
                self._note_failure(error)
            await asyncio.sleep(wait)

    async def _check_webhook(self) -> None:
        if not self._is_set:
            await self._set_webhook()
            self._is_set = True
        info = await self._client.call_method("getWebhookInfo")
        if get_text(info, "url") != self._url:
            # Another process with the same token, or a person, set it: whoever calls last gets the updates.
            log.error("another webhook address was set; ours is set again", event_name="webhook_taken")
            await self._set_webhook()
        self._pulse.note_success()
        when = get_int(info, "last_error_date") or 0
        if when > self._last_error:
            self._pulse.note_failure(f"Telegram could not deliver: {get_text(info, 'last_error_message')}")
        self._last_error = max(when, self._last_error)

    async def _set_webhook(self) -> None:
        await self._client.call_method(
            "setWebhook",
            url=self._url,
            secret_token=self._secret,
            max_connections=CONNECTIONS,
            allowed_updates=list(UPDATE_KINDS),
        )

    def _note_failure(self, error: TelegramError) -> None:
        note = redact_error(error, self._token)
        log.warning("the webhook could not be set", event_name="webhook_failed", error=note)
        if isinstance(error, InvalidToken):
            self._pulse.set_fault(REFUSED_NOTE)
        else:
            self._pulse.note_failure(note)
