"""Each refusal of Telegram means one thing for a delivery."""

import httpx
import pytest
from pendopo.adapters.telegram.api import parse_retry_after
from pendopo.adapters.telegram.errors import FloodControlError, make_send_error
from pendopo.errors import (
    ChatClosedError,
    ChatMovedError,
    PermanentSendError,
    SendError,
    TemporarySendError,
    UnknownOutcomeError,
)
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError, TimedOut

TOKEN = "7000000001:AAF-fake"


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


REQUEST = httpx.Request("POST", f"https://api.telegram.org/bot{TOKEN}/sendMessage")
CASES: list[tuple[TelegramError, type[SendError], type[SendError]]] = [
    # what happened, what it means for a send, what for an edit or an answer
    (BadRequest("Chat_id is empty"), PermanentSendError, PermanentSendError),
    (BadRequest("Chat not found"), ChatClosedError, ChatClosedError),
    (BadRequest("Not enough rights to send text messages to the chat"), ChatClosedError, ChatClosedError),
    (Forbidden("Forbidden: bot was blocked by the user"), ChatClosedError, ChatClosedError),
    (FloodControlError(7), TemporarySendError, TemporarySendError),
    (ChatMigrated(-1001), ChatMovedError, ChatMovedError),
    (InvalidToken("Unauthorized"), TemporarySendError, TemporarySendError),
    (Conflict("Conflict"), TemporarySendError, TemporarySendError),
    (caused(TimedOut(), httpx.ConnectTimeout("x")), TemporarySendError, TemporarySendError),
    (caused(TimedOut(), httpx.PoolTimeout("x")), TemporarySendError, TemporarySendError),
    (caused(TimedOut(), httpx.ReadTimeout("x")), UnknownOutcomeError, TemporarySendError),
    (caused(NetworkError("httpx.ConnectError"), httpx.ConnectError("x")), TemporarySendError, TemporarySendError),
    (
        caused(NetworkError("httpx.RemoteProtocolError"), httpx.RemoteProtocolError("x")),
        UnknownOutcomeError,
        TemporarySendError,
    ),
    (caused(NetworkError("httpx.ReadError"), httpx.ReadError("x")), UnknownOutcomeError, TemporarySendError),
    (NetworkError("Bad Gateway"), TemporarySendError, TemporarySendError),
    (NetworkError("Gateway Timeout"), UnknownOutcomeError, TemporarySendError),
    (TelegramError("Invalid server response"), UnknownOutcomeError, TemporarySendError),
]


@pytest.mark.parametrize(("error", "sending", "changing"), CASES, ids=[f"{type(e).__name__}-{e}" for e, _, _ in CASES])
def test_each_refusal_means_one_thing_for_a_delivery(
    error: TelegramError, sending: type[SendError], changing: type[SendError]
) -> None:
    assert type(make_send_error(error, False, TOKEN)) is sending
    assert type(make_send_error(error, True, TOKEN)) is changing


def test_a_refusal_keeps_how_long_to_wait_and_where_a_chat_went() -> None:
    slow, moved = make_send_error(FloodControlError(7), False, TOKEN), make_send_error(ChatMigrated(-1001), False, TOKEN)
    assert isinstance(slow, TemporarySendError)
    assert (slow.after, slow.whole_account) == (7, False)
    assert isinstance(moved, ChatMovedError)
    assert moved.new_id == "-1001"


def test_a_token_that_is_refused_stops_the_whole_account() -> None:
    error = make_send_error(InvalidToken("Unauthorized"), False, TOKEN)
    assert isinstance(error, TemporarySendError)
    assert error.whole_account


@pytest.mark.parametrize("form", [TOKEN, TOKEN.replace(":", "%3A")])
def test_the_token_is_in_no_error(form: str) -> None:
    assert "AAF-fake" not in str(
        make_send_error(NetworkError(f"no route to https://api.telegram.org/bot{form}/getMe"), False, TOKEN)
    )


CLOSED = [
    *("Chat not found", "USER_IS_BLOCKED", "CHAT_WRITE_FORBIDDEN", "CHAT_RESTRICTED", "CHANNEL_PRIVATE", "PEER_ID_INVALID"),
    *("INPUT_USER_DEACTIVATED", "BOT_GROUPS_BLOCKED", "CHAT_ADMIN_REQUIRED", "CHAT_SEND_PLAIN_FORBIDDEN", "user not found"),
    *("the group chat was deleted", "need administrator rights in the channel chat", "USER_BANNED_IN_CHANNEL"),
    *("Not enough rights to send text messages to the chat", "Have no rights to send a message", "PRIVACY_PREMIUM_REQUIRED"),
]
KIND_REFUSED = [
    *("CHAT_SEND_PHOTOS_FORBIDDEN", "CHAT_SEND_DOCS_FORBIDDEN", "CHAT_SEND_MEDIA_FORBIDDEN", "CHAT_SEND_INLINE_FORBIDDEN"),
    *("CHAT_SEND_POLLS_FORBIDDEN", "VOICE_MESSAGES_FORBIDDEN", "not enough rights to send photos to the chat"),
    *("not enough rights to send documents to the chat", "have no rights to send media"),
]
CONTENT_REFUSED = [
    *("BUTTON_DATA_INVALID", "BUTTON_URL_INVALID", "REPLY_MARKUP_INVALID", "REPLY_MARKUP_TOO_LONG", "MEDIA_CAPTION_TOO_LONG"),
    *("can't parse entities: unsupported start tag", "message is too long", "message text is empty", "MEDIA_INVALID"),
    *("PHOTO_INVALID_DIMENSIONS", "file must be non-empty", "wrong file identifier/HTTP URL specified", "MESSAGE_ID_INVALID"),
]


@pytest.mark.parametrize("words", CLOSED)
@pytest.mark.parametrize("kind", [BadRequest, Forbidden])
def test_what_is_about_the_chat_closes_it(words: str, kind: type[TelegramError]) -> None:
    assert type(make_send_error(kind(words), False, TOKEN)) is ChatClosedError


@pytest.mark.parametrize("words", KIND_REFUSED)
@pytest.mark.parametrize("kind", [BadRequest, Forbidden])
def test_what_is_about_one_kind_of_content_leaves_the_chat_open(words: str, kind: type[TelegramError]) -> None:
    assert type(make_send_error(kind(words), False, TOKEN)) is PermanentSendError


@pytest.mark.parametrize("words", CONTENT_REFUSED)
def test_what_is_about_this_message_leaves_the_chat_open(words: str) -> None:
    assert type(make_send_error(BadRequest(words), False, TOKEN)) is PermanentSendError


@pytest.mark.parametrize(
    "words", ["bot was blocked by the user", "bot can't initiate conversation with a user", "anything new"]
)
def test_whatever_else_is_forbidden_closes_the_chat(words: str) -> None:
    assert type(make_send_error(Forbidden(words), False, TOKEN)) is ChatClosedError


@pytest.mark.parametrize("kind", ["photos", "documents", "polls", "video notes"])
def test_a_kind_of_content_that_is_refused_does_not_close_the_chat(kind: str) -> None:
    error = BadRequest(f"Not enough rights to send {kind} to the chat")
    assert type(make_send_error(error, False, TOKEN)) is PermanentSendError


@pytest.mark.parametrize("words", ["Not enough rights to send text messages to the chat", "Have no rights to send a message"])
def test_a_chat_that_takes_no_words_is_closed(words: str) -> None:
    assert type(make_send_error(BadRequest(words), False, TOKEN)) is ChatClosedError


@pytest.mark.parametrize(("said", "wait"), [(7, 7), (10**400, 3600), (-3, 1), ('"9"', 0), ("true", 0), ("1.5", 0)])
def test_the_patience_telegram_asks_for_has_a_limit_of_ours(said: object, wait: int) -> None:
    assert parse_retry_after(f'{{"ok": false, "parameters": {{"retry_after": {said}}}}}'.encode()) == wait
