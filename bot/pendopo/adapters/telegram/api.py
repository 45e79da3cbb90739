"""The connection to one Bot API server. python-telegram-bot encodes requests; answers stay plain JSON.

Answers are not parsed into its types: those require fields that an older self-hosted server does not send, and by then the
message is out, so failing to read the answer would send it twice.
"""

import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Final

import httpx
from msgspec import Struct
from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from pendopo.adapters.bounded_http import MOST_BYTES, MOST_FILE, BoundedClient, OversizeAnswerError
from pendopo.adapters.foreign_json import get_int, get_objects, get_text, parse_object
from pendopo.adapters.telegram.errors import FloodControlError, make_send_error
from pendopo.errors import LONGEST_WAIT, PermanentSendError, SendError, TemporarySendError

LARGEST_DOWNLOAD: Final = 20_000_000
"""Bytes; larger files cannot be downloaded by a bot (Bot API, getFile)."""
MOST_UPDATES = 8 * 1024 * 1024
"""Bytes of an answer: a poll may bring a hundred updates, each of some ten thousand escaped letters."""
COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
DESCRIPTION_LENGTH = 256
MOST_COMMANDS = 100
"""Bot API, `BotCommand` and setMyCommands."""
LANGUAGES: Mapping[str, str] = {"": "id", "en": "en", "su": "su"}
"""Telegram's language code → our locale; "" applies to every language without a list of its own."""

CommandLister = Callable[[str], Sequence[tuple[str, str]]]


class Timing(Struct, frozen=True):
    """Timeouts and pauses, in seconds."""

    poll: float = 50.0
    """Telegram keeps a poll open this long when there are no updates."""
    margin: float = 10.0
    """Added to `poll`; after both without an answer the connection counts as dead."""
    connect: float = 10.0
    read: float = 20.0
    upload: float = 60.0
    back_off: tuple[float, ...] = (1.0, 2.0, 5.0, 15.0, 30.0)
    """Pauses between failing attempts; the last one repeats."""
    look: float = 300.0
    """Between two calls of getWebhookInfo in webhook mode."""


class BotApiClient:
    """Calls methods of the Bot API and downloads files."""

    def __init__(self, root: str, token: str, timing: Timing) -> None:
        # The URLs that httpx logs at INFO contain the token.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._token, self._timing = token, timing
        self._files = f"{root.rstrip('/')}/file/bot{token}"
        self._request = _PatientRequest(
            connection_pool_size=128,
            connect_timeout=timing.connect,
            read_timeout=timing.read,
            write_timeout=timing.read,
            pool_timeout=timing.read,
            media_write_timeout=timing.upload,
        )
        self._bot = _EncodingBot(token, f"{root.rstrip('/')}/bot", request=self._request, get_updates_request=self._request)
        self._download: BoundedClient | None = None

    async def call_method(self, method: str, read_timeout: float | None = None, /, **parameters: Any) -> Any:
        """Call a method and return its result as JSON. Raises `TelegramError`."""
        return await self._bot.call_raw(method, parameters, read_timeout or self._timing.read)

    async def call_for_delivery(self, method: str, repeatable: bool, /, **parameters: Any) -> Any:
        """Call a method for a delivery. Raises a `SendError`; `repeatable` means that calling twice does no harm."""
        files = any(key in ("photo", "document", "media") for key in parameters)
        try:
            return await self.call_method(method, self._timing.upload if files else None, **parameters)
        except TelegramError as error:
            # Not chained: the text of the original may contain the token.
            raise make_send_error(error, repeatable, self._token) from None

    async def stream_file(self, file_id: str) -> AsyncIterator[bytes]:
        """The bytes of a file. The path from getFile expires, so it is used at once and never stored. Raises a `SendError`."""
        path = (await self.call_for_delivery("getFile", True, file_id=file_id)).get("file_path")
        if not isinstance(path, str) or not path or path.startswith("/"):
            raise PermanentSendError("Telegram gives no path to download this file from")
        if self._download is None:
            timeout = httpx.Timeout(self._timing.read, connect=self._timing.connect)
            self._download = BoundedClient(timeout=timeout)
        try:
            limit = {MOST_BYTES: MOST_FILE}
            async with self._download.stream("GET", f"{self._files}/{path}", extensions=limit) as answer:
                _check_status(answer.status_code)
                async for piece in answer.aiter_bytes():
                    yield piece
        except OversizeAnswerError as error:
            raise PermanentSendError(str(error)) from None
        except httpx.HTTPError as error:
            raise TemporarySendError(f"the download broke off: {type(error).__name__}") from None

    async def close(self) -> None:
        """Close all connections."""
        await self._request.shutdown()
        if self._download is not None:
            await self._download.aclose()


class _EncodingBot(Bot):
    """The encoder of python-telegram-bot, without its decoder."""

    async def call_raw(self, method: str, parameters: dict[str, Any], read_timeout: float) -> Any:
        try:
            return await self._post(method, parameters, read_timeout=read_timeout)
        except (AttributeError, KeyError, TypeError) as error:  # JSON, but not an answer of Telegram's
            raise TelegramError("the answer has no result") from error


class _PatientRequest(HTTPXRequest):
    """The HTTP client of python-telegram-bot, except that a 429 raises `FloodControlError` and answers have an end."""

    def _build_client(self) -> httpx.AsyncClient:
        return BoundedClient(most_answer=MOST_UPDATES, **self._client_kwargs)

    async def do_request(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        code, answer = await super().do_request(*args, **options)
        if code == 429 and (seconds := parse_retry_after(answer)):
            raise FloodControlError(seconds)
        return code, answer


def parse_retry_after(answer: bytes) -> int:
    """The seconds that a 429 asks for, 0 if it names none."""
    try:
        asked = get_int(parse_object(answer), "parameters", "retry_after") or 0
    except ValueError:
        return 0
    return asked and max(1, min(asked, int(LONGEST_WAIT)))


def _check_status(status: int) -> None:
    if status == 200:
        return
    kind: type[SendError] = TemporarySendError if status == 429 or status >= 500 else PermanentSendError
    raise kind(f"the file server answered {status}")


async def offer_commands(client: BotApiClient, commands: CommandLister) -> int:
    """Update those of Telegram's command lists that differ; returns their number. Raises `TelegramError`."""
    changed, fallback = 0, select_commands(commands(LANGUAGES[""]))
    for language, locale in LANGUAGES.items():
        wanted = select_commands(commands(locale))
        if language and wanted == fallback:
            wanted = []  # without a list of its own the language gets the fallback
        for scope in (BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()):
            where: dict[str, Any] = {"scope": scope, "language_code": language or None}
            answer = await client.call_method("getMyCommands", **where)
            shown = [(get_text(each, "command"), get_text(each, "description")) for each in get_objects(answer)]
            if shown == wanted:
                continue
            changed += 1
            if wanted:
                await client.call_method("setMyCommands", commands=[BotCommand(*each) for each in wanted], **where)
            else:
                await client.call_method("deleteMyCommands", **where)
    return changed


def select_commands(commands: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The commands Telegram can offer: single words of a-z, 0-9 and _."""
    fitting = {name: about[:DESCRIPTION_LENGTH].strip() or name for name, about in commands if COMMAND_NAME.fullmatch(name)}
    return list(fitting.items())[:MOST_COMMANDS]
