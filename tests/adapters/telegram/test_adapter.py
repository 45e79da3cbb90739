"""The bot as a whole: how it begins, what it takes, and what it keeps to itself."""

import json
import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo.adapters.telegram import Telegram
from pendopo.adapters.telegram.api import BotApiClient, offer_commands
from pendopo.adapters.telegram.convert import SkippedUpdateError
from pendopo.adapters.telegram.incoming import unpack_incoming
from pendopo.config import TelegramSettings
from pendopo.errors import ConfigError, InvalidWebhookError
from pendopo.model import Account, Chat, ChatKind, Message
from pendopo.testing.conformance import RecordingEngine, run_adapter

from .bench import QUICK, SECRET, fake, open_bench, settings
from .fake.server import TOKEN, BotApi, Fault

HEADERS = {"x-telegram-bot-api-secret-token": SECRET}


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with fake() as made:
        yield made


def adapter_of(**values: str) -> Telegram:
    adapter = Telegram(
        TelegramSettings.model_validate({"token": TOKEN, "webhook_secret": SECRET} | values), "https://kota.example"
    )
    RecordingEngine(Path(".")).connect_adapter(adapter)
    return adapter


# -- configuration -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "url", "word"),
    [
        ({"token": "not-a-token"}, "", "token"),
        ({"token": "1/../x:y"}, "", "token"),
        ({"token": TOKEN, "mode": "webhook"}, "https://kota.example", "webhook_secret"),
        ({"token": TOKEN, "mode": "webhook", "webhook_secret": "with space"}, "https://kota.example", "webhook_secret"),
        ({"token": TOKEN, "mode": "webhook", "webhook_secret": SECRET}, "", "public_url"),
        ({"token": TOKEN, "mode": "webhook", "webhook_secret": SECRET}, "http://kota.example", "https"),
    ],
)
def test_what_cannot_work_is_refused_at_start(values: dict[str, str], url: str, word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        Telegram(TelegramSettings.model_validate(values), url)


def test_nothing_of_telegram_is_loaded_where_it_is_not_used() -> None:
    code = "import sys, pendopo.cli.bootstrap.composition, pendopo.adapters.contract; print('telegram' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_conversion_needs_no_sdk() -> None:
    names = ("convert", "incoming", "ids", "markup", "media", "../foreign_json", "health")
    folder = Path(sys.modules["pendopo.adapters.telegram"].__path__[0])
    assert not [name for name in names if "from telegram" in (folder / f"{name}.py").read_text()]


# -- receiving -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers", [{}, {"x-telegram-bot-api-secret-token": "guess"}, {"x-telegram-bot-api-secret-token": "é"}]
)
def test_a_request_without_the_secret_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(InvalidWebhookError) as raised:
        adapter_of().receive(b'{"update_id": 1}', headers)
    assert raised.value.status == 403
    assert SECRET not in str(raised.value)


def test_without_a_secret_of_our_own_nothing_is_taken() -> None:
    with pytest.raises(InvalidWebhookError):
        adapter_of(webhook_secret="").receive(b'{"update_id": 1}', {"x-telegram-bot-api-secret-token": ""})


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1]", b"{}", b'{"update_id": true}', b'{"update_id": "1"}', b"\xff\xfe", b"[" * 99_999]
)
def test_what_is_no_update_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidWebhookError) as raised:
        adapter_of().receive(body, HEADERS)
    assert raised.value.status == 400


def test_an_update_nobody_can_read_is_taken_all_the_same() -> None:
    (incoming,) = adapter_of().receive(b'{"update_id": 1, "new_kind": {"x": 1}}', HEADERS)
    assert (incoming.key, incoming.kind, incoming.chat) == ("7000000001:1", "new_kind", "-")
    assert adapter_of().convert(incoming) == []
    with pytest.raises(SkippedUpdateError, match="does not know"):
        adapter_of()._converter.convert_update(unpack_incoming(incoming.body))


def test_the_bytes_of_an_update_are_kept_as_they_came() -> None:
    body = b'{"update_id": 1,  "message": {"chat": {"id": 5}, "text": "\xc3\xa9\\u00e9"}}'
    (incoming,) = adapter_of().receive(body, HEADERS)
    assert body in incoming.body
    assert incoming.chat == "5"


def test_a_private_chat_has_its_persons_id() -> None:
    telegram = adapter_of()
    assert telegram.private_chat(Account(("lid:3", "telegram:5"))) == Chat("telegram", "5")
    assert telegram.private_chat(Account(("telegram:-1005", "whatsapp:628"))) is None


def test_a_group_has_a_limit_of_its_own() -> None:
    telegram = adapter_of()
    private, group = telegram.capabilities(Chat("telegram", "5")), telegram.capabilities(Chat("telegram", "-5", ChatKind.GROUP))
    assert [(rate.count, rate.seconds) for rate in private.per_chat] == [(1, 1.0)]
    assert [(rate.count, rate.seconds) for rate in group.per_chat] == [(1, 1.0), (18, 60.0)]
    assert [(rate.count, rate.seconds) for rate in group.per_account] == [(25, 1.0)]
    assert not group.idempotent


# -- beginning -----------------------------------------------------------------------------------------------------


async def test_it_learns_its_name_and_says_when_it_cannot_see_groups(api: BotApi, tmp_path: Path) -> None:
    api.privacy = True
    async with open_bench(tmp_path, "polling", api) as ready:
        assert ready.adapter.handle == "kota_test_bot"
        await ready.sends_message(ready.person, "halo")
        await ready.wait_until_idle()
        health = ready.adapter.health()
        assert health.ok
        assert "privacy mode" in health.note


async def test_it_waits_for_telegram_to_come_up(api: BotApi, tmp_path: Path) -> None:
    api.faults = [Fault("getMe", "502"), Fault("getMe", "drop"), Fault("getMe", "401", "Unauthorized")]
    async with open_bench(tmp_path, "polling", api) as ready:
        await ready.sends_message(ready.person, "halo")
        await ready.wait_until_idle()
        assert ready.adapter.health().ok


async def test_a_token_that_is_refused_is_named(api: BotApi, tmp_path: Path) -> None:
    api.faults = [Fault("getMe", "401", "Unauthorized")] * 100_000
    adapter = Telegram(settings(api.url), timing=QUICK)
    RecordingEngine(tmp_path).connect_adapter(adapter)
    async with run_adapter(adapter):
        await api.until(lambda: len(api.faults) < 99_990)
        health = adapter.health()
        assert not health.ok
        assert "token" in health.note
        assert health.seconds == -1


async def test_the_menu_is_brought_up_to_date_and_else_left_alone(api: BotApi, tmp_path: Path) -> None:
    def changes() -> list[str]:
        return [method for method, _ in api.calls if method in ("setMyCommands", "deleteMyCommands")]

    async with open_bench(tmp_path, "polling", api):
        assert len(changes()) == 6
    scopes = {(f"all_{kind}_chats", language) for kind in ("private", "group") for language in ("", "en", "su")}
    assert set(api.state.commands) == scopes
    assert [each["command"] for each in api.state.commands["all_group_chats", ""]] == ["izin"]  # not "izin saya"
    async with open_bench(tmp_path, "polling", api):
        assert len(changes()) == 6
    api.state.commands["all_group_chats", "en"] = []
    async with open_bench(tmp_path, "polling", api):
        assert len(changes()) == 7


async def test_a_language_that_says_nothing_else_has_no_list_of_its_own(api: BotApi) -> None:
    api.state.commands["all_private_chats", "en"] = [{"command": "izin", "description": "old"}]
    client = BotApiClient(api.url, TOKEN, QUICK)
    assert await offer_commands(client, lambda locale: [("izin", "Minta izin")]) == 3
    assert set(api.state.commands) == {("all_private_chats", ""), ("all_group_chats", "")}
    await client.close()


async def test_a_menu_that_is_refused_stops_nothing(api: BotApi, tmp_path: Path) -> None:
    api.faults = [Fault("setMyCommands", "400")]
    async with open_bench(tmp_path, "polling", api) as ready:
        await ready.sends_message(ready.person, "halo")
        await ready.wait_until_idle()
        assert ready.desk.events


# -- secrets -------------------------------------------------------------------------------------------------------


async def test_the_token_is_in_no_log_and_in_nothing_that_is_stored(
    api: BotApi, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """httpx logs every address it calls, and the address holds the token."""
    caplog.set_level(logging.INFO)
    async with open_bench(tmp_path, "polling", api) as ready:
        api.faults = [Fault("getUpdates", "drop"), Fault("getUpdates", "garbage")]
        await ready.sends_message(ready.person, "halo", files=[b"\x89PNG"])
        await ready.wait_until_idle()
        (file,) = ready.desk.last_event(Message).attachments
        assert b"".join([piece async for piece in ready.adapter.download(file)]) == b"\x89PNG"
        stored = json.dumps([str(item) for item in ready.desk.taken]) + str(ready.desk.events) + str(ready.adapter.health())
    printed = capsys.readouterr()
    for text in (caplog.text, stored, printed.out, printed.err):
        assert TOKEN.split(":")[1] not in text
        assert "photos/" not in text


async def test_an_update_stored_before_a_restart_is_read_the_same_after_it(api: BotApi, tmp_path: Path) -> None:
    async with open_bench(tmp_path, "polling", api) as ready:
        await ready.sends_message(ready.group, f"{ready.bot_name} ya")
        await ready.wait_until_idle()
        before = ready.desk.events
        taken = ready.desk.taken
    fresh = Telegram(settings(api.url), timing=QUICK)
    assert fresh.handle == ""
    assert [event for item in taken for event in fresh.convert(item)] == before
    assert fresh.handle == "kota_test_bot"  # so that a command for another bot is not taken for ours
    await fresh.close()
