"""Translates Telegram's errors into those of the outbox.

From the Bot API's documentation and from tests with python-telegram-bot 22.8, whose `BadRequest` and `TimedOut` are both
subclasses of `NetworkError`, so that the order of the checks below matters.
"""

import re

import httpx
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError, TimedOut

from pendopo.config import redact_secrets
from pendopo.errors import (
    ChatClosedError,
    ChatMovedError,
    PermanentSendError,
    SendError,
    TemporarySendError,
    UnknownOutcomeError,
)

TOKEN_PAUSE = 60.0
"""Seconds the account rests after a refused token, which only an operator can replace."""
NOT_SENT_ERRORS = (httpx.ConnectTimeout, httpx.PoolTimeout, httpx.WriteTimeout, httpx.ConnectError, httpx.WriteError)
"""After these errors the complete request cannot have reached Telegram."""
LOST_ERRORS = (httpx.TimeoutException, httpx.ReadError, httpx.RemoteProtocolError, httpx.DecodingError)
"""After these it may have."""
# Parts of error descriptions, in lower case: nothing else in an answer tells these errors apart.
CHAT_CLOSED = (
    *("chat not found", "user not found", "chat_write_forbidden", "peer_id_invalid", "bot was kicked", "user is deactivated"),
    *(
        "not enough rights to send text",
        "have no rights to send a message",
        "chat_send_plain_forbidden",
        "group is deactivated",
    ),
    *("chat_restricted", "user_is_blocked", "user_banned_in_channel", "channel_private", "channel_invalid", "chat_forbidden"),
    *("chat_id_invalid", "input_user_deactivated", "bot_groups_blocked", "chat_admin_required", "bot is not a member"),
    *("need administrator rights in the channel", "group chat was de", "privacy_premium_required", "allow_payment_required"),
)
"""What is about the chat as a whole: a refusal of pictures or documents alone is not among it."""
ONE_KIND = re.compile(
    r"chat_send_(?!plain)\w+_forbidden|voice_messages_forbidden|(?:not enough|have no) rights to send (?!text|a message)"
)
"""A refusal of one kind of content, which some servers call Forbidden as they do a closed chat."""
NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted")
UNCHANGED = "message is not modified"
TOO_LATE = ("query is too old", "query id is invalid", "query_id_invalid")
NO_TEXT = "there is no text in the message to edit"
STALE_FILE = ("wrong file identifier", "wrong remote file identifier", "wrong file_id", "file_reference", "file reference")
NO_PICTURE = (
    "photo_invalid_dimensions",
    "image_process_failed",
    "photo_save_file_invalid",
    "photo_ext_invalid",
    "file is too big",
)


class FloodControlError(TelegramError):
    """Too many requests (429). python-telegram-bot's `RetryAfter` emits a deprecation warning whenever it is made."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Flood control exceeded. Retry in {seconds:g} seconds")
        self.seconds = seconds


def make_send_error(error: TelegramError, repeatable: bool, token: str) -> SendError:
    """The error for the outbox, without the token. `repeatable` means that calling twice does no harm."""
    words = redact_error(error, token)
    if isinstance(error, FloodControlError):
        return TemporarySendError(words, after=error.seconds)
    if isinstance(error, ChatMigrated):
        return ChatMovedError(str(error.new_chat_id))
    if isinstance(error, Forbidden):
        return PermanentSendError(words) if ONE_KIND.search(str(error).lower()) else ChatClosedError(words)
    if isinstance(error, BadRequest):
        return ChatClosedError(words) if has_phrase(error, *CHAT_CLOSED) else PermanentSendError(words)
    if isinstance(error, InvalidToken):
        return TemporarySendError(words, after=TOKEN_PAUSE, whole_account=True)
    if not repeatable and is_lost(error):
        return UnknownOutcomeError(words)
    return TemporarySendError(words)


def is_lost(error: TelegramError) -> bool:
    """Whether the request may have taken effect although no answer says so."""
    cause = error.__cause__
    if isinstance(cause, NOT_SENT_ERRORS):
        return False
    if isinstance(error, TimedOut) or isinstance(cause, LOST_ERRORS):
        return True
    # An answer that is not JSON, or a proxy that gave up waiting for Telegram.
    return not isinstance(error, NetworkError | Conflict) or has_phrase(error, "gateway time")


def has_phrase(error: Exception, *phrases: str) -> bool:
    """Whether an error's text contains one of these phrases; the case of Telegram's descriptions varies."""
    words = str(error).lower()
    return any(phrase in words for phrase in phrases)


def redact_error(error: Exception, token: str) -> str:
    """The text of an error without the token, which is part of every URL."""
    return redact_secrets(f"{type(error).__name__}: {error}", [token, token.replace(":", "%3A")])
