"""The fake refuses what the real server refuses: a fake that takes everything proves nothing."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from .bench import BUDI, GROUP, fake
from .fake.limits import Flood
from .fake.server import TOKEN, BotApi

BUTTON = {"text": "Ya", "callback_data": "x"}


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with fake() as made:
        yield made


async def ask(api: BotApi, method: str, token: str = TOKEN, **given: Any) -> tuple[int, str]:
    """What the server says to a call."""
    data = {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{api.url}/bot{token}/{method}", data=data)
    return answer.status_code, answer.json().get("description", "")


def keys(*rows: list[dict[str, str]]) -> dict[str, Any]:
    return {"reply_markup": {"inline_keyboard": list(rows)}}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"text": "x", "texd": "y"}, "no parameter"),
        ({}, "needs the parameter"),
        ({"chat_id": "me", "text": "x"}, "chat not found"),
        ({"text": ""}, "text is empty"),
        ({"text": "x" * 4097}, "too long"),
        ({"text": "😀" * 2049}, "too long"),
        ({"text": "<b>x", "parse_mode": "HTML"}, "can't find end tag"),
        ({"text": "<b>x</i>", "parse_mode": "HTML"}, "unexpected end tag"),
        ({"text": "<blink>x</blink>", "parse_mode": "HTML"}, "unsupported start tag"),
        ({"text": "a & b", "parse_mode": "HTML"}, "unescaped"),
        ({"text": "a < b", "parse_mode": "HTML"}, "unescaped"),
        ({"text": "<b><code>x</code></b>", "parse_mode": "HTML"}, "code stands alone"),
        ({"text": "x", **keys([BUTTON | {"callback_data": "é" * 33}])}, "BUTTON_DATA_INVALID"),
        ({"text": "x", **keys([BUTTON | {"callback_data": ""}])}, "BUTTON_DATA_INVALID"),
        ({"text": "x", **keys([BUTTON] * 9)}, "too long"),
        ({"text": "x", **keys(*[[BUTTON] * 8] * 13)}, "too long"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"txt": "Ya"}]]}}, "is no InlineKeyboardMarkup"),
        ({"text": "x", "parse_mode": "Org"}, "unsupported parse_mode"),
        ({"text": "abc", "entities": [{"type": "bold", "offset": 1, "length": 3}]}, "ends after the end"),
        ({"text": "abc", "entities": [{"type": "bold", "offset": 0, "length": 0}]}, "ends after the end"),
        ({"text": "😀b", "entities": [{"type": "bold", "offset": 1, "length": 1}]}, "middle of a UTF-16 symbol"),
        ({"text": "abc", "entities": [{"type": "bold", "offset": "1", "length": 1}]}, "is no Array of MessageEntity"),
        ({"text": "x", "message_thread_id": 4}, "thread not found"),
        ({"text": "x", "message_thread_id": "four"}, "is no Integer"),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "to be replied not found"),
    ],
)
async def test_a_message_that_breaks_a_rule_is_refused(api: BotApi, given: dict[str, Any], words: str) -> None:
    status, description = await ask(api, "sendMessage", **({"chat_id": BUDI} | given))
    assert status == 400
    assert words in description
    assert not api.state.rooms[BUDI].posts


@pytest.mark.parametrize(
    ("types", "words"),
    [
        (["photo"], "2-10"),
        (["photo"] * 11, "2-10"),
        (["photo", "document"], "can't be mixed"),
        (["photo", "photo"], "wrong file"),
    ],
)
async def test_an_album_that_breaks_a_rule_is_refused(api: BotApi, types: list[str], words: str) -> None:
    status, description = await ask(api, "sendMediaGroup", chat_id=BUDI, media=[{"type": t, "media": "FILE"} for t in types])
    assert status == 400
    assert words in description


async def test_longest_of_everything_is_taken(api: BotApi) -> None:
    full = keys(*[[BUTTON | {"callback_data": "x" * 64}] * 8] * 12)
    assert (await ask(api, "sendMessage", chat_id=BUDI, text="<b>" + "&amp;" * 4096 + "</b>", parse_mode="HTML", **full))[
        0
    ] == 200


async def test_what_is_marked_by_offsets_is_marked(api: BotApi) -> None:
    marked = [{"type": "bold", "offset": 2, "length": 1}]
    assert (await ask(api, "sendMessage", chat_id=BUDI, text="😀b", entities=marked))[0] == 200
    assert [post.entities for post in api.state.rooms[BUDI].posts.values()] == [marked]


async def test_strangers_and_methods_that_do_not_exist_are_refused(api: BotApi) -> None:
    assert (await ask(api, "getMe", token="1:no"))[0] == 401
    assert (await ask(api, "sendEverything"))[0] == 404
    assert (await ask(api, "answerCallbackQuery", callback_query_id="1", text="x" * 201))[0] == 400
    assert "query is too old" in (await ask(api, "answerCallbackQuery", callback_query_id="1"))[1]
    assert "COMMAND_INVALID" in (await ask(api, "setMyCommands", commands=[{"command": "Izin", "description": "x"}]))[1]
    assert "wrong parameter action" in (await ask(api, "sendChatAction", chat_id=BUDI, action="dance"))[1]
    assert "wrong location" in (await ask(api, "sendLocation", chat_id=BUDI, latitude=91.0, longitude=0.0))[1]
    assert "no updates" in (await ask(api, "getUpdates", allowed_updates=["messages"]))[1]
    assert "unallowed characters" in (await ask(api, "setWebhook", url="https://x.example", secret_token="a b"))[1]
    assert "to edit not found" in (await ask(api, "editMessageText", chat_id=BUDI, message_id=5, text="x"))[1]


def test_the_fake_keeps_to_the_limits_of_the_real_server() -> None:
    now = [0.0]
    flood = Flood(lambda: now[0])
    assert flood.take(BUDI, 1) == 0
    assert flood.take(BUDI, 1) == 1
    now[0] = 1.0
    assert flood.take(BUDI, 1) == 0
    for second in range(20):
        now[0] = 10.0 + second
        assert flood.take(GROUP, 1) == 0
    now[0] = 30.0
    assert flood.take(GROUP, 1) == 40
    now[0] = 70.0
    assert flood.take(GROUP, 1) == 0
    now[0] = 200.0
    assert [flood.take(user, 1) for user in range(1, 32)] == [0] * 30 + [1]


async def test_whoever_is_too_fast_is_told_for_how_long_to_wait() -> None:
    async with fake(clock=lambda: 0.0, limits=True) as api:
        assert [(await ask(api, "sendMessage", chat_id=GROUP, text="x"))[0] for _ in range(2)] == [200, 429]
        assert [shown.text for shown in api.state.rooms[GROUP].posts.values()] == ["x"]


def test_an_album_weighs_its_items() -> None:
    now = [0.0]
    flood = Flood(lambda: now[0])
    assert flood.take(GROUP, 10) == 0
    now[0] = 1.0
    assert flood.take(GROUP, 10) == 0
    now[0] = 2.0
    assert flood.take(GROUP, 1) == 58
