"""Each refusal of Telegram means one thing for a delivery."""

import httpx
import pytest
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError, TimedOut

from bot.adapters.telegram.errors import Slow, told
from bot.errors import Ambiguous, ChatClosed, ChatMoved, Rejected, Retry, SendError

TOKEN = "7000000001:AAF-fake"


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


REQUEST = httpx.Request("POST", f"https://api.telegram.org/bot{TOKEN}/sendMessage")
CASES: list[tuple[TelegramError, type[SendError], type[SendError]]] = [
    # what happened, what it means for a send, what for an edit or an answer
    (BadRequest("Chat_id is empty"), Rejected, Rejected),
    (BadRequest("Chat not found"), ChatClosed, ChatClosed),
    (BadRequest("Not enough rights to send text messages to the chat"), ChatClosed, ChatClosed),
    (Forbidden("Forbidden: bot was blocked by the user"), ChatClosed, ChatClosed),
    (Slow(7), Retry, Retry),
    (ChatMigrated(-1001), ChatMoved, ChatMoved),
    (InvalidToken("Unauthorized"), Retry, Retry),
    (Conflict("Conflict"), Retry, Retry),
    (caused(TimedOut(), httpx.ConnectTimeout("x")), Retry, Retry),
    (caused(TimedOut(), httpx.PoolTimeout("x")), Retry, Retry),
    (caused(TimedOut(), httpx.ReadTimeout("x")), Ambiguous, Retry),
    (caused(NetworkError("httpx.ConnectError"), httpx.ConnectError("x")), Retry, Retry),
    (caused(NetworkError("httpx.RemoteProtocolError"), httpx.RemoteProtocolError("x")), Ambiguous, Retry),
    (caused(NetworkError("httpx.ReadError"), httpx.ReadError("x")), Ambiguous, Retry),
    (NetworkError("Bad Gateway"), Retry, Retry),
    (NetworkError("Gateway Timeout"), Ambiguous, Retry),
    (TelegramError("Invalid server response"), Ambiguous, Retry),
]


@pytest.mark.parametrize(("error", "sending", "changing"), CASES, ids=[f"{type(e).__name__}-{e}" for e, _, _ in CASES])
def test_what_it_means(error: TelegramError, sending: type[SendError], changing: type[SendError]) -> None:
    assert type(told(error, False, TOKEN)) is sending
    assert type(told(error, True, TOKEN)) is changing


def test_what_comes_with_it() -> None:
    slow, moved = told(Slow(7), False, TOKEN), told(ChatMigrated(-1001), False, TOKEN)
    assert isinstance(slow, Retry)
    assert (slow.after, slow.whole_account) == (7, False)
    assert isinstance(moved, ChatMoved)
    assert moved.new_id == "-1001"


def test_a_token_that_is_refused_stops_the_whole_account() -> None:
    error = told(InvalidToken("Unauthorized"), False, TOKEN)
    assert isinstance(error, Retry)
    assert error.whole_account


@pytest.mark.parametrize("form", [TOKEN, TOKEN.replace(":", "%3A")])
def test_the_token_is_in_no_error(form: str) -> None:
    assert "AAF-fake" not in str(told(NetworkError(f"no route to https://api.telegram.org/bot{form}/getMe"), False, TOKEN))
