"""The adapter of one Telegram bot."""

import asyncio
import hmac
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec
import structlog
from telegram.error import InvalidToken, TelegramError

from pendopo.adapters.contract import AdapterHealth, AdapterHost, Incoming
from pendopo.adapters.foreign_json import get_int, get_text, parse_object
from pendopo.adapters.telegram.api import LARGEST_DOWNLOAD, BotApiClient, Timing, offer_commands
from pendopo.adapters.telegram.convert import SkippedUpdateError, UpdateConverter
from pendopo.adapters.telegram.errors import redact_error
from pendopo.adapters.telegram.health import ConnectionHealth
from pendopo.adapters.telegram.incoming import encode_update, pack_incoming, unpack_incoming
from pendopo.adapters.telegram.media import FileIdCache
from pendopo.adapters.telegram.polling import REFUSED_NOTE, Polling
from pendopo.adapters.telegram.send import Sender
from pendopo.adapters.telegram.webhook import Webhook
from pendopo.config import TelegramSettings
from pendopo.errors import ConfigError, InvalidWebhookError, PermanentSendError, SendError
from pendopo.model import Account, Attachment, Capabilities, Chat, Content, Event, Rate, pick_delay

log = structlog.get_logger(__name__)

WEBHOOK_PATH = "/hooks/telegram"
WEBHOOK_HEADER = "x-telegram-bot-api-secret-token"
SECRET_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""The secret token of a webhook (Bot API, setWebhook)."""
TOKEN_PATTERN = re.compile(r"\d+:[A-Za-z0-9_-]+")
OFFICIAL_SERVER = "https://api.telegram.org"
PRIVATE_CHAT = Capabilities(
    buttons=100,
    button_title=64,
    edit=True,
    album=10,
    styles=True,
    silent=True,
    toasts=True,
    per_chat=(Rate(1, 1.0),),
    per_account=(Rate(25, 1.0),),
)
# Telegram allows 20 a minute in a group; two are kept in reserve for requests it counts and we do not.
GROUP_CHAT = msgspec.structs.replace(PRIVATE_CHAT, per_chat=(Rate(1, 1.0), Rate(18, 60.0)))
PRIVACY_MODE_NOTE = (
    "privacy mode is on, so the bot does not see photos and plain messages in groups: "
    "turn it off with /setprivacy at BotFather and add the bot to its groups again, or make it an admin there"
)


class Telegram:
    """A bot on one Bot API server; webhook mode needs `public_url`. Raises `ConfigError` for settings that cannot work."""

    name = "telegram"

    def __init__(
        self,
        settings: TelegramSettings,
        public_url: str = "",
        timing: Timing | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        check_settings(settings, public_url)
        self._settings, self._timing = settings, timing or Timing()
        self._token = settings.token.get_secret_value()
        self._secret = settings.webhook_secret.get_secret_value()
        self._url = public_url.rstrip("/") + WEBHOOK_PATH
        self._bot_id = self._token.partition(":")[0]
        self.handle = ""
        # Telegram answers at least once per interval; after two without an answer the connection counts as silent.
        interval = self._timing.look if self._is_webhook_mode else self._timing.poll
        self._pulse = ConnectionHealth(2 * (interval + self._timing.margin), monotonic)
        self._client = self._make_client()
        self._sender = Sender(self._client, FileIdCache(lambda sha256: self._connected_host.get_blob_path(sha256)))
        self._host: AdapterHost | None = None
        self.polling: Polling | None = None

    # -- receiving -----------------------------------------------------------------------------------------------

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        secret = headers.get(WEBHOOK_HEADER, "")
        if not self._secret or not hmac.compare_digest(secret.encode(), self._secret.encode()):
            raise InvalidWebhookError("the secret of the webhook is wrong", 403)
        try:
            data = parse_object(body)
        except ValueError as error:
            raise InvalidWebhookError(f"no update: {error}", 400) from error
        if get_int(data, "update_id") is None:
            raise InvalidWebhookError("no update: it has no update_id", 400)
        if self._is_webhook_mode:
            self._pulse.note_seen()
        return [self._pack_update(data, body)]

    def convert(self, incoming: Incoming) -> Sequence[Event]:
        update = unpack_incoming(incoming.body)
        # Deliveries stored before a restart are converted before getMe has answered, and `/izin@another_bot` is not for us.
        self.handle = self.handle or update.bot
        try:
            return self._converter.convert_update(update)
        except SkippedUpdateError as reason:
            log.debug("an update leads to nothing", event_name="skipped", key=incoming.key, reason=str(reason))
            return []

    async def _store_updates(self, updates: Sequence[dict[str, Any]]) -> None:
        if updates:
            await self._connected_host.accept([self._pack_update(update, encode_update(update)) for update in updates])

    def _pack_update(self, update: Mapping[str, Any], raw: bytes) -> Incoming:
        return pack_incoming(update, raw, self.handle, self._bot_id, self._connected_host.now())

    @property
    def _converter(self) -> UpdateConverter:
        return UpdateConverter(self.name, self._bot_id, self.handle)

    # -- sending -------------------------------------------------------------------------------------------------

    def capabilities(self, chat: Chat) -> Capabilities:
        return PRIVATE_CHAT if chat.private else GROUP_CHAT

    @property
    def invitation(self) -> str:
        """A deep link: a bot may not write to people who have not started it (core.telegram.org/bots/features#deep-linking)."""
        return f"https://t.me/{self.handle}?start=buka" if self.handle else ""

    def private_chat(self, account: Account) -> Chat | None:
        """The private chat, which has the person's own id; sending works only once they have started the bot."""
        users = (alias.removeprefix(f"{self.name}:") for alias in account.aliases if alias.startswith(f"{self.name}:"))
        return next((Chat(self.name, user) for user in users if user.isdecimal()), None)

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        return await self._sender.send(chat, content, reply_to)

    async def edit(self, chat: Chat, native_id: str, content: Content) -> None:
        await self._sender.edit(chat, native_id, content)

    async def answer_press(self, press_key: str, text: str) -> None:
        await self._sender.answer_press(press_key, text)

    async def show_typing(self, chat: Chat) -> None:
        with suppress(SendError):
            await self._sender.show_typing(chat)

    async def download(self, attachment: Attachment) -> AsyncIterator[bytes]:
        if attachment.size > LARGEST_DOWNLOAD:
            raise PermanentSendError("the file is larger than a bot may download")
        async for piece in self._client.stream_file(attachment.ref):
            yield piece

    # -- running -------------------------------------------------------------------------------------------------

    def connect(self, host: AdapterHost) -> None:
        self._host = host

    async def run(self) -> None:
        """Fetch the bot's identity, offer the commands, and receive until cancelled."""
        await self._fetch_identity()
        try:
            changed = await offer_commands(self._client, self._connected_host.list_commands)
            log.info("commands are offered", event_name="commands_offered", changed=changed)
        except TelegramError as error:
            log.warning("commands could not be offered", event_name="commands_failed", error=redact_error(error, self._token))
        if self._is_webhook_mode:
            await Webhook(self._client, self._url, self._secret, self._pulse, self._timing, self._token).run()
            return
        with suppress(TelegramError):  # if a webhook stays set, the poll fails with 409 and deletes it
            await self._client.call_method("deleteWebhook")
        await self._connected_host.run_exclusive(self._run_polling)

    async def _run_polling(self) -> None:
        self.polling = Polling(self._make_client, self._store_updates, self._pulse, self._timing, self._token)
        await self.polling.run()

    def health(self) -> AdapterHealth:
        return self._pulse.health

    async def close(self) -> None:
        await self._client.close()

    async def _fetch_identity(self) -> None:
        """Call getMe until it succeeds: without the bot's user name, commands in groups cannot be attributed."""
        failures = 0
        while True:
            try:
                me = await self._client.call_method("getMe")
            except TelegramError as error:
                self._note_unreached(error)
                await asyncio.sleep(pick_delay(self._timing.back_off, failures))
                failures += 1
                continue
            break
        self.handle = get_text(me, "username").lower()
        self._bot_id = get_text(me, "id") or self._bot_id
        self._pulse.note_success()
        if me.get("can_read_all_group_messages") is False:
            self._pulse.remark = PRIVACY_MODE_NOTE
            log.warning(PRIVACY_MODE_NOTE, event_name="privacy_mode")

    def _note_unreached(self, error: TelegramError) -> None:
        note = redact_error(error, self._token)
        log.warning("Telegram does not answer as it should", event_name="telegram_unreached", error=note)
        if isinstance(error, InvalidToken):
            self._pulse.set_fault(REFUSED_NOTE)
        else:
            self._pulse.note_failure(note)

    def _make_client(self) -> BotApiClient:
        return BotApiClient(self._settings.api_base_url, self._token, self._timing)

    @property
    def _is_webhook_mode(self) -> bool:
        return self._settings.mode == "webhook"

    @property
    def _connected_host(self) -> AdapterHost:
        if self._host is None:
            raise RuntimeError("the adapter is not connected")
        return self._host


def check_settings(settings: TelegramSettings, public_url: str) -> None:
    """Check at start what could only fail later. Raises `ConfigError`."""
    if not TOKEN_PATTERN.fullmatch(settings.token.get_secret_value()):
        raise ConfigError("adapters.telegram.token is no token; BotFather gives one of the form 123456:ABC-DEF")
    if settings.mode != "webhook":
        return
    if not SECRET_PATTERN.fullmatch(settings.webhook_secret.get_secret_value()):
        raise ConfigError(
            "adapters.telegram.webhook_secret must be set in webhook mode, to 1–256 letters, digits, _ or -: "
            "without it anybody could speak for Telegram"
        )
    if not public_url:
        raise ConfigError("web.public_url must be set in webhook mode, so that Telegram can be told where to find the bot")
    if settings.api_base_url.rstrip("/") == OFFICIAL_SERVER and not public_url.startswith("https://"):
        raise ConfigError("web.public_url must begin with https:// in webhook mode: Telegram delivers to nothing else")
