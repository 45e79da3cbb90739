"""One Telegram bot as an adapter."""

import asyncio
import hmac
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import structlog
from telegram.error import InvalidToken, TelegramError

from bot.adapters.adapter import Health, Host, Incoming
from bot.config import TelegramSettings
from bot.errors import ConfigError, Refused, Rejected, SendError
from bot.model import Account, Attachment, Capabilities, Chat, Content, Event, Rate

from .client import LARGEST_DOWNLOAD, Client, Timing
from .convert import Reader, Skip
from .errors import safe
from .fields import whole, words
from .files import Files
from .menu import offer
from .polling import REFUSED, Polling
from .pulse import Pulse
from .sender import Sender
from .update import as_raw, pack, read, unpack
from .webhook import Webhook

log = structlog.get_logger(__name__)

PATH = "/hooks/telegram"
HEADER = "x-telegram-bot-api-secret-token"
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""Bot API, setWebhook."""
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
OFFICIAL = "https://api.telegram.org"
PRIVATE = Capabilities(
    buttons=100,
    button_title=64,
    edit=True,
    album=10,
    styles=True,
    toasts=True,
    per_chat=(Rate(1, 1.0),),
    per_account=(Rate(25, 1.0),),
)
# Telegram allows 20 a minute in a group; the two in hand are for what it counts and we do not see.
GROUP = msgspec.structs.replace(PRIVATE, per_chat=(Rate(1, 1.0), Rate(18, 60.0)))
HIDDEN = (
    "privacy mode is on, so the bot does not see photos and plain messages in groups: "
    "turn it off with /setprivacy at BotFather and add the bot to its groups again, or make it an admin there"
)


class Telegram:
    """A bot on one Bot API server; `public_url` is where Telegram finds our web side, for webhook mode.

    Raises `ConfigError` when it cannot work as it is configured.
    """

    name = "telegram"

    def __init__(
        self,
        settings: TelegramSettings,
        public_url: str = "",
        timing: Timing | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        check(settings, public_url)
        self._settings, self._timing = settings, timing or Timing()
        self._token = settings.token.get_secret_value()
        self._secret = settings.webhook_secret.get_secret_value()
        self._url = public_url.rstrip("/") + PATH
        self._bot_id = self._token.partition(":")[0]
        self.handle = ""
        # Telegram is heard at least once in such a stretch; twice that is a silence.
        often = self._timing.look if self._webhook else self._timing.poll
        self._pulse = Pulse(2 * (often + self._timing.margin), monotonic)
        self._client = self._connect()
        self._sender = Sender(self._client, Files(self._blob))
        self._host: Host | None = None
        self.polling: Polling | None = None

    # -- receiving -----------------------------------------------------------------------------------------------

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        given = headers.get(HEADER, "")
        if not self._secret or not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise Refused("the secret of the webhook is wrong", 403)
        try:
            data = read(body)
        except ValueError as error:
            raise Refused(f"no update: {error}", 400) from error
        if whole(data, "update_id") is None:
            raise Refused("no update: it has no update_id", 400)
        if self._webhook:
            self._pulse.seen()
        return [self._pack(data, body)]

    def convert(self, incoming: Incoming) -> Sequence[Event]:
        update = unpack(incoming.body)
        # What waited for a restart is read before Telegram has told our name anew, and `/izin@another_bot` must not be ours.
        self.handle = self.handle or update.bot
        try:
            return self._reader.read(update)
        except Skip as reason:
            log.debug("an update leads to nothing", event_name="skipped", key=incoming.key, reason=str(reason))
            return []

    def skipped(self, incoming: Incoming) -> str | None:
        """Why a stored update leads to no event; None when it leads to some."""
        return self._reader.skipped(unpack(incoming.body))

    async def _take(self, updates: Sequence[dict[str, Any]]) -> None:
        if updates:
            await self._connected.accept([self._pack(update, as_raw(update)) for update in updates])

    def _pack(self, update: Mapping[str, Any], raw: bytes) -> Incoming:
        return pack(update, raw, self.handle, self._bot_id, self._connected.now())

    @property
    def _reader(self) -> Reader:
        return Reader(self.name, self._bot_id, self.handle)

    # -- sending -------------------------------------------------------------------------------------------------

    def capabilities(self, chat: Chat) -> Capabilities:
        return PRIVATE if chat.private else GROUP

    @property
    def invitation(self) -> str:
        """A deep link: nobody can be written to who has not started the bot (core.telegram.org/bots/features#deep-linking)."""
        return f"https://t.me/{self.handle}?start=buka" if self.handle else ""

    def private_chat(self, account: Account) -> Chat | None:
        """A person's private chat has the person's own id; it can be written to once they have started the bot."""
        for alias in account.aliases:
            kind, _, user = alias.partition(":")
            if kind == self.name and user.isdigit():
                return Chat(self.name, user)
        return None

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        return await self._sender.send(chat, content, reply_to)

    async def edit(self, chat: Chat, native_id: str, content: Content) -> None:
        await self._sender.edit(chat, native_id, content)

    async def answer(self, press_key: str, text: str) -> None:
        await self._sender.answer(press_key, text)

    async def typing(self, chat: Chat) -> None:
        with suppress(SendError):
            await self._sender.typing(chat)

    async def download(self, attachment: Attachment) -> AsyncIterator[bytes]:
        if attachment.size > LARGEST_DOWNLOAD:
            raise Rejected("the file is larger than a bot may download")
        async for piece in self._client.download(attachment.ref):
            yield piece

    # -- running -------------------------------------------------------------------------------------------------

    def connect(self, host: Host) -> None:
        self._host = host

    async def run(self) -> None:
        """Learn who we are, offer the commands, and receive until cancelled."""
        await self._introduce()
        try:
            changed = await offer(self._client, self._connected.commands)
            log.info("commands are offered", event_name="commands_offered", changed=changed)
        except TelegramError as error:
            log.warning("commands could not be offered", event_name="commands_failed", error=safe(error, self._token))
        if self._webhook:
            await Webhook(self._client, self._url, self._secret, self._pulse, self._timing, self._token).run()
            return
        with suppress(TelegramError):  # where it fails although a webhook is set, the poll is told so and tries again
            await self._client.call("deleteWebhook")
        await self._connected.alone(self._poll)

    async def _poll(self) -> None:
        self.polling = Polling(self._connect, self._take, self._pulse, self._timing, self._token)
        await self.polling.run()

    def health(self) -> Health:
        return self._pulse.health

    async def close(self) -> None:
        await self._client.close()

    async def _introduce(self) -> None:
        """Ask for our own name until Telegram tells it: without it, whom a command is for cannot be known."""
        failures = 0
        while True:
            try:
                me = await self._client.call("getMe")
            except TelegramError as error:
                self._unreached(error)
                await asyncio.sleep(self._timing.back_off[min(failures, len(self._timing.back_off) - 1)])
                failures += 1
                continue
            break
        self.handle = words(me, "username").lower()
        self._bot_id = words(me, "id") or self._bot_id
        self._pulse.beat()
        if me.get("can_read_all_group_messages") is False:
            self._pulse.remark = HIDDEN
            log.warning(HIDDEN, event_name="privacy_mode")

    def _unreached(self, error: TelegramError) -> None:
        note = safe(error, self._token)
        log.warning("Telegram does not answer as it should", event_name="telegram_unreached", error=note)
        if isinstance(error, InvalidToken):
            self._pulse.trouble(REFUSED)
        else:
            self._pulse.fail(note)

    def _connect(self) -> Client:
        return Client(self._settings.api_base_url, self._token, self._timing)

    def _blob(self, sha256: str) -> Path:
        return self._connected.blob(sha256)

    @property
    def _webhook(self) -> bool:
        return self._settings.mode == "webhook"

    @property
    def _connected(self) -> Host:
        if self._host is None:
            raise RuntimeError("the adapter is not connected")
        return self._host


def check(settings: TelegramSettings, public_url: str) -> None:
    """Refuse at start what could only fail later. Raises `ConfigError`."""
    if not TOKEN.fullmatch(settings.token.get_secret_value()):
        raise ConfigError("adapters.telegram.token is no token; BotFather gives one of the form 123456:ABC-DEF")
    if settings.mode != "webhook":
        return
    if not SECRET.fullmatch(settings.webhook_secret.get_secret_value()):
        raise ConfigError(
            "adapters.telegram.webhook_secret must be set in webhook mode, to 1–256 letters, digits, _ or -: "
            "without it anybody could speak for Telegram"
        )
    if not public_url:
        raise ConfigError("web.public_url must be set in webhook mode, so that Telegram can be told where to find the bot")
    if settings.api_base_url.rstrip("/") == OFFICIAL and not public_url.startswith("https://"):
        raise ConfigError("web.public_url must begin with https:// in webhook mode: Telegram delivers to nothing else")
